//! The one table from what features say to what clients see.

use serde_json::Value;

use super::{Problem, ProblemCode};
use crate::accounts::PasswordsBusy;
use crate::clock::rfc3339;
use crate::clock::unix_seconds;
use crate::http::pages::Told;
use crate::issuing::{IssueError, NoRoom, NotSealed};
use crate::long::Busy;
use crate::opening::{OpeningError, ReviseError, Unavailable};
use crate::payload::{JsonError, JsonErrorClass, JsonErrorKind};
use crate::pins::PinsBusy;
use crate::profiles::NotAdmitted;
use crate::qr::{Capacity, Colours, PictureTooLarge, Unscannable};
use crate::random::NoRandomNumbers;
use crate::store::{LockedUntil, Revocation, Scope, StoreError};
use crate::telemetry::error_throttled;
use crate::token::UnixTime;

impl From<NoRandomNumbers> for Problem {
    fn from(error: NoRandomNumbers) -> Self {
        tracing::error!(%error, "nothing can be sealed");
        Self::new(ProblemCode::TemporarilyUnavailable)
    }
}

impl From<OpeningError> for Problem {
    fn from(error: OpeningError) -> Self {
        let id = error.token_id();
        let problem = match error {
            // One answer for all: no detail.
            OpeningError::NotRecognised => Self::new(ProblemCode::TokenNotRecognised),
            OpeningError::Expired { at, .. } => Self::new(ProblemCode::TokenExpired)
                .told(Told::at("expired-at", unix_seconds(at)))
                .member("expired_at", rfc3339(at)),
            OpeningError::KeyRetired { .. } => Self::new(ProblemCode::KeyRetired),
            OpeningError::Gone { .. } => Self::new(ProblemCode::TokenGone),
            OpeningError::Closed { .. } => Self::new(ProblemCode::TokenClosed),
            OpeningError::Clock { id, issued_at } => {
                error_throttled!(
                    token_id = %id,
                    issued_at = %rfc3339(issued_at),
                    "a token was issued in the future: a clock of ours is wrong"
                );
                Self::new(ProblemCode::TemporarilyUnavailable)
            }
            OpeningError::StaffOnly { .. } => {
                Self::new(ProblemCode::Forbidden).told(Told::plain("staff-only"))
            }
            OpeningError::Revoked(revocation) => revoked(&revocation),
            OpeningError::UsedUp { last_opened_at, .. } => used_up(last_opened_at),
            // Where the answer can tell more, the handler does.
            OpeningError::PinMissing { .. } => Self::new(ProblemCode::OpenRequired),
            OpeningError::PinIncorrect {
                attempts_left,
                lock,
                ..
            } => {
                let wait = lock.map(|(_, secs)| secs);
                let until = match lock {
                    Some((LockedUntil::Time(at), _)) => Some(rfc3339(at)),
                    _ => None,
                };
                let problem = Self::new(ProblemCode::PinIncorrect)
                    .told(Told::left("tries-left", attempts_left))
                    .member("attempts_left", attempts_left)
                    .waiting(wait);
                match until {
                    Some(until) => problem.member("locked_until", until),
                    None => problem,
                }
            }
            OpeningError::PinLocked {
                until, wait_secs, ..
            } => locked(until, wait_secs),
            OpeningError::NotLimited { .. } => invalid(
                "/destroy",
                "only a code with a limited number of opens can be destroyed by its holder",
            ),
            OpeningError::Unavailable { id, cause } => {
                if let Unavailable::Store(_) | Unavailable::Record(_) | Unavailable::Samples(_) =
                    cause
                {
                    error_throttled!(token_id = %id, %cause, "a token could not be opened");
                }
                let problem = Self::new(ProblemCode::TemporarilyUnavailable);
                match cause {
                    Unavailable::Samples(missing) => {
                        problem.member("missing_sample_set", missing.number)
                    }
                    _ => problem,
                }
            }
        };
        problem.about(id)
    }
}

