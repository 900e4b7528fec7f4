//! The verb of issuing.

use super::{IssueError, IssueToken, IssuedToken, Issuer};
use crate::qr::Symbol;
use crate::token::{ClaimValue, Claims, Nonce, PinHash, UnixTime, seal, seal_with_pin};

/// Seals a document under `nonce`, which must be fresh from the operating system and is never used again, and draws
/// up the symbol of its link. `pin` is the hash of the token's PIN, if it is to have one, made with the salt that
/// [`pin_salt`](crate::token::pin_salt) gives for the same keyring, nonce and time.
///
/// # Errors
///
/// [`IssueError::Capacity`] if the link does not fit into a symbol of the level asked for, [`IssueError::Seal`] if
/// there is no primary key, the clock is outside the format's years, or a limited token or one with a PIN does not end.
pub fn issue(
    issuer: Issuer<'_>,
    request: &IssueToken,
    pin: Option<&PinHash>,
    nonce: Nonce,
    now: UnixTime,
) -> Result<IssuedToken, IssueError> {
    let claims = Claims {
        expires_in: request.expires_in,
        max_opens: request.max_opens.map(ClaimValue::from),
        profile: request.kind.profile,
        staff_only: request.kind.staff_only,
    };
    let (codec, body) = request.body();
    let token = match pin {
        Some(pin) => seal_with_pin(issuer.keyring, nonce, now, &claims, pin, codec, body)?,
        None => seal(issuer.keyring, nonce, now, &claims, codec, body)?,
    };
    let link = issuer.links.link(&token);
    let symbol = Symbol::encode(&link, request.level)?;
    Ok(IssuedToken {
        stored: None,
        token,
        link,
        symbol,
        max_opens: request.max_opens,
        codec,
        packed_bytes: request.packed_bytes(),
        payload_bytes: request.document.as_bytes().len(),
    })
}
