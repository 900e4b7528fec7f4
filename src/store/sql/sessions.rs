//! Sessions, and tries at beginning one.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::account_rows::{COLUMNS, account_in, column};
use super::audit::add_audit_row;
use super::tries::next_try;
use super::values::{Columns as _, secs};
use crate::store::{
    AccountId, AccountRecord, AuditRow, NewSession, PIN_FIRST_LOCK_SECS, PIN_LONGEST_LOCK_SECS,
    PIN_TRIES_PER_NETWORK, SESSION_IDLE_SECS, SESSION_SECS, SESSIONS_PER_ACCOUNT, SecretHash,
    SessionRecord, SessionUse, SignInGate, SignInTry,
};
use crate::token::UnixTime;

/// One more try of whoever has the place, unless it is locked.
const TRY: &str = concat!(
    "INSERT INTO sign_in_tries (place, who, tries, locked_until, lock_seconds, tried_at) VALUES ($1, $2, 1, 0, 0, $3) \
     ON CONFLICT (place) DO UPDATE SET tried_at = $3, ",
    next_try!("sign_in_tries"),
    " WHERE sign_in_tries.locked_until <= $3 RETURNING tries"
);

/// Spends a try.
pub(in crate::store) async fn spend_sign_in_try(
    conn: &mut AnyConnection,
    attempt: SignInTry,
) -> Result<SignInGate, sqlx::Error> {
    sqlx::query("DELETE FROM sign_in_tries WHERE place = $1 AND who <> $2")
        .bind(i64::from(attempt.place))
        .bind(&attempt.who[..])
        .execute(&mut *conn)
        .await?;
    let spent = sqlx::query(TRY)
        .bind(i64::from(attempt.place))
        .bind(&attempt.who[..])
        .bind(secs(attempt.now))
        .bind(i64::from(PIN_TRIES_PER_NETWORK - 1))
        .bind(signed(PIN_FIRST_LOCK_SECS))
        .bind(signed(PIN_LONGEST_LOCK_SECS))
        .fetch_optional(&mut *conn)
        .await?;
    if spent.is_some() {
        return Ok(SignInGate::Evaluate);
    }
    let row = sqlx::query("SELECT locked_until FROM sign_in_tries WHERE place = $1")
        .bind(i64::from(attempt.place))
        .fetch_one(conn)
        .await?;
    Ok(SignInGate::Locked(row.time("locked_until")?))
}

/// Forgets the tries of whoever signed in.
pub(super) async fn forgive(
    conn: &mut AnyConnection,
    attempt: SignInTry,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sign_in_tries WHERE place = $1 AND who = $2")
        .bind(i64::from(attempt.place))
        .bind(&attempt.who[..])
        .execute(conn)
        .await?;
    Ok(())
}