fn used_up(last_opened_at: Option<UnixTime>) -> Problem {
    let problem = Problem::new(ProblemCode::TokenUsedUp);
    match last_opened_at {
        Some(at) => problem
            .told(Told::at("last-opened-at", unix_seconds(at)))
            .member("last_opened_at", rfc3339(at)),
        None => problem,
    }
}

fn revoked(revocation: &Revocation) -> Problem {
    let at = unix_seconds(revocation.at);
    let told = match revocation.by_holder {
        true => Told::at("destroyed-by-holder-at", at),
        false => Told::at("withdrawn-by-issuer-at", at),
    };
    Problem::new(ProblemCode::TokenRevoked)
        .told(told)
        .member("revoked_at", rfc3339(revocation.at))
        .member("by_holder", revocation.by_holder)
}

fn locked(until: LockedUntil, wait_secs: u64) -> Problem {
    let mut problem = match until {
        LockedUntil::Time(at) => Problem::new(ProblemCode::PinLocked)
            .told(Told::at("pin-locked-until", unix_seconds(at)))
            .member("locked_until", rfc3339(at)),
        LockedUntil::Reset => {
            Problem::new(ProblemCode::PinLocked).told(Told::plain("pin-locked-for-good"))
        }
    };
    problem.retry_after = Some(wait_secs);
    problem
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Capacity(capacity) => sealed_capacity(capacity),
            IssueError::Seal(error) => {
                tracing::error!(%error, "a token could not be sealed");
                Self::new(ProblemCode::TemporarilyUnavailable)
            }
        }
    }
}

impl From<NotSealed> for Problem {
    fn from(error: NotSealed) -> Self {
        let conflict = |detail: &str| Self::new(ProblemCode::IdempotencyConflict).detail(detail);
        match error {
            NotSealed::Issue(error) => error.into(),
            NotSealed::Store(error) => error.into(),
            NotSealed::Pins(error) => error.into(),
            NotSealed::Quota(error) => error.into(),
            NotSealed::Random(error) => error.into(),
            NotSealed::NotRandom => {
                tracing::error!(%error, "no PIN can be made");
                Self::new(ProblemCode::TemporarilyUnavailable)
            }
            NotSealed::LivesTooLong(_) | NotSealed::StoredForEver => invalid("/expires_in", &error.to_string()),
            NotSealed::Long(error) => error.into(),
            NotSealed::RememberDenied => invalid("/remember", &error.to_string()),
            NotSealed::NoRoom(error) => error.into(),
            NotSealed::AnotherRequest => conflict(
                "The key was used within the last day for a request with another address, query or body.",
            ),
            NotSealed::KeyGone => conflict(
                "The key that sealed the token of the first request was disabled or destroyed.",
            ),
            NotSealed::Ended => {
                conflict("The document of the first request was stored, and has ended.")
            }
            NotSealed::PinWasShown(id) => conflict(
                "The token was issued, and its PIN was in the first answer only: nobody keeps it. If that answer did not \
                 arrive, issue anew with another key.",
            )
            .member("id", id.to_string())
            .about(Some(id)),
        }
    }
}

impl From<Busy> for Problem {
    fn from(error: Busy) -> Self {
        error_throttled!(%error, "a document was not packed");
        Self::new(ProblemCode::TemporarilyUnavailable)
    }
}

impl From<PinsBusy> for Problem {
    fn from(error: PinsBusy) -> Self {
        error_throttled!(%error, "a PIN was not hashed");
        Self::new(ProblemCode::TemporarilyUnavailable)
    }
}

impl From<PasswordsBusy> for Problem {
    fn from(error: PasswordsBusy) -> Self {
        error_throttled!(%error, "a password was not hashed");
        Self::new(ProblemCode::TemporarilyUnavailable)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        error_throttled!(%error, "the store did not do what was asked");
        Self::new(ProblemCode::TemporarilyUnavailable)
    }
}

