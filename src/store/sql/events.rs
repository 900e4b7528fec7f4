//! The outbox: events are written in the transaction of what they tell, and taken out when they were delivered.

use serde_json::{Map, Value, json};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::values::{Columns as _, damaged, id, secs};
use crate::store::{
    CheckInOutcome, CheckInRecord, EventFate, EventKey, EventKind, EventTarget, OutboxState,
    TargetId, WaitingEvent,
};
use crate::token::{TokenId, UnixTime};

/// How many places a second has: the lower half for opens, the upper one for check-ins.
const PLACES: i64 = 1 << 30;
/// The first place of a check-in, behind the open that it may have counted.
const CHECK_INS: u64 = PLACES.cast_unsigned() / 2;
/// How many check-ins in the same second their ids tell apart.
const APART: i64 = 1 << 10;
/// The seconds of an hour of scans.
const HOUR: i64 = 60 * 60;
/// When an hour is over, its last scans are written within a few seconds.
const SCANS_SETTLE: i64 = 90;
/// How long what was given up stays.
const GIVEN_UP_KEPT: i64 = 7 * 24 * 60 * 60;
/// For how long a target stays that no node names: one may be stopped for a while, or have an older configuration.
const NAMED_FOR: i64 = 24 * 60 * 60;
/// The most rows that one statement takes out.
const BATCH: i64 = 1000;

/// Something happened to a token.
pub(super) struct Happened<'a> {
    pub(super) kind: EventKind,
    pub(super) token_id: TokenId,
    pub(super) at: UnixTime,
    /// Its place in its second.
    pub(super) place: u64,
    pub(super) data: &'a str,
}

/// Writes an event for each target that wants it, behind whatever of the token waits for that target: the time may have been
/// taken before another transaction was waited for, or from a clock that was set back. What waits for one that failed is put
/// off like that.
pub(super) async fn tell(
    conn: &mut AnyConnection,
    happened: Happened<'_>,
) -> Result<(), sqlx::Error> {
    let in_second = i64::try_from(happened.place).unwrap_or(i64::MAX) % PLACES;
    // Two lists that tell of the same token at once do not wait for each other.
    let step = match in_second >= CHECK_INS.cast_signed() {
        true => 1 + in_second % APART,
        false => 1,
    };
    sqlx::query(
        "INSERT INTO outbox (target, token_id, place, kind, happened_at, data, tries, next_at, since, given_up) \
         SELECT w.target, $1, CASE WHEN w.newest >= $2 THEN w.newest + $7 ELSE $2 END, $3, $4, $5, 0, \
           CASE WHEN w.put_off > $4 THEN w.put_off ELSE $4 END, $4, 0 \
         FROM (SELECT t.target, t.kinds, \
             (SELECT MAX(o.place) FROM outbox AS o WHERE o.target = t.target AND o.token_id = $1) AS newest, \
             (SELECT o.next_at FROM outbox AS o WHERE o.target = t.target AND o.token_id = $1 AND o.given_up = 0 \
              ORDER BY o.place DESC, o.kind DESC LIMIT 1) AS put_off \
           FROM event_targets AS t) AS w \
         WHERE (w.kinds & $6) <> 0 \
         ON CONFLICT (target, token_id, place, kind) DO NOTHING",
    )
    .bind(id(&happened.token_id))
    .bind(secs(happened.at).saturating_mul(PLACES).saturating_add(in_second))
    .bind(happened.kind.number())
    .bind(secs(happened.at))
    .bind(happened.data)
    .bind(happened.kind.bit())
    .bind(step)
    .execute(conn)
    .await?;
    Ok(())
}

/// The place in its second of an event that an open tells, or of the one behind it.
pub(super) fn place_of_open(opens: u64) -> u64 {
    opens.saturating_mul(2) % CHECK_INS
}

/// Tells of a check-in that was written down.
pub(super) async fn tell_check_in(
    conn: &mut AnyConnection,
    row: &CheckInRecord,
) -> Result<(), sqlx::Error> {
    let (kind, more) = match row.outcome {
        CheckInOutcome::LetIn => (EventKind::CheckInEntry, json!({ "people": row.people })),
        CheckInOutcome::LetOut => (
            EventKind::CheckInExit,
            json!({ "people": row.people, "no_entry": row.no_entry, "automatic": row.made_by.is_none() }),
        ),
        outcome => (
            EventKind::CheckInRefused,
            json!({ "kind": row.kind.as_str(), "outcome": outcome.as_str() }),
        ),
    };
    tell_at_list(conn, kind, row, (row.happened_at, row.number), more).await
}

