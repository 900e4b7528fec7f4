//! `GET /readyz`: whether the server can issue and open.
//!
//! Load balancers want to know that, and strangers may. What does not work, and why, is for whoever runs the server.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::{DegradedPart, ReadyAnswer};
use crate::http::admission::may_watch;
use crate::http::openapi::parts::{fail, operation, ready};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{self, TemporarilyUnavailable};
use crate::http::state::{self, App};
use crate::telemetry::error_throttled;
use crate::token::TOKEN_EPOCH;

/// Nodes whose clocks differ by more would not agree on when a token ends.
const MAX_CLOCK_DIFFERENCE_SECS: u64 = 30;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "ready",
        "Service",
        "Whether the server can issue and open",
        "It has a primary key, a clock that can be right, and has read the revocations and API keys once. What does not work as it \
         should while the server goes on with what it had before is named in `degraded`: the store, or the keyring, certificate, \
         block lists or profiles that could not be read again. That, and why it is not ready, is told on the machine itself, to a \
         trusted proxy that asks for itself, and to an API key with the scope `read`; others get the status.",
    )
    .response("200", ready("It is ready."));
    fail(operation, &[TemporarilyUnavailable])
}

/// The server can issue and open.
pub async fn handle(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let tells = may_watch(&request);
    if let Err(why) = readiness(app) {
        let ahead = app.store.clock_ahead_secs();
        error_throttled!(ahead, "not ready: {why}");
        let problem = Problem::new(ProblemCode::TemporarilyUnavailable);
        return Err(match tells {
            true => problem.detail(why),
            false => problem,
        });
    }
    let degraded: Vec<DegradedPart> = app
        .health
        .failing()
        .map(|part| DegradedPart {
            part: part.as_str(),
            detail: part.in_words(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(ReadyAnswer {
        status: match degraded.is_empty() {
            true => "ok",
            false => "degraded",
        },
        version: env!("CARGO_PKG_VERSION"),
        degraded: tells.then_some(degraded),
    }))
}

/// Whether it has a primary key, its clock is within the format's years, and it has read once which tokens are revoked and which
/// API keys there are.
///
/// # Errors
///
/// Why not, for whoever asks.
pub fn readiness(app: &App) -> Result<(), &'static str> {
    if state::now() < TOKEN_EPOCH {
        return Err("The clock of the server is wrong.");
    }
    if app.keyring.load().keys().is_empty() {
        return Err("The keyring has no key.");
    }
    if app.store.clock_ahead_secs().unsigned_abs() > MAX_CLOCK_DIFFERENCE_SECS {
        return Err("The clocks of the server and its store differ by more than 30 seconds.");
    }
    if !app.revocations.is_read() || !app.api_keys.is_read() || app.accounts.any().is_none() {
        return Err("The revocations and API keys have not been read yet.");
    }
    Ok(())
}
