//! A token that was issued before, for whoever asks for it again.

use super::{IssueError, IssueToken, IssuedToken, Issuer};
use crate::qr::Symbol;
use crate::token::{Codec, SealedToken};

/// What issuing answered when it made `token` for the same request: the same bytes, the same link, the same symbol.
/// Nothing is sealed.
///
/// # Errors
///
/// [`IssueError::Capacity`] if the configuration of links has changed so that it does not fit any more.
pub fn issued_before(
    issuer: Issuer<'_>,
    request: &IssueToken,
    token: SealedToken,
    codec: Codec,
) -> Result<IssuedToken, IssueError> {
    let link = issuer.links.link(&token);
    let symbol = Symbol::encode(&link, request.level)?;
    Ok(IssuedToken {
        stored: None,
        token,
        link,
        symbol,
        max_opens: request.max_opens,
        codec,
        packed_bytes: None,
        payload_bytes: request.document.as_bytes().len(),
    })
}
