//! `POST /api/check-ins`: a code is shown at a list.

use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ContentBuilder, Object, ObjectBuilder, Type};

use crate::clock::rfc3339;
use crate::desk::{
    BadgePrint, CheckInError, CheckInRequest, CheckInResult, Desk, Display, check_in,
};
use crate::http::admission::{MayCheck, rates};
use crate::http::client;
use crate::http::extract::{CheckInBody, JsonBody};
use crate::http::openapi::parts::{answer_again, fail, operation, required_body, string};
use crate::http::openapi::schemas::{closed, named};
use crate::http::operations::answers;
use crate::http::operations::lists::{not_yours, profiles, unknown};
use crate::http::operations::tokens::opener;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    self, AlreadyRedeemed, CrossSite, Forbidden, IdempotencyConflict, InvalidJson, KeyRetired,
    ListFull, MalformedRequest, NotFound, NotOnList, OpenRequired, OutsideWindow, PayloadTooLarge,
    PinIncorrect, PinLocked, RateLimited, RequestTimeout, TemporarilyUnavailable, TokenClosed,
    TokenExpired, TokenGone, TokenNotRecognised, TokenRevoked, TokenUsedUp, Unauthorized,
    UnsupportedMediaType, Validation,
};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::limits::Budget;
use crate::link::bare;
use crate::opening::OpeningError;
use crate::store::CheckInOutcome;
use crate::telemetry::metrics;

/// Somebody was let in or out.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedInAnswer {
    /// `let_in`, `let_out`, or `undone`: it was, and was taken back since.
    #[schema(pattern = "^(let_in|let_out|undone)$")]
    pub outcome: &'static str,
    /// The id of the check-in's row.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// What makes it repeatable.
    pub check_in_id: Option<String>,
    /// The token's id, which opens nothing.
    pub token_id: Option<String>,
    /// When, in UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// At which gate.
    pub gate: Option<String>,
    /// How many people went in or out.
    pub people: u64,
    /// How many people are inside now; null where nobody is let out.
    pub inside: Option<u64>,
    /// When the code entered first, in UTC, for as long as that is kept.
    #[schema(format = DateTime)]
    pub first_at: Option<String>,
    /// Whether it was an exit of somebody who was not inside.
    pub no_entry: bool,
    /// What staff see of the document; null for a document that was not read.
    pub display: Option<Display>,
    /// What to print for whoever came in, if the profile says so; null otherwise.
    pub badge: Option<BadgePrint>,
}

/// Checks a code in or out.
pub async fn handle(
    request: HttpRequest,
    may: MayCheck,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let body = CheckInBody::parse(&body.0)?;
    let result = checked_in(&request, &may, &body).await?;
    let replayed = result.judged.replayed;
    let passed = passed(result)?;
    let mut answer = match passed.outcome {
        "undone" => HttpResponse::Ok(),
        _ => HttpResponse::Created(),
    };
    if replayed {
        answer.insert_header((answers::REPLAYED, HeaderValue::from_static("true")));
    }
    Ok(answer.json(passed))
}

/// How a code is judged that is shown in this request.
pub async fn checked_in(
    request: &HttpRequest,
    may: &MayCheck,
    body: &CheckInBody,
) -> Result<CheckInResult, Problem> {
    let app = App::of(request);
    if body.pin.is_some() {
        rates::take(request, Budget::PinTries)?;
    }
    let keyring = app.keyring.load_full();
    let profiles = profiles(request);
    let desk = Desk {
        opener: opener(app, &keyring),
        profiles: &profiles,
    };
    let asked = CheckInRequest {
        token: token_of(&body.token),
        list: body.list,
        kind: body.kind,
        check_in_id: body.check_in_id.clone(),
        gate: body.gate.clone(),
        pin: body.pin.clone(),
        pin_text: &body.pin_text,
        network: client::origin(request),
        now: app.now(),
    };
    let result = check_in(desk, &asked, may.right).await.map_err(problem)?;
    if let Some(token) = result.judged.row.token {
        request.leave_token(token);
    }
    metrics::checked_in(
        result.judged.row.kind.as_str(),
        result.judged.row.outcome.as_str(),
    );
    Ok(result)
}

