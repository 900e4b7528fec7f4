//! Second factors of accounts, and tries at them.

use sqlx::AnyConnection;

use super::account_rows::{column, hold};
use super::audit::add_audit_row;
use super::tries::next_try;
use super::values::{Columns as _, damaged, secs};
use crate::store::{
    AccountId, AuditRow, ChangeSecondFactor, NewSecondFactor, PIN_FIRST_LOCK_SECS,
    PIN_LONGEST_LOCK_SECS, PIN_TRIES_PER_NETWORK, SecondFactorChange, SecondFactorRecord,
    SecretHash, ShownFactor, SignInGate,
};
use crate::token::{Slot, UnixTime};

/// The second factor of an account.
pub(in crate::store) async fn second_factor(
    conn: &mut AnyConnection,
    account: AccountId,
) -> Result<Option<SecondFactorRecord>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT slot, secret, step, created_at, \
         (SELECT COUNT(*) FROM backup_codes WHERE backup_codes.account = second_factors.account) AS backup_codes \
         FROM second_factors WHERE account = $1",
    )
    .bind(column(account))
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let slot = u8::try_from(row.integer("slot")?).ok();
        let slot = slot.and_then(|slot| Slot::try_from(slot).ok());
        Ok(SecondFactorRecord {
            slot: slot.ok_or_else(|| damaged("second_factors.slot"))?,
            secret: row.blob("secret")?,
            step: row.count("step")?,
            created_at: row.time("created_at")?,
            backup_codes: row.count("backup_codes")?,
        })
    })
    .transpose()
}

/// One more try at the second factor of an account, unless it is locked. `$2`: the secret that is tried at.
const TRY: &str = concat!(
    "UPDATE second_factors SET ",
    next_try!("second_factors"),
    " WHERE account = $1 AND secret = $2 AND locked_until <= $3 RETURNING tries"
);

/// Spends a try. Where there is no such second factor, there is nothing to find out.
pub(in crate::store) async fn spend_second_factor_try(
    conn: &mut AnyConnection,
    account: AccountId,
    secret: Vec<u8>,
    now: UnixTime,
) -> Result<SignInGate, sqlx::Error> {
    let signed = |secs: u64| i64::try_from(secs).expect("a day fits");
    let spent = sqlx::query(TRY)
        .bind(column(account))
        .bind(secret)
        .bind(secs(now))
        .bind(i64::from(PIN_TRIES_PER_NETWORK - 1))
        .bind(signed(PIN_FIRST_LOCK_SECS))
        .bind(signed(PIN_LONGEST_LOCK_SECS))
        .fetch_optional(&mut *conn)
        .await?;
    if spent.is_some() {
        return Ok(SignInGate::Evaluate);
    }
    let row = sqlx::query(
        "SELECT locked_until FROM second_factors WHERE account = $1 AND locked_until > $2",
    )
    .bind(column(account))
    .bind(secs(now))
    .fetch_optional(conn)
    .await?;
    row.map_or(Ok(SignInGate::Evaluate), |row| {
        row.time("locked_until").map(SignInGate::Locked)
    })
}

/// Takes what was shown, if it counts still, and forgives the tries before; whether it counted. One conditional statement
/// decides. The next lock is half as long as it would have been, not the first again: the tries may have been a stranger's.
pub(super) async fn take_shown(
    conn: &mut AnyConnection,
    account: AccountId,
    shown: &ShownFactor,
) -> Result<bool, sqlx::Error> {
    let counted = match shown {
        ShownFactor::Totp { secret, step } => sqlx::query(
            "UPDATE second_factors SET step = $3 WHERE account = $1 AND secret = $2 AND step < $3",
        )
        .bind(column(account))
        .bind(secret.as_slice())
        .bind(i64::try_from(*step).unwrap_or(i64::MAX))
        .execute(&mut *conn)
        .await?,
        ShownFactor::Backup(hash) => {
            sqlx::query("DELETE FROM backup_codes WHERE account = $1 AND hash = $2")
                .bind(column(account))
                .bind(&hash.0[..])
                .execute(&mut *conn)
                .await?
        }
    };
    if counted.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE second_factors SET tries = 0, locked_until = 0, \
         lock_seconds = CASE WHEN lock_seconds > $2 THEN lock_seconds / 2 ELSE 0 END WHERE account = $1",
    )
    .bind(column(account))
    .bind(i64::try_from(PIN_FIRST_LOCK_SECS).expect("a day fits"))
    .execute(conn)
    .await?;
    Ok(true)
}