/// Begins a session; of too many the one that was unused longest ends.
pub(super) async fn add_session(
    conn: &mut AnyConnection,
    account: AccountId,
    session: &NewSession,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE account = $1 \
         ORDER BY used_at DESC, created_at DESC LIMIT 1000 OFFSET $2)",
    )
    .bind(column(account))
    .bind(i64::from(SESSIONS_PER_ACCOUNT - 1))
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO sessions (hash, id, account, created_at, used_at, ends_at, confirmed_at, browser) \
         VALUES ($1, $2, $3, $4, $4, $5, $4, $6)",
    )
    .bind(&session.hash.0[..])
    .bind(&session.id[..])
    .bind(column(account))
    .bind(secs(now))
    .bind(secs(now.plus_secs(SESSION_SECS)))
    .bind(session.browser.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends all sessions of an account.
pub(super) async fn end_sessions(
    conn: &mut AnyConnection,
    account: AccountId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE account = $1")
        .bind(column(account))
        .execute(conn)
        .await?;
    Ok(())
}

/// The session that a browser holds, with its account, if it has not ended.
pub(in crate::store) async fn session(
    conn: &mut AnyConnection,
    hash: SecretHash,
    now: UnixTime,
) -> Result<Option<(SessionRecord, AccountRecord)>, sqlx::Error> {
    let sql = format!(
        "SELECT sessions.id, account, sessions.created_at, used_at, ends_at, confirmed_at, browser, {COLUMNS} \
         FROM sessions JOIN accounts ON accounts.id = sessions.account \
         WHERE hash = $1 AND ends_at > $2 AND used_at > $3 AND disabled_at IS NULL"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(&hash.0[..])
        .bind(secs(now))
        .bind(unused_since(now))
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok((session_in(&row)?, account_in(&row)?)))
        .transpose()
}

/// The sessions of an account that have not ended, the latest use first.
pub(in crate::store) async fn sessions(
    conn: &mut AnyConnection,
    account: AccountId,
    now: UnixTime,
) -> Result<Vec<SessionRecord>, sqlx::Error> {
    sqlx::query(
        "SELECT id, account, created_at, used_at, ends_at, confirmed_at, browser FROM sessions \
         WHERE account = $1 AND ends_at > $2 AND used_at > $3 ORDER BY used_at DESC, created_at DESC, id",
    )
    .bind(column(account))
    .bind(secs(now))
    .bind(unused_since(now))
    .fetch_all(conn)
    .await?
    .iter()
    .map(session_in)
    .collect()
}

/// Notes what happened with a session; whether there is one.
pub(in crate::store) async fn use_session(
    conn: &mut AnyConnection,
    hash: SecretHash,
    how: SessionUse,
    now: UnixTime,
) -> Result<bool, sqlx::Error> {
    let sql = match how {
        SessionUse::Used => "UPDATE sessions SET used_at = $2 WHERE hash = $1 AND used_at < $2",
        SessionUse::Confirmed(_) => "UPDATE sessions SET confirmed_at = $2 WHERE hash = $1",
    };
    let at = match how {
        SessionUse::Used => secs(now) / 60 * 60,
        SessionUse::Confirmed(_) => secs(now),
    };
    let used = sqlx::query(sql)
        .bind(&hash.0[..])
        .bind(at)
        .execute(&mut *conn)
        .await?;
    if let SessionUse::Confirmed(tries) = how {
        forgive(conn, tries).await?;
    }
    Ok(used.rows_affected() == 1)
}

/// Ends one session of an account; whether there was one.
pub(in crate::store) async fn end_session(
    conn: &mut AnyConnection,
    account: AccountId,
    id: [u8; 12],
    audit: AuditRow,
) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query("DELETE FROM sessions WHERE account = $1 AND id = $2")
        .bind(column(account))
        .bind(&id[..])
        .execute(&mut *conn)
        .await?;
    if ended.rows_affected() == 0 {
        return Ok(false);
    }
    add_audit_row(conn, &audit).await?;
    Ok(true)
}

/// Takes out sessions that have ended.
pub(super) async fn purge_sessions(
    conn: &mut AnyConnection,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE ends_at <= $1 OR used_at <= $2")
        .bind(secs(now))
        .bind(unused_since(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes out tries that nobody followed up for a day after their lock, if they set one; whether there may be more.
pub(super) async fn purge_sign_in_tries(
    conn: &mut AnyConnection,
    now: UnixTime,
    most: i64,
) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query(
        "DELETE FROM sign_in_tries WHERE place IN (SELECT place FROM sign_in_tries \
         WHERE tried_at <= $1 AND locked_until <= $1 ORDER BY tried_at LIMIT $2)",
    )
    .bind(secs(now).saturating_sub(signed(PIN_LONGEST_LOCK_SECS)))
    .bind(most)
    .execute(conn)
    .await?;
    Ok(gone.rows_affected() >= most.unsigned_abs())
}

/// A session that was not used since then has ended.
fn unused_since(now: UnixTime) -> i64 {
    secs(now).saturating_sub(signed(SESSION_IDLE_SECS))
}

fn signed(secs: u64) -> i64 {
    i64::try_from(secs).expect("a day fits")
}

fn session_in(row: &AnyRow) -> Result<SessionRecord, sqlx::Error> {
    Ok(SessionRecord {
        id: row.bytes("id")?,
        account: AccountId(row.count("account")?),
        created_at: row.time("created_at")?,
        used_at: row.time("used_at")?,
        ends_at: row.time("ends_at")?,
        confirmed_at: row.time("confirmed_at")?,
        browser: row.text("browser")?,
    })
}
