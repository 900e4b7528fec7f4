//! `GET /readyz`: whether the server can issue and open.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::HealthAnswer;
use crate::http::openapi::parts::{fail, health, operation};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{self, TemporarilyUnavailable};
use crate::http::state::{self, App};
use crate::token::TOKEN_EPOCH;

/// Nodes whose clocks differ by more would not agree on when a token ends.
const MAX_CLOCK_DIFFERENCE_SECS: u64 = 30;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "ready",
        "Service",
        "Whether the server can issue and open",
        "It has a primary key, a clock that can be right, and has read the revocations and API keys once.",
    )
    .response("200", health("It is ready."));
    fail(operation, &[TemporarilyUnavailable])
}

/// The server can issue and open: it has a primary key, its clock is within the format's years, and it has read once which
/// tokens are revoked and which API keys there are.
pub async fn handle(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let not_ready =
        |detail: &str| Err(Problem::new(ProblemCode::TemporarilyUnavailable).detail(detail));
    if state::now() < TOKEN_EPOCH {
        return not_ready("The clock of the server is wrong.");
    }
    let app = App::of(&request);
    if app.keyring.load().keys().is_empty() {
        return not_ready("The keyring has no key.");
    }
    let ahead = app.store.clock_ahead_secs();
    if ahead.unsigned_abs() > MAX_CLOCK_DIFFERENCE_SECS {
        tracing::error!(
            ahead,
            "this machine's clock and the store's differ by more than 30 s"
        );
        return not_ready("The clocks of the server and its store differ by more than 30 seconds.");
    }
    if !app.revocations.is_read() || !app.api_keys.is_read() || app.accounts.any().is_none() {
        return not_ready("The revocations and API keys have not been read yet.");
    }
    Ok(HttpResponse::Ok().json(HealthAnswer::OK))
}
