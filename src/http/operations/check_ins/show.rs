//! `GET /api/check-ins/{id}`: one check-in.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use crate::desk::{CheckInAnswer, find_check_in, find_list};
use crate::http::admission::MayCheck;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::lists::unknown;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized,
};
use crate::http::state::App;

/// A check-in: one's own, or any of a list that one manages.
pub async fn handle(request: HttpRequest, may: MayCheck) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (id, by) = (request.match_info().query("id"), may.right.principal);
    let row = find_check_in(&*app.store, id, by)
        .await?
        .ok_or_else(unknown)?;
    let list = find_list(&*app.store, row.list)
        .await?
        .ok_or_else(unknown)?;
    let theirs = row.made_by == Some(by);
    match theirs || may.manages && may.right.may_manage(&list) {
        true => Ok(HttpResponse::Ok().json(CheckInAnswer::from(row))),
        false => Err(unknown()),
    }
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "showCheckIn",
        "Desk",
        "One check-in",
        "One's own, or any of a list that one manages.",
    )
    .parameter(super::id())
    .response("200", answer("The check-in.", "CheckInAnswer"));
    fail(
        operation,
        &[Unauthorized, Forbidden, NotFound, TemporarilyUnavailable],
    )
}
