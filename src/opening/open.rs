//! The verb of opening.

use super::{OpenedDocument, OpeningError};
use crate::payload::{self, zstd1};
use crate::token::{Body, Codec, Keyring, OpenError, ParsedToken, UnixTime};

/// Opens a plain token, given in either text form.
///
/// The order is that of docs/token-format.md: what says nothing about the content comes first, and a wrong token
/// costs one AEAD operation at most.
///
/// # Errors
///
/// See [`OpeningError`]. A body that is not a JSON document was not sealed by any version of this program and is not
/// recognised either.
pub fn open(text: &str, keyring: &Keyring, now: UnixTime) -> Result<OpenedDocument, OpeningError> {
    let parsed = ParsedToken::parse(text).map_err(|_| OpeningError::NotRecognised)?;
    let opened = parsed.open(keyring, now).map_err(|error| match error {
        OpenError::NotRecognised => OpeningError::NotRecognised,
        OpenError::KeyRetired { id } => OpeningError::KeyRetired { id },
        OpenError::Expired { id, at } => OpeningError::Expired { id, at },
        OpenError::ClockBehind { id, issued_at } => OpeningError::Clock { id, issued_at },
    })?;
    let claims = opened.claims();
    if claims.max_opens.is_some() || claims.pin || claims.staff_only {
        return Err(OpeningError::NeedsLedger { id: opened.id() });
    }
    let Body::Packed(body) = opened.body() else {
        return Err(OpeningError::NeedsLedger { id: opened.id() });
    };
    let payload = match opened.codec() {
        Codec::Json => document(body.to_vec()),
        Codec::Zstd1 => zstd1::unpack(body).ok().and_then(document),
    }
    .ok_or(OpeningError::NotRecognised)?;
    Ok(OpenedDocument {
        id: opened.id(),
        payload,
        issued_at: opened.issued_at(),
        expires_at: opened.expires_at(),
        codec: opened.codec(),
    })
}

/// The body as text, if it is one JSON document.
fn document(body: Vec<u8>) -> Option<String> {
    payload::check(&body).ok()?;
    String::from_utf8(body).ok()
}
