//! Tries at PINs.

use sqlx::AnyConnection;

use super::audit::add_audit_row;
use super::tries::next_try;
use super::values::{Columns as _, damaged, id, secs};
use crate::store::{
    AuditRow, LockedUntil, NetworkTag, PIN_FIRST_LOCK_SECS, PIN_LONGEST_LOCK_SECS,
    PIN_TRIES_PER_NETWORK, PIN_TRIES_PER_TOKEN, PIN_WRONG_PER_TOKEN, PinGate, PinTry,
};
use crate::token::{TokenId, UnixTime};

/// Spends a try. Two statements decide, each by whether a row comes back: [`TRY_OF_NETWORK`], then [`TRY_OF_TOKEN`].
pub(in crate::store) async fn spend_pin_try(
    conn: &mut AnyConnection,
    attempt: PinTry,
) -> Result<PinGate, sqlx::Error> {
    let network = sqlx::query(TRY_OF_NETWORK)
        .bind(id(&attempt.token.id))
        .bind(&attempt.network.0[..])
        .bind(secs(attempt.now))
        .bind(i64::from(PIN_TRIES_PER_NETWORK - 1))
        .bind(signed(PIN_FIRST_LOCK_SECS))
        .bind(signed(PIN_LONGEST_LOCK_SECS))
        .bind(i64::from(PIN_TRIES_PER_TOKEN))
        .bind(i64::from(PIN_WRONG_PER_TOKEN))
        .fetch_optional(&mut *conn)
        .await?;
    let Some(network) = network else {
        return locked(conn, attempt).await;
    };
    let token = attempt.token;
    let tried = sqlx::query(TRY_OF_TOKEN)
        .bind(id(&token.id))
        .bind(secs(token.issued_at))
        .bind(secs(token.expires_at))
        .bind(token.max_opens.map(i64::from))
        .bind(secs(attempt.now))
        .bind(i64::from(PIN_TRIES_PER_TOKEN))
        .bind(i64::from(PIN_WRONG_PER_TOKEN))
        .fetch_optional(&mut *conn)
        .await?;
    let Some(tried) = tried else {
        // Another node took the token's last try since the first statement looked. What the network spent must be its part of
        // what the token has, or a success would forgive one too many. Its own count may be one too high until a reset.
        sqlx::query(
            "UPDATE pin_networks SET spent = spent - 1 WHERE token_id = $1 AND network = $2",
        )
        .bind(id(&token.id))
        .bind(&attempt.network.0[..])
        .execute(&mut *conn)
        .await?;
        return locked(conn, attempt).await;
    };
    // After the fifth try the count is 0 again, and the lock is set.
    let here = match network.count("tries")? {
        0 => 0,
        tries => u64::from(PIN_TRIES_PER_NETWORK).saturating_sub(tries),
    };
    let anywhere = u64::from(PIN_TRIES_PER_TOKEN).saturating_sub(tried.count("pin_tries")?);
    let ever = u64::from(PIN_WRONG_PER_TOKEN).saturating_sub(tried.count("pin_wrong")?);
    let left = here.min(anywhere).min(ever);
    Ok(PinGate::Evaluate {
        attempts_left: u32::try_from(left).map_err(|_| damaged("pin_networks.tries"))?,
    })
}

/// One more try from this network, unless it or the token is locked. The fifth sets the lock that the sixth meets.
const TRY_OF_NETWORK: &str = concat!(
    "INSERT INTO pin_networks (token_id, network, tries, locked_until, lock_seconds, spent) \
     SELECT $1, $2, 1, 0, 0, 1 \
     WHERE NOT EXISTS (SELECT 1 FROM tokens WHERE id = $1 AND (pin_tries >= $7 OR pin_wrong >= $8)) \
     ON CONFLICT (token_id, network) DO UPDATE SET spent = pin_networks.spent + 1, ",
    next_try!("pin_networks"),
    " WHERE pin_networks.locked_until <= $3 RETURNING tries"
);