/// A token in either text form: of a link what stands at its end.
fn token_of(text: &str) -> &str {
    let text = bare(text);
    match text.rsplit_once('/') {
        Some((_, token)) => bare(token),
        None => text,
    }
}

/// Why nobody could judge.
fn problem(error: CheckInError) -> Problem {
    match error {
        CheckInError::NoList => unknown(),
        CheckInError::NotStaff => not_yours(),
        CheckInError::Fault(fault) => fault.into(),
        CheckInError::AnotherRequest => Problem::new(IdempotencyConflict).detail(
            "The check_in_id was used for another code, list, gate or PIN: every scan has its own.",
        ),
        CheckInError::PinMissing(id) => Problem::new(OpenRequired)
            .detail("This code takes its PIN: send the same again with pin.")
            .member("requires", json!(["pin"]))
            .about(Some(id)),
        CheckInError::Opening(error) => error.into(),
        CheckInError::Store(error) => error.into(),
        CheckInError::Random(error) => error.into(),
    }
}

/// Of somebody who was let in or out.
///
/// # Errors
/// Of somebody who was not: why.
pub fn passed(result: CheckInResult) -> Result<CheckedInAnswer, Problem> {
    let row = &result.judged.row;
    if !row.outcome.is_passed() {
        return Err(refused(result));
    }
    Ok(CheckedInAnswer {
        outcome: match row.undone_at {
            Some(_) => "undone",
            None => row.outcome.as_str(),
        },
        id: row.id.to_string(),
        check_in_id: row.check_in_id.clone(),
        token_id: row.token.map(|token| token.to_string()),
        at: rfc3339(row.happened_at),
        gate: row.gate.clone(),
        people: row.people,
        inside: result.exits.then_some(result.judged.inside),
        first_at: result.judged.first_at.map(rfc3339),
        no_entry: row.no_entry,
        display: result.display,
        badge: result.badge.filter(|_| row.undone_at.is_none()),
    })
}

fn refused(result: CheckInResult) -> Problem {
    let judged = result.judged;
    let problem = match (judged.row.outcome, result.why, judged.revocation) {
        (CheckInOutcome::Revoked, _, Some(revocation)) => OpeningError::Revoked(revocation).into(),
        (outcome, Some(why), _) if says(&why, outcome) => Problem::from(why),
        (outcome, ..) => Problem::new(code(outcome)),
    };
    let mut problem = problem.about(judged.row.token);
    problem = problem.member("check_in", judged.row.id.to_string());
    if let Some(first_at) = judged.first_at {
        problem = problem.member("first_at", rfc3339(first_at));
    }
    if let Some(entry) = judged.because {
        problem = problem.member("entered_at", rfc3339(entry.happened_at));
        if let Some(gate) = entry.gate {
            problem = problem.member("gate", gate);
        }
        if let Some(by) = entry.made_by {
            problem = problem.member("made_by", by.to_string());
        }
        if let Some(name) = result.before_by {
            problem = problem.member("made_by_name", name);
        }
    }
    if judged.row.outcome == CheckInOutcome::ListFull {
        problem = problem.member("inside", judged.inside);
    }
    let display = result.display.map(serde_json::to_value);
    let badge = result.badge.map(serde_json::to_value);
    for (name, value) in [("display", display), ("badge", badge)] {
        if let Some(Ok(value)) = value {
            problem = problem.member(name, value);
        }
    }
    problem
}

/// Whether it is for this that a code was refused.
fn says(why: &OpeningError, outcome: CheckInOutcome) -> bool {
    code(outcome) == Problem::from(why.clone()).code
}

