//! The verb that makes an account.

use serde_json::json;

use super::{AccountName, DisplayName, RecoveryCode};
use crate::audit::{By, Verb, What, record};
use crate::store::{AccountRecord, NewAccount, Role, Store, StoreError};
use crate::token::UnixTime;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct CreateAccount {
    /// With which somebody signs in.
    pub name: AccountName,
    /// What others read; the name if nobody says.
    pub display_name: Option<DisplayName>,
    /// What it is for.
    pub role: Role,
}

/// Makes an account whose password is set with `code`, which must be made of fresh random bytes.
///
/// # Errors
///
/// [`StoreError::Refused`] if the name is taken, and what else the store says.
pub async fn create(
    store: &dyn Store,
    request: CreateAccount,
    code: &RecoveryCode,
    by: By<'_>,
    now: UnixTime,
) -> Result<AccountRecord, StoreError> {
    let shown = request
        .display_name
        .unwrap_or_else(|| DisplayName::from(&request.name));
    let new = NewAccount {
        id: store.next_account_id().await?,
        folded_name: request.name.folded(),
        name: request.name.to_string(),
        display_name: shown.as_str().to_owned(),
        role: request.role,
        recovery: code.good_from(now),
        now,
    };
    let details = json!({ "name": &new.name, "role": new.role.as_str() });
    let audit = record(by, Verb::Create, What::Account(new.id), &details, now);
    store.add_account(new, audit).await
}
