//! Records of stored tokens.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::audit::add_audit_row;
use super::pins::forgive_network;
use super::requests::{remember_request, request_of};
use super::revocation_row::revocation_in;
use super::values::{Columns as _, damaged, id, secs};
use crate::principal::Principal;
use crate::store::{
    AddedRecord, LinkRow, NewRecord, NewToken, NextRecord, RECORD_OVERHEAD_BYTES, REPEAT_SECS,
    RecordKind, Remembered, Share, StoredRecord,
};
use crate::token::{RecordHead, Slot, TokenId, UnixTime};

/// `expires_at` is the beginning of the last minute.
const LAST_MINUTE_SECS: u64 = 60;

/// Keeps a new record, what the ledger must know of its token, and the request that it is for: all of it or nothing. A
/// request that was made before answers what it got then, and nothing new is kept.
pub(in crate::store) async fn add_record(
    conn: &mut AnyConnection,
    new: NewRecord,
) -> Result<AddedRecord, sqlx::Error> {
    let bytes = i64::try_from(new.record.len()).map_err(|_| damaged("records.record_bytes"))?;
    if let Some(share) = new.share
        && !has_room(conn, share, 1, new.record.len()).await?
    {
        // What was made before needs no room.
        let before = match new.request {
            Some(request) => request_of(conn, request.key_hash, request.now).await?,
            None => Remembered::New,
        };
        return Ok(match before {
            Remembered::New => AddedRecord::ShareFull,
            Remembered::Before(made) => AddedRecord::Before(made),
        });
    }
    if let Some(request) = new.request
        && let Remembered::Before(made) = remember_request(conn, request).await?
    {
        return Ok(AddedRecord::Before(made));
    }
    let kept_secs = new.link.as_ref().map_or(0, |link| link.keep_expired_secs);
    let token = NewToken {
        id: new.id,
        issued_at: new.issued_at,
        expires_at: new.expires_at,
        max_opens: new.max_opens,
        made_by: new.made_by,
        note: new.note,
        request: None,
        audit: new.audit,
        now: new.now,
    };
    insert_token(conn, token).await?;
    sqlx::query(
        "INSERT INTO records (token_id, kind, slot, revision, issued_at, created_at, updated_at, record, record_bytes, \
         record_ends_at, share, link_token) VALUES ($1, $2, $3, 1, $4, $5, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id(&new.id))
    .bind(number(new.kind))
    .bind(i64::from(u8::from(new.slot)))
    .bind(secs(new.issued_at))
    .bind(secs(new.now))
    .bind(new.record)
    .bind(bytes)
    .bind(new.expires_at.map(|at| secs(at.plus_secs(LAST_MINUTE_SECS + kept_secs))))
    .bind(new.share.map(|share| share.of.to_vec()))
    .bind(new.link.map(|link| link.token))
    .execute(conn)
    .await?;
    Ok(AddedRecord::Kept)
}

/// What the ledger must know of a token that is issued now, and what the audit log says of it.
async fn insert_token(conn: &mut AnyConnection, new: NewToken) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO tokens (id, issued_at, expires_at, max_opens, opens, pin_tries, updated_at, made_by, note) \
         VALUES ($1, $2, $3, $4, 0, 0, $5, $6, $7)",
    )
    .bind(id(&new.id).to_vec())
    .bind(secs(new.issued_at))
    .bind(new.expires_at.map(secs))
    .bind(new.max_opens.map(i64::from))
    .bind(secs(new.now))
    .bind(new.made_by.map(|by| by.to_string()))
    .bind(new.note)
    .execute(&mut *conn)
    .await?;
    add_audit_row(conn, &new.audit).await
}

/// Remembers a token that is issued with its document inside, and the request that it is for: both or neither.
pub(in crate::store) async fn remember_token(
    conn: &mut AnyConnection,
    mut new: NewToken,
) -> Result<Remembered, sqlx::Error> {
    if let Some(request) = new.request.take()
        && let before @ Remembered::Before(_) = remember_request(conn, request).await?
    {
        return Ok(before);
    }
    insert_token(conn, new).await?;
    Ok(Remembered::New)
}

