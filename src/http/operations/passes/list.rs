//! `GET /api/lists/{id}/passes`: the passes of a list.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ObjectBuilder, Type};

use crate::cursor::Cursor;
use crate::desk::{PassAnswer, PassesAnswer, list_passes};
use crate::http::admission::MayList;
use crate::http::extract::list::{self, each};
use crate::http::openapi::parts::{answer, fail, filter, operation, string};
use crate::http::operations::lists::ListIdInPath;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::state::App;

/// The most passes of a page.
const MAX_LIMIT: u32 = 1_000;

/// A page of passes.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(id): ListIdInPath,
) -> Result<HttpResponse, Problem> {
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
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(MAX_LIMIT))
        .build();
    let cursor = string().pattern(Some("^[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]$"));
    let operation = operation(
        "listPasses",
        "Desk",
        "The passes of a check-in list",
        "The newest first, those too that were used, revoked or have ended, until `retention_days` after their end. No link is among them.",
    )
    .parameter(crate::http::operations::lists::id())
    .parameters(Some([
        filter("limit", "How many; 100 if it is not given.", limit, json!(100)),
        filter(
            "cursor",
            "Where the page before ended: its `next_cursor`.",
            cursor.build(),
            json!("AAAAAGsAjohAQUJDREVGR0hJSks"),
        ),
    ]))
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
