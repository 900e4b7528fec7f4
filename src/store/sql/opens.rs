//! Opens: counting them, looking without counting, and erasing what is told about them.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::audit::add_audit_row;
use super::conflict;
use super::events::{Happened, place_of_open, tell};
use super::pins::forgive_network;
use super::records::end_record_soon;
use super::revocation_row::revocation_in;
use super::values::{Columns as _, damaged, id, secs};
use crate::store::{
    AuditRow, Counted, Erased, EventKind, LedgerEntry, LedgerToken, OpenAttempt, OpenOutcome,
    PIN_TRIES_PER_TOKEN, PIN_WRONG_PER_TOKEN, REPEAT_SECS, Standing,
};
use crate::token::{TokenId, UnixTime};

/// Of so many opens one also takes out the token's older opens, which no receipt lists.
const TRIM_EVERY: u64 = 32;

/// Counts an open, or says why not. One statement decides: [`COUNT`].
pub(in crate::store) async fn count_open(
    conn: &mut AnyConnection,
    attempt: OpenAttempt,
) -> Result<OpenOutcome, sqlx::Error> {
    // First: every operation takes the rows of a network before those of its token, so that none waits for another in a ring.
    if let Some(network) = attempt.pin_from {
        forgive_network(conn, attempt.token.id, network).await?;
    }
    let token = attempt.token;
    let window = Window::around(attempt.now);
    let counted = sqlx::query(COUNT)
        .bind(id(&token.id))
        .bind(secs(token.issued_at))
        .bind(secs(token.expires_at))
        .bind(token.max_opens.map(i64::from))
        .bind(secs(attempt.now))
        .bind(&attempt.open_id.0[..])
        .bind(window.from)
        .bind(window.to)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(counted) = counted else {
        return not_counted(conn, attempt, window).await;
    };
    let opens = counted.count("opens")?;
    record(conn, attempt, opens, window).await?;
    let is_told = counted.count("targets")? > 0;
    let data = format!("{{\"opens\":{opens}}}");
    let happened = |kind, place| Happened {
        kind,
        token_id: token.id,
        at: attempt.now,
        place,
        data: &data,
    };
    let place = place_of_open(opens);
    if is_told {
        tell(conn, happened(EventKind::TokenOpened, place)).await?;
    }
    if token.max_opens.is_some_and(|most| opens >= u64::from(most)) {
        if counted.count("records")? > 0 {
            end_record_soon(conn, token.id, attempt.now).await?;
        }
        if is_told {
            tell(conn, happened(EventKind::TokenUsedUp, place + 1)).await?;
        }
    }
    if opens.is_multiple_of(TRIM_EVERY) {
        trim(conn, token.id, opens, window).await?;
    }
    Ok(OpenOutcome::Counted(Counted {
        opens,
        repeated: false,
    }))
}

/// Adds one to the opens of a token if it may: it is not purged and not closed, this is no repeat, it is not revoked, and an open is left.
/// A row comes back if it did. Two at the same time cannot both take the last open: the second waits for the first's row
/// and sees its count. It comes with what is to be done besides: on the way to the database a statement costs more than what it
/// does.
const COUNT: &str = "\
    INSERT INTO tokens (id, issued_at, expires_at, max_opens, opens, first_opened_at, last_opened_at, pin_tries, updated_at) \
    SELECT $1, $2, $3, $4, 1, $5, $5, 0, $5 \
    WHERE $3 > (SELECT value FROM counters WHERE name = 'purged_to') \
      AND $2 > (SELECT value FROM counters WHERE name = 'closed_to') \
      AND NOT EXISTS (SELECT 1 FROM opens WHERE token_id = $1 AND open_id = $6 AND opened_at >= $7 AND opened_at <= $8) \
    ON CONFLICT (id) DO UPDATE SET \
      issued_at = $2, expires_at = $3, max_opens = $4, \
      opens = tokens.opens + 1, \
      first_opened_at = CASE WHEN tokens.opens = 0 THEN $5 ELSE tokens.first_opened_at END, \
      last_opened_at = $5, \
      updated_at = $5 \
    WHERE tokens.revocation IS NULL AND ($4 IS NULL OR tokens.opens < $4) \
    RETURNING opens, (SELECT COUNT(*) FROM event_targets) AS targets, \
      (SELECT COUNT(*) FROM records WHERE token_id = $1 AND record IS NOT NULL) AS records";

