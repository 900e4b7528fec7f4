//! Dynamic links, and their scans.

use sqlx::{AnyConnection, Row as _};

use super::MAX_PAGE;
use super::audit::add_audit_row;
use super::records::{RECORD_COLUMNS, has_room, record_in};
use super::values::{Columns as _, damaged, id, secs};
use crate::store::{
    ChangedLink, Device, LinkChange, LinkQuery, LinkState, ListedLinks, ScanCount, ScanQuery,
    ScanSum, ScansOf, Share,
};
use crate::token::{TokenId, UnixTime};

/// `expires_at` is the beginning of the last minute.
const LAST_MINUTE_SECS: u64 = 60;

/// The most sums of an answer: a year of hours by all kinds of devices.
const MAX_SUMS: i64 = 8 * 24 * 366;

/// The links with this note or with any, of everybody or of one.
const NOTED: &str = "s.token_id IN (SELECT r.token_id FROM records r JOIN tokens t ON t.id = r.token_id \
    WHERE r.kind = 2 AND ($5 IS NULL OR REPLACE(t.note, $5, '') <> t.note) AND ($6 IS NULL OR t.made_by = $6))";

/// Changes a link, if it has the edition that was looked at and has not ended for ever: the row count decides.
pub(in crate::store) async fn change_link(
    conn: &mut AnyConnection,
    change: LinkChange,
) -> Result<ChangedLink, sqlx::Error> {
    let ends_at = change
        .expires_at
        .map(|at| secs(at.plus_secs(LAST_MINUTE_SECS + change.keep_expired_secs)));
    let resealed = i64::from(change.record.is_some());
    let bytes = change.record.as_ref().map_or(0, Vec::len);
    if change.record.is_some()
        && let Some(most) = change.share_bytes
        && !may_grow(conn, change.id, bytes, most).await?
    {
        return Ok(ChangedLink::ShareFull);
    }
    let bytes = i64::try_from(bytes).map_err(|_| damaged("records.record_bytes"))?;
    let done = sqlx::query(
        "UPDATE records SET record = CASE WHEN $3 = 1 THEN $4 ELSE record END, \
           record_bytes = CASE WHEN $3 = 1 THEN $5 ELSE record_bytes END, revision = revision + $3, \
           edition = edition + 1, disabled = $6, record_ends_at = $7, updated_at = $8 \
         WHERE token_id = $1 AND kind = 2 AND edition = $2 AND record IS NOT NULL \
           AND (record_ends_at IS NULL OR record_ends_at >= $8) \
           AND EXISTS (SELECT 1 FROM tokens WHERE id = $1 AND revocation IS NULL \
             AND (max_opens IS NULL OR opens < max_opens))",
    )
    .bind(id(&change.id))
    .bind(i64::from(change.replaces))
    .bind(resealed)
    .bind(change.record.unwrap_or_default())
    .bind(bytes)
    .bind(i64::from(change.disabled))
    .bind(ends_at)
    .bind(secs(change.now))
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(ChangedLink::Conflict);
    }
    sqlx::query("UPDATE tokens SET expires_at = $2, note = $3, updated_at = $4 WHERE id = $1")
        .bind(id(&change.id))
        .bind(change.expires_at.map(secs))
        .bind(change.note)
        .bind(secs(change.now))
        .execute(&mut *conn)
        .await?;
    add_audit_row(conn, &change.audit).await?;
    Ok(ChangedLink::Done)
}

/// Whether the share that a link takes of the room holds it with so many bytes; it may always become smaller.
async fn may_grow(
    conn: &mut AnyConnection,
    link: TokenId,
    bytes: usize,
    most_bytes: u64,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT share, record_bytes FROM records WHERE token_id = $1")
        .bind(id(&link))
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else {
        return Ok(true);
    };
    let share: Option<Vec<u8>> = row.try_get("share")?;
    let before = usize::try_from(row.integer("record_bytes")?).unwrap_or(0);
    let grows_by = bytes.saturating_sub(before);
    match share {
        Some(of) if grows_by > 0 => {
            let of = of.try_into().map_err(|_| damaged("records.share"))?;
            has_room(conn, Share { of, most_bytes }, 0, grows_by).await
        }
        _ => Ok(true),
    }
}

