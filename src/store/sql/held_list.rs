//! A list as a transaction of check-ins holds it: its number, who is inside, what it knows of a token, what is counted at its gates.
//!
//! Does not belong here: who is let in (`check_ins`), what is undone (`undoing`), and what a list does by itself (`list_tidying`).

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::conflict;
use super::revocation_row::revocation_in;
use super::values::{Columns as _, damaged, id};
use crate::store::{CheckInId, CheckInOutcome, CheckInRecord, ListId, Revocation};
use crate::token::{TokenId, UnixTime};

/// The most names of gates of a list that are counted apart; whatever is shown at others counts as if no gate was said.
const MOST_GATES: u64 = 100;

/// A list that this transaction holds.
pub(super) struct HeldList {
    pub(super) id: ListId,
    pub(super) number: u64,
    pub(super) inside: u64,
    /// Whether anyone is told of check-ins.
    pub(super) is_told: bool,
}

/// What a list knows of a token.
#[derive(Default)]
pub(super) struct Mark {
    pub(super) entries: u64,
    pub(super) inside: u64,
    pub(super) first_at: Option<UnixTime>,
    pub(super) entered_day: Option<u32>,
    pub(super) last: Option<CheckInId>,
    pub(super) opened: bool,
}

/// Counts a list up and holds it, if it has this revision.
pub(super) async fn hold(
    conn: &mut AnyConnection,
    list: ListId,
    revision: Option<u64>,
) -> Result<Option<HeldList>, sqlx::Error> {
    let row = sqlx::query(
        "UPDATE lists SET check_ins = check_ins + 1 WHERE id = $1 AND deleted_at IS NULL \
         AND ($2 IS NULL OR revision = $2) RETURNING check_ins, inside, (SELECT COUNT(*) FROM event_targets) AS targets",
    )
    .bind(&list.0[..])
    .bind(revision.map(column).transpose()?)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(HeldList {
            id: list,
            number: row.count("check_ins")?,
            inside: row.count("inside")?,
            is_told: row.count("targets")? > 0,
        })
    })
    .transpose()
}

/// Holds a list for what it does by itself; the number of its row.
pub(super) async fn hold_for_itself(
    conn: &mut AnyConnection,
    list: ListId,
) -> Result<Option<u64>, sqlx::Error> {
    Ok(hold(conn, list, None).await?.map(|held| held.number))
}

/// How many are inside a list that is held.
pub(super) async fn inside_of(conn: &mut AnyConnection, list: ListId) -> Result<u64, sqlx::Error> {
    sqlx::query("SELECT inside FROM lists WHERE id = $1")
        .bind(&list.0[..])
        .fetch_optional(conn)
        .await?
        .ok_or_else(|| damaged("lists: it is held"))?
        .count("inside")
}

/// Lets so many people in, if there is room: the row count decides.
pub(super) async fn add_inside(
    conn: &mut AnyConnection,
    list: ListId,
    people: u64,
    most: Option<u32>,
) -> Result<(), sqlx::Error> {
    let done = sqlx::query(
        "UPDATE lists SET inside = inside + $2 WHERE id = $1 AND ($3 IS NULL OR inside + $2 <= $3)",
    )
    .bind(&list.0[..])
    .bind(column(people)?)
    .bind(most.map(i64::from))
    .execute(conn)
    .await?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(conflict()),
    }
}

/// Lets so many people out.
pub(super) async fn take_inside(
    conn: &mut AnyConnection,
    list: ListId,
    people: u64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE lists SET inside = CASE WHEN inside > $2 THEN inside - $2 ELSE 0 END WHERE id = $1",
    )
    .bind(&list.0[..])
    .bind(column(people)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// What a list knows of a token, if it does.
pub(super) async fn mark(
    conn: &mut AnyConnection,
    list: ListId,
    token: TokenId,
) -> Result<Option<Mark>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT entries, inside, first_at, entered_day, last_check_in, opened FROM list_tokens \
         WHERE list = $1 AND token_id = $2",
    )
    .bind(&list.0[..])
    .bind(id(&token))
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(mark_in).transpose()
}

