//! The verb that lets a PIN be tried again.

use serde_json::json;

use crate::audit::{By, Verb, What, record};
use crate::store::{Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// Forgets all tries at a token's PIN, and all locks; whether the ledger knew the token. The PIN stays what it is.
///
/// # Errors
///
/// What the store says.
pub async fn reset_pin(
    store: &dyn Store,
    id: TokenId,
    by: By<'_>,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let audit = record(by, Verb::ResetPin, What::Token(id), &json!({}), now);
    store.reset_pin(id, now, audit).await
}
