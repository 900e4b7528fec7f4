//! `GET /api/tokens`: what the ledger knows of many tokens.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;

use super::OWN;
use crate::http::admission::MayRead;
use crate::http::extract::list::{self, each};
use crate::http::openapi::paging::{CURSOR, page_of};
use crate::http::openapi::parts::{answer, date_time, fail, filter, operation, string};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::state::{self, App};
use crate::issuing::Note;
use crate::principal::Principal;
use crate::receipts::{self, ListReceipts, ReceiptAnswer, ReceiptsAnswer};
use crate::store::ReceiptState;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let state = string()
        .enum_values(Some(ReceiptState::ALL.map(|state| json!(state.as_str()))))
        .build();
    let operation = operation(
        "listReceipts",
        "Receipts",
        "What the ledger knows of many tokens",
        &format!(
            "The newest activity first. A token to which something happens while pages are read moves to the beginning. {OWN}"
        ),
    )
    .parameters(Some([
        filter("state", "Only tokens in this state.", state, json!("used_up")),
        filter(
            "since",
            "Only tokens with activity at or after this time.",
            date_time(),
            json!("2026-11-20T00:00:00Z"),
        ),
        filter(
            "until",
            "Only tokens with activity before this time.",
            date_time(),
            json!("2026-11-21T00:00:00Z"),
        ),
        filter(
            "note",
            "Only tokens whose note has this text in it, letter by letter.",
            string()
                .min_length(Some(1))
                .max_length(Some(Note::MAX_CHARS))
                .pattern(Some(Note::PATTERN))
                .build(),
            json!("table 7"),
        ),
        filter(
            "made_by",
            "Only tokens that this one made.",
            string().pattern(Some("^((key|account|pass):[0-9]{1,20}|local|cli|anonymous)$")).build(),
            json!("key:7"),
        ),
    ]))
    .parameters(Some(page_of(true, CURSOR)))
    .response("200", answer("A page of receipts.", "ReceiptsAnswer"));
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}

/// A page of receipts.
pub async fn handle(request: HttpRequest, right: MayRead) -> Result<HttpResponse, Problem> {
    let mut wanted = receipts_query(request.query_string())?;
    if wanted.made_by.is_some() {
        right.of(wanted.made_by)?;
    }
    wanted.made_by = wanted.made_by.or(right.only_of());
    let page = receipts::list(&*App::of(&request).store, wanted, state::now()).await?;
    Ok(HttpResponse::Ok().json(ReceiptsAnswer {
        receipts: page.receipts.iter().map(ReceiptAnswer::brief).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Reads `state`, `since`, `until`, `note`, `made_by`, `cursor` and `limit` from a query.
///
/// # Errors
///
/// `validation` for a parameter that is unknown, repeated or out of its range.
fn receipts_query(query: &str) -> Result<ListReceipts, Problem> {
    let mut wanted = ListReceipts::default();
    each(query, |name, value| {
        match name {
            "state" => wanted.state = Some(list::parse(value)?),
            "cursor" => wanted.cursor = Some(list::parse(value)?),
            "since" => wanted.since = Some(list::time(value)?),
            "until" => wanted.until = Some(list::time(value)?),
            "note" => wanted.note = Some(list::parse(value)?),
            "made_by" => {
                let by = value.parse::<Principal>();
                wanted.made_by =
                    Some(by.map_err(|_| "must be like key:7, local, cli or anonymous".to_owned())?);
            }
            "limit" => wanted.limit = list::limit(value)?,
            _ => return Err("unknown".to_owned()),
        }
        Ok(())
    })?;
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::UnixTime;

    #[test]
    fn every_parameter_is_read_once() {
        let list = receipts_query(
            "state=used_up&since=2026-11-20T13:10:00Z&until=2026-11-20T15:10:00%2B01:00&limit=7",
        )
        .unwrap();
        assert_eq!(list.state, Some(ReceiptState::UsedUp));
        assert_eq!(list.since, Some(UnixTime::from_secs(1_795_180_200)));
        assert_eq!(list.until, Some(UnixTime::from_secs(1_795_183_800)));
        assert_eq!((list.limit, list.cursor), (7, None));
        let early = receipts_query("since=1969-12-31T23:59:59Z").unwrap();
        assert_eq!(early.since, Some(UnixTime::from_secs(0)));
        assert_eq!(receipts_query("").unwrap().limit, 100);
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for query in [
            "state=dead",
            "state=",
            "limit=0",
            "limit=1001",
            "limit=+5",
            "limit=",
            "since=yesterday",
            "since=1795180200",
            "cursor=abc",
            "limit=5&limit=5",
            "page=2",
        ] {
            assert!(receipts_query(query).is_err(), "{query}");
        }
    }
}
