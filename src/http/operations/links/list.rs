//! `GET /api/links`: many links.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;

use crate::http::admission::MaySee;
use crate::http::extract::list::{self, each};
use crate::http::openapi::paging::{CURSOR, page_of};
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
            "limit" => wanted.limit = list::limit(value)?,
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
    let note = string()
        .min_length(Some(1))
        .max_length(Some(Note::MAX_CHARS))
        .pattern(Some(Note::PATTERN))
        .build();
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
    ]))
    .parameters(Some(page_of(true, CURSOR)))
    .response("200", answer("A page of links.", "LinksAnswer"));
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}
