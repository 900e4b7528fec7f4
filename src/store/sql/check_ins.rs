//! Check-ins: who is let in and out.
//!
//! Every transaction begins by counting the list up, which holds its row until the end: at one list one attempt is judged after
//! the other, on all nodes. What is decided is written by conditional statements all the same.

use sqlx::AnyConnection;

use super::audit::add_audit_row;
use super::check_in_rows::{Row, find, insert, latest_passed};
use super::opens::{count_open, look};
use super::pins::forgive_network;
use super::revocation_row::revocation_in;
use super::values::{Columns as _, damaged, id, secs};
use super::{conflict, lists, visits};
use crate::store::{
    CheckIn, CheckInId, CheckInKind, CheckInOutcome, CheckInRecord, CheckInToken, CheckedIn,
    Entries, EntryRules, FindCheckIn, Found, Judged, LedgerToken, ListId, OpenAttempt, OpenIdHash,
    OpenOutcome, Revocation, Standing, UNDO_SECS, UndoCheckIn, UndoneCheckIn,
};
use crate::token::{ClaimValue, TokenId, UnixTime};

/// A list that this transaction holds.
struct HeldList {
    id: ListId,
    number: u64,
    inside: u64,
}

/// What a list knows of a token.
#[derive(Default)]
struct Mark {
    entries: u64,
    inside: u64,
    first_at: Option<UnixTime>,
    entered_day: Option<u32>,
    last: Option<CheckInId>,
    opened: bool,
}

/// Why an attempt does not pass.
struct Refused {
    outcome: CheckInOutcome,
    because: Option<CheckInId>,
}

/// Judges an attempt, or says how it was judged before.
pub(in crate::store) async fn check_in(
    conn: &mut AnyConnection,
    request: CheckIn,
) -> Result<CheckedIn, sqlx::Error> {
    let revision = request.list_revision;
    let Some(list) = hold(conn, request.list, Some(revision)).await? else {
        return Ok(CheckedIn::ListChanged);
    };
    let before = FindCheckIn::Request(request.made_by, request.check_in_id.clone());
    if let Some(row) = find(conn, &before).await? {
        return match row.found.digest == Some(request.digest) {
            true => repeated(conn, row, list.inside)
                .await
                .map(CheckedIn::Judged),
            false => Ok(CheckedIn::AnotherRequest),
        };
    }
    let mut row = CheckInRecord {
        id: request.id,
        list: list.id,
        number: list.number,
        happened_at: request.now,
        kind: request.kind,
        outcome: CheckInOutcome::NotRecognised,
        token: request.token.map(|token| token.id),
        gate: request.gate.clone(),
        made_by: Some(request.made_by),
        check_in_id: Some(request.check_in_id.clone()),
        people: 0,
        no_entry: false,
        undone_at: None,
        undone_by: None,
    };
    if let (Some(token), Some(network)) = (request.token, request.pin_from) {
        forgive_network(conn, token.id, network).await?;
    }
    let because = match (request.token, request.found) {
        (_, Found::Refused(outcome)) => {
            row.outcome = outcome;
            // Its last open may have been the list's own.
            match request.token.filter(|_| outcome == CheckInOutcome::UsedUp) {
                Some(token) => let_in_before(conn, &mut row, token.id).await?,
                None => None,
            }
        }
        (None, Found::Accepted(_)) => return Err(damaged("a check-in of no token")),
        (Some(token), Found::Accepted(rules)) => {
            let judged = match request.kind {
                CheckInKind::Entry => enter(conn, &list, &request, token, rules, &mut row).await?,
                CheckInKind::Exit => {
                    leave(conn, &list, &request, token, rules, &mut row).await?;
                    None
                }
            };
            if let Some(refused) = &judged {
                row.outcome = refused.outcome;
            }
            judged.and_then(|refused| refused.because)
        }
    };
    insert(conn, &row, Some(&request.digest), request.day, because).await?;
    if let Some(visit) = request
        .visit
        .as_ref()
        .filter(|_| row.outcome == CheckInOutcome::LetIn)
    {
        visits::keep(conn, &row, visit).await?;
    }
    count_at_gate(conn, &row, 1).await?;
    let row = Row {
        found: crate::store::FoundCheckIn { row, digest: None },
        because,
    };
    let inside = inside_of(conn, list.id).await?;
    let mut judged = repeated(conn, row, inside).await?;
    judged.replayed = false;
    Ok(CheckedIn::Judged(judged))
}

