//! Check-ins: who is let in and out.
//!
//! Every transaction begins by counting the list up, which holds its row until the end: at one list one attempt is judged after
//! the other, on all nodes. What is decided is written by conditional statements all the same.

use sqlx::AnyConnection;

use super::check_in_rows::{Row, find, insert, latest_passed};
use super::epoch::is_closed;
use super::events::tell_check_in;
use super::held_list::{
    HeldList, Known, Mark, add_inside, column, count_at_gate, hold, known, mark, take_inside,
};
use super::opens::{count_open, look};
use super::pins::forgive_network;
use super::revocation_row::revocation_in;
use super::values::{damaged, id, secs};
use super::{conflict, visits};
use crate::store::{
    CheckIn, CheckInKind, CheckInOutcome, CheckInRecord, CheckInToken, CheckedIn, Entries,
    EntryRules, FindCheckIn, Found, Judged, LedgerToken, OpenAttempt, OpenIdHash, OpenOutcome,
    Revocation, Standing,
};
use crate::token::{ClaimValue, TokenId};

/// Why an attempt does not pass.
struct Refused {
    outcome: CheckInOutcome,
    because: Option<CheckInRecord>,
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
    let known = match request.token {
        Some(token) => known(conn, list.id, token.id).await?,
        None => Known::default(),
    };
    let because = match (request.token, request.found) {
        (_, Found::Refused(outcome)) => {
            row.outcome = outcome;
            // Its last open may have been the list's own.
            match request.token.filter(|_| outcome == CheckInOutcome::UsedUp) {
                Some(token) => let_in_before(conn, &mut row, token.id, &known.mark).await?,
                None => None,
            }
        }
        (None, Found::Accepted(_) | Found::OnlyOut(_)) => {
            return Err(damaged("a check-in of no token"));
        }
        (Some(token), Found::OnlyOut(rules)) => {
            match request.kind == CheckInKind::Exit && known.mark.inside > 0 {
                true => leave(conn, &request, (token, &known.mark), rules, &mut row).await?,
                false => row.outcome = CheckInOutcome::NotOnList,
            }
            None
        }
        (Some(token), Found::Accepted(rules)) => {
            let judged = match request.kind {
                CheckInKind::Entry => {
                    enter(conn, &list, &request, (token, &known), rules, &mut row).await?
                }
                CheckInKind::Exit => {
                    leave(conn, &request, (token, &known.mark), rules, &mut row).await?;
                    None
                }
            };
            if let Some(refused) = &judged {
                row.outcome = refused.outcome;
            }
            judged.and_then(|refused| refused.because)
        }
    };
    let because_id = because.as_ref().map(|entry| entry.id);
    insert(conn, &row, Some(&request.digest), request.day, because_id).await?;
    if list.is_told {
        tell_check_in(conn, &row).await?;
    }
    if let Some(visit) = request
        .visit
        .as_ref()
        .filter(|_| row.outcome == CheckInOutcome::LetIn)
    {
        visits::keep(conn, &row, visit).await?;
    }
    count_at_gate(conn, &row, 1).await?;
    let let_in = row.outcome == CheckInOutcome::LetIn;
    let revocation = match (row.outcome, row.token, known.revocation) {
        (CheckInOutcome::Revoked, Some(token), None) => revocation(conn, token).await?,
        (CheckInOutcome::Revoked, _, known) => known,
        _ => None,
    };
    Ok(CheckedIn::Judged(Box::new(Judged {
        replayed: false,
        inside: inside(&list, &row, request.found),
        first_at: known.mark.first_at.or(let_in.then_some(row.happened_at)),
        because,
        revocation,
        row,
    })))
}

