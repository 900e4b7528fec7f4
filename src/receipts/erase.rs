//! The verb that erases what a receipt tells of opens.

use serde_json::json;

use crate::audit::{By, Verb, What, record};
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
    by: By<'_>,
    now: UnixTime,
) -> Result<Erased, StoreError> {
    let audit = record(by, Verb::EraseOpens, What::Token(id), &json!({}), now);
    store.erase_opens(id, now, audit).await
}
