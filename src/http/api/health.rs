//! `/healthz` and `/readyz`: for what watches the server.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::{self, App};
use crate::token::TOKEN_EPOCH;

/// The process lives, or the server is ready.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthAnswer {
    /// `ok`.
    #[schema(example = "ok")]
    pub status: &'static str,
    /// The version of the program.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
}

impl HealthAnswer {
    const OK: Self = Self {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    };
}

/// Nodes whose clocks differ by more would not agree on when a token ends.
const MAX_CLOCK_DIFFERENCE_SECS: u64 = 30;

/// The process lives.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(HealthAnswer::OK)
}

/// The server can issue and open: it has a primary key, its clock is within the format's years, and it has read once which
/// tokens are revoked and which API keys there are.
pub async fn ready(request: HttpRequest) -> Result<HttpResponse, Problem> {
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
    if !app.revocations.is_read() || !app.api_keys.is_read() {
        return not_ready("The revocations and API keys have not been read yet.");
    }
    Ok(HttpResponse::Ok().json(HealthAnswer::OK))
}
