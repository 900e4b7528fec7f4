//! `DELETE /api/lists/{id}/passes/{pass}`: a pass is good no more.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::PassIdInPath;
use crate::audit::By;
use crate::desk::{PassAnswer, revoke_pass};
use crate::http::admission::MayList;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::lists::ListIdInPath;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, NotFound, TemporarilyUnavailable, Unauthorized,
};
use crate::http::state::App;

/// Revokes a pass.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(list): ListIdInPath,
    PassIdInPath(id): PassIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load();
    let by = By::fresh(right.0.principal, &keyring)?;
    let now = app.now();
    let pass = revoke_pass(&*app.store, list, id, right.0, by, now).await?;
    Ok(HttpResponse::Ok().json(PassAnswer::of(pass, now)))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "revokePass",
        "Desk",
        "Revoke a pass of a check-in list",
        "Its link signs no phone in any more, and the phone that it signed in is signed out. Revoking it again changes nothing.",
    )
    .parameter(crate::http::operations::lists::id())
    .parameter(super::pass())
    .response("200", answer("The pass as it is now.", "PassAnswer"));
    let problems = [
        Unauthorized,
        Forbidden,
        CrossSite,
        NotFound,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
