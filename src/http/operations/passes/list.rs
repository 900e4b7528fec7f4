//! `GET /api/lists/{id}/passes`: the passes of a list.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use crate::cursor::{Cursor, USUAL_ROWS};
use crate::desk::{PassAnswer, PassesAnswer, list_passes};
use crate::http::admission::MayList;
use crate::http::extract::list::{self, each};
use crate::http::openapi::paging::{CURSOR, page_of};
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::lists::ListIdInPath;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::state::App;

/// A page of passes.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(id): ListIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (mut cursor, mut limit) = (None::<Cursor>, USUAL_ROWS);
    each(request.query_string(), |name, value| {
        match name {
            "cursor" => cursor = Some(list::parse(value)?),
            "limit" => limit = list::limit(value)?,
            _ => return Err("unknown".to_owned()),
        }
        Ok(())
    })?;
    let (passes, next) = list_passes(&*app.store, id, cursor, limit, right.0).await?;
    let now = app.now();
    let passes = passes.into_iter().map(|pass| PassAnswer::of(pass, now));
    Ok(HttpResponse::Ok().json(PassesAnswer {
        passes: passes.collect(),
        next_cursor: next.map(|cursor| cursor.to_string()),
    }))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "listPasses",
        "Desk",
        "The passes of a check-in list",
        "The newest first, those too that were used, revoked or have ended, until `retention_days` after their end. No link is among them.",
    )
    .parameter(crate::http::operations::lists::id())
    .parameters(Some(page_of(false, CURSOR)))
    .response("200", answer("A page of passes.", "PassesAnswer"));
    let problems = [
        Unauthorized,
        Forbidden,
        NotFound,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