/// One more try from anywhere, unless the token is purged or waits for a reset.
const TRY_OF_TOKEN: &str = "\
    INSERT INTO tokens (id, issued_at, expires_at, max_opens, opens, pin_tries, pin_wrong, updated_at) \
    SELECT $1, $2, $3, $4, 0, 1, 1, $5 \
    WHERE $3 > (SELECT value FROM counters WHERE name = 'purged_to') \
    ON CONFLICT (id) DO UPDATE SET \
      issued_at = $2, expires_at = $3, max_opens = $4, \
      pin_tries = tokens.pin_tries + 1, pin_wrong = tokens.pin_wrong + 1, updated_at = $5 \
    WHERE tokens.pin_tries < $6 AND tokens.pin_wrong < $7 \
    RETURNING pin_tries, pin_wrong";

/// Why a try was not spent.
async fn locked(conn: &mut AnyConnection, attempt: PinTry) -> Result<PinGate, sqlx::Error> {
    let row = sqlx::query(
        "SELECT counters.value AS purged_to, COALESCE(tokens.pin_tries, 0) AS pin_tries, \
         COALESCE(tokens.pin_wrong, 0) AS pin_wrong, pin_networks.locked_until \
         FROM counters LEFT JOIN tokens ON tokens.id = $1 \
         LEFT JOIN pin_networks ON pin_networks.token_id = $1 AND pin_networks.network = $2 \
         WHERE counters.name = 'purged_to'",
    )
    .bind(id(&attempt.token.id))
    .bind(&attempt.network.0[..])
    .fetch_one(&mut *conn)
    .await?;
    if secs(attempt.token.expires_at) <= row.integer("purged_to")? {
        // No row of the token will ever lead a purge to this one.
        forget_networks(conn, attempt.token.id).await?;
        return Ok(PinGate::Purged);
    }
    if row.count("pin_tries")? >= u64::from(PIN_TRIES_PER_TOKEN)
        || row.count("pin_wrong")? >= u64::from(PIN_WRONG_PER_TOKEN)
    {
        return Ok(PinGate::Locked(LockedUntil::Reset));
    }
    let until = row
        .optional_time("locked_until")?
        .ok_or_else(|| damaged("pin_networks: it neither counted nor is locked"))?;
    Ok(PinGate::Locked(LockedUntil::Time(until)))
}

/// Forgets all tries and locks of a token.
pub(in crate::store) async fn reset_pin(
    conn: &mut AnyConnection,
    token: TokenId,
    now: UnixTime,
    audit: AuditRow,
) -> Result<bool, sqlx::Error> {
    forget_networks(conn, token).await?;
    let known = sqlx::query(
        "UPDATE tokens SET pin_tries = 0, pin_wrong = 0, updated_at = $2 WHERE id = $1",
    )
    .bind(id(&token))
    .bind(secs(now))
    .execute(&mut *conn)
    .await?;
    if known.rows_affected() == 0 {
        return Ok(false);
    }
    add_audit_row(conn, &audit).await?;
    Ok(true)
}

/// Forgets the networks from which a token was tried.
pub(super) async fn forget_networks(
    conn: &mut AnyConnection,
    token: TokenId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM pin_networks WHERE token_id = $1")
        .bind(id(&token))
        .execute(conn)
        .await?;
    Ok(())
}

fn signed(secs: u64) -> i64 {
    i64::try_from(secs).expect("a day fits")
}

/// Somebody knew the PIN: what this network spent is forgiven. Other networks' tries stay, and so does the number of wrong
/// ones, of which the right one was none.
pub(in crate::store) async fn forgive_network(
    conn: &mut AnyConnection,
    token: TokenId,
    network: NetworkTag,
) -> Result<(), sqlx::Error> {
    let known = sqlx::query(
        "DELETE FROM pin_networks WHERE token_id = $1 AND network = $2 RETURNING spent",
    )
    .bind(id(&token))
    .bind(&network.0[..])
    .fetch_optional(&mut *conn)
    .await?;
    let spent = match known {
        Some(row) => row.integer("spent")?,
        None => 0,
    };
    sqlx::query(
        "UPDATE tokens SET \
           pin_tries = CASE WHEN pin_tries > $2 THEN pin_tries - $2 ELSE 0 END, \
           pin_wrong = CASE WHEN pin_wrong > 0 THEN pin_wrong - 1 ELSE 0 END \
         WHERE id = $1",
    )
    .bind(id(&token))
    .bind(spent)
    .execute(conn)
    .await?;
    Ok(())
}
