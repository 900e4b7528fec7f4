//! `GET /api/lists`: many lists.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use crate::cursor::{Cursor, USUAL_ROWS};
use crate::desk::{ListAnswer, ListsAnswer, list_lists};
use crate::http::admission::MayCheck;
use crate::http::extract::list::{self, each};
use crate::http::openapi::paging::{CURSOR, page_of};
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::state::App;

/// A page of lists.
pub async fn handle(request: HttpRequest, may: MayCheck) -> Result<HttpResponse, Problem> {
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
    let of = (!may.right.every_list).then_some(may.right.principal);
    let (lists, next) = list_lists(&*app.store, of, true, cursor, limit).await?;
    Ok(HttpResponse::Ok().json(ListsAnswer {
        lists: lists.into_iter().map(ListAnswer::of).collect(),
        next_cursor: next.map(|cursor| cursor.to_string()),
    }))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "listLists",
        "Desk",
        "Many check-in lists",
        "The newest first: those that the API key made or is staff of; to a person who makes lists, all of them.",
    )
    .parameters(Some(page_of(false, CURSOR)))
    .response("200", answer("A page of lists.", "ListsAnswer"));
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}
