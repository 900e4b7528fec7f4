//! `GET /api/lists/{id}`: a list with what was counted.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::{ListIdInPath, not_yours, unknown};
use crate::desk::{ListAnswer, counts_of, find_list};
use crate::http::admission::MayCheck;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized,
};
use crate::http::state::App;

/// A list.
pub async fn handle(
    request: HttpRequest,
    may: MayCheck,
    ListIdInPath(id): ListIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let list = find_list(&*app.store, id).await?.ok_or_else(unknown)?;
    if !may.right.may_check(&list) {
        return Err(not_yours());
    }
    let counts = counts_of(&*app.store, id).await?;
    let tag = format!("\"{}\"", list.revision);
    let answer = ListAnswer::of(list).counted(counts);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(answer))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "showList",
        "Desk",
        "A check-in list with its counts",
        "How many are inside, and how many entries, exits and refusals there were, gate by gate. For whoever manages the list or is staff of it.",
    )
    .parameter(super::id())
    .response("200", answer("The list.", "ListAnswer"));
    fail(
        operation,
        &[Unauthorized, Forbidden, NotFound, TemporarilyUnavailable],
    )
}
