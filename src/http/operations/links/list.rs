//! `GET /api/links`: many links.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ObjectBuilder, Type};

use crate::http::admission::MaySee;
use crate::http::extract::list::{self, each};
use crate::http::openapi::parts::{answer, fail, filter, operation, string};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::state::App;
use crate::issuing::Note;
use crate::links::{self, LinkAnswer, LinksAnswer, ListLinks};
use crate::store::LinkState;

/// A page of links.
pub async fn handle(request: HttpRequest, right: MaySee) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let mut wanted = ListLinks {
        made_by: right.only_of(),
        ..ListLinks::default()
    };
    each(request.query_string(), |name, value| {
        match name {
            "state" => wanted.state = Some(list::parse(value)?),
            "note" => wanted.note = Some(list::parse(value)?),
            "cursor" => wanted.cursor = Some(list::parse(value)?),
            "limit" => wanted.limit = list::limit(value, ListLinks::MAX_LIMIT)?,
            _ => return Err("unknown".to_owned()),
        }
        Ok(())
    })?;
    let keyring = app.keyring.load_full();
    let page = links::list(&*app.store, &keyring, &app.link_policy, wanted, app.now()).await?;
    Ok(HttpResponse::Ok().json(LinksAnswer {
        links: page.links.into_iter().map(LinkAnswer::from).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let state = string()
        .enum_values(Some(LinkState::ALL.map(|state| json!(state.as_str()))))
        .build();
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(ListLinks::MAX_LIMIT))
        .build();
    let note = string()
        .min_length(Some(1))
        .max_length(Some(Note::MAX_CHARS))
        .pattern(Some(Note::PATTERN))
        .build();
    let cursor = string().pattern(Some("^[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]$"));
    let operation = operation(
        "listLinks",
        "Links",
        "Many links",
        "The newest first: those that the API key made, or all of them with the scope `read`.",
    )
    .parameters(Some([
        filter("state", "Only links in this state.", state, json!("active")),
        filter(
            "note",
            "Only links whose note has this text in it, letter by letter.",
            note,
            json!("table 7"),
        ),
        filter("limit", "How many; 100 if it is not given.", limit, json!(100)),
        filter(
            "cursor",
            "Where the page before ended: its `next_cursor`, with the other parameters as they were.",
            cursor.build(),
            json!("AAAAAGsAjohAQUJDREVGR0hJSks"),
        ),
    ]))
    .response("200", answer("A page of links.", "LinksAnswer"));
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}
