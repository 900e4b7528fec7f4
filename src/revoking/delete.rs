//! The verb of deleting: revoking under the name that whoever has a document in the store looks for.

use serde_json::json;

use super::RevocationList;
use super::revoke::end;
use crate::audit::{By, Verb, What, record};
use crate::clock::rfc3339;
use crate::store::{Revocation, Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// Ends a token as [`revoke`](super::revoke()) does, without a reason; what the store has of its document goes in the same
/// transaction. `expires_at` is the token's expiry, if that is known: nobody need remember it longer.
///
/// # Errors
///
/// What the store says. After [`StoreError::Unknown`] it may be deleted; doing it again does no harm.
pub async fn delete(
    store: &dyn Store,
    list: &RevocationList,
    id: TokenId,
    expires_at: Option<UnixTime>,
    by: By<'_>,
    now: UnixTime,
) -> Result<Revocation, StoreError> {
    let revocation = Revocation {
        id,
        at: now,
        reason: None,
        by_holder: false,
        expires_at,
    };
    let details = json!({ "expires_at": expires_at.map(rfc3339) });
    let audit = record(by, Verb::Delete, What::Token(id), &details, now);
    end(store, list, revocation, audit).await
}
