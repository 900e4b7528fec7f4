//! Rows of check-ins: written, read, numbered.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::lists::principal;
use super::values::{Columns as _, damaged, id, secs};
use super::{MAX_PAGE, conflict};
use crate::store::{
    CheckInId, CheckInKind, CheckInOutcome, CheckInQuery, CheckInRecord, FindCheckIn, FoundCheckIn,
    ListId, PresenceQuery,
};
use crate::token::{TokenId, UnixTime};

/// The columns of a check-in.
const COLUMNS: &str = "id, list, number, happened_at, kind, outcome, token_id, gate, made_by, check_in_id, digest, people, \
    no_entry, undone_at, undone_by, because";

/// Writes a row; `because`: the check-in that stood in its way.
pub(super) async fn insert(
    conn: &mut AnyConnection,
    row: &CheckInRecord,
    digest: Option<&[u8; 32]>,
    day: u32,
    because: Option<CheckInId>,
) -> Result<(), sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO check_ins (id, list, number, happened_at, kind, outcome, token_id, gate, made_by, check_in_id, \
         digest, people, day, no_entry, because, undone_at, undone_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL, NULL) \
         ON CONFLICT (made_by, check_in_id) WHERE check_in_id IS NOT NULL DO NOTHING",
    )
    .bind(&row.id.0[..])
    .bind(&row.list.0[..])
    .bind(i64::try_from(row.number).map_err(|_| damaged("check_ins.number"))?)
    .bind(secs(row.happened_at))
    .bind(kind_number(row.kind))
    .bind(outcome_number(row.outcome))
    .bind(row.token.map(|token| id(&token).to_vec()))
    .bind(row.gate.clone())
    .bind(row.made_by.map(|by| by.to_string()))
    .bind(row.check_in_id.clone())
    .bind(digest.map(|digest| digest.to_vec()))
    .bind(i64::try_from(row.people).map_err(|_| damaged("check_ins.people"))?)
    .bind(i64::from(day))
    .bind(i64::from(row.no_entry))
    .bind(because.map(|because| because.0.to_vec()))
    .execute(conn)
    .await?;
    match done.rows_affected() {
        1 => Ok(()),
        // At another list, at the same moment: looked at again, it is a repeat.
        _ => Err(conflict()),
    }
}

/// A row with the digest of its request, and what stood in its way.
pub(super) struct Row {
    pub(super) found: FoundCheckIn,
    pub(super) because: Option<CheckInId>,
}

/// The check-in that is meant.
pub(super) async fn find(
    conn: &mut AnyConnection,
    wanted: &FindCheckIn,
) -> Result<Option<Row>, sqlx::Error> {
    let row = match wanted {
        FindCheckIn::Id(wanted) => {
            let sql = format!("SELECT {COLUMNS} FROM check_ins WHERE id = $1");
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(&wanted.0[..])
                .fetch_optional(conn)
                .await?
        }
        FindCheckIn::Request(by, check_in_id) => {
            let sql = format!(
                "SELECT {COLUMNS} FROM check_ins WHERE made_by = $1 AND check_in_id = $2 AND check_in_id IS NOT NULL"
            );
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(by.to_string())
                .bind(check_in_id.as_str())
                .fetch_optional(conn)
                .await?
        }
    };
    row.as_ref().map(row_in).transpose()
}

/// The check-in that is meant; of a deleted list, too, until its rows are gone.
pub(in crate::store) async fn find_check_in(
    conn: &mut AnyConnection,
    wanted: FindCheckIn,
) -> Result<Option<FoundCheckIn>, sqlx::Error> {
    Ok(find(conn, &wanted).await?.map(|row| row.found))
}

/// The latest check-in of a token on a list that passed and was not undone.
pub(super) async fn latest_passed(
    conn: &mut AnyConnection,
    list: ListId,
    token: TokenId,
    kind: Option<CheckInKind>,
) -> Result<Option<(CheckInRecord, u32)>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS}, day FROM check_ins WHERE list = $1 AND token_id = $2 AND token_id IS NOT NULL \
         AND outcome <= 2 AND undone_at IS NULL AND ($3 IS NULL OR kind = $3) ORDER BY number DESC LIMIT 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(&list.0[..])
        .bind(id(&token))
        .bind(kind.map(kind_number))
        .fetch_optional(conn)
        .await?;
    row.map(|row| {
        let day = u32::try_from(row.integer("day")?).map_err(|_| damaged("check_ins.day"))?;
        Ok((row_in(&row)?.found.row, day))
    })
    .transpose()
}

/// A page of check-ins, and where the next begins.
pub(in crate::store) async fn check_ins(
    conn: &mut AnyConnection,
    query: CheckInQuery,
) -> Result<(Vec<CheckInRecord>, Option<u64>), sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let (compare, order) = match query.oldest_first {
        true => (">", "ASC"),
        false => ("<", "DESC"),
    };
    // What is asked for stands alone, so that its index is used.
    let made_by = match query.made_by {
        Some(_) => "made_by = $7",
        None => "($7 IS NULL OR made_by = $7)",
    };
    let token = match query.token {
        Some(_) => "token_id = $8 AND token_id IS NOT NULL",
        None => "($8 IS NULL OR token_id = $8)",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM check_ins WHERE list = $1 AND ($2 IS NULL OR number {compare} $2) \
         AND ($3 IS NULL OR happened_at >= $3) AND ($4 IS NULL OR happened_at < $4) \
         AND ($5 IS NULL OR outcome = $5) AND ($6 IS NULL OR gate = $6) AND {made_by} AND {token} \
         ORDER BY number {order} LIMIT $9"
    );
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(&query.list.0[..])
        .bind(query.after.map(number))
        .bind(query.since.map(secs))
        .bind(query.until.map(secs))
        .bind(query.outcome.map(outcome_number))
        .bind(query.gate)
        .bind(query.made_by.map(|by| by.to_string()))
        .bind(query.token.map(|token| id(&token).to_vec()))
        .bind(i64::from(limit) + 1)
        .fetch_all(conn)
        .await?;
    let limit = usize::try_from(limit).expect("a thousand fits");
    let found = rows
        .iter()
        .take(limit)
        .map(|row| row_in(row).map(|row| row.found.row))
        .collect::<Result<Vec<_>, _>>()?;
    let next = found
        .last()
        .filter(|_| rows.len() > limit)
        .map(|last| last.number);
    Ok((found, next))
}