/// What is told of a check-in besides its row.
async fn repeated(
    conn: &mut AnyConnection,
    row: Row,
    inside: u64,
) -> Result<Box<Judged>, sqlx::Error> {
    let record = row.found.row;
    let first_at = match record.token {
        Some(token) => mark(conn, record.list, token)
            .await?
            .and_then(|mark| mark.first_at),
        None => None,
    };
    let because = match row.because {
        Some(because) => find(conn, &FindCheckIn::Id(because)).await?,
        None => None,
    };
    let revocation = match (record.outcome, record.token) {
        (CheckInOutcome::Revoked, Some(token)) => revocation(conn, token).await?,
        _ => None,
    };
    Ok(Box::new(Judged {
        row: record,
        replayed: true,
        inside,
        first_at,
        because: because.map(|because| because.found.row),
        revocation,
    }))
}

/// Lets a code in, or says why not.
async fn enter(
    conn: &mut AnyConnection,
    list: &HeldList,
    request: &CheckIn,
    token: CheckInToken,
    rules: EntryRules,
    row: &mut CheckInRecord,
) -> Result<Option<Refused>, sqlx::Error> {
    let now = request.now;
    let refused = |outcome| {
        Ok(Some(Refused {
            outcome,
            because: None,
        }))
    };
    if rules.opens_at.is_some_and(|at| now < at) || rules.closes_at.is_some_and(|at| now >= at) {
        return refused(CheckInOutcome::OutsideWindow);
    }
    if revocation(conn, token.id).await?.is_some() {
        return refused(CheckInOutcome::Revoked);
    }
    if token.expires_at.is_some_and(|at| now >= at.plus_secs(60)) {
        return refused(CheckInOutcome::Expired);
    }
    let known = mark(conn, list.id, token.id).await?.unwrap_or_default();
    if !may_enter(&known, rules, request.day) {
        let entry = latest_passed(conn, list.id, token.id, Some(CheckInKind::Entry)).await?;
        return Ok(Some(Refused {
            outcome: CheckInOutcome::AlreadyRedeemed,
            because: entry.map(|(entry, _)| entry.id),
        }));
    }
    let limited = ledger_token(token).filter(|_| !known.opened);
    let people = u64::from(rules.people);
    let full = rules
        .max_inside
        .is_some_and(|most| list.inside + people > u64::from(most));
    if full {
        // Whoever could not enter anyway is told that.
        let used_up = match limited {
            Some(token) => matches!(look(conn, token).await?, Standing::UsedUp { .. }),
            None => false,
        };
        return refused(match used_up {
            true => CheckInOutcome::UsedUp,
            false => CheckInOutcome::ListFull,
        });
    }
    if let Some(token) = limited {
        let attempt = OpenAttempt {
            token,
            open_id: OpenIdHash(rules.open_id),
            pin_from: None,
            suspected_bot: false,
            now,
        };
        match count_open(conn, attempt).await? {
            OpenOutcome::Counted(_) => {}
            OpenOutcome::UsedUp { .. } => return refused(CheckInOutcome::UsedUp),
            OpenOutcome::Revoked(_) => return refused(CheckInOutcome::Revoked),
            OpenOutcome::Purged => return refused(CheckInOutcome::Expired),
        }
    }
    let comes_in = if rules.exits { people } else { 0 };
    add_inside(conn, list.id, comes_in, rules.max_inside).await?;
    let entered = sqlx::query(
        "INSERT INTO list_tokens (list, token_id, expires_at, entries, inside, first_at, entered_at, entered_day, \
         last_check_in, opened) VALUES ($1, $2, $3, 1, $4, $5, $5, $6, $7, $8) \
         ON CONFLICT (list, token_id) DO UPDATE SET expires_at = $3, entries = list_tokens.entries + 1, \
         inside = list_tokens.inside + $4, first_at = COALESCE(list_tokens.first_at, $5), entered_at = $5, \
         entered_day = $6, last_check_in = $7, opened = $8 \
         WHERE list_tokens.entries = $9 AND list_tokens.inside = $10",
    )
    .bind(&list.id.0[..])
    .bind(id(&token.id))
    .bind(token.expires_at.map(secs))
    .bind(column(comes_in)?)
    .bind(secs(now))
    .bind(i64::from(request.day))
    .bind(&row.id.0[..])
    .bind(i64::from(known.opened || token.max_opens.is_some()))
    .bind(column(known.entries)?)
    .bind(column(known.inside)?)
    .execute(conn)
    .await?;
    if entered.rows_affected() == 0 {
        return Err(conflict());
    }
    row.outcome = CheckInOutcome::LetIn;
    row.people = people;
    Ok(None)
}

