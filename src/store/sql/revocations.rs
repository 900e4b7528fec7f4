//! Revocations.

use sqlx::AnyConnection;

use super::audit::add_audit_row;
use super::events::{Happened, LAST_PLACE, tell};
use super::records::end_record;
use super::revocation_row::revocation_in;
use super::values::{Columns as _, damaged, id, secs};
use crate::store::{AuditRow, EventKind, Revocation, RevocationBatch, RevocationCursor};
use crate::token::UnixTime;

/// The most revocations that one reading brings.
const BATCH: i64 = 2000;

/// Revokes a token, unless it is revoked; that revocation is answered then, and no row of the audit log is written.
pub(in crate::store) async fn revoke(
    conn: &mut AnyConnection,
    revocation: Revocation,
    audit: AuditRow,
) -> Result<Revocation, sqlx::Error> {
    // The number is given under the lock of its row, which holds until the commit: numbers appear in the order of commits,
    // so that who has read one has read all before it.
    let number = sqlx::query(
        "UPDATE counters SET value = value + 1 WHERE name = 'revocations' RETURNING value",
    )
    .fetch_one(&mut *conn)
    .await?
    .integer("value")?;
    let row = sqlx::query(
        "INSERT INTO tokens \
           (id, expires_at, opens, pin_tries, revocation, revoked_at, revoked_reason, revoked_by_holder, updated_at) \
         VALUES ($1, $2, 0, 0, $3, $4, $5, $6, $4) \
         ON CONFLICT (id) DO UPDATE SET \
           expires_at = COALESCE(tokens.expires_at, $2), \
           revoked_at = COALESCE(tokens.revoked_at, $4), \
           revoked_reason = CASE WHEN tokens.revocation IS NULL THEN $5 ELSE tokens.revoked_reason END, \
           revoked_by_holder = COALESCE(tokens.revoked_by_holder, $6), \
           updated_at = CASE WHEN tokens.revocation IS NULL THEN $4 ELSE tokens.updated_at END, \
           revocation = COALESCE(tokens.revocation, $3) \
         RETURNING id, expires_at, revocation, revoked_at, revoked_reason, revoked_by_holder",
    )
    .bind(id(&revocation.id))
    .bind(revocation.expires_at.map(secs))
    .bind(number)
    .bind(secs(revocation.at))
    .bind(revocation.reason)
    .bind(i64::from(revocation.by_holder))
    .fetch_one(&mut *conn)
    .await?;
    end_record(conn, revocation.id, revocation.at).await?;
    if row.integer("revocation")? == number {
        add_audit_row(conn, &audit).await?;
        let happened = Happened {
            kind: EventKind::TokenRevoked,
            token_id: revocation.id,
            at: revocation.at,
            place: LAST_PLACE,
            data: match revocation.by_holder {
                true => r#"{"by_holder":true}"#,
                false => r#"{"by_holder":false}"#,
            },
        };
        tell(conn, happened).await?;
    }
    revocation_in(&row)?.ok_or_else(|| damaged("tokens.revocation"))
}

/// The revocations after `cursor`, in the order of their numbers.
pub(in crate::store) async fn revocations(
    conn: &mut AnyConnection,
    cursor: RevocationCursor,
) -> Result<RevocationBatch, sqlx::Error> {
    let purged_to = sqlx::query("SELECT value FROM counters WHERE name = 'purged_to'")
        .fetch_one(&mut *conn)
        .await?
        .count("value")?;
    let rows = sqlx::query(
        "SELECT id, expires_at, revocation, revoked_at, revoked_reason, revoked_by_holder FROM tokens \
         WHERE revocation > $1 ORDER BY revocation LIMIT $2",
    )
    .bind(i64::try_from(cursor.0).unwrap_or(i64::MAX))
    .bind(BATCH + 1)
    .fetch_all(conn)
    .await?;
    let most = usize::try_from(BATCH).expect("a few thousand fit");
    let mut batch = RevocationBatch {
        revocations: Vec::with_capacity(rows.len().min(most)),
        cursor,
        more: rows.len() > most,
        purged_to: (purged_to > 0).then(|| UnixTime::from_secs(purged_to)),
    };
    for row in rows.iter().take(most) {
        batch.cursor = RevocationCursor(row.count("revocation")?);
        batch.revocations.extend(revocation_in(row)?);
    }
    Ok(batch)
}
