//! `DELETE /api/tokens/{id}`: revoking under another name.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::TokenIdInPath;
use crate::audit::By;
use crate::http::admission::MayRevoke;
use crate::http::openapi::parts::{done, fail, operation};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, TemporarilyUnavailable, TokenNotRecognised, Unauthorized,
};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::{self, App};
use crate::revoking;

/// Ends a token. What is stored of its document goes in the same transaction.
pub async fn handle(
    request: HttpRequest,
    right: MayRevoke,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load();
    let by = By::fresh(right.over(&request, id).await?, &keyring)?;
    revoking::delete(&*app.store, &app.revocations, id, None, by, state::now()).await?;
    request.leave_token(id);
    Ok(HttpResponse::NoContent().finish())
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "deleteToken",
        "Revoke",
        "Delete a token",
        "The same as revoking it without a reason. The document of a stored code is deleted with it. Deleting it again \
         changes nothing.",
    )
    .parameter(super::id())
    .response("204", done("The token opens no more."));
    let problems = [
        Unauthorized,
        Forbidden,
        CrossSite,
        TokenNotRecognised,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
