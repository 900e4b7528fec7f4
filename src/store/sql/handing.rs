//! What one account made becomes another's.

use sqlx::AnyConnection;

use super::accounts::column;
use super::audit::add_audit_row;
use crate::principal::Principal;
use crate::store::{AuditRow, HandOver, HandedOver};

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
    if codes + keys > 0
        && let Some(audit) = audit
    {
        add_audit_row(conn, &audit).await?;
    }
    Ok(Some(HandedOver {
        codes,
        api_keys: keys,
        more: codes >= TOGETHER.unsigned_abs(),
    }))
}
