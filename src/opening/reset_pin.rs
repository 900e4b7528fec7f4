//! The verb that lets a PIN be tried again.

use crate::store::{Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// Forgets all tries at a token's PIN, and all locks; whether the ledger knew the token. The PIN stays what it is.
///
/// # Errors
///
/// What the store says.
pub async fn reset_pin(store: &dyn Store, id: TokenId, now: UnixTime) -> Result<bool, StoreError> {
    store.reset_pin(id, now).await
}