/// The times of opens that an attempt now can be a repeat of. Both ways: after the clock was set back, an open of the
/// future must not be repeatable for longer than one of the past.
#[derive(Clone, Copy)]
struct Window {
    from: i64,
    to: i64,
}

impl Window {
    fn around(now: UnixTime) -> Self {
        let now = secs(now);
        let span = i64::try_from(REPEAT_SECS).expect("two minutes fit");
        Self {
            from: now.saturating_sub(span),
            to: now.saturating_add(span),
        }
    }
}

/// Why [`COUNT`] did not: the first reason that holds.
async fn not_counted(
    conn: &mut AnyConnection,
    attempt: OpenAttempt,
    window: Window,
) -> Result<OpenOutcome, sqlx::Error> {
    let token = attempt.token;
    let Some(row) = token_row(conn, token).await? else {
        return Ok(OpenOutcome::Purged);
    };
    if let Some(revocation) = revocation_in(&row)? {
        return Ok(OpenOutcome::Revoked(revocation));
    }
    let repeated = sqlx::query(
        "SELECT number FROM opens WHERE token_id = $1 AND open_id = $2 AND opened_at >= $3 AND opened_at <= $4",
    )
    .bind(id(&token.id))
    .bind(&attempt.open_id.0[..])
    .bind(window.from)
    .bind(window.to)
    .fetch_optional(&mut *conn)
    .await?;
    let opens = row.count("opens")?;
    if repeated.is_some() {
        return Ok(OpenOutcome::Counted(Counted {
            opens,
            repeated: true,
        }));
    }
    match token.max_opens {
        Some(most) if opens >= u64::from(most) => Ok(OpenOutcome::UsedUp {
            last_opened_at: row.optional_time("last_opened_at")?,
        }),
        _ if is_closed(&row, token)? => Ok(OpenOutcome::Closed),
        _ => Err(damaged("tokens: it neither counted nor says why")),
    }
}

/// The token's row; `None` if it is purged. A token that the ledger never met has a row without an `id`.
async fn token_row(
    conn: &mut AnyConnection,
    token: LedgerToken,
) -> Result<Option<AnyRow>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT counters.value AS purged_to, (SELECT value FROM counters WHERE name = 'closed_to') AS closed_to, tokens.id, COALESCE(tokens.opens, 0) AS opens, tokens.last_opened_at, \
         COALESCE(tokens.pin_tries, 0) AS pin_tries, COALESCE(tokens.pin_wrong, 0) AS pin_wrong, tokens.expires_at, tokens.revocation, tokens.revoked_at, \
         tokens.revoked_reason, tokens.revoked_by_holder \
         FROM counters LEFT JOIN tokens ON tokens.id = $1 WHERE counters.name = 'purged_to'",
    )
    .bind(id(&token.id))
    .fetch_one(conn)
    .await?;
    let purged = secs(token.expires_at) <= row.integer("purged_to")?;
    Ok((!purged).then_some(row))
}

/// Whether it was issued before the store was restored.
fn is_closed(row: &AnyRow, token: LedgerToken) -> Result<bool, sqlx::Error> {
    Ok(secs(token.issued_at) <= row.integer("closed_to")?)
}

/// Writes down the open that was counted.
async fn record(
    conn: &mut AnyConnection,
    attempt: OpenAttempt,
    number: u64,
    window: Window,
) -> Result<(), sqlx::Error> {
    if insert(conn, attempt, number).await? {
        return Ok(());
    }
    // The same `open_id` counted before. Either long ago: then it is free again.
    let freed = sqlx::query(
        "UPDATE opens SET open_id = NULL \
         WHERE token_id = $1 AND open_id = $2 AND (opened_at < $3 OR opened_at > $4)",
    )
    .bind(id(&attempt.token.id))
    .bind(&attempt.open_id.0[..])
    .bind(window.from)
    .bind(window.to)
    .execute(&mut *conn)
    .await?;
    if freed.rows_affected() == 1 && insert(conn, attempt, number).await? {
        return Ok(());
    }
    // Or a moment ago, while this one waited for it: it is a repeat, and this transaction must not count it.
    Err(conflict())
}