/// What is known of a token where it is shown.
#[derive(Default)]
pub(super) struct Known {
    /// By the list.
    pub(super) mark: Mark,
    /// By the ledger.
    pub(super) revocation: Option<Revocation>,
}

/// What is known of a token that is shown at a list that is held, in one statement.
pub(super) async fn known(
    conn: &mut AnyConnection,
    list: ListId,
    token: TokenId,
) -> Result<Known, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COALESCE(marks.entries, 0) AS entries, COALESCE(marks.inside, 0) AS inside, marks.first_at, \
         marks.entered_day, marks.last_check_in, COALESCE(marks.opened, 0) AS opened, \
         tokens.id, tokens.expires_at, tokens.revocation, tokens.revoked_at, tokens.revoked_reason, tokens.revoked_by_holder \
         FROM lists LEFT JOIN list_tokens AS marks ON marks.list = lists.id AND marks.token_id = $2 \
         LEFT JOIN tokens ON tokens.id = $2 WHERE lists.id = $1",
    )
    .bind(&list.0[..])
    .bind(id(&token))
    .fetch_optional(conn)
    .await?
    .ok_or_else(|| damaged("lists: it is held"))?;
    Ok(Known {
        mark: mark_in(&row)?,
        revocation: revocation_in(&row)?,
    })
}

fn mark_in(row: &AnyRow) -> Result<Mark, sqlx::Error> {
    let day = row.optional_integer("entered_day")?;
    let last: Option<Vec<u8>> = sqlx::Row::try_get(row, "last_check_in")?;
    let last = last.map(|last| {
        let last = last.try_into();
        last.map(CheckInId)
            .map_err(|_| damaged("list_tokens.last_check_in"))
    });
    Ok(Mark {
        entries: row.count("entries")?,
        inside: row.count("inside")?,
        first_at: row.optional_time("first_at")?,
        entered_day: day.and_then(|day| u32::try_from(day).ok()),
        last: last.transpose()?,
        opened: row.integer("opened")? != 0,
    })
}

/// Adds a row to what was counted at its gate, or takes it out.
pub(super) async fn count_at_gate(
    conn: &mut AnyConnection,
    row: &CheckInRecord,
    times: i64,
) -> Result<(), sqlx::Error> {
    let gate = counted_as(conn, row).await?;
    let people = column(row.people)?;
    let (entries, people, exits, refusals) = match row.outcome {
        CheckInOutcome::LetIn => (1, people, 0, 0),
        CheckInOutcome::LetOut => (0, 0, 1, 0),
        _ => (0, 0, 0, 1),
    };
    sqlx::query(
        "INSERT INTO list_gates (list, gate, entries, people, exits, refusals) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (list, gate) DO UPDATE SET entries = list_gates.entries + $3, people = list_gates.people + $4, \
         exits = list_gates.exits + $5, refusals = list_gates.refusals + $6",
    )
    .bind(&row.list.0[..])
    .bind(gate)
    .bind(entries * times)
    .bind(people * times)
    .bind(exits * times)
    .bind(refusals * times)
    .execute(conn)
    .await?;
    Ok(())
}

/// As what a row is counted: the name of its gate, or no name once there are as many as may be.
async fn counted_as(conn: &mut AnyConnection, row: &CheckInRecord) -> Result<String, sqlx::Error> {
    let Some(gate) = row.gate.clone() else {
        return Ok(String::new());
    };
    let counted = sqlx::query(
        "SELECT COUNT(*) AS gates, COUNT(CASE WHEN gate = $2 THEN 1 END) AS known FROM list_gates \
         WHERE list = $1 AND gate <> ''",
    )
    .bind(&row.list.0[..])
    .bind(gate.as_str())
    .fetch_one(conn)
    .await?;
    let is_counted = counted.count("known")? > 0 || counted.count("gates")? < MOST_GATES;
    Ok(Some(gate).filter(|_| is_counted).unwrap_or_default())
}

/// A number as its column has it.
pub(super) fn column(number: u64) -> Result<i64, sqlx::Error> {
    i64::try_from(number).map_err(|_| damaged("a count of a list"))
}
