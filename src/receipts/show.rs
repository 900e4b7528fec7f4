//! The verb that shows a receipt.

use super::Receipt;
use crate::store::{Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// The receipt of a token with its latest opens; `None` if the ledger never met it: nothing is stored when a token is
/// issued.
///
/// # Errors
///
/// What the store says.
pub async fn show(
    store: &dyn Store,
    id: TokenId,
    now: UnixTime,
) -> Result<Option<Receipt>, StoreError> {
    let entry = store.receipt(id).await?;
    Ok(entry.map(|entry| Receipt::of(entry, now)))
}
