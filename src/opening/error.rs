//! Why a token was not opened.

use crate::long::Busy;
use crate::pins::PinsBusy;
use crate::revoking::NotReadYet;
use crate::samples::MissingSamples;
use crate::store::{LockedUntil, Revocation, StoreError};
use crate::token::{RecordError, TokenId, UnixTime};

/// Why a token was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// Malformed, tampered with, of an unknown version or key, or for another instance: which of these is not told.
    #[error("the token is not recognised")]
    NotRecognised,
    /// Authentic, but past its expiry.
    #[error("the token expired")]
    Expired {
        /// The token's id.
        id: TokenId,
        /// The last minute in which it opened.
        at: UnixTime,
    },
    /// Authentic, but its key is disabled.
    #[error("the token's key is disabled")]
    KeyRetired {
        /// The token's id.
        id: TokenId,
    },
    /// A stored token of ours that has no row any more.
    #[error("what the token led to has ended")]
    Gone {
        /// The token.
        id: TokenId,
    },
    /// Authentic, but issued more than five minutes ahead of this machine's clock: one of our clocks is wrong.
    #[error("the token was issued in the future: a clock is wrong")]
    Clock {
        /// The token's id.
        id: TokenId,
        /// The minute of its issue.
        issued_at: UnixTime,
    },
    /// Authentic, but it opens at a desk only.
    #[error("the token is for staff: a check-in at a desk opens it")]
    StaffOnly {
        /// The token's id.
        id: TokenId,
    },
    /// Authentic, but its issuer or its holder ended it.
    #[error("the token was revoked")]
    Revoked(Revocation),
    /// Authentic, but all its opens are spent.
    #[error("the token is used up")]
    UsedUp {
        /// The token's id.
        id: TokenId,
        /// When it was opened last, unless that was erased.
        last_opened_at: Option<UnixTime>,
    },
    /// Authentic, but issued before the store was restored from a backup: whether it was opened since then nobody knows.
    #[error("the token was issued before the store was restored")]
    Closed {
        /// The token's id.
        id: TokenId,
    },
    /// Its PIN is needed. Nothing was spent.
    #[error("the token needs its PIN")]
    PinMissing {
        /// The token's id.
        id: TokenId,
    },
    /// The PIN is wrong. A try was spent, an open was not.
    #[error("the PIN is wrong")]
    PinIncorrect {
        /// The token's id.
        id: TokenId,
        /// Tries that are left to this network now.
        attempts_left: u32,
        /// Until when it is locked, and how many seconds that is from now, if this was the last try.
        lock: Option<(LockedUntil, u64)>,
    },
    /// Too many wrong PINs.
    #[error("too many wrong PINs")]
    PinLocked {
        /// The token's id.
        id: TokenId,
        /// Until when.
        until: LockedUntil,
        /// How many seconds that is from now; a day if only the issuer can end it.
        wait_secs: u64,
    },
    /// Only the holder of a limited token may destroy it: a plain one is everybody's who has the link.
    #[error("only a token with a limited number of opens can be destroyed by its holder")]
    NotLimited {
        /// The token's id.
        id: TokenId,
    },
    /// Something that opening needs does not work now. The document is withheld.
    #[error("the token cannot be opened now: {cause}")]
    Unavailable {
        /// The token's id.
        id: TokenId,
        /// What does not work, for the log.
        cause: Unavailable,
    },
}

/// What does not work now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The store, or its answer was lost.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many PINs are being checked, or memory is short.
    #[error(transparent)]
    Pins(#[from] PinsBusy),
    /// The document takes milliseconds to unpack, and too many others wait.
    #[error(transparent)]
    Long(#[from] Busy),
    /// The samples after which its document was packed are not here.
    #[error(transparent)]
    Samples(#[from] MissingSamples),
    /// This node does not know yet which tokens are revoked.
    #[error(transparent)]
    Revocations(#[from] NotReadYet),
    /// What the store keeps of the token does not open: it was damaged or changed there.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Unavailable {
    /// The error about this token.
    pub(super) fn about<E: Into<Self>>(id: TokenId) -> impl FnOnce(E) -> OpeningError {
        move |cause| OpeningError::Unavailable {
            id,
            cause: cause.into(),
        }
    }
}

impl OpeningError {
    /// The id of the token, if it is authentic.
    #[must_use]
    pub fn token_id(&self) -> Option<TokenId> {
        match self {
            Self::NotRecognised => None,
            Self::Revoked(Revocation { id, .. })
            | Self::Expired { id, .. }
            | Self::KeyRetired { id }
            | Self::Gone { id }
            | Self::Closed { id }
            | Self::Clock { id, .. }
            | Self::StaffOnly { id }
            | Self::UsedUp { id, .. }
            | Self::PinMissing { id }
            | Self::PinIncorrect { id, .. }
            | Self::PinLocked { id, .. }
            | Self::NotLimited { id }
            | Self::Unavailable { id, .. } => Some(*id),
        }
    }
}
