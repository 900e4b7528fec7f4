//! `POST /api/tokens/{id}/pin-reset`: a token that was locked by wrong PINs can be tried again.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use super::token_id::{TokenIdInPath, unknown};
use crate::http::edge::AboutToken;
use crate::http::extract::MayRevoke;
use crate::http::problem::Problem;
use crate::http::state::{self, App};
use crate::opening::reset_pin;

/// Forgets all tries at a token's PIN, and all locks. The PIN stays what it is.
pub async fn handle(
    request: &HttpRequest,
    _right: MayRevoke,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    match reset_pin(&*App::of(request).store, id, state::now()).await? {
        true => {
            request.extensions_mut().insert(AboutToken(id));
            Ok(HttpResponse::NoContent().finish())
        }
        false => Err(unknown()),
    }
}
