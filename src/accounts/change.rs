//! The verbs that change an account: role and name, disabled or not, and a new recovery code.

use serde_json::{Value, json};

use super::{DisplayName, RecoveryCode};
use crate::audit::{By, Verb, What, record};
use crate::store::{
    AccountChange, AccountId, ChangeAccount, ChangedAccount, Role, Store, StoreError,
};
use crate::token::UnixTime;

/// Which account, as whoever changes it has seen it, and when.
#[derive(Debug, Clone, Copy)]
pub struct Changed {
    /// Which.
    pub id: AccountId,
    /// The revision that was seen; `None` for any.
    pub if_revision: Option<u64>,
    /// When.
    pub now: UnixTime,
}

/// Gives an account a role and a name for others to read. Another role ends its sessions.
///
/// # Errors
///
/// What the store says.
pub async fn describe(
    store: &dyn Store,
    which: Changed,
    role: Role,
    display_name: &DisplayName,
    by: By<'_>,
) -> Result<ChangedAccount, StoreError> {
    let change = AccountChange::Described {
        role,
        display_name: display_name.as_str().to_owned(),
    };
    let details = json!({ "role": role.as_str(), "display_name": display_name.as_str() });
    changed(store, which, change, (Verb::Change, details), by).await
}

/// Lets nobody sign in any more, and ends all sessions.
///
/// # Errors
///
/// What the store says.
pub async fn disable(
    store: &dyn Store,
    which: Changed,
    by: By<'_>,
) -> Result<ChangedAccount, StoreError> {
    let told = (Verb::Disable, json!({}));
    changed(store, which, AccountChange::Disable, told, by).await
}

/// Lets somebody sign in again.
///
/// # Errors
///
/// What the store says.
pub async fn enable(
    store: &dyn Store,
    which: Changed,
    by: By<'_>,
) -> Result<ChangedAccount, StoreError> {
    let told = (Verb::Enable, json!({}));
    changed(store, which, AccountChange::Enable, told, by).await
}

/// Makes `code`, of fresh random bytes, the one with which the password is set, ends all sessions, and takes the
/// password away: whoever else knows it shall not stay. The second factor stays, unless its device is lost, too.
///
/// # Errors
///
/// What the store says.
pub async fn recover(
    store: &dyn Store,
    which: Changed,
    code: &RecoveryCode,
    resets_second_factor: bool,
    by: By<'_>,
) -> Result<ChangedAccount, StoreError> {
    let change = AccountChange::Recovery {
        code: code.good_from(which.now),
        resets_second_factor,
    };
    let details = match resets_second_factor {
        true => json!({ "second_factor": "reset" }),
        false => json!({}),
    };
    changed(store, which, change, (Verb::Recover, details), by).await
}

async fn changed(
    store: &dyn Store,
    which: Changed,
    change: AccountChange,
    (verb, details): (Verb, Value),
    by: By<'_>,
) -> Result<ChangedAccount, StoreError> {
    let audit = record(by, verb, What::Account(which.id), &details, which.now);
    let request = ChangeAccount {
        id: which.id,
        change,
        if_revision: which.if_revision,
        now: which.now,
    };
    store.change_account(request, audit).await
}
