//! What idempotency keys issued.

use sqlx::{AnyConnection, Row as _};

use super::values::{Columns as _, secs};
use crate::store::{IssueRecord, REMEMBERED_SECS, Remembered};
use crate::token::UnixTime;

/// The record of a key, unless it is older than a day.
pub(in crate::store) async fn issue_of(
    conn: &mut AnyConnection,
    key_hash: [u8; 32],
    now: UnixTime,
) -> Result<Remembered, sqlx::Error> {
    let record =
        sqlx::query("SELECT digest, token FROM issues WHERE key_hash = $1 AND issued_at >= $2")
            .bind(&key_hash[..])
            .bind(forgotten_before(now))
            .fetch_optional(conn)
            .await?;
    let Some(record) = record else {
        return Ok(Remembered::New);
    };
    Ok(Remembered::Before {
        digest: record.bytes("digest")?,
        token: record.try_get("token")?,
    })
}

/// Remembers a record under its key, or answers the record that is there. Whether a row comes back decides.
pub(in crate::store) async fn remember_issue(
    conn: &mut AnyConnection,
    record: IssueRecord,
) -> Result<Remembered, sqlx::Error> {
    let new = sqlx::query(
        "INSERT INTO issues (key_hash, digest, token, issued_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (key_hash) DO UPDATE SET digest = $2, token = $3, issued_at = $4 WHERE issues.issued_at < $5 \
         RETURNING issued_at",
    )
    .bind(&record.key_hash[..])
    .bind(&record.digest[..])
    .bind(record.token)
    .bind(secs(record.now))
    .bind(forgotten_before(record.now))
    .fetch_optional(&mut *conn)
    .await?;
    if new.is_some() {
        return Ok(Remembered::New);
    }
    let before = sqlx::query("SELECT digest, token FROM issues WHERE key_hash = $1")
        .bind(&record.key_hash[..])
        .fetch_one(conn)
        .await?;
    Ok(Remembered::Before {
        digest: before.bytes("digest")?,
        token: before.try_get("token")?,
    })
}

/// Takes out at most `most` records that are older than a day; how many.
pub(super) async fn purge_issues(
    conn: &mut AnyConnection,
    now: UnixTime,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "DELETE FROM issues WHERE key_hash IN \
         (SELECT key_hash FROM issues WHERE issued_at < $1 ORDER BY issued_at LIMIT $2)",
    )
    .bind(forgotten_before(now))
    .bind(most)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

fn forgotten_before(now: UnixTime) -> i64 {
    secs(now).saturating_sub(i64::try_from(REMEMBERED_SECS).expect("a day fits"))
}
