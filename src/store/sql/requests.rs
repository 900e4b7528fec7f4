//! What requests made that may be sent again.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::values::{Columns as _, damaged, secs};
use crate::store::{Made, REMEMBERED_SECS, Remembered, RequestKind, RequestRecord};
use crate::token::UnixTime;

/// What a key made, unless that is older than a day.
pub(in crate::store) async fn request_of(
    conn: &mut AnyConnection,
    key_hash: [u8; 32],
    now: UnixTime,
) -> Result<Remembered, sqlx::Error> {
    let row = sqlx::query(
        "SELECT digest, kind, made FROM requests WHERE key_hash = $1 AND made_at >= $2",
    )
    .bind(&key_hash[..])
    .bind(forgotten_before(now))
    .fetch_optional(conn)
    .await?;
    match row {
        None => Ok(Remembered::New),
        Some(row) => Ok(Remembered::Before(made_in(&row)?)),
    }
}

/// Remembers what a key makes, or answers what it made before. Whether a row comes back decides.
pub(in crate::store) async fn remember_request(
    conn: &mut AnyConnection,
    record: RequestRecord,
) -> Result<Remembered, sqlx::Error> {
    let new = sqlx::query(
        "INSERT INTO requests (key_hash, digest, kind, made, made_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (key_hash) DO UPDATE SET digest = $2, kind = $3, made = $4, made_at = $5 \
         WHERE requests.made_at < $6 RETURNING made_at",
    )
    .bind(&record.key_hash[..])
    .bind(&record.made.digest[..])
    .bind(number(record.made.kind))
    .bind(record.made.which)
    .bind(secs(record.now))
    .bind(forgotten_before(record.now))
    .fetch_optional(&mut *conn)
    .await?;
    if new.is_some() {
        return Ok(Remembered::New);
    }
    let before = sqlx::query("SELECT digest, kind, made FROM requests WHERE key_hash = $1")
        .bind(&record.key_hash[..])
        .fetch_one(conn)
        .await?;
    Ok(Remembered::Before(made_in(&before)?))
}

/// Takes out at most `most` records that are older than a day; how many.
pub(super) async fn purge_requests(
    conn: &mut AnyConnection,
    now: UnixTime,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "DELETE FROM requests WHERE key_hash IN \
         (SELECT key_hash FROM requests WHERE made_at < $1 ORDER BY made_at LIMIT $2)",
    )
    .bind(forgotten_before(now))
    .bind(most)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

fn made_in(row: &AnyRow) -> Result<Made, sqlx::Error> {
    Ok(Made {
        digest: row.bytes("digest")?,
        kind: kind(row.integer("kind")?)?,
        which: row.blob("made")?,
    })
}

fn number(kind: RequestKind) -> i64 {
    match kind {
        RequestKind::Token => 1,
        RequestKind::Link => 2,
        RequestKind::List => 3,
    }
}

fn kind(number: i64) -> Result<RequestKind, sqlx::Error> {
    match number {
        1 => Ok(RequestKind::Token),
        2 => Ok(RequestKind::Link),
        3 => Ok(RequestKind::List),
        _ => Err(damaged("requests.kind")),
    }
}

fn forgotten_before(now: UnixTime) -> i64 {
    secs(now).saturating_sub(i64::try_from(REMEMBERED_SECS).expect("a day fits"))
}
