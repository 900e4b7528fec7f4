//! The verb that erases what a receipt tells of opens.

use crate::store::{Erased, Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// Erases when a token was opened, and by whom it was guessed it was. The count stays, and so does what repeats an answer for
/// two minutes.
///
/// # Errors
///
/// What the store says.
pub async fn erase_opens(
    store: &dyn Store,
    id: TokenId,
    now: UnixTime,
) -> Result<Erased, StoreError> {
    store.erase_opens(id, now).await
}
