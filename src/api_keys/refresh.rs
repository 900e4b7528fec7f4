//! How a node's list follows the store.

use super::KnownApiKeys;
use crate::store::{Store, StoreError};

/// Reads the keys, and tells the store which were used here.
///
/// # Errors
///
/// What the store says. The keys known before stay in force.
pub async fn refresh(store: &dyn Store, keys: &KnownApiKeys) -> Result<(), StoreError> {
    keys.replace(store.api_keys().await?);
    let used = keys.uses();
    if !used.is_empty() {
        store.touch_api_keys(used).await?;
    }
    Ok(())
}
