//! `GET /api/lists/{id}/check-ins`: what happened at a list, as JSON or CSV.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ContentBuilder, ResponseBuilder};

use super::{ListIdInPath, not_yours, unknown};
use crate::cursor::{Cursor, MOST_ROWS};
use crate::desk::{
    CSV_HEAD, CheckInAnswer, CheckInsAnswer, GateName, ListCheckIns, csv_line, find_list,
    list_check_ins, zone_of,
};
use crate::http::accept;
use crate::http::admission::MayList;
use crate::http::extract::list::{self, each};
use crate::http::openapi::paging::page_of;
use crate::http::openapi::parts::{date_time, fail, filter, operation, string};
use crate::http::openapi::schemas::{named, picture};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::problem::invalid;
use crate::http::state::App;
use crate::store::{CheckInOutcome, ListRecord};

/// The most lines of a table.
const MOST_LINES: usize = 50_000;

/// A page of check-ins, or a table of all.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(id): ListIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (mut wanted, mut csv) = (ListCheckIns::default(), None);
    each(request.query_string(), |name, value| {
        match name {
            "since" => wanted.since = Some(list::time(value)?),
            "until" => wanted.until = Some(list::time(value)?),
            "outcome" => wanted.outcome = Some(list::parse(value)?),
            "gate" => wanted.gate = Some(list::parse::<GateName>(value)?.to_string()),
            "made_by" => wanted.made_by = Some(list::parse(value)?),
            "token_id" => wanted.token = Some(list::parse(value)?),
            "cursor" => wanted.cursor = Some(list::parse(value)?),
            "limit" => wanted.limit = list::limit(value)?,
            "format" => {
                csv = Some(match value {
                    "json" => false,
                    "csv" => true,
                    _ => return Err("must be json or csv".to_owned()),
                });
            }
            _ => return Err("unknown".to_owned()),
        }
        Ok(())
    })?;
    let list = find_list(&*app.store, id).await?.ok_or_else(unknown)?;
    if !right.0.may_manage(&list) {
        return Err(not_yours());
    }
    let offers = [("application/json", false), ("text/csv", true)];
    let csv = csv.or_else(|| accept::most_wanted(&request, &offers));
    if csv.unwrap_or(false) {
        return table(app, &list, wanted).await;
    }
    let (rows, next) = list_check_ins(&*app.store, id, wanted).await?;
    Ok(HttpResponse::Ok().json(CheckInsAnswer {
        check_ins: rows.into_iter().map(CheckInAnswer::from).collect(),
        next_cursor: next.map(|cursor| cursor.to_string()),
    }))
}

async fn table(
    app: &App,
    list: &ListRecord,
    mut wanted: ListCheckIns,
) -> Result<HttpResponse, Problem> {
    wanted.limit = MOST_ROWS;
    wanted.oldest_first = true;
    let zone = zone_of(list);
    let mut lines = CSV_HEAD.to_owned();
    let mut next: Option<Cursor> = wanted.cursor;
    let mut count = 0;
    loop {
        wanted.cursor = next;
        let (rows, after) = list_check_ins(&*app.store, list.id, wanted.clone()).await?;
        count += rows.len();
        if count > MOST_LINES {
            let detail = format!("there are more than {MOST_LINES} lines: say since and until");
            return Err(invalid("/since", &detail));
        }
        for row in &rows {
            lines.push_str(&csv_line(row, list, &zone));
        }
        next = after;
        if next.is_none() {
            break;
        }
    }
    let name = format!("attachment; filename=\"check-ins-{}.csv\"", list.id);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, name))
        .body(lines))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let outcomes = CheckInOutcome::ALL.map(|outcome| json!(outcome.as_str()));
    let gate = string().min_length(Some(1)).max_length(Some(40));
    let formats = string().enum_values(Some([json!("json"), json!("csv")]));
    let made_by = string().pattern(Some("^(account|key|pass):(0|[1-9][0-9]{0,9})$"));
    let page = ResponseBuilder::new()
        .description("A page of check-ins, or a table of all of them, the oldest first, with times of the list's place.")
        .content(
            "application/json",
            ContentBuilder::new().schema(Some(named("CheckInsAnswer"))).build(),
        )
        .content("text/csv", picture(false))
        .build();
    let operation = operation(
        "listCheckIns",
        "Desk",
        "What happened at a check-in list",
        "Every attempt, whatever came of it, the latest first, for whoever manages the list. As CSV no cell is a formula.",
    )
    .parameter(super::id())
    .parameters(Some([
        filter("since", "Only of this time and later.", date_time(), json!("2026-11-27T12:00:00Z")),
        filter("until", "Only of before this time.", date_time(), json!("2026-11-27T14:00:00Z")),
        filter(
            "outcome",
            "Only with this outcome.",
            string().enum_values(Some(outcomes)).build(),
            json!("let_in"),
        ),
        filter("gate", "Only at this gate.", gate.build(), json!("north")),
        filter("made_by", "Only of this one.", made_by.build(), json!("account:3")),
        filter(
            "token_id",
            "Only of this token.",
            string().pattern(Some("^[0-9a-f]{24}$")).build(),
            json!("404142434445464748494a4b"),
        ),
        filter("format", "`csv` for a table of all, `json` for a page.", formats.build(), json!("json")),
    ]))
    .parameters(Some(page_of(true, "AAAAAAAAAAdAQUJDREVGR0hJSks")))
    .response("200", page);
    let problems = [
        Unauthorized,
        Forbidden,
        NotFound,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
