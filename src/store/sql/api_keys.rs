//! API keys.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::audit::add_audit_row;
use super::records::maker_in;
use super::values::{Columns as _, damaged, secs};
use crate::store::{ApiKeyId, ApiKeyRecord, AuditRow, KeyHash, NewApiKey};
use crate::token::UnixTime;

/// The next number.
pub(in crate::store) async fn next_api_key_id(
    conn: &mut AnyConnection,
) -> Result<ApiKeyId, sqlx::Error> {
    sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'api_keys' RETURNING value")
        .fetch_one(conn)
        .await?
        .count("value")
        .map(ApiKeyId)
}

/// Adds a key; `None` if its number, name or hash is taken.
pub(in crate::store) async fn add_api_key(
    conn: &mut AnyConnection,
    key: NewApiKey,
    audit: AuditRow,
) -> Result<Option<ApiKeyRecord>, sqlx::Error> {
    let added = sqlx::query(
        "INSERT INTO api_keys (id, name, hash, scopes, created_at, expires_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT DO NOTHING",
    )
    .bind(column(key.id))
    .bind(key.name.as_str())
    .bind(&key.hash.0[..])
    .bind(key.scopes.to_string())
    .bind(secs(key.now))
    .bind(key.expires_at.map(secs))
    .bind(key.made_by.map(|by| by.to_string()))
    .execute(&mut *conn)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(None);
    }
    add_audit_row(conn, &audit).await?;
    Ok(Some(ApiKeyRecord {
        id: key.id,
        name: key.name,
        hash: key.hash,
        scopes: key.scopes,
        created_at: key.now,
        expires_at: key.expires_at,
        disabled_at: None,
        last_used_at: None,
        made_by: key.made_by,
    }))
}

/// All keys, the oldest first.
pub(in crate::store) async fn api_keys(
    conn: &mut AnyConnection,
) -> Result<Vec<ApiKeyRecord>, sqlx::Error> {
    sqlx::query(
        "SELECT id, name, hash, scopes, created_at, expires_at, disabled_at, last_used_at, made_by FROM api_keys ORDER BY id",
    )
    .fetch_all(conn)
    .await?
    .iter()
    .map(record_in)
    .collect()
}

/// Disables a key; whether there is such a key. One that is disabled stays as it was.
pub(in crate::store) async fn disable_api_key(
    conn: &mut AnyConnection,
    key: ApiKeyId,
    now: UnixTime,
    audit: AuditRow,
) -> Result<bool, sqlx::Error> {
    let disabled =
        sqlx::query("UPDATE api_keys SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL")
            .bind(column(key))
            .bind(secs(now))
            .execute(&mut *conn)
            .await?;
    if disabled.rows_affected() == 1 {
        add_audit_row(conn, &audit).await?;
        return Ok(true);
    }
    let known = sqlx::query("SELECT id FROM api_keys WHERE id = $1")
        .bind(column(key))
        .fetch_optional(conn)
        .await?;
    Ok(known.is_some())
}

/// Notes when keys were last used, to the minute; never an earlier time than is noted.
pub(in crate::store) async fn touch_api_keys(
    conn: &mut AnyConnection,
    used: Vec<(ApiKeyId, UnixTime)>,
) -> Result<(), sqlx::Error> {
    for (key, at) in used {
        let minute = secs(at) / 60 * 60;
        sqlx::query(
            "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
        )
        .bind(column(key))
        .bind(minute)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A number that no key has is answered as unknown.
fn column(key: ApiKeyId) -> i64 {
    i64::try_from(key.0).unwrap_or(i64::MAX)
}

fn record_in(row: &AnyRow) -> Result<ApiKeyRecord, sqlx::Error> {
    Ok(ApiKeyRecord {
        id: ApiKeyId(row.count("id")?),
        name: row.text("name")?,
        hash: KeyHash(row.bytes("hash")?),
        scopes: row
            .text("scopes")?
            .parse()
            .map_err(|_| damaged("api_keys.scopes"))?,
        created_at: row.time("created_at")?,
        expires_at: row.optional_time("expires_at")?,
        disabled_at: row.optional_time("disabled_at")?,
        last_used_at: row.optional_time("last_used_at")?,
        made_by: maker_in(row)?,
    })
}