/// Replaces a record, if it has the revision that was looked at and its token has not ended: the row count decides.
pub(in crate::store) async fn replace_record(
    conn: &mut AnyConnection,
    next: NextRecord,
) -> Result<bool, sqlx::Error> {
    // First, as every operation takes the rows of a network before those of its token.
    if let Some(network) = next.pin_from {
        forgive_network(conn, next.id, network).await?;
    }
    let bytes = i64::try_from(next.record.len()).map_err(|_| damaged("records.record_bytes"))?;
    let done = sqlx::query(
        "UPDATE records SET record = $3, record_bytes = $4, revision = revision + 1, updated_at = $5 \
         WHERE token_id = $1 AND revision = $2 AND kind = 1 AND record IS NOT NULL \
           AND (record_ends_at IS NULL OR record_ends_at >= $5) \
           AND EXISTS (SELECT 1 FROM tokens WHERE id = $1 AND revocation IS NULL \
             AND (max_opens IS NULL OR opens < max_opens))",
    )
    .bind(id(&next.id))
    .bind(i64::from(next.replaces))
    .bind(next.record)
    .bind(bytes)
    .bind(secs(next.now))
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("UPDATE tokens SET updated_at = $2 WHERE id = $1")
        .bind(id(&next.id))
        .bind(secs(next.now))
        .execute(&mut *conn)
        .await?;
    add_audit_row(conn, &next.audit).await?;
    Ok(true)
}

/// Who made it, from a row of `tokens` or `api_keys`.
pub(super) fn maker_in(row: &AnyRow) -> Result<Option<Principal>, sqlx::Error> {
    let maker = row.optional_text("made_by")?.map(|text| text.parse());
    maker.transpose().map_err(|_| damaged("made_by"))
}

/// Whether so many rows and bytes more fit into a share. Each row counts, those without their record too, until it goes.
pub(super) async fn has_room(
    conn: &mut AnyConnection,
    share: Share,
    rows: u64,
    bytes: usize,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS rows, CAST(COALESCE(SUM(record_bytes), 0) AS BIGINT) AS bytes FROM records WHERE share = $1",
    )
    .bind(&share.of[..])
    .fetch_one(conn)
    .await?;
    let overhead = (row.count("rows")? + rows).saturating_mul(RECORD_OVERHEAD_BYTES);
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    let all = row
        .count("bytes")?
        .saturating_add(bytes)
        .saturating_add(overhead);
    Ok(all <= share.most_bytes)
}

/// Bytes of all records together.
pub(in crate::store) async fn stored_bytes(conn: &mut AnyConnection) -> Result<u64, sqlx::Error> {
    sqlx::query(
        "SELECT CAST(COALESCE(SUM(record_bytes), 0) AS BIGINT) AS bytes FROM records WHERE record_bytes > 0",
    )
    .fetch_one(conn)
    .await?
    .count("bytes")
}

/// The most rows of one statement.
pub(in crate::store) const MOST_TOGETHER: usize = 32;

/// Rows by their tokens; of one that is damaged, how.
pub(in crate::store) type Found = HashMap<TokenId, Result<StoredRecord, String>>;

/// The rows of at most [`MOST_TOGETHER`] stored tokens, with what the ledger knows of them.
pub(in crate::store) async fn records(
    conn: &mut AnyConnection,
    tokens: &[TokenId],
) -> Result<Found, sqlx::Error> {
    // Few statements, which stay prepared: a power of two of places, the last ones for the same token.
    let places = (1..=tokens.len().next_power_of_two())
        .map(|place| format!("${place}"))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "SELECT {RECORD_COLUMNS} FROM records JOIN tokens ON tokens.id = records.token_id \
         WHERE records.token_id IN ({places})"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    let last = tokens.iter().rev().take(1).cycle();
    for token in tokens
        .iter()
        .chain(last)
        .take(tokens.len().next_power_of_two())
    {
        query = query.bind(id(token));
    }
    let rows = query.fetch_all(conn).await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.token_id("id")?,
                record_in(row).map_err(|error| error.to_string()),
            ))
        })
        .collect()
}

