//! What begins anew when a store was restored: it is older than what happened.

use sqlx::AnyConnection;

use super::audit::add_audit_row;
use super::values::{Columns as _, secs};
use crate::store::AuditRow;
use crate::token::UnixTime;

/// Ends what a store of the past must not allow: sessions, codes with which a password can be set, backup codes of second factors,
/// and passes. All that [`close_to`] closes is closed until it says up to when: a server that had the store open before counts
/// nothing meanwhile.
pub(in crate::store) async fn begin_epoch(
    conn: &mut AnyConnection,
    numbers_left_out: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions")
        .execute(&mut *conn)
        .await?;
    sqlx::query("UPDATE accounts SET recovery = NULL, recovery_ends_at = NULL")
        .execute(&mut *conn)
        .await?;
    // Some may have been used since, or revoked.
    for sql in ["DELETE FROM backup_codes", "DELETE FROM passes"] {
        sqlx::query(sql).execute(&mut *conn).await?;
    }
    sqlx::query(
        "UPDATE counters SET value = value + $1 WHERE name IN ('api_keys', 'accounts', 'passes')",
    )
    .bind(numbers_left_out)
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE counters SET value = $1 WHERE name = 'closed_to'")
        .bind(i64::MAX)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps closed what was issued up to `closed_to` and is limited or has a PIN: how often it was opened since the backup nobody
/// knows.
pub(in crate::store) async fn close_to(
    conn: &mut AnyConnection,
    closed_to: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE counters SET value = $1 WHERE name = 'closed_to'")
        .bind(secs(closed_to))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether what was issued at this time is closed, if it is limited or has a PIN.
pub(super) async fn is_closed(
    conn: &mut AnyConnection,
    issued_at: UnixTime,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT value FROM counters WHERE name = 'closed_to'")
        .fetch_one(conn)
        .await?;
    Ok(secs(issued_at) <= row.integer("value")?)
}

/// Opens what [`close_to`] closed; whether anything was closed.
pub(in crate::store) async fn reopen(
    conn: &mut AnyConnection,
    audit: AuditRow,
) -> Result<bool, sqlx::Error> {
    let opened =
        sqlx::query("UPDATE counters SET value = 0 WHERE name = 'closed_to' AND value > 0")
            .execute(&mut *conn)
            .await?;
    let any = opened.rows_affected() == 1;
    if any {
        add_audit_row(conn, &audit).await?;
    }
    Ok(any)
}
