//! Rate limits and quotas of requests: who is counted, and what an answer says when too much was asked.
//!
//! Belongs here: which subject a request counts for. Does not belong here: the counting (see `limits`).

use std::net::IpAddr;

use actix_web::HttpRequest;

use crate::http::client;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::limits::{Budget, Subject};
use crate::opening::OpeningError;

/// Takes a request out of what its client has left.
///
/// # Errors
///
/// `rate_limited`
pub fn take(request: &HttpRequest, budget: Budget) -> Result<(), Problem> {
    take_of(App::of(request), client::address(request), budget)
}

/// Takes a request out of what this client has left.
///
/// # Errors
///
/// `rate_limited`
pub fn take_of(app: &App, client: Option<IpAddr>, budget: Budget) -> Result<(), Problem> {
    app.rates.take(budget, Subject::client(client), 1)?;
    Ok(())
}

/// Counts something that is no token of ours, or one of which nothing is left, which forgeries look like once in 2^32; what else went wrong with a token is not counted.
pub fn unrecognised(app: &App, client: Option<IpAddr>, error: OpeningError) -> Problem {
    if matches!(
        error,
        OpeningError::NotRecognised | OpeningError::Gone { .. }
    ) && let Err(problem) = take_of(app, client, Budget::Unrecognised)
    {
        return problem;
    }
    error.into()
}

/// Takes a body out of what the rate of whoever issues has left, in bytes.
///
/// # Errors
///
/// `rate_limited`
pub fn take_issue_bytes(
    request: &HttpRequest,
    by: Subject,
    body_bytes: usize,
) -> Result<(), Problem> {
    let bytes = u32::try_from(body_bytes).unwrap_or(u32::MAX);
    App::of(request).rates.take(Budget::IssueBytes, by, bytes)?;
    Ok(())
}