/// Tells that a check-in was taken back: when, and with which number of its list.
pub(super) async fn tell_undone(
    conn: &mut AnyConnection,
    row: &CheckInRecord,
    when: (UnixTime, u64),
) -> Result<(), sqlx::Error> {
    let more = json!({ "kind": row.kind.as_str(), "people": row.people });
    tell_at_list(conn, EventKind::CheckInUndone, row, when, more).await
}

async fn tell_at_list(
    conn: &mut AnyConnection,
    kind: EventKind,
    row: &CheckInRecord,
    (at, number): (UnixTime, u64),
    more: Value,
) -> Result<(), sqlx::Error> {
    let mut data = Map::new();
    if row.token.is_none() {
        data.insert("token_id".to_owned(), Value::Null);
    }
    data.insert("list".to_owned(), row.list.to_string().into());
    data.insert("check_in".to_owned(), row.id.to_string().into());
    if let Value::Object(more) = more {
        data.extend(more);
    }
    // Attempts at one list are numbered; at two lists in the same second, their ids tell them apart.
    let [.., high, low] = row.id.0;
    let apart = u64::from(u16::from_be_bytes([high, low])) % APART.cast_unsigned();
    let happened = Happened {
        kind,
        token_id: row.token.unwrap_or_else(|| TokenId::from(row.id.0)),
        at,
        place: CHECK_INS + (number % (1 << 18)) * APART.cast_unsigned() + apart,
        data: &Value::Object(data).to_string(),
    };
    tell(conn, happened).await
}

/// The last place of a second: behind whatever else happened in it.
pub(super) const LAST_PLACE: u64 = (PLACES - 1).cast_unsigned();

