//! `POST /api/tokens/{id}/pin-reset`: a token that was locked by wrong PINs can be tried again.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::{TokenIdInPath, unknown};
use crate::audit::By;
use crate::http::admission::MayRevoke;
use crate::http::openapi::parts::{done, fail, operation};
use crate::http::operations::receipts::{CHANGING, NEVER_MET};
use crate::http::problem::Problem;
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::{self, App};
use crate::opening::reset_pin;

/// Forgets all tries at a token's PIN, and all locks. The PIN stays what it is.
pub async fn handle(
    request: HttpRequest,
    right: MayRevoke,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load();
    let by = By::fresh(right.over(&request, id).await?, &keyring)?;
    match reset_pin(&*app.store, id, by, state::now()).await? {
        true => {
            request.leave_token(id);
            Ok(HttpResponse::NoContent().finish())
        }
        false => Err(unknown()),
    }
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "resetPin",
        "Revoke",
        "Let a token's PIN be tried again",
        &format!("Forgets all wrong tries and all locks; the PIN stays what it is. {NEVER_MET}"),
    )
    .parameter(super::id())
    .response("204", done("It can be tried again."));
    fail(operation, &CHANGING)
}
