//! The one table from what features say to what clients see.

use serde_json::Value;

use super::{Problem, ProblemCode};
use crate::http::api::answer::unix_seconds;
use crate::http::pages::time_in_words;
use crate::issuing::IssueError;
use crate::opening::OpeningError;
use crate::payload::{JsonError, JsonErrorClass, JsonErrorKind};
use crate::qr::{Capacity, Colours, PictureTooLarge, Unscannable};
use crate::store::StoreError;
use crate::token::UnixTime;

/// RFC 3339, in UTC, to the second.
pub fn rfc3339(time: UnixTime) -> String {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(String::new, |time| time.to_string())
}

impl From<OpeningError> for Problem {
    fn from(error: OpeningError) -> Self {
        let problem = match error {
            // One answer for all: no detail.
            OpeningError::NotRecognised => Self::new(ProblemCode::TokenNotRecognised),
            OpeningError::Expired { at, .. } => Self::new(ProblemCode::TokenExpired)
                .detail(format!(
                    "It could be opened until {}.",
                    time_in_words(unix_seconds(at))
                ))
                .member("expired_at", rfc3339(at)),
            OpeningError::KeyRetired { .. } => Self::new(ProblemCode::KeyRetired),
            OpeningError::Clock { id, issued_at } => {
                tracing::error!(
                    token_id = %id,
                    issued_at = %rfc3339(issued_at),
                    "a token was issued in the future: a clock of ours is wrong"
                );
                Self::new(ProblemCode::TemporarilyUnavailable)
            }
            OpeningError::NeedsLedger { .. } => Self::new(ProblemCode::TemporarilyUnavailable)
                .detail("The code is limited, has a PIN or is for staff only, which this version of the server cannot open."),
        };
        problem.about(error.token_id())
    }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Capacity(capacity) => capacity.into(),
            IssueError::Seal(error) => {
                tracing::error!(%error, "a token could not be sealed");
                Self::new(ProblemCode::TemporarilyUnavailable)
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store did not do what was asked");
        Self::new(ProblemCode::TemporarilyUnavailable)
    }
}

impl From<Capacity> for Problem {
    fn from(error: Capacity) -> Self {
        Self::new(ProblemCode::QrCapacity)
            .detail(format!(
                "It needs {} bits, and the largest symbol has {} at this error correction level. Shorten it, or \
                 lower the level (ecl=L holds most).",
                error.needed_bits, error.available_bits
            ))
            .member("needed_bits", error.needed_bits)
            .member("available_bits", error.available_bits)
    }
}

impl From<JsonError> for Problem {
    fn from(error: JsonError) -> Self {
        json_problem(error.kind(), error.line(), error.column())
    }
}

/// A document that was refused at this place of the body.
pub fn json_problem(kind: JsonErrorKind, line: usize, column: usize) -> Problem {
    let code = match kind.class() {
        JsonErrorClass::TooLarge => ProblemCode::PayloadTooLarge,
        JsonErrorClass::TooDeep => ProblemCode::JsonTooDeep,
        JsonErrorClass::Invalid => ProblemCode::InvalidJson,
    };
    Problem::new(code)
        .detail(format!("line {line}, column {column}: {kind}"))
        .member("line", line)
        .member("column", column)
}

impl From<PictureTooLarge> for Problem {
    fn from(error: PictureTooLarge) -> Self {
        invalid("/scale", &error.to_string())
    }
}

impl From<Unscannable> for Problem {
    fn from(error: Unscannable) -> Self {
        let (check, found, passes): (_, Option<Value>, Option<Value>) = match error {
            Unscannable::Inverted { .. } => ("inverted", None, None),
            Unscannable::Contrast { ratio } => (
                "contrast",
                Some(((ratio * 100.0).floor() / 100.0).into()),
                Some(Colours::LEAST_CONTRAST.into()),
            ),
            Unscannable::QuietZone { modules, least } => {
                ("quiet_zone", Some(modules.into()), Some(least.into()))
            }
            Unscannable::Scale { scale, least } => {
                ("scale", Some(scale.into()), Some(least.into()))
            }
            Unscannable::Version { version, most } => {
                ("version", Some(version.into()), Some(most.into()))
            }
            Unscannable::Logo {
                percent,
                fitting_percent,
                ..
            }
            | Unscannable::LogoHidesPatterns {
                percent,
                fitting_percent,
                ..
            } => (
                "logo_share",
                Some(percent.into()),
                fitting_percent.map(Value::from),
            ),
            // And whatever else is found when the finished picture is looked at.
            _ => ("read_back", None, None),
        };
        let mut problem = Self::new(ProblemCode::StyleUnscannable)
            .detail(error.to_string())
            .member("check", check);
        for (name, number) in [("found", found), ("passes", passes)] {
            if let Some(number) = number {
                problem = problem.member(name, number);
            }
        }
        problem
    }
}

/// One option or field that is not valid.
pub fn invalid(pointer: &str, detail: &str) -> Problem {
    Problem::new(ProblemCode::Validation)
        .detail(format!("{pointer}: {detail}"))
        .member(
            "errors",
            serde_json::json!([{"pointer": pointer, "detail": detail}]),
        )
}
