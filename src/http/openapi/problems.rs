//! Responses for errors, from the table of problems.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, Response, ResponseBuilder, Type,
};

use crate::http::problem::{Problem, ProblemCode, document, invalid, json_problem};
use crate::limits::{Budget, Exceeded};
use crate::opening::OpeningError;
use crate::opening::ReviseError;
use crate::payload::{JsonErrorKind, MAX_BYTES};
use crate::qr::{Level, Symbol, Unscannable};
use crate::store::{LockedUntil, Revocation};
use crate::token::{TokenId, UnixTime};

/// One response for each status of `codes`, with an example for each code.
pub fn responses(codes: &[ProblemCode]) -> Vec<(String, Response)> {
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for code in codes {
        by_status
            .entry(code.status().as_u16())
            .or_default()
            .push(*code);
    }
    by_status
        .into_iter()
        .map(|(status, codes)| (status.to_string(), response(&codes)))
        .collect()
}

fn response(codes: &[ProblemCode]) -> Response {
    let words: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`: {}.", code.as_str(), code.title()))
        .collect();
    let examples = codes.iter().map(|code| {
        let example = ExampleBuilder::new()
            .summary(code.title())
            .value(Some(example(*code)));
        (code.as_str(), example.build())
    });
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples)
        .build();
    let mut response = ResponseBuilder::new()
        .description(words.join(" "))
        .content("application/problem+json", content);
    for (name, words, kind) in headers(codes) {
        let schema = ObjectBuilder::new().schema_type(kind).build();
        let header = HeaderBuilder::new()
            .description(Some(words))
            .schema(Some(schema))
            .build();
        response = response.header(name, header);
    }
    response.build()
}

fn headers(codes: &[ProblemCode]) -> Vec<(&'static str, &'static str, Type)> {
    let mut headers = Vec::new();
    if codes.iter().any(|code| {
        code.retry_after_seconds().is_some() || code.status() == StatusCode::TOO_MANY_REQUESTS
    }) {
        headers.push((
            "Retry-After",
            "Seconds after which to try again.",
            Type::Integer,
        ));
    }
    if codes.contains(&ProblemCode::RateLimited) {
        headers.push((
            "RateLimit-Policy",
            "The limit that was met: its name, `q` requests (or bytes) in a window of `w` seconds.",
            Type::String,
        ));
        headers.push((
            "RateLimit",
            "What is left of it: `r`, and `t` seconds until it goes on.",
            Type::String,
        ));
    }
    if codes.contains(&ProblemCode::Unauthorized) {
        headers.push(("WWW-Authenticate", "`Bearer`", Type::String));
    }
    headers
}

/// A problem document as the server writes it.
fn example(code: ProblemCode) -> Value {
    document(&occurrence(code), "", "9f3c1d0a7be24c55")
}

fn occurrence(code: ProblemCode) -> Problem {
    let id: TokenId = "404142434445464748494a4b".parse().expect("24 hex digits");
    match code {
        ProblemCode::TokenExpired => Problem::from(OpeningError::Expired {
            id,
            at: UnixTime::from_secs(1_795_173_000),
        }),
        ProblemCode::TokenUsedUp => Problem::from(OpeningError::UsedUp {
            id,
            last_opened_at: Some(UnixTime::from_secs(1_795_173_000)),
        }),
        ProblemCode::TokenRevoked => Problem::from(OpeningError::Revoked(Revocation {
            id,
            at: UnixTime::from_secs(1_795_173_000),
            reason: None,
            by_holder: true,
            expires_at: None,
        })),
        ProblemCode::OpenRequired => Problem::new(code)
            .detail("Send a POST with open_id and pin.")
            .member("requires", json!(["open_id", "pin"]))
            .member("opens_left", 1)
            .member("expires_at", "2026-12-20T13:10:00Z"),
        ProblemCode::PinIncorrect => Problem::from(OpeningError::PinIncorrect {
            id,
            attempts_left: 4,
            lock: None,
        }),
        ProblemCode::PinLocked => Problem::from(OpeningError::PinLocked {
            id,
            until: LockedUntil::Time(UnixTime::from_secs(1_795_173_900)),
            wait_secs: 900,
        }),
        ProblemCode::InvalidJson => json_problem(JsonErrorKind::DuplicateName, 3, 5),
        ProblemCode::JsonTooDeep => json_problem(JsonErrorKind::TooDeep, 1, 71),
        ProblemCode::PayloadTooLarge => {
            json_problem(JsonErrorKind::TooLarge { most: MAX_BYTES }, 912, 40)
        }
        ProblemCode::UnsupportedMediaType => {
            Problem::new(code).detail("Send the body with Content-Type: application/json.")
        }
        ProblemCode::Validation => invalid(
            "/scale",
            "must be a whole number from 1 to 64 (pixels a module side)",
        ),
        ProblemCode::QrCapacity => {
            let long = "0".repeat(8000);
            match Symbol::encode(&long, Level::Medium) {
                Err(capacity) => capacity.into(),
                Ok(_) => Problem::new(code),
            }
        }
        ProblemCode::StyleUnscannable => Unscannable::Contrast { ratio: 2.612 }.into(),
        ProblemCode::RateLimited => Problem::from(Exceeded {
            budget: Budget::Opens,
            per_minute: 1200,
            wait_secs: 3,
        }),
        ProblemCode::RequestTimeout => {
            Problem::new(code).detail("The body did not arrive within 15 seconds.")
        }
        ProblemCode::AlreadyRedeemed => Problem::new(code)
            .member("entered_at", "2026-11-27T18:03:12Z")
            .member("first_at", "2026-11-27T18:03:12Z")
            .member("gate", "north")
            .member("made_by", "account:3")
            .member("made_by_name", "Sam Okoye")
            .member("check_in", "404142434445464748494a4b")
            .member(
                "display",
                json!({"title": "Ticket", "profile": "ticket", "fields": [{"label": "Name", "value": "Ana", "emphasis": true}]}),
            ),
        ProblemCode::ListFull => Problem::new(code).member("inside", 300),
        ProblemCode::RevisionConflict => Problem::from(ReviseError::Conflict { id, revision: 2 }),
        _ => Problem::new(code),
    }
}

/// The schema of every problem document.
#[expect(clippy::too_many_lines, reason = "a table")]
pub fn members() -> Vec<(&'static str, bool, Type, &'static str, Value)> {
    vec![
        (
            "type",
            true,
            Type::String,
            "Path of the page that says what the code means.",
            json!("/problems/validation"),
        ),
        (
            "title",
            true,
            Type::String,
            "A few words, the same for every occurrence.",
            json!("An option or field is not valid"),
        ),
        (
            "status",
            true,
            Type::Integer,
            "The status of the answer.",
            json!(422),
        ),
        (
            "detail",
            false,
            Type::String,
            "This occurrence, in a sentence.",
            json!("/scale: must be a whole number from 1 to 64 (pixels a module side)"),
        ),
        (
            "code",
            true,
            Type::String,
            "The stable code.",
            json!("validation"),
        ),
        (
            "request_id",
            true,
            Type::String,
            "Names the request in the server's log: what it said in `Request-Id`, if that was 8 to 64 hexadecimal digits and hyphens.",
            json!("9f3c1d0a7be24c55"),
        ),
        (
            "line",
            false,
            Type::Integer,
            "Line of the body, from 1.",
            json!(3),
        ),
        (
            "column",
            false,
            Type::Integer,
            "Column of that line in Unicode characters, from 1.",
            json!(5),
        ),
        (
            "needed_bits",
            false,
            Type::Integer,
            "Bits that the text needs.",
            json!(26_684),
        ),
        (
            "available_bits",
            false,
            Type::Integer,
            "Bits that the largest symbol has.",
            json!(18_672),
        ),
        (
            "check",
            false,
            Type::String,
            "What scanners would fail at: inverted, contrast, quiet_zone, scale, version, logo_share or read_back.",
            json!("contrast"),
        ),
        (
            "found",
            false,
            Type::Number,
            "The number that failed.",
            json!(2.61),
        ),
        (
            "passes",
            false,
            Type::Number,
            "The number that would pass.",
            json!(3.0),
        ),
        (
            "revision",
            false,
            Type::Integer,
            "The revision that is there now.",
            json!(2),
        ),
        (
            "max_body_bytes",
            false,
            Type::Integer,
            "Bytes that a body may have.",
            json!(262_144),
        ),
        (
            "limit",
            false,
            Type::String,
            "The limit that was met: opens, unrecognised, pin-tries, issues, issue-bytes, drawings, issues-per-day or issue-bytes-per-day.",
            json!("opens"),
        ),
        (
            "missing_scope",
            false,
            Type::String,
            "The scope that the API key does not have.",
            json!("revoke"),
        ),
        (
            "expired_at",
            false,
            Type::String,
            "The last minute in which the code could be opened, in UTC.",
            json!("2026-12-20T13:10:00Z"),
        ),
        (
            "opens_left",
            false,
            Type::Integer,
            "How often the code opens; null for as often as one likes.",
            json!(1),
        ),
        (
            "expires_at",
            false,
            Type::String,
            "The last minute in which the code opens, in UTC.",
            json!("2026-12-20T13:10:00Z"),
        ),
        (
            "last_opened_at",
            false,
            Type::String,
            "When a code that is used up was opened last, in UTC.",
            json!("2026-11-20T13:10:00Z"),
        ),
        (
            "revoked_at",
            false,
            Type::String,
            "When the code was ended, in UTC.",
            json!("2026-11-20T13:10:00Z"),
        ),
        (
            "by_holder",
            false,
            Type::Boolean,
            "Whether its holder ended it, and not its issuer.",
            json!(true),
        ),
        (
            "attempts_left",
            false,
            Type::Integer,
            "Tries at the PIN that are left to this network now.",
            json!(4),
        ),
        (
            "locked_until",
            false,
            Type::String,
            "Until when this network's PINs are not looked at, in UTC; absent if only the issuer can end it.",
            json!("2026-11-20T13:25:00Z"),
        ),
        (
            "entered_at",
            false,
            Type::String,
            "When the code that is in already entered, in UTC.",
            json!("2026-11-27T18:03:12Z"),
        ),
        (
            "first_at",
            false,
            Type::String,
            "When the code entered first, in UTC.",
            json!("2026-11-27T18:03:12Z"),
        ),
        (
            "gate",
            false,
            Type::String,
            "The gate at which it entered.",
            json!("north"),
        ),
        (
            "made_by",
            false,
            Type::String,
            "Who let it in.",
            json!("account:3"),
        ),
        (
            "made_by_name",
            false,
            Type::String,
            "What people call who let it in, if it is an account or an API key.",
            json!("Sam Okoye"),
        ),
        (
            "inside",
            false,
            Type::Integer,
            "How many people are inside.",
            json!(300),
        ),
        (
            "check_in",
            false,
            Type::String,
            "The id of the attempt's row.",
            json!("404142434445464748494a4b"),
        ),
    ]
}
