//! Budgets and quotas that are spent, as clients see it.

use super::{Limit, Problem, ProblemCode};
use crate::limits::{Budget, Exceeded, QuotaSpent};

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
            Budget::KeyPixels => {
                "pixels a minute of pictures with shapes, logo or caption are drawn for one API key"
            }
            Budget::SignIns => "tries a minute at signing in are taken from one place",
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
