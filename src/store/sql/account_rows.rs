//! What all statements about accounts, their sessions and their second factors share: the columns of an account, and the lock.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::values::{Columns as _, damaged};
use crate::store::{AccountId, AccountRecord, StoredPassword};

/// The columns of an account, for [`account_in`].
pub(super) const COLUMNS: &str = "accounts.id AS account_id, accounts.name, accounts.display_name, accounts.role, \
    accounts.password, accounts.recovery_ends_at, accounts.revision, accounts.created_at AS made_at, accounts.disabled_at, \
    accounts.last_signed_in_at, \
    (SELECT created_at FROM second_factors WHERE second_factors.account = accounts.id) AS second_factor_at";

/// Nobody else changes accounts until the transaction ends: what is decided by looking at all of them stays true.
pub(super) async fn hold(conn: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE counters SET value = value WHERE name = 'accounts' RETURNING value")
        .fetch_one(conn)
        .await
        .map(|_| ())
}

/// A number that no account has is answered as unknown.
pub(super) fn column(id: AccountId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

/// Reads [`COLUMNS`].
pub(super) fn account_in(row: &AnyRow) -> Result<AccountRecord, sqlx::Error> {
    Ok(AccountRecord {
        id: AccountId(row.count("account_id")?),
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        role: row
            .text("role")?
            .parse()
            .map_err(|_| damaged("accounts.role"))?,
        password: row.optional_text("password")?.map(StoredPassword),
        recovery_ends_at: row.optional_time("recovery_ends_at")?,
        revision: row.count("revision")?,
        created_at: row.time("made_at")?,
        disabled_at: row.optional_time("disabled_at")?,
        last_signed_in_at: row.optional_time("last_signed_in_at")?,
        second_factor_at: row.optional_time("second_factor_at")?,
    })
}