/// Of a code that is used up, and whose document is gone with its last open: whether it is that because it was let in here.
async fn let_in_before(
    conn: &mut AnyConnection,
    row: &mut CheckInRecord,
    token: TokenId,
) -> Result<Option<CheckInId>, sqlx::Error> {
    let known = mark(conn, row.list, token).await?.unwrap_or_default();
    if known.entries == 0 {
        return Ok(None);
    }
    row.outcome = CheckInOutcome::AlreadyRedeemed;
    let entry = latest_passed(conn, row.list, token, Some(CheckInKind::Entry)).await?;
    Ok(entry.map(|(entry, _)| entry.id))
}

/// Whether a code that is known like this may enter.
fn may_enter(known: &Mark, rules: EntryRules, day: u32) -> bool {
    match rules.entries {
        Entries::Many => true,
        _ if rules.exits && known.inside > 0 => false,
        _ if rules.exits => true,
        Entries::Once => known.entries == 0,
        Entries::OnceADay => known.entered_day != Some(day),
    }
}

/// Lets a code out, whatever its state.
async fn leave(
    conn: &mut AnyConnection,
    list: &HeldList,
    request: &CheckIn,
    token: CheckInToken,
    rules: EntryRules,
    row: &mut CheckInRecord,
) -> Result<(), sqlx::Error> {
    let known = mark(conn, list.id, token.id).await?.unwrap_or_default();
    row.outcome = CheckInOutcome::LetOut;
    row.no_entry = known.inside == 0;
    // A code that enters many times leaves as it came; any other takes all whom it brought.
    row.people = match rules.entries {
        Entries::Many => known.inside.min(u64::from(rules.people)),
        _ => known.inside,
    };
    take_inside(conn, list.id, row.people).await?;
    let left = sqlx::query(
        "INSERT INTO list_tokens (list, token_id, expires_at, entries, inside, last_check_in, opened) \
         VALUES ($1, $2, $3, 0, 0, $4, 0) \
         ON CONFLICT (list, token_id) DO UPDATE SET inside = list_tokens.inside - $5, last_check_in = $4 \
         WHERE list_tokens.inside = $6",
    )
    .bind(&list.id.0[..])
    .bind(id(&token.id))
    .bind(token.expires_at.map(secs))
    .bind(&row.id.0[..])
    .bind(column(row.people)?)
    .bind(column(known.inside)?)
    .execute(conn)
    .await?;
    match (left.rows_affected(), request.kind) {
        (1, CheckInKind::Exit) => Ok(()),
        _ => Err(conflict()),
    }
}

/// Undoes a check-in. An open that the list took stays taken.
pub(in crate::store) async fn undo_check_in(
    conn: &mut AnyConnection,
    request: UndoCheckIn,
) -> Result<UndoneCheckIn, sqlx::Error> {
    let Some(list) = hold(conn, request.list, None).await? else {
        return Ok(UndoneCheckIn::Unknown);
    };
    let found = find(conn, &FindCheckIn::Id(request.id)).await?;
    let Some(mut row) = found
        .map(|row| row.found.row)
        .filter(|row| row.list == list.id)
    else {
        return Ok(UndoneCheckIn::Unknown);
    };
    if !request.any && row.made_by != Some(request.by) {
        return Ok(UndoneCheckIn::NotYours);
    }
    if row.undone_at.is_some() {
        return Ok(UndoneCheckIn::Done(Box::new(row), list.inside));
    }
    let Some(token) = row.token.filter(|_| row.outcome.is_passed()) else {
        return Ok(UndoneCheckIn::Refusal);
    };
    if !request.any && request.now > row.happened_at.plus_secs(UNDO_SECS) {
        return Ok(UndoneCheckIn::TooLate);
    }
    let known = mark(conn, list.id, token).await?.unwrap_or_default();
    if known.last != Some(row.id) {
        return Ok(UndoneCheckIn::NotLatest);
    }
    sqlx::query(
        "UPDATE check_ins SET undone_at = $2, undone_by = $3 WHERE id = $1 AND undone_at IS NULL",
    )
    .bind(&row.id.0[..])
    .bind(secs(request.now))
    .bind(request.by.to_string())
    .execute(&mut *conn)
    .await?;
    // Who came in and was not counted as inside does not go out.
    let (entries, inside) = match row.kind {
        CheckInKind::Entry => {
            let people = row.people.min(known.inside);
            take_inside(conn, list.id, people).await?;
            (known.entries.saturating_sub(1), known.inside - people)
        }
        CheckInKind::Exit => {
            add_inside(conn, list.id, row.people, None).await?;
            (known.entries, known.inside + row.people)
        }
    };
    let last = latest_passed(conn, list.id, token, None).await?;
    let entry = latest_passed(conn, list.id, token, Some(CheckInKind::Entry)).await?;
    let first_at = known.first_at.filter(|_| entries > 0);
    sqlx::query(
        "UPDATE list_tokens SET entries = $3, inside = $4, first_at = $5, entered_at = $6, entered_day = $7, \
         last_check_in = $8 WHERE list = $1 AND token_id = $2",
    )
    .bind(&list.id.0[..])
    .bind(id(&token))
    .bind(column(entries)?)
    .bind(column(inside)?)
    .bind(first_at.map(secs))
    .bind(entry.as_ref().map(|(entry, _)| secs(entry.happened_at)))
    .bind(entry.map(|(_, day)| i64::from(day)))
    .bind(last.map(|(last, _)| last.id.0.to_vec()))
    .execute(&mut *conn)
    .await?;
    visits::forget_visit(conn, row.id).await?;
    count_at_gate(conn, &row, -1).await?;
    add_audit_row(conn, &request.audit).await?;
    row.undone_at = Some(request.now);
    row.undone_by = Some(request.by);
    let inside = inside_of(conn, list.id).await?;
    Ok(UndoneCheckIn::Done(Box::new(row), inside))
}

