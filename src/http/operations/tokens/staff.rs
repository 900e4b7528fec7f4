//! What is shown of a token for staff: the code itself, to be held out at a desk, and nothing that it says.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use crate::clock::unix_seconds;
use crate::http::pages::{self, StaffView};
use crate::http::problem::{Problem, rfc3339};
use crate::http::request_facts::AboutToken;
use crate::http::state::App;
use crate::http::{accept, html};
use crate::opening::{OpeningError, StaffToken};

/// A page with the code for a browser, 403 for a program.
pub fn show(
    request: &HttpRequest,
    token: &StaffToken,
    text: &str,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    request.extensions_mut().insert(AboutToken(token.id()));
    if !accept::names_html(request) {
        let error = OpeningError::StaffOnly { id: token.id() };
        return Err(Problem::from(error).member("expires_at", token.expires_at().map(rfc3339)));
    }
    let language = accept::language(request);
    let registry = app.profiles.registry();
    let profile = token.profile().and_then(|number| registry.numbered(number));
    let view = StaffView {
        title: profile.map(|profile| &profile.title),
        issued_at: unix_seconds(token.issued_at()),
        expires_at: token.expires_at().map(unix_seconds),
        link: &app.links.of_text(text),
        token_id: &token.id().to_string(),
    };
    let page = pages::staff(&app.site(language), &view);
    Ok(html::page(HttpResponse::Ok(), language, page))
}
