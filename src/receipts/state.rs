//! The words for a token's states.

use std::str::FromStr;

use crate::store::ReceiptState;

impl ReceiptState {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Self; 5] = [
        Self::Revoked,
        Self::Expired,
        Self::UsedUp,
        Self::PinLocked,
        Self::Active,
    ];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::UsedUp => "used_up",
            Self::PinLocked => "pin_locked",
            Self::Active => "active",
        }
    }
}

impl FromStr for ReceiptState {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(StateError)
    }
}

/// A word for no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a state is active, used_up, expired, revoked or pin_locked")]
pub struct StateError;