/// Counts a list up and holds it, if it has this revision.
async fn hold(
    conn: &mut AnyConnection,
    list: ListId,
    revision: Option<u64>,
) -> Result<Option<HeldList>, sqlx::Error> {
    let row = sqlx::query(
        "UPDATE lists SET check_ins = check_ins + 1 WHERE id = $1 AND deleted_at IS NULL \
         AND ($2 IS NULL OR revision = $2) RETURNING check_ins, inside",
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
        })
    })
    .transpose()
}

/// Holds a list for what it does by itself; the number of its row, and how many are inside.
pub(super) async fn hold_for_itself(
    conn: &mut AnyConnection,
    list: ListId,
) -> Result<Option<u64>, sqlx::Error> {
    Ok(hold(conn, list, None).await?.map(|held| held.number))
}

async fn inside_of(conn: &mut AnyConnection, list: ListId) -> Result<u64, sqlx::Error> {
    let list = lists::list(conn, list).await?;
    list.map(|list| list.inside)
        .ok_or_else(|| damaged("lists: it is held"))
}

/// Lets so many people in, if there is room: the row count decides.
async fn add_inside(
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

async fn mark(
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
    row.map(|row| {
        let day = row.optional_integer("entered_day")?;
        let last: Option<Vec<u8>> = sqlx::Row::try_get(&row, "last_check_in")?;
        Ok(Mark {
            entries: row.count("entries")?,
            inside: row.count("inside")?,
            first_at: row.optional_time("first_at")?,
            entered_day: day.and_then(|day| u32::try_from(day).ok()),
            last: match last {
                None => None,
                Some(last) => Some(CheckInId(
                    last.try_into()
                        .map_err(|_| damaged("list_tokens.last_check_in"))?,
                )),
            },
            opened: row.integer("opened")? != 0,
        })
    })
    .transpose()
}

/// The revocation of a token, if it was revoked.
async fn revocation(
    conn: &mut AnyConnection,
    token: TokenId,
) -> Result<Option<Revocation>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, expires_at, revocation, revoked_at, revoked_reason, revoked_by_holder FROM tokens WHERE id = $1",
    )
    .bind(id(&token))
    .fetch_optional(conn)
    .await?;
    row.as_ref().map_or(Ok(None), revocation_in)
}

/// What the ledger counts, if the token's opens are limited.
fn ledger_token(token: CheckInToken) -> Option<LedgerToken> {
    let longest = 60 * u64::from(ClaimValue::MAX.value());
    token.max_opens.map(|most| LedgerToken {
        id: token.id,
        issued_at: token.issued_at,
        expires_at: token
            .expires_at
            .unwrap_or_else(|| token.issued_at.plus_secs(longest)),
        max_opens: Some(most),
    })
}

/// Adds a row to what was counted at its gate, or takes it out.
async fn count_at_gate(
    conn: &mut AnyConnection,
    row: &CheckInRecord,
    times: i64,
) -> Result<(), sqlx::Error> {
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
    .bind(row.gate.clone().unwrap_or_default())
    .bind(entries * times)
    .bind(people * times)
    .bind(exits * times)
    .bind(refusals * times)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) fn column(number: u64) -> Result<i64, sqlx::Error> {
    i64::try_from(number).map_err(|_| damaged("a count of a list"))
}
