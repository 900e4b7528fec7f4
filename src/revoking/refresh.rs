//! How a node's list follows the store.

use super::RevocationList;
use crate::store::{Store, StoreError};

/// Adds what other nodes revoked since the last call; after the first that reaches the end the list counts as read.
///
/// # Errors
///
/// What the store says. The list stays in force as it was.
pub async fn refresh(store: &dyn Store, list: &RevocationList) -> Result<(), StoreError> {
    loop {
        let batch = store.revocations(list.cursor()).await?;
        for revocation in batch.revocations {
            list.add(revocation);
        }
        list.set_cursor(batch.cursor);
        if let Some(purged_to) = batch.purged_to {
            list.set_purged_to(purged_to);
        }
        if !batch.more {
            list.set_read();
            return Ok(());
        }
    }
}