impl From<ReviseError> for Problem {
    fn from(error: ReviseError) -> Self {
        let words = error.to_string();
        match error {
            ReviseError::NotThisToken | ReviseError::Inline | ReviseError::Link => {
                invalid("/token", &words)
            }
            ReviseError::NotAdmitted(why) => not_admitted(why, "/payload"),
            ReviseError::NotYours(id) => Self::new(ProblemCode::Forbidden)
                .detail("The code was made by somebody else; to change it takes the scope revoke:all, too.")
                .member("missing_scope", Scope::RevokeAll.as_str())
                .about(Some(id)),
            ReviseError::Conflict { id, revision } => Self::new(ProblemCode::RevisionConflict)
                .detail(format!("Revision {revision} is there now."))
                .member("revision", revision)
                .about(Some(id)),
            ReviseError::Opening(error @ OpeningError::PinMissing { .. }) => Self::from(error)
                .detail("Changing this code takes its PIN.")
                .member("requires", serde_json::json!(["pin"])),
            ReviseError::Opening(error) => error.into(),
            ReviseError::Seal(error) => IssueError::from(error).into(),
            ReviseError::NoRoom(error) => error.into(),
            ReviseError::Random(error) => error.into(),
        }
    }
}

impl From<NoRoom> for Problem {
    fn from(error: NoRoom) -> Self {
        /// Room becomes free when documents end.
        const WAIT_SECS: u64 = 60 * 60;
        let mut problem = match error {
            NoRoom::Store => {
                error_throttled!(%error, "a document was not stored: see limits.stored_bytes");
                Self::new(ProblemCode::TemporarilyUnavailable)
                    .detail("The server has as many stored documents as it may hold.")
            }
            NoRoom::Share { most_bytes } => Self::new(ProblemCode::RateLimited)
                .detail(format!(
                    "What one client has stored here may take {most_bytes} bytes together, and this would be more. Room \
                     becomes free when documents expire or are deleted."
                ))
                .member("limit", "stored-bytes"),
        };
        problem.retry_after = Some(WAIT_SECS);
        problem
    }
}

impl From<Capacity> for Problem {
    fn from(error: Capacity) -> Self {
        let words = error.to_string();
        let (first, rest) = words.split_at(1);
        Self::new(ProblemCode::QrCapacity)
            .detail(format!("{}{rest}.", first.to_uppercase()))
            .member("needed_bits", error.needed_bits)
            .member("available_bits", error.available_bits)
    }
}

/// The same of a document that is to be sealed, which need not be in the symbol.
pub fn sealed_capacity(error: Capacity) -> Problem {
    let mut problem = Problem::from(error);
    if let Some(detail) = &mut problem.detail {
        detail.push_str(" Sealed with storage=stored it fits at any level.");
    }
    problem
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

/// A document that is not issued under its profile. `at`: where it stands in the body, as a JSON pointer.
pub fn not_admitted(why: NotAdmitted, at: &str) -> Problem {
    match why {
        NotAdmitted::NotForYou(profile) => Problem::new(ProblemCode::Forbidden).detail(format!(
            "The profile {profile} is not for whoever asks: its file says in `issue` who may issue under it."
        )),
        NotAdmitted::Document(faults) => {
            let errors: Vec<_> = faults
                .iter()
                .map(|fault| {
                    serde_json::json!({
                        "pointer": format!("{at}{}", fault.pointer),
                        "keyword": fault.keyword,
                        "detail": fault.detail,
                    })
                })
                .collect();
            let first = faults.first().map_or_else(String::new, |fault| {
                format!("{at}{}: {}", fault.pointer, fault.detail)
            });
            Problem::new(ProblemCode::Validation)
                .detail(first)
                .member("errors", errors)
        }
    }
}

/// A body that has more bytes than this.
pub fn too_large(most: usize) -> Problem {
    Problem::new(ProblemCode::PayloadTooLarge)
        .detail(format!("A body may have {most} bytes here."))
        .member("max_body_bytes", most)
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
