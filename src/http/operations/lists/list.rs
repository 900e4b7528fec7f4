//! `GET /api/lists`: many lists.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ObjectBuilder, Type};

use crate::cursor::Cursor;
use crate::desk::{ListAnswer, ListsAnswer, list_lists};
use crate::http::admission::MayCheck;
use crate::http::extract::list::{self, each};
use crate::http::openapi::parts::{answer, fail, filter, operation, string};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::state::App;

/// The most lists of a page.
const MAX_LIMIT: u32 = 1_000;

/// A page of lists.
pub async fn handle(request: HttpRequest, may: MayCheck) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (mut cursor, mut limit) = (None::<Cursor>, 100);
    each(request.query_string(), |name, value| {
        match name {
            "cursor" => cursor = Some(list::parse(value)?),
            "limit" => limit = list::limit(value, MAX_LIMIT)?,
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
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(MAX_LIMIT))
        .build();
    let cursor = string().pattern(Some("^[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]$"));
    let operation = operation(
        "listLists",
        "Desk",
        "Many check-in lists",
        "The newest first: those that the API key made or is staff of; to a person who makes lists, all of them.",
    )
    .parameters(Some([
        filter("limit", "How many; 100 if it is not given.", limit, json!(100)),
        filter(
            "cursor",
            "Where the page before ended: its `next_cursor`.",
            cursor.build(),
            json!("AAAAAGsAjohAQUJDREVGR0hJSks"),
        ),
    ]))
    .response("200", answer("A page of lists.", "ListsAnswer"));
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}
