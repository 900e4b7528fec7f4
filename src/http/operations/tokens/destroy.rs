//! The holder of a limited token destroys it: the page that asks for the PIN again, and the answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::held_view::{TokenText, view};
use crate::clock::unix_seconds;
use crate::http::accept;
use crate::http::html;
use crate::http::pages::{self, HeldError};
use crate::http::problem::rfc3339;
use crate::http::state::App;
use crate::opening::{OpenId, StatefulToken};
use crate::store::Revocation;

/// What a program is told about a token that its holder destroyed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DestroyedAnswer {
    /// The token's id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// When it was destroyed, in UTC; or revoked before.
    #[schema(format = DateTime)]
    pub revoked_at: String,
}

/// It is destroyed.
pub fn destroyed(request: &HttpRequest, revocation: &Revocation) -> HttpResponse {
    let id = revocation.id.to_string();
    if accept::names_html(request) {
        let language = accept::language(request);
        let site = App::of(request).site(language);
        let html = pages::destroyed(&site, &id, unix_seconds(revocation.at));
        return html::page(HttpResponse::Ok(), language, html);
    }
    HttpResponse::Ok().json(DestroyedAnswer {
        id,
        revoked_at: rfc3339(revocation.at),
    })
}

/// The page that asks again, with what was wrong.
pub fn page(
    request: &HttpRequest,
    held: &StatefulToken,
    token: TokenText<'_>,
    open_id: &OpenId,
    status: StatusCode,
    error: Option<HeldError>,
) -> HttpResponse {
    let (path, id) = (token.form_path(), held.id().to_string());
    let view = view(held, token, (&path, &id), open_id, error);
    let site = html::site(App::of(request), request, None);
    let html = pages::destroy(&site, &view);
    html::page(HttpResponse::build(status), site.language, html)
}