/// How many are inside now: the transaction holds the list.
fn inside(list: &HeldList, row: &CheckInRecord, found: Found) -> u64 {
    match (row.outcome, found) {
        (CheckInOutcome::LetIn, Found::Accepted(rules)) => list.inside + comes_in(rules),
        (CheckInOutcome::LetOut, _) => list.inside.saturating_sub(row.people),
        _ => list.inside,
    }
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
    (token, Known { mark, revocation }): (CheckInToken, &Known),
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
    if revocation.is_some() {
        return refused(CheckInOutcome::Revoked);
    }
    if token.expires_at.is_some_and(|at| now >= at.plus_secs(60)) {
        return refused(CheckInOutcome::Expired);
    }
    if !may_enter(mark, rules, request.day) {
        let entry = latest_passed(conn, list.id, token.id, Some(CheckInKind::Entry)).await?;
        return Ok(Some(Refused {
            outcome: CheckInOutcome::AlreadyRedeemed,
            because: entry.map(|(entry, _)| entry),
        }));
    }
    let people = u64::from(rules.people);
    let full = rules
        .max_inside
        .is_some_and(|most| list.inside + people > u64::from(most));
    // Whoever could not enter anyway is told that.
    if let Some(outcome) = barred(conn, token, mark, full).await? {
        return refused(outcome);
    }
    if full {
        return refused(CheckInOutcome::ListFull);
    }
    if let Some(token) = ledger_token(token).filter(|_| !mark.opened) {
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
            OpenOutcome::Closed => return refused(CheckInOutcome::Closed),
        }
    }
    let comes_in = comes_in(rules);
    if comes_in > 0 {
        add_inside(conn, list.id, comes_in, rules.max_inside).await?;
    }
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
    .bind(i64::from(mark.opened || token.max_opens.is_some()))
    .bind(column(mark.entries)?)
    .bind(column(mark.inside)?)
    .execute(conn)
    .await?;
    if entered.rows_affected() == 0 {
        return Err(conflict());
    }
    row.outcome = CheckInOutcome::LetIn;
    row.people = people;
    Ok(None)
}

/// How many people a code adds to those inside.
fn comes_in(rules: EntryRules) -> u64 {
    match rules.exits {
        true => u64::from(rules.people),
        false => 0,
    }
}

/// Why a limited code does not enter, as far as nothing is counted to find out.
async fn barred(
    conn: &mut AnyConnection,
    token: CheckInToken,
    known: &Mark,
    full: bool,
) -> Result<Option<CheckInOutcome>, sqlx::Error> {
    let Some(limited) = ledger_token(token) else {
        return Ok(None);
    };
    // Its open is the list's own already, but how often it came since the backup nobody knows.
    if known.opened {
        let closed = is_closed(conn, token.issued_at).await?;
        return Ok(closed.then_some(CheckInOutcome::Closed));
    }
    if !full {
        return Ok(None);
    }
    Ok(match look(conn, limited).await? {
        Standing::UsedUp { .. } => Some(CheckInOutcome::UsedUp),
        Standing::Closed => Some(CheckInOutcome::Closed),
        _ => None,
    })
}

/// Of a code that is used up, and whose document is gone with its last open: whether it is that because it was let in here.
async fn let_in_before(
    conn: &mut AnyConnection,
    row: &mut CheckInRecord,
    token: TokenId,
    known: &Mark,
) -> Result<Option<CheckInRecord>, sqlx::Error> {
    if known.entries == 0 {
        return Ok(None);
    }
    row.outcome = CheckInOutcome::AlreadyRedeemed;
    let entry = latest_passed(conn, row.list, token, Some(CheckInKind::Entry)).await?;
    Ok(entry.map(|(entry, _)| entry))
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
    request: &CheckIn,
    (token, known): (CheckInToken, &Mark),
    rules: EntryRules,
    row: &mut CheckInRecord,
) -> Result<(), sqlx::Error> {
    row.outcome = CheckInOutcome::LetOut;
    row.no_entry = known.inside == 0;
    // A code that enters many times leaves as it came; any other takes all whom it brought.
    row.people = match rules.entries {
        Entries::Many => known.inside.min(u64::from(rules.people)),
        _ => known.inside,
    };
    take_inside(conn, row.list, row.people).await?;
    let left = sqlx::query(
        "INSERT INTO list_tokens (list, token_id, expires_at, entries, inside, last_check_in, opened) \
         VALUES ($1, $2, $3, 0, 0, $4, 0) \
         ON CONFLICT (list, token_id) DO UPDATE SET inside = list_tokens.inside - $5, last_check_in = $4 \
         WHERE list_tokens.inside = $6",
    )
    .bind(&row.list.0[..])
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