/// Entries of those who were at a list between two times, each with when they were let out.
pub(super) async fn presence_rows(
    conn: &mut AnyConnection,
    query: PresenceQuery,
    limit: u32,
) -> Result<Vec<(CheckInRecord, Option<UnixTime>)>, sqlx::Error> {
    // Where nobody is let out, whoever came earlier is gone.
    let came = match query.stay_secs {
        Some(_) => "AND happened_at > $4 - $3",
        None => "",
    };
    let sql = format!(
        "SELECT * FROM (SELECT {COLUMNS}, (SELECT MIN(x.happened_at) FROM check_ins x WHERE x.list = check_ins.list \
           AND x.token_id = check_ins.token_id AND x.token_id IS NOT NULL AND x.outcome = 2 AND x.undone_at IS NULL \
           AND x.number > check_ins.number) AS left_at \
         FROM check_ins WHERE list = $1 AND outcome = 1 AND undone_at IS NULL AND happened_at < $2 \
           {came} AND ($5 IS NULL OR number > $5)) AS entries \
         WHERE left_at > $4 OR (left_at IS NULL AND ($3 IS NULL OR happened_at + $3 > $4)) ORDER BY number LIMIT $6"
    );
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(&query.list.0[..])
        .bind(secs(query.until))
        .bind(query.stay_secs.map(number))
        .bind(secs(query.from))
        .bind(query.after.map(number))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| Ok((row_in(row)?.found.row, row.optional_time("left_at")?)))
        .collect()
}

fn row_in(row: &AnyRow) -> Result<Row, sqlx::Error> {
    let by = |column| {
        row.optional_text(column)?
            .map(|text| principal(&text))
            .transpose()
    };
    let twelve = |column| -> Result<Option<[u8; 12]>, sqlx::Error> {
        match sqlx::Row::try_get::<Option<Vec<u8>>, _>(row, column)? {
            None => Ok(None),
            Some(bytes) => bytes.try_into().map(Some).map_err(|_| damaged(column)),
        }
    };
    let digest: Option<Vec<u8>> = sqlx::Row::try_get(row, "digest")?;
    let digest = digest.map(|bytes| bytes.try_into().map_err(|_| damaged("check_ins.digest")));
    Ok(Row {
        found: FoundCheckIn {
            row: CheckInRecord {
                id: CheckInId(row.bytes("id")?),
                list: ListId(row.bytes("list")?),
                number: row.count("number")?,
                happened_at: row.time("happened_at")?,
                kind: kind(row.integer("kind")?)?,
                outcome: outcome(row.integer("outcome")?)?,
                token: twelve("token_id")?.map(TokenId::from),
                gate: row.optional_text("gate")?,
                made_by: by("made_by")?,
                check_in_id: row.optional_text("check_in_id")?,
                people: row.count("people")?,
                no_entry: row.integer("no_entry")? != 0,
                undone_at: row.optional_time("undone_at")?,
                undone_by: by("undone_by")?,
            },
            digest: digest.transpose()?,
        },
        because: twelve("because")?.map(CheckInId),
    })
}

pub(super) fn kind_number(kind: CheckInKind) -> i64 {
    match kind {
        CheckInKind::Entry => 1,
        CheckInKind::Exit => 2,
    }
}

fn kind(number: i64) -> Result<CheckInKind, sqlx::Error> {
    match number {
        1 => Ok(CheckInKind::Entry),
        2 => Ok(CheckInKind::Exit),
        _ => Err(damaged("check_ins.kind")),
    }
}

/// The outcomes in the order of their numbers, from 1. The first two passed.
const OUTCOMES: [CheckInOutcome; 15] = [
    CheckInOutcome::LetIn,
    CheckInOutcome::LetOut,
    CheckInOutcome::AlreadyRedeemed,
    CheckInOutcome::NotOnList,
    CheckInOutcome::OutsideWindow,
    CheckInOutcome::ListFull,
    CheckInOutcome::Expired,
    CheckInOutcome::Revoked,
    CheckInOutcome::UsedUp,
    CheckInOutcome::PinLocked,
    CheckInOutcome::NotRecognised,
    CheckInOutcome::PinIncorrect,
    CheckInOutcome::KeyRetired,
    CheckInOutcome::Gone,
    CheckInOutcome::Closed,
];

fn outcome_number(outcome: CheckInOutcome) -> i64 {
    let place = OUTCOMES.iter().position(|known| *known == outcome);
    i64::try_from(place.map_or(0, |place| place + 1)).unwrap_or(0)
}

fn outcome(number: i64) -> Result<CheckInOutcome, sqlx::Error> {
    let place = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1));
    place
        .and_then(|place| OUTCOMES.get(place).copied())
        .ok_or_else(|| damaged("check_ins.outcome"))
}
