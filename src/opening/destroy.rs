//! The verb with which a holder ends a limited token.

use super::open::{Lock, unlock};
use super::stateful::Holds;
use super::{Attempt, Opener, OpeningError, StatefulToken, Unavailable};
use crate::audit::By;
use crate::principal::Principal;
use crate::revoking::{RevokeToken, revoke};
use crate::store::Revocation;
use crate::token::Body;

/// Destroys a limited token for its holder: it is revoked, and says so. Whoever has it could have used it up as well, so
/// having it is enough; one with a PIN takes the PIN, as opening does, and no open is spent. `random` is for the row of the
/// audit log.
///
/// # Errors
///
/// See [`OpeningError`]; [`OpeningError::NotLimited`] for a token that is not limited.
pub async fn destroy(
    held: &StatefulToken,
    opener: Opener<'_>,
    attempt: &Attempt,
    random: [u8; By::RANDOM_BYTES],
) -> Result<Revocation, OpeningError> {
    let id = held.id();
    if held.max_opens().is_none() {
        return Err(OpeningError::NotLimited { id });
    }
    let lock = match held.holds() {
        Holds::Document(token, _) => match token.body() {
            Body::Packed(_) => None,
            Body::UnderPin(body) => Some(Lock::Body(body)),
        },
        Holds::Link(link) => link.opened().gate().map(Lock::Gate),
    };
    if let Some(lock) = lock {
        unlock(held, lock, opener, attempt).await?;
    }
    let request = RevokeToken {
        id,
        reason: None,
        by_holder: true,
        expires_at: held.expires_at(),
    };
    let by = By::new(Principal::Anonymous, opener.keyring, random);
    let revoked = revoke(opener.store, opener.revocations, request, by, attempt.now).await;
    revoked.map_err(Unavailable::about(id))
}
