//! `GET /api/tokens`: what the ledger knows of many tokens.

use std::str::FromStr;

use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use serde_json::{Value, json};
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{KnownFormat, Object, ObjectBuilder, Required, SchemaFormat, Type};

use crate::http::admission::MayRead;
use crate::http::openapi::parts::{answer, fail, operation, string};
use crate::http::options::pointer_part;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::problem::{Problem, invalid};
use crate::http::state::{self, App};
use crate::receipts::{self, ListReceipts, ReceiptAnswer, ReceiptsAnswer};
use crate::store::ReceiptState;
use crate::token::UnixTime;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let state = string()
        .enum_values(Some(ReceiptState::ALL.map(|state| json!(state.as_str()))))
        .build();
    let time = || {
        string()
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .build()
    };
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(ListReceipts::MAX_LIMIT))
        .build();
    let cursor = string().pattern(Some("^[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]$"));
    let operation = operation(
        "listReceipts",
        "Receipts",
        "What the ledger knows of many tokens",
        "The newest activity first. A token to which something happens while pages are read moves to the beginning.",
    )
    .parameters(Some([
        query("state", "Only tokens in this state.", state, json!("used_up")),
        query(
            "since",
            "Only tokens with activity at or after this time.",
            time(),
            json!("2026-11-20T00:00:00Z"),
        ),
        query(
            "until",
            "Only tokens with activity before this time.",
            time(),
            json!("2026-11-21T00:00:00Z"),
        ),
        query("limit", "How many; 100 if it is not given.", limit, json!(100)),
        query(
            "cursor",
            "Where the page before ended: its `next_cursor`, with the other parameters as they were.",
            cursor.build(),
            json!("AAAAAGsAjohAQUJDREVGR0hJSks"),
        ),
    ]))
    .response("200", answer("A page of receipts.", "ReceiptsAnswer"));
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}

fn query(name: &str, words: &str, schema: Object, example: Value) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(words))
        .schema(Some(schema))
        .example(Some(example))
        .build()
}

/// A page of receipts.
pub async fn handle(request: HttpRequest, _right: MayRead) -> Result<HttpResponse, Problem> {
    let wanted = receipts_query(request.query_string())?;
    let page = receipts::list(&*App::of(&request).store, wanted, state::now()).await?;
    Ok(HttpResponse::Ok().json(ReceiptsAnswer {
        receipts: page.receipts.iter().map(ReceiptAnswer::brief).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Reads `state`, `since`, `until`, `cursor` and `limit` from a query.
///
/// # Errors
///
/// `validation` for a parameter that is unknown, repeated or out of its range.
fn receipts_query(query: &str) -> Result<ListReceipts, Problem> {
    let mut list = ListReceipts::default();
    let mut seen = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let pointer = format!("/{}", pointer_part(&name));
        let wrong = |detail: &str| invalid(&pointer, detail);
        match &*name {
            "state" => list.state = Some(parse(&value).map_err(|words| wrong(&words))?),
            "cursor" => list.cursor = Some(parse(&value).map_err(|words| wrong(&words))?),
            "since" => list.since = Some(time(&value).ok_or_else(|| wrong(TIME))?),
            "until" => list.until = Some(time(&value).ok_or_else(|| wrong(TIME))?),
            "limit" => {
                let digits = value.bytes().all(|byte| byte.is_ascii_digit());
                list.limit = value
                    .parse()
                    .ok()
                    .filter(|limit| digits && (1..=ListReceipts::MAX_LIMIT).contains(limit))
                    .ok_or_else(|| wrong("must be a whole number from 1 to 1000"))?;
            }
            _ => return Err(wrong("unknown")),
        }
        if seen.contains(&name) {
            return Err(wrong("given more than once"));
        }
        seen.push(name);
    }
    Ok(list)
}

const TIME: &str = "must be a time such as 2026-11-20T13:10:00Z (RFC 3339)";

fn parse<T: FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

fn time(text: &str) -> Option<UnixTime> {
    let time: Timestamp = text.parse().ok()?;
    // Nothing happened before 1970.
    Some(UnixTime::from_secs(
        u64::try_from(time.as_second()).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

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