/// Whether an account has a second factor.
pub(super) async fn has_second_factor(
    conn: &mut AnyConnection,
    account: AccountId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT account FROM second_factors WHERE account = $1")
        .bind(column(account))
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Takes the second factor of an account out, with its backup codes.
pub(super) async fn remove_second_factor(
    conn: &mut AnyConnection,
    account: AccountId,
) -> Result<(), sqlx::Error> {
    for table in ["second_factors", "backup_codes"] {
        let sql = format!("DELETE FROM {table} WHERE account = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(column(account))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Changes a second factor, in a session that has not ended; whether it did.
pub(in crate::store) async fn change_second_factor(
    conn: &mut AnyConnection,
    request: ChangeSecondFactor,
    audit: AuditRow,
) -> Result<bool, sqlx::Error> {
    hold(conn).await?;
    let (id, session) = (request.account, request.session);
    let alive = sqlx::query("SELECT account FROM sessions WHERE account = $1 AND hash = $2")
        .bind(column(id))
        .bind(&session.0[..])
        .fetch_optional(&mut *conn)
        .await?;
    if alive.is_none() {
        return Ok(false);
    }
    let changed = match &request.change {
        SecondFactorChange::Set(new) => add(conn, id, new, request.now).await?,
        SecondFactorChange::BackupCodes(shown, hashes) => {
            let counted = take_shown(conn, id, shown).await?;
            if counted {
                sqlx::query("DELETE FROM backup_codes WHERE account = $1")
                    .bind(column(id))
                    .execute(&mut *conn)
                    .await?;
                add_backup_codes(conn, id, hashes).await?;
            }
            counted
        }
        SecondFactorChange::Remove(shown) => {
            let counted = take_shown(conn, id, shown).await?;
            if counted {
                remove_second_factor(conn, id).await?;
            }
            counted
        }
    };
    if !changed {
        return Ok(false);
    }
    sqlx::query("UPDATE accounts SET revision = revision + 1 WHERE id = $1")
        .bind(column(id))
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM sessions WHERE account = $1 AND hash <> $2")
        .bind(column(id))
        .bind(&session.0[..])
        .execute(&mut *conn)
        .await?;
    add_audit_row(conn, &audit).await?;
    Ok(true)
}

async fn add(
    conn: &mut AnyConnection,
    account: AccountId,
    new: &NewSecondFactor,
    now: UnixTime,
) -> Result<bool, sqlx::Error> {
    let added = sqlx::query(
        "INSERT INTO second_factors (account, slot, secret, step, created_at, tries, locked_until, lock_seconds) \
         VALUES ($1, $2, $3, $4, $5, 0, 0, 0) ON CONFLICT DO NOTHING",
    )
    .bind(column(account))
    .bind(i64::from(u8::from(new.slot)))
    .bind(new.secret.as_slice())
    .bind(i64::try_from(new.step).unwrap_or(i64::MAX))
    .bind(secs(now))
    .execute(&mut *conn)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    add_backup_codes(conn, account, &new.backup_codes).await?;
    Ok(true)
}

async fn add_backup_codes(
    conn: &mut AnyConnection,
    account: AccountId,
    hashes: &[SecretHash],
) -> Result<(), sqlx::Error> {
    for hash in hashes {
        sqlx::query(
            "INSERT INTO backup_codes (account, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(column(account))
        .bind(&hash.0[..])
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
