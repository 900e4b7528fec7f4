//! What is shown of a token for staff: the code itself, to be held out at a desk, and nothing that it says.

use actix_web::{HttpRequest, HttpResponse};

use super::held_view::TokenText;
use super::shown;
use crate::clock::unix_seconds;
use crate::http::pages::{self, StaffView};
use crate::http::problem::{Problem, rfc3339};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::http::{accept, html};
use crate::opening::{OpeningError, StaffToken};

/// A page with the code for a browser, 403 for a program.
pub async fn show(
    request: &HttpRequest,
    token: &StaffToken,
    text: TokenText<'_>,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    request.leave_token(token.id());
    if !accept::names_html(request) {
        let error = OpeningError::StaffOnly { id: token.id() };
        return Err(Problem::from(error).member("expires_at", token.expires_at().map(rfc3339)));
    }
    let registry = app.profiles.registry();
    let profile = token.profile().and_then(|number| registry.numbered(number));
    let link = app.links.of_text(text.text());
    let made = shown::is_made(request.uri().query());
    // Without its style the code is the same code: it is shown, however busy the server is.
    let picture = match profile {
        Some(profile) if made || profile.style.logo.is_some() => {
            shown::picture(request, &link, Some(profile)).await.ok()
        }
        _ => None,
    };
    let before = shown::switch(text.text());
    let site = html::site(app, request, Some(&before));
    let view = StaffView {
        title: profile.map(|profile| &profile.title),
        issued_at: unix_seconds(token.issued_at()),
        expires_at: token.expires_at().map(unix_seconds),
        link: &link,
        picture: picture.as_deref(),
        made,
        token_id: &token.id().to_string(),
        token_text: text.text(),
    };
    let page = pages::staff(&site, &view);
    Ok(html::page(HttpResponse::Ok(), site.language, page))
}