fn code(outcome: CheckInOutcome) -> ProblemCode {
    match outcome {
        CheckInOutcome::LetIn | CheckInOutcome::LetOut => ProblemCode::Internal,
        CheckInOutcome::AlreadyRedeemed => AlreadyRedeemed,
        CheckInOutcome::NotOnList => NotOnList,
        CheckInOutcome::OutsideWindow => OutsideWindow,
        CheckInOutcome::ListFull => ListFull,
        CheckInOutcome::Expired => TokenExpired,
        CheckInOutcome::Revoked => TokenRevoked,
        CheckInOutcome::UsedUp => TokenUsedUp,
        CheckInOutcome::PinLocked => PinLocked,
        CheckInOutcome::NotRecognised => TokenNotRecognised,
        CheckInOutcome::PinIncorrect => PinIncorrect,
        CheckInOutcome::KeyRetired => KeyRetired,
        CheckInOutcome::Gone => TokenGone,
        CheckInOutcome::Closed => TokenClosed,
    }
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("CheckInEnvelope")));
    let operation = operation(
        "checkIn",
        "Desk",
        "Check a code in or out",
        "What the list accepts is looked at before anything counts or shows. An entry is refused, in this order, because the list is not \
         open, or the code is revoked, expired, in already, used up or closed since the store was restored, or the list is full. An exit is never refused for the state of its \
         code. The same request again, with its `check_in_id`, is answered as it was the first time, and counts once; it answers `undone` \
         once it was taken back. Nothing is lost or counted twice if the answer does not arrive, or is a 503: send it again with the same \
         `check_in_id` until there is another answer, and tell whoever scans that the code is not checked yet. A refusal says why: its \
         `check_in` is the row that was written down; of what is in already `entered_at`, `gate` and `made_by` say when, where and by whom, \
         while that is kept, and `made_by_name` what people call that account or API key; `display` is there if staff may see the document. After 403 `open_required` ask for the PIN and send the same with \
         `pin`; after 403 `pin_incorrect` another try takes a new `check_in_id`. A code that is shown again later is another scan, with another one.",
    )
    .request_body(Some(required_body(body)))
    .response("200", answer_again("It was let in or out, and that was taken back.", "CheckedInAnswer"))
    .response("201", answer_again("It is let in or out.", "CheckedInAnswer"));
    let problems = [
        InvalidJson,
        Unauthorized,
        Forbidden,
        OpenRequired,
        PinIncorrect,
        CrossSite,
        TokenNotRecognised,
        NotFound,
        RequestTimeout,
        MalformedRequest,
        IdempotencyConflict,
        AlreadyRedeemed,
        TokenExpired,
        TokenUsedUp,
        TokenRevoked,
        TokenGone,
        TokenClosed,
        KeyRetired,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        NotOnList,
        OutsideWindow,
        ListFull,
        PinLocked,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// The body.
pub fn envelope() -> Object {
    let or_null = |words: &str| {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(words))
    };
    closed()
        .property(
            "token",
            string().description(Some(
                "The code's text: its link, or its token in either text form.",
            )),
        )
        .required("token")
        .property(
            "list",
            string()
                .pattern(Some("^[0-9a-f]{24}$"))
                .description(Some("The list's id.")),
        )
        .required("list")
        .property(
            "check_in_id",
            string()
                .pattern(Some("^[A-Za-z0-9_-]{16,64}$"))
                .description(Some(
                    "Random, new for every scan: the same again is the same check-in.",
                )),
        )
        .required("check_in_id")
        .property(
            "kind",
            or_null("Which way; `entry` if it is not given.").enum_values(Some([
                json!("entry"),
                json!("exit"),
                json!(null),
            ])),
        )
        .property("gate", or_null("At which of the list's gates."))
        .property("pin", or_null("The PIN, for a code that has one."))
        .examples([json!({
            "token": "put-yours-here",
            "list": "404142434445464748494a4b",
            "check_in_id": "mZ4s0xTqJb2vR8yC1uKdWg",
            "gate": "north"
        })])
        .build()
}
