//! Taking out what nobody needs any more.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::opens::purge_erased;
use super::quotas::purge_quotas;
use super::records::purge_records;
use super::requests::purge_requests;
use super::sessions::{purge_sessions, purge_sign_in_tries};
use super::values::{Columns as _, id, secs};
use crate::store::Purged;
use crate::token::{TokenId, UnixTime};

/// The most tokens, and the most idempotency records, that one transaction takes out.
const BATCH: i64 = 500;

/// Of so many tokens one statement takes out what belongs to them.
const TOGETHER: usize = 100;

/// How long a token's row outlives the last second in which it opens: a minute after `expires_at`, and an hour.
const KEPT_SECS: i64 = 60 + 60 * 60;

/// Takes out tokens that ended, those that ended first first, and moves the watermark with them. A link stays for as long as its
/// record does: a new end may revive it.
pub(in crate::store) async fn purge(
    conn: &mut AnyConnection,
    now: UnixTime,
) -> Result<Purged, sqlx::Error> {
    let gone = sqlx::query(
        "DELETE FROM tokens WHERE id IN \
         (SELECT id FROM tokens WHERE expires_at <= $1 AND NOT EXISTS \
           (SELECT 1 FROM records WHERE token_id = tokens.id AND kind = 2 AND record IS NOT NULL) \
         ORDER BY expires_at LIMIT $2) \
         RETURNING id, expires_at, revocation",
    )
    .bind(secs(now).saturating_sub(KEPT_SECS))
    .bind(BATCH)
    .fetch_all(&mut *conn)
    .await?;
    let mut purged = Purged::default();
    let mut latest = 0;
    let mut tokens = Vec::with_capacity(gone.len());
    for row in &gone {
        tokens.push(row.token_id("id")?);
        latest = latest.max(row.integer("expires_at")?);
        match row.optional_integer("revocation")? {
            Some(_) => purged.revocations += 1,
            None => purged.tokens += 1,
        }
    }
    // Many at once: each statement is a way to the database and back.
    for tokens in tokens.chunks(TOGETHER) {
        for table in ["opens", "pin_networks", "records", "scans"] {
            delete_of(conn, table, tokens).await?;
        }
    }
    sqlx::query("UPDATE counters SET value = $1 WHERE name = 'purged_to' AND value < $1")
        .bind(latest)
        .execute(&mut *conn)
        .await?;
    purge_erased(conn, now).await?;
    purge_quotas(conn, now).await?;
    purge_sessions(conn, now).await?;
    let more_tries = purge_sign_in_tries(conn, now, BATCH).await?;
    purged.records = purge_records(conn, now, BATCH).await?;
    purged.requests = purge_requests(conn, now, BATCH).await?;
    let full = u64::try_from(BATCH).expect("a few hundred fit");
    purged.more = purged.tokens + purged.revocations >= full
        || purged.requests >= full
        || purged.records >= full
        || more_tries;
    Ok(purged)
}

/// Takes out the rows of these tokens from a table.
async fn delete_of(
    conn: &mut AnyConnection,
    table: &str,
    tokens: &[TokenId],
) -> Result<(), sqlx::Error> {
    let places: Vec<_> = (1..=tokens.len())
        .map(|place| format!("${place}"))
        .collect();
    let places = places.join(", ");
    let sql = format!("DELETE FROM {table} WHERE token_id IN ({places})");
    let mut delete = sqlx::query(AssertSqlSafe(sql));
    for token in tokens {
        delete = delete.bind(id(token));
    }
    delete.execute(conn).await?;
    Ok(())
}