/// Adds who is told what by this node's configuration, and notes that they are for another day. Others that nobody named for a day
/// go, with what waits for them; how many events of those, at most so many as one statement takes out of each. Others that were
/// never noted are from now on, those without a row of which something waits, too: they come from a backup, or were forgotten while
/// an event was written.
pub(in crate::store) async fn name_event_targets(
    conn: &mut AnyConnection,
    mut targets: Vec<EventTarget>,
    now: UnixTime,
) -> Result<u64, sqlx::Error> {
    // Nodes that start at once take the rows in the same order.
    targets.sort_unstable_by_key(|target| target.id);
    for EventTarget { id, kinds } in &targets {
        // First, so that who forgets it waits, or is waited for.
        note_target(conn, *id, "DO UPDATE SET ends_at = $3", now).await?;
        sqlx::query(
            "INSERT INTO event_targets (target, kinds) VALUES ($1, $2) ON CONFLICT (target) DO UPDATE SET kinds = $2",
        )
        .bind(&id.0[..])
        .bind(kinds.iter().fold(0, |kinds, kind| kinds | kind.bit()))
        .execute(&mut *conn)
        .await?;
    }
    let all = sqlx::query(
        "SELECT target FROM event_targets UNION SELECT DISTINCT target FROM outbox ORDER BY target",
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in &all {
        note_target(conn, TargetId(row.bytes("target")?), "DO NOTHING", now).await?;
    }
    let ended = sqlx::query("SELECT holder FROM leases WHERE job < 0 AND ends_at <= $1")
        .bind(secs(now))
        .fetch_all(&mut *conn)
        .await?;
    let mut dropped = 0;
    for row in &ended {
        dropped += forget_target(conn, TargetId(row.bytes("holder")?), now).await?;
    }
    Ok(dropped)
}

/// The lease of whoever names a target: a number below those of jobs.
fn lease_of(target: TargetId) -> i64 {
    i64::from_be_bytes(target.0) | i64::MIN
}

/// Notes that a target is named for another day, or whatever else if that was noted.
async fn note_target(
    conn: &mut AnyConnection,
    target: TargetId,
    if_noted: &'static str,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "INSERT INTO leases (job, holder, ends_at) VALUES ($1, $2, $3) ON CONFLICT (job) {if_noted}"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(lease_of(target))
        .bind(&target.0[..])
        .bind(secs(now).saturating_add(NAMED_FOR))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a target that nobody named meanwhile: first what waits for it, and when nothing does, that it was named.
async fn forget_target(
    conn: &mut AnyConnection,
    target: TargetId,
    now: UnixTime,
) -> Result<u64, sqlx::Error> {
    // Whoever names it now waits, and adds it again.
    let held = sqlx::query("UPDATE leases SET ends_at = ends_at WHERE job = $1 AND ends_at <= $2")
        .bind(lease_of(target))
        .bind(secs(now))
        .execute(&mut *conn)
        .await?;
    if held.rows_affected() == 0 {
        return Ok(0);
    }
    sqlx::query("DELETE FROM event_targets WHERE target = $1")
        .bind(&target.0[..])
        .execute(&mut *conn)
        .await?;
    let dropped = sqlx::query(
        "DELETE FROM outbox WHERE (target, token_id, place, kind) IN \
         (SELECT target, token_id, place, kind FROM outbox WHERE target = $1 LIMIT $2)",
    )
    .bind(&target.0[..])
    .bind(BATCH)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if dropped == 0 {
        sqlx::query("DELETE FROM leases WHERE job = $1")
            .bind(lease_of(target))
            .execute(conn)
            .await?;
    }
    Ok(dropped)
}

/// What is to be delivered to a target now: of each token the first that waits, those that wait longest first.
pub(in crate::store) async fn due_events(
    conn: &mut AnyConnection,
    target: TargetId,
    limit: u32,
    now: UnixTime,
) -> Result<Vec<WaitingEvent>, sqlx::Error> {
    sqlx::query(
        "SELECT target, token_id, place, kind, happened_at, data, tries, next_at, since, given_up FROM outbox AS o \
         WHERE target = $1 AND given_up = 0 AND next_at <= $2 AND NOT EXISTS \
           (SELECT 1 FROM outbox AS p WHERE p.target = $1 AND p.token_id = o.token_id AND p.given_up = 0 \
            AND (p.place < o.place OR (p.place = o.place AND p.kind < o.kind))) \
         ORDER BY next_at LIMIT $3",
    )
    .bind(&target.0[..])
    .bind(secs(now))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .iter()
    .map(waiting_in)
    .collect()
}

/// Notes what became of tries. What waits for one that failed is put off with it: who looks for what is due need not look at it
/// meanwhile, however much it is.
pub(in crate::store) async fn settle_events(
    conn: &mut AnyConnection,
    fates: Vec<(EventKey, EventFate)>,
) -> Result<(), sqlx::Error> {
    for (key, fate) in fates {
        let sql = match fate {
            EventFate::Delivered => {
                "DELETE FROM outbox WHERE target = $1 AND token_id = $2 AND place = $3 AND kind = $4"
            }
            EventFate::Again(_) => {
                "UPDATE outbox SET tries = tries + 1 WHERE target = $1 AND token_id = $2 AND place = $3 AND kind = $4"
            }
            EventFate::GivenUp => {
                "UPDATE outbox SET tries = tries + 1, given_up = 1 \
                 WHERE target = $1 AND token_id = $2 AND place = $3 AND kind = $4"
            }
        };
        sqlx::query(sql)
            .bind(&key.target.0[..])
            .bind(id(&key.token_id))
            .bind(key.place)
            .bind(key.kind.number())
            .execute(&mut *conn)
            .await?;
        if let EventFate::Again(at) = fate {
            sqlx::query(
                "UPDATE outbox SET next_at = $3 WHERE target = $1 AND token_id = $2 AND given_up = 0 AND next_at < $3",
            )
            .bind(&key.target.0[..])
            .bind(id(&key.token_id))
            .bind(secs(at))
            .execute(&mut *conn)
            .await?;
        }
    }
    Ok(())
}

/// Takes out the oldest events beyond so many, and what was given up long ago; how many of the former.
pub(in crate::store) async fn trim_outbox(
    conn: &mut AnyConnection,
    most: u64,
    now: UnixTime,
) -> Result<u64, sqlx::Error> {
    sqlx::query("DELETE FROM outbox WHERE given_up = 1 AND happened_at < $1")
        .bind(secs(now).saturating_sub(GIVEN_UP_KEPT))
        .execute(&mut *conn)
        .await?;
    let rows = sqlx::query("SELECT COUNT(*) AS rows FROM outbox")
        .fetch_one(&mut *conn)
        .await?
        .count("rows")?;
    let beyond = i64::try_from(rows.saturating_sub(most))
        .unwrap_or(i64::MAX)
        .min(BATCH);
    if beyond == 0 {
        return Ok(0);
    }
    let dropped = sqlx::query(
        "DELETE FROM outbox WHERE (target, token_id, place, kind) IN \
         (SELECT target, token_id, place, kind FROM outbox ORDER BY happened_at, place LIMIT $1)",
    )
    .bind(beyond)
    .execute(conn)
    .await?;
    Ok(dropped.rows_affected())
}

/// Tells how often links were scanned in the hour that was not told yet, if it is over; whether it was.
pub(in crate::store) async fn tell_scans(
    conn: &mut AnyConnection,
    now: UnixTime,
) -> Result<bool, sqlx::Error> {
    let this_hour = secs(now) / HOUR * HOUR;
    // Hours before the first server that told any are not told.
    sqlx::query("UPDATE counters SET value = $1 WHERE name = 'scans_told_to' AND value = 0")
        .bind(this_hour)
        .execute(&mut *conn)
        .await?;
    let over = sqlx::query(
        "UPDATE counters SET value = value + $1 WHERE name = 'scans_told_to' AND value + $2 <= $3 RETURNING value",
    )
    .bind(HOUR)
    .bind(HOUR + SCANS_SETTLE)
    .bind(secs(now))
    .fetch_optional(&mut *conn)
    .await?;
    let Some(over) = over else {
        return Ok(false);
    };
    let end = over.integer("value")?;
    sqlx::query(
        "INSERT INTO outbox (target, token_id, place, kind, happened_at, data, tries, next_at, since, given_up) \
         SELECT t.target, s.token_id, $1, $2, $3, \
           '{\"scans\":' || CAST(CAST(SUM(s.scans) AS BIGINT) AS TEXT) || ',\"by_programs\":' || \
           CAST(CAST(SUM(CASE WHEN s.bot = 1 THEN s.scans ELSE 0 END) AS BIGINT) AS TEXT) || '}', 0, $3, $3, 0 \
         FROM scans AS s, event_targets AS t WHERE s.hour = $4 AND (t.kinds & $5) <> 0 GROUP BY t.target, s.token_id \
         ON CONFLICT (target, token_id, place, kind) DO NOTHING",
    )
    .bind(end.saturating_mul(PLACES))
    .bind(EventKind::LinkScanned.number())
    .bind(end)
    .bind(end.saturating_sub(HOUR))
    .bind(EventKind::LinkScanned.bit())
    .execute(conn)
    .await?;
    Ok(true)
}

/// Events that wait or were given up, the oldest first.
pub(in crate::store) async fn waiting_events(
    conn: &mut AnyConnection,
    limit: u32,
) -> Result<Vec<WaitingEvent>, sqlx::Error> {
    sqlx::query(
        "SELECT target, token_id, place, kind, happened_at, data, tries, next_at, since, given_up FROM outbox \
         ORDER BY happened_at, place, token_id, kind, target LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?
    .iter()
    .map(waiting_in)
    .collect()
}

/// Tries again at once what waits or was given up, of one token or of all; how many events.
pub(in crate::store) async fn redeliver_events(
    conn: &mut AnyConnection,
    token_id: Option<TokenId>,
    now: UnixTime,
) -> Result<u64, sqlx::Error> {
    let sql = match token_id {
        Some(_) => {
            "UPDATE outbox SET tries = 0, given_up = 0, next_at = $1, since = $1 WHERE token_id = $2"
        }
        None => "UPDATE outbox SET tries = 0, given_up = 0, next_at = $1, since = $1",
    };
    let mut again = sqlx::query(sql).bind(secs(now));
    if let Some(token_id) = &token_id {
        again = again.bind(id(token_id).to_vec());
    }
    Ok(again.execute(conn).await?.rows_affected())
}

/// How much waits.
pub(in crate::store) async fn outbox_state(
    conn: &mut AnyConnection,
) -> Result<OutboxState, sqlx::Error> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(1 - given_up), 0) AS BIGINT) AS waiting, CAST(COALESCE(SUM(given_up), 0) AS BIGINT) AS given_up, \
         MIN(CASE WHEN given_up = 0 THEN since END) AS oldest_at FROM outbox",
    )
    .fetch_one(conn)
    .await?;
    Ok(OutboxState {
        waiting: row.count("waiting")?,
        given_up: row.count("given_up")?,
        oldest_at: row.optional_time("oldest_at")?,
    })
}

fn waiting_in(row: &AnyRow) -> Result<WaitingEvent, sqlx::Error> {
    Ok(WaitingEvent {
        key: EventKey {
            target: TargetId(row.bytes("target")?),
            token_id: row.token_id("token_id")?,
            place: row.integer("place")?,
            kind: EventKind::of_number(row.integer("kind")?)
                .ok_or_else(|| damaged("outbox.kind"))?,
        },
        happened_at: row.time("happened_at")?,
        data: row.text("data")?,
        tries: u32::try_from(row.integer("tries")?).map_err(|_| damaged("outbox.tries"))?,
        next_at: row.time("next_at")?,
        since: row.time("since")?,
        given_up: row.integer("given_up")? != 0,
    })
}