async fn insert(
    conn: &mut AnyConnection,
    attempt: OpenAttempt,
    number: u64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO opens (token_id, number, open_id, opened_at, suspected_bot, erased) VALUES ($1, $2, $3, $4, $5, 0) \
         ON CONFLICT (token_id, open_id) DO NOTHING",
    )
    .bind(id(&attempt.token.id))
    .bind(i64::try_from(number).map_err(|_| damaged("tokens.opens"))?)
    .bind(&attempt.open_id.0[..])
    .bind(secs(attempt.now))
    .bind(i64::from(attempt.suspected_bot))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes out opens that are neither listed nor repeatable.
async fn trim(
    conn: &mut AnyConnection,
    token: TokenId,
    opens: u64,
    window: Window,
) -> Result<(), sqlx::Error> {
    let listed = u64::try_from(LedgerEntry::MAX_OPENS_LISTED).expect("a hundred fits");
    let Some(last) = opens.checked_sub(listed) else {
        return Ok(());
    };
    sqlx::query(
        "DELETE FROM opens WHERE token_id = $1 AND number <= $2 AND (opened_at < $3 OR opened_at > $4)",
    )
    .bind(id(&token))
    .bind(i64::try_from(last).map_err(|_| damaged("tokens.opens"))?)
    .bind(window.from)
    .bind(window.to)
    .execute(conn)
    .await?;
    Ok(())
}

/// Where an attempt would stand.
pub(in crate::store) async fn look(
    conn: &mut AnyConnection,
    token: LedgerToken,
) -> Result<Standing, sqlx::Error> {
    let Some(row) = token_row(conn, token).await? else {
        return Ok(Standing::Purged);
    };
    if let Some(revocation) = revocation_in(&row)? {
        return Ok(Standing::Revoked(revocation));
    }
    let opens = row.count("opens")?;
    if token.max_opens.is_some_and(|most| opens >= u64::from(most)) {
        return Ok(Standing::UsedUp {
            last_opened_at: row.optional_time("last_opened_at")?,
        });
    }
    if is_closed(&row, token)? {
        return Ok(Standing::Closed);
    }
    if row.count("pin_tries")? >= u64::from(PIN_TRIES_PER_TOKEN)
        || row.count("pin_wrong")? >= u64::from(PIN_WRONG_PER_TOKEN)
    {
        return Ok(Standing::PinLocked);
    }
    Ok(Standing::Open { opens })
}

/// Erases when and how a token was opened. What can still be repeated stays two minutes, unseen: without it a repeat would
/// count as a second open.
pub(in crate::store) async fn erase_opens(
    conn: &mut AnyConnection,
    token: TokenId,
    now: UnixTime,
    audit: AuditRow,
) -> Result<Erased, sqlx::Error> {
    let known = sqlx::query(
        "UPDATE tokens SET first_opened_at = NULL, last_opened_at = NULL, updated_at = $2 WHERE id = $1",
    )
    .bind(id(&token))
    .bind(secs(now))
    .execute(&mut *conn)
    .await?;
    if known.rows_affected() == 0 {
        return Ok(Erased::Unknown);
    }
    let window = Window::around(now);
    sqlx::query("DELETE FROM opens WHERE token_id = $1 AND (opened_at < $2 OR opened_at > $3)")
        .bind(id(&token))
        .bind(window.from)
        .bind(window.to)
        .execute(&mut *conn)
        .await?;
    sqlx::query("UPDATE opens SET erased = 1 WHERE token_id = $1")
        .bind(id(&token))
        .execute(&mut *conn)
        .await?;
    add_audit_row(conn, &audit).await?;
    Ok(Erased::Done)
}

/// Takes out erased opens that can no longer be repeated.
pub(super) async fn purge_erased(
    conn: &mut AnyConnection,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    let window = Window::around(now);
    sqlx::query("DELETE FROM opens WHERE erased = 1 AND (opened_at < $1 OR opened_at > $2)")
        .bind(window.from)
        .bind(window.to)
        .execute(conn)
        .await?;
    Ok(())
}
