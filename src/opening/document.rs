//! The document that may be shown, and how a body becomes one.

use std::fmt;
use std::sync::Arc;

use crate::payload::{self, mix2, zstd1};
use crate::principal::Principal;
use crate::token::{ClaimValue, Codec, OpenedToken, TokenId, UnixTime};

use super::{OpeningError, Unavailable};
use crate::long::LongWork;
use crate::samples::{KnownSamples, MissingSamples, SampleHead};

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
    /// The number of its profile, which may be unknown here.
    pub profile: Option<ClaimValue>,
    /// Whether somebody wrote it whom the issuer does not know: without an API key, where anyone may.
    pub by_visitor: bool,
    /// Whether it was in its token: nobody knows then who wrote it.
    pub in_token: bool,
    payload: String,
}

impl OpenedDocument {
    pub(super) fn new(
        token: &OpenedToken,
        payload: Payload,
        opens_left: Option<u64>,
        place: Place,
    ) -> Self {
        Self {
            id: token.id(),
            issued_at: token.issued_at(),
            expires_at: token.expires_at(),
            codec: token.codec(),
            opens_left,
            profile: token.claims().profile,
            by_visitor: place.is_by_visitor(),
            in_token: place == Place::Token,
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
    /// In the store: at most a mebibyte. Who put it there, if that is known.
    Store(Option<Principal>),
}

impl Place {
    /// Whether somebody put it there whom nobody knows.
    pub(super) fn is_by_visitor(self) -> bool {
        self == Self::Store(Some(Principal::Anonymous))
    }

    fn most_bytes(self) -> usize {
        match self {
            Self::Token => payload::MAX_BYTES,
            Self::Store(_) => payload::MAX_STORED_BYTES,
        }
    }
}

/// A payload that was unpacked and checked, before anything was counted. It never leaves this module.
pub(super) struct Payload(String);

impl Payload {
    /// What `body` packs, if it is one JSON document. A body that is not was sealed by no version of this program, and
    /// is not recognised.
    ///
    /// `None` if that takes milliseconds or samples: [`Payload::unpack_long`] does it.
    pub(super) fn unpack(
        place: Place,
        codec: Codec,
        body: &[u8],
    ) -> Result<Option<Self>, OpeningError> {
        let most = place.most_bytes();
        let text = match codec {
            Codec::Json => Some(body.to_vec()),
            Codec::Zstd1 => zstd1::unpack_up_to(body, most).ok(),
            Codec::Mix2 => match mix2::unpack_short(body) {
                Some(text) => text.ok(),
                None => return Ok(None),
            },
            Codec::Mix3 => return Ok(None),
        };
        text.and_then(|text| Self::check(text, most))
            .map(Some)
            .ok_or(OpeningError::NotRecognised)
    }

    /// The same, however long it takes, on a thread of its own.
    pub(super) async fn unpack_long(
        id: TokenId,
        place: Place,
        codec: Codec,
        body: &[u8],
        long: &LongWork,
    ) -> Result<Self, OpeningError> {
        if let Some(payload) = Self::unpack(place, codec, body)? {
            return Ok(payload);
        }
        let (body, most) = (body.to_vec(), place.most_bytes());
        let text = if codec == Codec::Mix3 {
            let samples = Arc::clone(long.samples());
            let unpack = move || text_after_samples(&body, &samples);
            let unpacked = long.run_after_samples(unpack).await;
            let unpacked = unpacked.map_err(Unavailable::about(id))?;
            unpacked.map_err(Unavailable::about(id))?
        } else {
            let unpack = move || mix2::unpack(&body).ok();
            long.run(unpack).await.map_err(Unavailable::about(id))?
        };
        let payload = text.and_then(|text| Self::check(text, most));
        payload.ok_or(OpeningError::NotRecognised)
    }

    fn check(text: Vec<u8>, most: usize) -> Option<Self> {
        payload::check_up_to(&text, most).ok()?;
        String::from_utf8(text).ok().map(Self)
    }
}

/// What a body of codec 3 packs; `None` if it is none.
fn text_after_samples(
    body: &[u8],
    samples: &KnownSamples,
) -> Result<Option<Vec<u8>>, MissingSamples> {
    let Some((head, body)) = SampleHead::split(body) else {
        return Ok(None);
    };
    let set = samples.find(head)?;
    Ok(mix2::unpack_after(set.documents(), body).ok())
}
