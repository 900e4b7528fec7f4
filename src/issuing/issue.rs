//! The verb of issuing.

use super::{IssueError, IssueToken, IssuedToken, Issuer, Packing};
use crate::payload::zstd1;
use crate::qr::Symbol;
use crate::token::{Claims, Codec, Nonce, UnixTime, seal};

/// Seals a document under `nonce`, which must be fresh from the operating system and is never used again, and draws
/// up the symbol of its link.
///
/// # Errors
///
/// [`IssueError::Capacity`] if the link does not fit into a symbol of the level asked for, [`IssueError::Seal`] if
/// there is no primary key or the clock is outside the format's years.
pub fn issue(
    issuer: Issuer<'_>,
    request: &IssueToken,
    nonce: Nonce,
    now: UnixTime,
) -> Result<IssuedToken, IssueError> {
    let claims = Claims {
        expires_in: request.expires_in,
        ..Claims::default()
    };
    let packed = match request.packing {
        Packing::Raw => None,
        Packing::Smallest(effort) => zstd1::pack(&request.document, effort),
    };
    let (codec, body) = match &packed {
        Some(packed) => (Codec::Zstd1, packed.as_slice()),
        None => (Codec::Json, request.document.as_bytes()),
    };
    let token = seal(issuer.keyring, nonce, now, &claims, codec, body)?;
    let link = issuer.links.link(&token);
    let symbol = Symbol::encode(&link, request.level)?;
    Ok(IssuedToken {
        token,
        link,
        symbol,
        codec,
        packed_bytes: packed.as_ref().map(Vec::len),
        payload_bytes: request.document.as_bytes().len(),
    })
}
