//! The document that may be shown, and how a body becomes one.

use std::fmt;

use crate::payload::{self, mix2, zstd1};
use crate::token::{Codec, OpenedToken, TokenId, UnixTime};

use super::OpeningError;

/// A document that was opened: authentic, in force, checked to be JSON, and counted if opens of its token are.
#[derive(Clone)]
pub struct OpenedDocument {
    /// The token's id.
    pub id: TokenId,
    /// When the token was issued, to the minute.
    pub issued_at: UnixTime,
    /// The last minute in which the token opens, if it ends.
    pub expires_at: Option<UnixTime>,
    /// How the payload was packed.
    pub codec: Codec,
    /// How often the token opens after this, if that is limited.
    pub opens_left: Option<u64>,
    payload: String,
}

impl OpenedDocument {
    pub(super) fn new(token: &OpenedToken, payload: Payload, opens_left: Option<u64>) -> Self {
        Self {
            id: token.id(),
            issued_at: token.issued_at(),
            expires_at: token.expires_at(),
            codec: token.codec(),
            opens_left,
            payload: payload.0,
        }
    }

    /// The JSON text, byte for byte as it was sealed.
    #[must_use]
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// As [`OpenedDocument::payload`].
    #[must_use]
    pub fn into_payload(self) -> String {
        self.payload
    }
}

impl fmt::Debug for OpenedDocument {
    /// Without the payload.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedDocument")
            .field("id", &self.id)
            .field("opens_left", &self.opens_left)
            .finish_non_exhaustive()
    }
}

/// Where a document was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In its token: at most 65,536 bytes.
    Token,
    /// In the store: at most a mebibyte.
    Store,
}

/// A payload that was unpacked and checked, before anything was counted. It never leaves this module.
pub(super) struct Payload(String);

impl Payload {
    /// What `body` packs, if it is one JSON document. A body that is not was sealed by no version of this program, and
    /// is not recognised.
    pub(super) fn unpack(place: Place, codec: Codec, body: &[u8]) -> Result<Self, OpeningError> {
        let most = match place {
            Place::Token => payload::MAX_BYTES,
            Place::Store => payload::MAX_STORED_BYTES,
        };
        match codec {
            Codec::Json => Some(body.to_vec()),
            Codec::Zstd1 => zstd1::unpack_up_to(body, most).ok(),
            Codec::Mix2 => mix2::unpack(body).ok(),
        }
        .and_then(|text| Self::check(text, most))
        .ok_or(OpeningError::NotRecognised)
    }

    fn check(text: Vec<u8>, most: usize) -> Option<Self> {
        payload::check_up_to(&text, most).ok()?;
        String::from_utf8(text).ok().map(Self)
    }
}
