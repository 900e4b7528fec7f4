//! The verb of revoking.

use serde_json::json;

use super::{Reason, RevocationList};
use crate::audit::{By, Verb, What, record};
use crate::clock::rfc3339;
use crate::store::{AuditRow, Revocation, Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// A token to be revoked.
#[derive(Debug, Clone)]
pub struct RevokeToken {
    /// Its id. No row about it need exist, and nothing tells whether such a token was ever issued.
    pub id: TokenId,
    /// Why, if that was said.
    pub reason: Option<Reason>,
    /// Whether its holder does it, with the token in hand.
    pub by_holder: bool,
    /// The token's expiry, if the token itself was shown, is authentic and ends: nobody need remember it longer.
    pub expires_at: Option<UnixTime>,
}

/// Revokes a token: through this node it opens no more when this returns, through others within two seconds. A token that
/// was revoked before stays as it was, and that revocation is answered.
///
/// # Errors
///
/// What the store says. After [`StoreError::Unknown`] it may be revoked; doing it again does no harm.
pub async fn revoke(
    store: &dyn Store,
    list: &RevocationList,
    request: RevokeToken,
    by: By<'_>,
    now: UnixTime,
) -> Result<Revocation, StoreError> {
    let revocation = Revocation {
        id: request.id,
        at: now,
        reason: request.reason.map(String::from),
        by_holder: request.by_holder,
        expires_at: request.expires_at,
    };
    let details = json!({
        "reason": &revocation.reason,
        "by_holder": revocation.by_holder,
        "expires_at": revocation.expires_at.map(rfc3339),
    });
    let audit = record(by, Verb::Revoke, What::Token(request.id), &details, now);
    end(store, list, revocation, audit).await
}

/// Ends a token in the store and on this node.
pub(super) async fn end(
    store: &dyn Store,
    list: &RevocationList,
    revocation: Revocation,
    audit: AuditRow,
) -> Result<Revocation, StoreError> {
    let revocation = store.revoke(revocation, audit).await?;
    list.add(revocation.clone());
    Ok(revocation)
}
