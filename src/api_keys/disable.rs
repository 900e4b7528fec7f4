//! The verb that ends an API key.

use serde_json::json;

use crate::audit::{By, Verb, What, record};
use crate::store::{ApiKeyId, Store, StoreError};
use crate::token::UnixTime;

/// Refuses a key from now on; whether there is such a key. One that was disabled before stays as it was.
///
/// # Errors
///
/// What the store says.
pub async fn disable(
    store: &dyn Store,
    id: ApiKeyId,
    by: By<'_>,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let audit = record(by, Verb::Disable, What::ApiKey(id), &json!({}), now);
    store.disable_api_key(id, now, audit).await
}
