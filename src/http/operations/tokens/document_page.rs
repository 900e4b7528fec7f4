//! The page of a document that is open, whoever opened it and however.
//!
//! Belongs here: what its page is told. Does not belong here: opening it (`look`, `open`), and the code beside it (`shown`).

use actix_web::{HttpRequest, HttpResponse};

use super::held_view::TokenText;
use super::shown::{Made, code, switch};
use crate::clock::unix_seconds;
use crate::config::Issuing;
use crate::http::html;
use crate::http::pages::{self, DocumentView, OpenedView, Site};
use crate::http::state::App;
use crate::opening::OpenedDocument;

/// The page of a document. `made`: its code, if it was made just now.
pub fn page(
    app: &App,
    site: &Site<'_>,
    document: &OpenedDocument,
    text: &str,
    made: Option<&Made>,
    opened: Option<OpenedView<'_>>,
) -> String {
    let registry = app.profiles.registry();
    let profile = document
        .profile
        .and_then(|number| registry.numbered(number));
    pages::document(
        site,
        &DocumentView {
            payload: document.payload(),
            issued_at: unix_seconds(document.issued_at),
            expires_at: document.expires_at.map(unix_seconds),
            token_id: &document.id.to_string(),
            token_text: text,
            link: &app.links.of_text(text),
            visitor: document.by_visitor,
            anybody: document.in_token && app.config.auth.issuing == Issuing::Open,
            blocked: Some(&app.link_policy.lists),
            profile: profile.map(|profile| &**profile),
            picture: made.and_then(|made| made.picture.as_deref()),
            made: made.is_some(),
            opened,
        },
    )
}

/// The page of a plain code that was made just now.
pub async fn made(
    request: &HttpRequest,
    document: &OpenedDocument,
    token: TokenText<'_>,
) -> HttpResponse {
    let app = App::of(request);
    let code = code(request, token.text(), document.profile).await;
    let before = switch(token.text());
    let site = html::site(app, request, Some(&before));
    let html = page(app, &site, document, token.text(), Some(&code), None);
    html::page(HttpResponse::Ok(), site.language, html)
}
