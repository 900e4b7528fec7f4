//! Opening: a token's text in; the document out, or why not.
//!
//! Belongs here: the order in which a token is looked at, and the one value that holds a document that may be shown.
//! Does not belong here: how the text arrived, and what the answer looks like.

mod open;

pub use open::open;

use crate::token::{Codec, TokenId, UnixTime};

/// A document that was opened: authentic, in force, and checked to be JSON.
#[derive(Debug, Clone)]
pub struct OpenedDocument {
    /// The token's id.
    pub id: TokenId,
    /// The JSON text, byte for byte as it was sealed.
    pub payload: String,
    /// When the token was issued, to the minute.
    pub issued_at: UnixTime,
    /// The last minute in which the token opens, if it ends.
    pub expires_at: Option<UnixTime>,
    /// How the payload was packed.
    pub codec: Codec,
}

/// Why a token was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
    /// Authentic, but issued more than five minutes ahead of this machine's clock: one of our clocks is wrong.
    #[error("the token was issued in the future: a clock is wrong")]
    Clock {
        /// The token's id.
        id: TokenId,
        /// The minute of its issue.
        issued_at: UnixTime,
    },
    /// Authentic, but it is limited, has a PIN or is for staff only, and this version keeps no ledger.
    #[error("the token needs a ledger, which this version does not have")]
    NeedsLedger {
        /// The token's id.
        id: TokenId,
    },
}

impl OpeningError {
    /// The id of the token, if it is authentic.
    #[must_use]
    pub fn token_id(&self) -> Option<TokenId> {
        match *self {
            Self::NotRecognised => None,
            Self::Expired { id, .. }
            | Self::KeyRetired { id }
            | Self::Clock { id, .. }
            | Self::NeedsLedger { id } => Some(id),
        }
    }
}
