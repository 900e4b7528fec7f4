//! What somebody at a desk asks.

use std::str::FromStr;

use super::names::GateName;
use crate::network::ClientNetwork;
use crate::store::{CheckInKind, ListId};
use crate::token::{TypedPin, UnixTime};

/// Chosen by whoever checks in, new for every scan: 16 to 64 of `A-Z a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatId(String);

impl RepeatId {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RepeatId {
    type Err = RepeatIdError;

    fn from_str(text: &str) -> Result<Self, RepeatIdError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        match (16..=64).contains(&text.len()) && text.bytes().all(allowed) {
            true => Ok(Self(text.to_owned())),
            false => Err(RepeatIdError),
        }
    }
}

/// A text that is no `check_in_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 16 to 64 of A-Z, a-z, 0-9, _ and -, chosen at random for every scan")]
pub struct RepeatIdError;

/// Somebody shows a code at a list.
#[derive(Clone)]
pub struct CheckInRequest<'a> {
    /// The code's token, in either text form.
    pub token: &'a str,
    /// The list.
    pub list: ListId,
    /// Which way.
    pub kind: CheckInKind,
    /// What makes it repeatable.
    pub check_in_id: RepeatId,
    /// At which gate.
    pub gate: Option<GateName>,
    /// The PIN, if one was given.
    pub pin: Option<TypedPin>,
    /// The PIN as it was given, for the digest of the request.
    pub pin_text: &'a str,
    /// Where it comes from.
    pub network: ClientNetwork,
    /// When.
    pub now: UnixTime,
}
