//! `POST /api/lists/{id}/presence`: who was there.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ContentBuilder, Object, ResponseBuilder};

use super::{ListIdInPath, not_yours, profiles, unknown};
use crate::audit::By;
use crate::desk::{AskPresence, VisitError, presence, presence_csv};
use crate::http::accept;
use crate::http::admission::MaySeeVisits;
use crate::http::extract::{JsonBody, presence_body};
use crate::http::openapi::parts::{date_time, fail, operation, required_body, string};
use crate::http::openapi::schemas::{closed, named, picture};
use crate::http::problem::Problem;
use crate::http::state::App;

/// Who was there.
pub async fn handle(
    request: HttpRequest,
    right: MaySeeVisits,
    ListIdInPath(list): ListIdInPath,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (from, until, reason) = presence_body(&body.0)?;
    let keyring = app.keyring.load_full();
    let by = By::fresh(right.0.principal, &keyring)?;
    let asked = AskPresence {
        list,
        from,
        until,
        reason,
        now: app.now(),
    };
    let profiles = profiles(&request);
    let (answer, list) = presence(&*app.store, &keyring, &profiles, asked, right.0, by).await?;
    let offers = [("application/json", false), ("text/csv", true)];
    if accept::most_wanted(&request, &offers).unwrap_or(false) {
        let name = format!("attachment; filename=\"presence-{}.csv\"", list.id);
        return Ok(HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((CONTENT_DISPOSITION, name))
            .body(presence_csv(&answer, &list)));
    }
    Ok(HttpResponse::Ok().json(answer))
}

impl From<VisitError> for Problem {
    fn from(error: VisitError) -> Self {
        match error {
            VisitError::Unknown => unknown(),
            VisitError::NotYours => not_yours(),
            VisitError::Fault(fault) => fault.into(),
            VisitError::Store(error) => error.into(),
            VisitError::Random(error) => error.into(),
        }
    }
}

/// The body.
pub fn envelope() -> Object {
    closed()
        .property("from", date_time())
        .required("from")
        .property("until", date_time())
        .required("until")
        .property(
            "reason",
            string()
                .min_length(Some(3))
                .max_length(Some(200))
                .description(Some("Why: it stands in the audit log.")),
        )
        .required("reason")
        .examples([json!({
            "from": "2026-11-27T12:00:00Z",
            "until": "2026-11-27T13:00:00Z",
            "reason": "contact tracing, case 4711"
        })])
        .build()
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("PresenceEnvelope")));
    let told = ResponseBuilder::new()
        .description("Who was there, as JSON or, if `Accept` names it, as CSV with times of the list's place.")
        .content(
            "application/json",
            ContentBuilder::new().schema(Some(named("PresenceAnswer"))).build(),
        )
        .content("text/csv", picture(false))
        .build();
    let operation = operation(
        "askPresence",
        "Desk",
        "Who was there",
        "Entries of everybody who was at the list between two times, with what it kept of their documents. Where nobody is let out, \
         `assumed_stay_minutes` says how long somebody stays. Who asked and why is in the audit log before anything is told.",
    )
    .parameter(super::id())
    .request_body(Some(required_body(body)))
    .response("200", told);
    fail(operation, &super::change::CHANGING)
}