/// A page of links, the newest first.
pub(in crate::store) async fn links(
    conn: &mut AnyConnection,
    query: LinkQuery,
) -> Result<ListedLinks, sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let (after_at, after_id) = match &query.after {
        Some((at, id)) => (Some(secs(*at)), Some(id.as_bytes().to_vec())),
        None => (None, None),
    };
    // The states are numbered as in `number`, and decided as in `StoredRecord::link_state`.
    let sql = format!(
        "SELECT {RECORD_COLUMNS} FROM records JOIN tokens ON tokens.id = records.token_id \
         WHERE records.kind = 2 \
           AND ($1 IS NULL OR records.created_at < $1 OR (records.created_at = $1 AND records.token_id < $2)) \
           AND ($3 IS NULL OR $3 = CASE \
             WHEN tokens.revocation IS NOT NULL THEN 1 \
             WHEN tokens.expires_at IS NOT NULL AND tokens.expires_at <= $4 THEN 2 \
             WHEN tokens.max_opens IS NOT NULL AND tokens.opens >= tokens.max_opens THEN 3 \
             WHEN records.disabled = 1 THEN 4 \
             ELSE 5 END) \
           AND ($5 IS NULL OR REPLACE(tokens.note, $5, '') <> tokens.note) \
           AND ($6 IS NULL OR tokens.made_by = $6) \
         ORDER BY records.created_at DESC, records.token_id DESC LIMIT $7"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(after_at)
        .bind(after_id)
        .bind(query.state.map(number))
        .bind(secs(query.now).saturating_sub(60))
        .bind(query.note)
        .bind(query.made_by.map(|by| by.to_string()))
        .bind(i64::from(limit) + 1)
        .fetch_all(conn)
        .await?;
    let limit = usize::try_from(limit).expect("a thousand fits");
    let more = rows.len() > limit;
    let links = rows
        .iter()
        .take(limit)
        .map(record_in)
        .collect::<Result<Vec<_>, _>>()?;
    let next = links
        .last()
        .filter(|_| more)
        .and_then(|last| Some((last.link.as_ref()?.created_at, last.id)));
    Ok(ListedLinks { links, next })
}

/// Adds scans to those that are there, of links that are there.
pub(in crate::store) async fn add_scans(
    conn: &mut AnyConnection,
    counts: Vec<ScanCount>,
) -> Result<(), sqlx::Error> {
    for count in counts {
        sqlx::query(
            "INSERT INTO scans (token_id, hour, device, bot, scans) \
             SELECT token_id, $2, $3, $4, $5 FROM records WHERE token_id = $1 AND kind = 2 \
             ON CONFLICT (token_id, hour, device, bot) DO UPDATE SET scans = scans.scans + excluded.scans",
        )
        .bind(id(&count.id).to_vec())
        .bind(secs(count.hour))
        .bind(device_number(count.device))
        .bind(i64::from(count.bot))
        .bind(i64::try_from(count.scans).unwrap_or(i64::MAX))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Scans added up by steps, in the order of time.
pub(in crate::store) async fn scans(
    conn: &mut AnyConnection,
    query: ScanQuery,
) -> Result<Vec<ScanSum>, sqlx::Error> {
    let step = i64::try_from(query.step_secs.max(1)).map_err(|_| damaged("a step"))?;
    let (of, select) = match query.of {
        ScansOf::Link(token) => ("s.token_id = $5", (Some(token), None, None)),
        ScansOf::Noted { note, made_by } => (NOTED, (None, note, made_by)),
    };
    let sql = format!(
        "SELECT s.hour - s.hour % $3 AS began, s.device, s.bot, CAST(SUM(s.scans) AS BIGINT) AS scans FROM scans s \
         WHERE s.hour >= $1 AND s.hour < $2 AND {of} \
         GROUP BY began, s.device, s.bot ORDER BY began, s.device, s.bot LIMIT $4"
    );
    let of_times = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(secs(query.from))
        .bind(secs(query.until))
        .bind(step)
        .bind(MAX_SUMS);
    let rows = match select {
        (Some(token), ..) => of_times.bind(token.as_bytes().to_vec()),
        (None, note, made_by) => of_times.bind(note).bind(made_by.map(|by| by.to_string())),
    };
    let rows = rows.fetch_all(conn).await?;
    rows.iter()
        .map(|row| {
            Ok(ScanSum {
                at: row.time("began")?,
                device: device(row.integer("device")?)?,
                bot: row.integer("bot")? != 0,
                scans: row.count("scans")?,
            })
        })
        .collect()
}

/// Takes out at most `most` counts of hours that began before a time; how many.
pub(in crate::store) async fn purge_scans(
    conn: &mut AnyConnection,
    before: UnixTime,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "DELETE FROM scans WHERE hour < $1 AND (token_id, hour, device, bot) IN \
         (SELECT token_id, hour, device, bot FROM scans WHERE hour < $1 ORDER BY hour LIMIT $2)",
    )
    .bind(secs(before))
    .bind(most)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

fn number(state: LinkState) -> i64 {
    match state {
        LinkState::Revoked => 1,
        LinkState::Expired => 2,
        LinkState::UsedUp => 3,
        LinkState::Disabled => 4,
        LinkState::Active => 5,
    }
}

fn device_number(device: Device) -> i64 {
    match device {
        Device::Ios => 1,
        Device::Android => 2,
        Device::Desktop => 3,
        Device::Other => 4,
    }
}

fn device(number: i64) -> Result<Device, sqlx::Error> {
    match number {
        1 => Ok(Device::Ios),
        2 => Ok(Device::Android),
        3 => Ok(Device::Desktop),
        4 => Ok(Device::Other),
        _ => Err(damaged("scans.device")),
    }
}
