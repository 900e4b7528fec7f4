//! What one account made becomes another's.

use sqlx::AnyConnection;

use super::account_rows::column;
use super::audit::add_audit_row;
use super::values::secs;
use crate::principal::Principal;
use crate::store::{AuditRow, HandOver, HandedOver};
use crate::token::UnixTime;

/// Codes of one transaction, which is to be short.
const TOGETHER: i64 = 1_000;

/// Hands over some of what an account made; `None` if the other account is not there, or disabled.
pub(in crate::store) async fn hand_over(
    conn: &mut AnyConnection,
    request: HandOver,
    audit: Option<AuditRow>,
) -> Result<Option<HandedOver>, sqlx::Error> {
    let there = sqlx::query("SELECT id FROM accounts WHERE id = $1 AND disabled_at IS NULL")
        .bind(column(request.to))
        .fetch_optional(&mut *conn)
        .await?;
    if there.is_none() {
        return Ok(None);
    }
    let [from, to] = [request.from, request.to].map(|id| Principal::Account(id.0).to_string());
    let codes = sqlx::query(
        "UPDATE tokens SET made_by = $2 WHERE id IN (SELECT id FROM tokens WHERE made_by = $1 ORDER BY id LIMIT $3)",
    )
    .bind(from.as_str())
    .bind(to.as_str())
    .bind(TOGETHER)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    let keys = sqlx::query("UPDATE api_keys SET made_by = $2 WHERE made_by = $1")
        .bind(from.as_str())
        .bind(to.as_str())
        .execute(&mut *conn)
        .await?
        .rows_affected();
    let lists = hand_over_lists(conn, &from, &to, request.now).await?;
    if codes + keys + lists > 0
        && let Some(audit) = audit
    {
        add_audit_row(conn, &audit).await?;
    }
    Ok(Some(HandedOver {
        codes,
        api_keys: keys,
        lists,
        more: codes >= TOGETHER.unsigned_abs(),
    }))
}

/// Hands over the lists that an account made, and its place among the staff of others; how many lists these are.
async fn hand_over_lists(
    conn: &mut AnyConnection,
    from: &str,
    to: &str,
    now: UnixTime,
) -> Result<u64, sqlx::Error> {
    let lists = sqlx::query(
        "UPDATE lists SET made_by = CASE WHEN made_by = $1 THEN $2 ELSE made_by END, revision = revision + 1, \
         updated_at = $3 WHERE deleted_at IS NULL \
         AND (made_by = $1 OR id IN (SELECT list FROM list_staff WHERE principal = $1))",
    )
    .bind(from)
    .bind(to)
    .bind(secs(now))
    .execute(&mut *conn)
    .await?
    .rows_affected();
    sqlx::query(
        "INSERT INTO list_staff (list, principal) SELECT list, CAST($2 AS TEXT) FROM list_staff WHERE principal = $1 \
         ON CONFLICT (list, principal) DO NOTHING",
    )
    .bind(from)
    .bind(to)
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM list_staff WHERE principal = $1")
        .bind(from)
        .execute(conn)
        .await?;
    Ok(lists)
}
