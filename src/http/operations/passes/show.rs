//! `GET /api/lists/{id}/passes/{pass}`: one pass.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::PassIdInPath;
use crate::desk::{PassAnswer, find_pass};
use crate::http::admission::MayList;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::lists::ListIdInPath;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized,
};
use crate::http::state::App;

/// A pass.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(list): ListIdInPath,
    PassIdInPath(id): PassIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let now = app.now();
    let pass = find_pass(&*app.store, list, id, right.0, now).await?;
    Ok(HttpResponse::Ok().json(PassAnswer::of(pass, now)))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "showPass",
        "Desk",
        "One pass of a check-in list",
        "Whether a phone was signed in with it, when, and what its browser said that it is.",
    )
    .parameter(crate::http::operations::lists::id())
    .parameter(super::pass())
    .response("200", answer("The pass.", "PassAnswer"));
    fail(
        operation,
        &[Unauthorized, Forbidden, NotFound, TemporarilyUnavailable],
    )
}
