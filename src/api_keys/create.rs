//! The verb that makes an API key.

use serde_json::json;

use super::{ApiKey, KeyName};
use crate::audit::{By, Verb, What, record};
use crate::clock::rfc3339;
use crate::store::{ApiKeyRecord, NewApiKey, Scopes, Store, StoreError};
use crate::token::{ExpiresIn, UnixTime};

/// An API key to be made.
#[derive(Debug, Clone)]
pub struct CreateApiKey {
    /// What its owner calls it; new among keys that are not disabled.
    pub name: KeyName,
    /// What it may do.
    pub scopes: Scopes,
    /// How long it is good for; `None` until it is disabled.
    pub expires_in: Option<ExpiresIn>,
}

/// Stores the hash of `key`, which must be made of fresh random bytes.
///
/// # Errors
///
/// [`StoreError::Refused`] if the name is taken, and what else the store says.
pub async fn create(
    store: &dyn Store,
    request: CreateApiKey,
    key: &ApiKey,
    by: By<'_>,
    now: UnixTime,
) -> Result<ApiKeyRecord, StoreError> {
    let key = NewApiKey {
        id: store.next_api_key_id().await?,
        name: request.name.to_string(),
        hash: key.hash(),
        scopes: request.scopes,
        expires_at: request
            .expires_in
            .map(|expires_in| now.plus_secs(expires_in.as_secs())),
        made_by: Some(by.principal),
        now,
    };
    let details = json!({
        "name": &key.name,
        "scopes": key.scopes.to_string(),
        "expires_at": key.expires_at.map(rfc3339),
    });
    let audit = record(by, Verb::Create, What::ApiKey(key.id), &details, now);
    store.add_api_key(key, audit).await
}