/// What [`record_in`] reads.
pub(super) const RECORD_COLUMNS: &str = "\
    tokens.id, records.kind, records.slot, records.revision, records.issued_at, records.record, records.link_token, \
    records.disabled, records.edition, records.created_at, records.updated_at, tokens.made_by, tokens.note, \
    tokens.expires_at, tokens.max_opens, tokens.opens, tokens.last_opened_at, tokens.revocation, tokens.revoked_at, \
    tokens.revoked_reason, tokens.revoked_by_holder";

/// A stored token's row.
pub(super) fn record_in(row: &AnyRow) -> Result<StoredRecord, sqlx::Error> {
    let max_opens = row.optional_integer("max_opens")?.map(u32::try_from);
    let slot = u8::try_from(row.integer("slot")?).ok();
    let slot = slot.and_then(|slot| Slot::try_from(slot).ok());
    let link = match row.try_get::<Option<Vec<u8>>, _>("link_token")? {
        None => None,
        Some(token) => Some(LinkRow {
            token,
            disabled: row.integer("disabled")? != 0,
            edition: u32::try_from(row.integer("edition")?)
                .map_err(|_| damaged("records.edition"))?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        }),
    };
    Ok(StoredRecord {
        id: row.token_id("id")?,
        kind: kind(row.integer("kind")?)?,
        slot: slot.ok_or_else(|| damaged("records.slot"))?,
        head: RecordHead {
            revision: u32::try_from(row.integer("revision")?)
                .map_err(|_| damaged("records.revision"))?,
            issued_at: row.time("issued_at")?,
        },
        record: row.try_get("record")?,
        expires_at: row.optional_time("expires_at")?,
        max_opens: max_opens
            .transpose()
            .map_err(|_| damaged("tokens.max_opens"))?,
        opens: row.count("opens")?,
        last_opened_at: row.optional_time("last_opened_at")?,
        revoked: revocation_in(row)?,
        made_by: maker_in(row)?,
        note: row.optional_text("note")?,
        link,
    })
}

/// Takes out the record of a token that was revoked, at once: its row stays, for the reason.
pub(super) async fn end_record(
    conn: &mut AnyConnection,
    token: TokenId,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE records SET record = NULL, record_bytes = 0, record_ends_at = NULL, updated_at = $2 \
         WHERE token_id = $1 AND record IS NOT NULL",
    )
    .bind(id(&token))
    .bind(secs(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// After the last open the record stays for as long as that open can be repeated.
pub(super) async fn end_record_soon(
    conn: &mut AnyConnection,
    token: TokenId,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE records SET record_ends_at = CASE WHEN record_ends_at < $2 THEN record_ends_at ELSE $2 END \
         WHERE token_id = $1 AND record IS NOT NULL",
    )
    .bind(id(&token))
    .bind(secs(now.plus_secs(REPEAT_SECS)))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes out at most `most` records whose time has come; how many.
pub(super) async fn purge_records(
    conn: &mut AnyConnection,
    now: UnixTime,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE records SET record = NULL, record_bytes = 0, record_ends_at = NULL WHERE token_id IN \
         (SELECT token_id FROM records WHERE record_ends_at < $1 ORDER BY record_ends_at LIMIT $2)",
    )
    .bind(secs(now))
    .bind(most)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

fn number(kind: RecordKind) -> i64 {
    match kind {
        RecordKind::Document => 1,
        RecordKind::Link => 2,
    }
}

fn kind(number: i64) -> Result<RecordKind, sqlx::Error> {
    match number {
        1 => Ok(RecordKind::Document),
        2 => Ok(RecordKind::Link),
        _ => Err(damaged("records.kind")),
    }
}
