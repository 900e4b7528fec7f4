//! Errors as the client sees them: `application/problem+json` (RFC 9457), or a page for a browser.
//!
//! Belongs here: the stable codes with their status, words and next step, and the two forms of an answer. Does not
//! belong here: why something failed; features say that in their own errors, which `from` maps.

mod code;
mod from;
mod limit;
#[cfg(feature = "server")]
mod respond;
mod spent;

pub use crate::clock::rfc3339;
pub use code::ProblemCode;
pub use from::{invalid, json_problem, not_admitted, sealed_capacity, too_large};
pub use limit::Limit;
#[cfg(feature = "server")]
pub use respond::{document, respond};

#[cfg(feature = "server")]
use actix_web::{HttpResponse, ResponseError};
#[cfg(feature = "server")]
use http::StatusCode;
use serde_json::Value;

use crate::http::pages::{Language, Told};
use crate::token::TokenId;

/// An error on its way to the client.
///
/// Handlers return it; the edge, which knows the request, turns it into an answer.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What happened, from the fixed list.
    pub code: ProblemCode,
    /// This occurrence, for a person; nothing secret and nothing that the client sent. `None`: the title says it all.
    pub detail: Option<String>,
    /// The same for a holder, in a language of theirs, if holders meet it.
    pub told: Option<Box<Told>>,
    /// Members beyond those of RFC 9457, such as `errors` or `needed_bits`.
    pub members: Vec<(&'static str, Value)>,
    /// The methods that the route takes, for a 405.
    pub allow: Option<String>,
    /// Seconds after which to try again, if it is not what the code says.
    pub retry_after: Option<u64>,
    /// The limit that was met, for a 429.
    pub limit: Option<Box<Limit>>,
    /// The token, for the log, if the request was about one that is authentic.
    pub token_id: Option<TokenId>,
}

impl Problem {
    /// A problem without particulars.
    ///
    /// Most requests have none: what leads here is laid out of the way of the rest.
    #[must_use]
    #[cold]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            code,
            detail: None,
            told: None,
            members: Vec::new(),
            allow: None,
            retry_after: None,
            limit: None,
            token_id: None,
        }
    }

    /// The same, with words about this occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same, with a message of the catalogues about this occurrence; programs get it in English.
    #[must_use]
    pub fn told(mut self, told: Told) -> Self {
        self.detail = Some(told.text(Language::English));
        self.told = Some(Box::new(told));
        self
    }

    /// The same, with one more member.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// The same, to be tried again after so many seconds.
    #[must_use]
    pub fn waiting(mut self, secs: Option<u64>) -> Self {
        self.retry_after = secs;
        self
    }

    /// The same, about a token that is authentic.
    #[must_use]
    pub fn about(mut self, id: Option<TokenId>) -> Self {
        self.token_id = id;
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code.as_str())
    }
}

#[cfg(feature = "server")]
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// An empty answer, which the edge replaces.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.code.status())
    }
}
