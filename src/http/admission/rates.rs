//! Rate limits and quotas of requests: who is counted, and what an answer says when too much was asked.
//!
//! Belongs here: which subject a request counts for. Does not belong here: the counting (see `limits`).

use std::net::IpAddr;

use actix_web::HttpRequest;

use crate::http::client;
use crate::http::problem::{Limit, Problem, ProblemCode};
use crate::http::state::App;
use crate::limits::{Budget, Exceeded, QuotaSpent, Subject};
use crate::opening::OpeningError;

/// Takes a request out of what its client has left.
///
/// # Errors
///
/// [`ProblemCode::RateLimited`]
pub fn take(request: &HttpRequest, budget: Budget) -> Result<(), Problem> {
    take_of(App::of(request), client::address(request), budget)
}

/// Takes a request out of what this client has left.
///
/// # Errors
///
/// [`ProblemCode::RateLimited`]
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
/// [`ProblemCode::RateLimited`]
pub fn take_issue_bytes(
    request: &HttpRequest,
    by: Subject,
    body_bytes: usize,
) -> Result<(), Problem> {
    let bytes = u32::try_from(body_bytes).unwrap_or(u32::MAX);
    App::of(request).rates.take(Budget::IssueBytes, by, bytes)?;
    Ok(())
}

impl From<QuotaSpent> for Problem {
    fn from(error: QuotaSpent) -> Self {
        match error {
            QuotaSpent::Requests { most, wait_secs } => spent(false, most, wait_secs),
            QuotaSpent::Bytes { most, wait_secs } => spent(true, most, wait_secs),
            QuotaSpent::Store(error) => error.into(),
        }
    }
}

fn spent(bytes: bool, most: u64, wait_secs: u64) -> Problem {
    let (name, what) = match bytes {
        false => ("issues-per-day", "requests to issue"),
        true => ("issue-bytes-per-day", "bytes of documents"),
    };
    limited(
        format!(
            "The quota of the day is spent: {most} {what}. The next day begins at midnight UTC."
        ),
        Limit {
            name,
            quota: most,
            bytes,
            window_secs: 24 * 60 * 60,
            wait_secs,
        },
    )
}

impl From<Exceeded> for Problem {
    fn from(exceeded: Exceeded) -> Self {
        let words = match exceeded.budget {
            Budget::Opens => "requests a minute to open codes are taken from one place",
            Budget::Unrecognised => {
                "codes a minute that are not recognised are looked at from one place"
            }
            Budget::PinTries => "PINs a minute are looked at from one place",
            Budget::Issues => "requests a minute to issue are taken from one API key or place",
            Budget::IssueBytes => "bytes a minute are taken for issuing from one API key or place",
            Budget::Drawings => "plain codes a minute are drawn for one place",
            Budget::StyledPixels => {
                "pixels a minute of pictures with shapes, logo or caption are drawn for one place without an API key"
            }
        };
        limited(
            format!(
                "At most {} {words}. Try again in {} s.",
                exceeded.per_minute, exceeded.wait_secs
            ),
            Limit {
                name: exceeded.budget.as_str(),
                quota: exceeded.per_minute.into(),
                bytes: exceeded.budget == Budget::IssueBytes,
                window_secs: 60,
                wait_secs: exceeded.wait_secs,
            },
        )
    }
}

fn limited(words: String, limit: Limit) -> Problem {
    let mut problem = Problem::new(ProblemCode::RateLimited)
        .detail(words)
        .member("limit", limit.name);
    problem.retry_after = Some(limit.wait_secs);
    problem.limit = Some(Box::new(limit));
    problem
}
