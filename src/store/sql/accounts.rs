//! Accounts.

use sqlx::AnyConnection;

use super::account_rows::{COLUMNS, account_in, column, hold};
use super::audit::add_audit_row;
use super::second_factors::{has_second_factor, remove_second_factor, take_shown};
use super::sessions::{self, add_session, end_sessions};
use super::values::{Columns as _, damaged, secs};
use crate::store::{
    AccountChange, AccountId, AccountRecord, AllowedBy, AuditRow, ChangeAccount, ChangedAccount,
    FindAccount, NewAccount, PasswordSet, Role, SetPassword, SignIn,
};
use crate::token::UnixTime;

/// The next number.
pub(in crate::store) async fn next_account_id(
    conn: &mut AnyConnection,
) -> Result<AccountId, sqlx::Error> {
    sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'accounts' RETURNING value")
        .fetch_one(conn)
        .await?
        .count("value")
        .map(AccountId)
}

/// Adds an account; `None` if its number or name is taken.
pub(in crate::store) async fn add_account(
    conn: &mut AnyConnection,
    new: NewAccount,
    audit: AuditRow,
) -> Result<Option<AccountRecord>, sqlx::Error> {
    let added = sqlx::query(
        "INSERT INTO accounts (id, name, folded_name, display_name, role, recovery, recovery_ends_at, revision, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) ON CONFLICT DO NOTHING",
    )
    .bind(column(new.id))
    .bind(new.name.as_str())
    .bind(new.folded_name.as_str())
    .bind(new.display_name.as_str())
    .bind(new.role.as_str())
    .bind(&new.recovery.hash.0[..])
    .bind(secs(new.recovery.ends_at))
    .bind(secs(new.now))
    .execute(&mut *conn)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(None);
    }
    add_audit_row(conn, &audit).await?;
    Ok(Some(AccountRecord {
        id: new.id,
        name: new.name,
        display_name: new.display_name,
        role: new.role,
        password: None,
        recovery_ends_at: Some(new.recovery.ends_at),
        revision: 1,
        created_at: new.now,
        disabled_at: None,
        last_signed_in_at: None,
        second_factor_at: None,
    }))
}

/// All accounts, the oldest first.
pub(in crate::store) async fn accounts(
    conn: &mut AnyConnection,
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY id");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(conn);
    rows.await?.iter().map(account_in).collect()
}

/// The account that is meant.
pub(in crate::store) async fn account(
    conn: &mut AnyConnection,
    wanted: FindAccount,
    now: UnixTime,
) -> Result<Option<AccountRecord>, sqlx::Error> {
    let select =
        |which: &str| sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM accounts WHERE {which}"));
    let query = match &wanted {
        FindAccount::Id(id) => sqlx::query(select("id = $1")).bind(column(*id)),
        FindAccount::Name(folded) => sqlx::query(select("folded_name = $1")).bind(folded.as_str()),
        FindAccount::Recovery(hash) => {
            sqlx::query(select("recovery = $1 AND recovery_ends_at > $2"))
                .bind(&hash.0[..])
                .bind(secs(now))
        }
    };
    let row = query.fetch_optional(conn).await?;
    row.as_ref().map(account_in).transpose()
}

/// Changes an account, unless it would be the last admin that goes.
pub(in crate::store) async fn change_account(
    conn: &mut AnyConnection,
    request: ChangeAccount,
    audit: AuditRow,
) -> Result<ChangedAccount, sqlx::Error> {
    hold(conn).await?;
    let (id, now) = (request.id, request.now);
    let Some(before) = account(conn, FindAccount::Id(id), now).await? else {
        return Ok(ChangedAccount::Unknown);
    };
    if request
        .if_revision
        .is_some_and(|seen| seen != before.revision)
    {
        return Ok(ChangedAccount::Conflict(before));
    }
    let goes = match &request.change {
        AccountChange::Described { role, .. } => *role != Role::Admin,
        AccountChange::Disable => true,
        AccountChange::Enable | AccountChange::Recovery { .. } => false,
    };
    if goes && is_admin(&before) && !is_another_admin(conn, id).await? {
        return Ok(ChangedAccount::LastAdmin);
    }
    let (ends_sessions, changed) = match request.change {
        AccountChange::Described { role, display_name } => {
            let other = role != before.role;
            if !other && display_name == before.display_name {
                return Ok(ChangedAccount::Done(before));
            }
            let sql = "UPDATE accounts SET role = $2, display_name = $3, revision = revision + 1 WHERE id = $1";
            let query = sqlx::query(sql)
                .bind(column(id))
                .bind(role.as_str())
                .bind(display_name);
            (other, query)
        }
        AccountChange::Disable if before.disabled_at.is_some() => {
            return Ok(ChangedAccount::Done(before));
        }
        AccountChange::Enable if before.disabled_at.is_none() => {
            return Ok(ChangedAccount::Done(before));
        }
        AccountChange::Disable => {
            let sql = "UPDATE accounts SET disabled_at = $2, recovery = NULL, recovery_ends_at = NULL, \
                       revision = revision + 1 WHERE id = $1";
            (true, sqlx::query(sql).bind(column(id)).bind(secs(now)))
        }
        AccountChange::Enable => {
            let sql =
                "UPDATE accounts SET disabled_at = NULL, revision = revision + 1 WHERE id = $1";
            (false, sqlx::query(sql).bind(column(id)))
        }
        AccountChange::Recovery {
            code: new,
            resets_second_factor,
        } => {
            if resets_second_factor {
                remove_second_factor(conn, id).await?;
            }
            let sql = "UPDATE accounts SET password = NULL, recovery = $2, recovery_ends_at = $3, revision = revision + 1 WHERE id = $1";
            let query = sqlx::query(sql)
                .bind(column(id))
                .bind(new.hash.0.to_vec())
                .bind(secs(new.ends_at));
            (true, query)
        }
    };
    changed.execute(&mut *conn).await?;
    if ends_sessions {
        end_sessions(conn, id).await?;
    }
    add_audit_row(conn, &audit).await?;
    let after = account(conn, FindAccount::Id(id), now).await?;
    after
        .map(ChangedAccount::Done)
        .ok_or_else(|| damaged("accounts: what was changed is gone"))
}

fn is_admin(account: &AccountRecord) -> bool {
    account.role == Role::Admin && account.disabled_at.is_none()
}

async fn is_another_admin(conn: &mut AnyConnection, id: AccountId) -> Result<bool, sqlx::Error> {
    let other = sqlx::query(
        "SELECT id FROM accounts WHERE id <> $1 AND role = 'admin' AND disabled_at IS NULL LIMIT 1",
    )
    .bind(column(id))
    .fetch_optional(conn)
    .await?;
    Ok(other.is_some())
}

/// Sets a password and begins a session, if what allows it is good still.
pub(in crate::store) async fn set_password(
    conn: &mut AnyConnection,
    request: SetPassword,
    audit: AuditRow,
) -> Result<PasswordSet, sqlx::Error> {
    hold(conn).await?;
    let set = "UPDATE accounts SET password = $2, recovery = NULL, recovery_ends_at = NULL, revision = revision + 1, \
               last_signed_in_at = $3 WHERE id = $1 AND disabled_at IS NULL AND ";
    let (sql, allowed): (_, Vec<u8>) = match &request.allowed_by {
        AllowedBy::Recovery(hash) => (
            format!("{set} recovery = $4 AND recovery_ends_at > $3"),
            hash.0.to_vec(),
        ),
        AllowedBy::Password(..) => (format!("{set} password = $4"), Vec::new()),
    };
    let query = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(column(request.id))
        .bind(request.password.0.as_str())
        .bind(secs(request.now));
    let query = match &request.allowed_by {
        AllowedBy::Recovery(_) => query.bind(allowed),
        AllowedBy::Password(before, _) => query.bind(before.0.as_str()),
    };
    if query.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(PasswordSet::Refused);
    }
    if let AllowedBy::Password(_, tries) = request.allowed_by {
        sessions::forgive(conn, tries).await?;
    }
    end_sessions(conn, request.id).await?;
    add_audit_row(conn, &audit).await?;
    // Whoever knows the password before is in a session that the second factor began.
    if let AllowedBy::Recovery(_) = request.allowed_by
        && has_second_factor(conn, request.id).await?
    {
        return Ok(PasswordSet::NeedsSecondFactor);
    }
    add_session(conn, request.id, &request.session, request.now).await?;
    Ok(PasswordSet::SignedIn)
}

/// Begins a session, if the password that was compared is that of the account still, and its second factor was shown where it
/// has one; whether it began.
pub(in crate::store) async fn sign_in(
    conn: &mut AnyConnection,
    request: SignIn,
    audit: AuditRow,
) -> Result<bool, sqlx::Error> {
    hold(conn).await?;
    let id = request.id;
    let known = sqlx::query(
        "SELECT id FROM accounts WHERE id = $1 AND password = $2 AND disabled_at IS NULL",
    )
    .bind(column(id))
    .bind(request.password.0.as_str())
    .fetch_optional(&mut *conn)
    .await?;
    let proved = match (&request.shown, known) {
        (_, None) => false,
        (Some(shown), _) => take_shown(conn, id, shown).await?,
        (None, _) => !has_second_factor(conn, id).await?,
    };
    if !proved {
        return Ok(false);
    }
    let now = request.tries.now;
    let password = request.rehashed.as_ref().unwrap_or(&request.password);
    sqlx::query("UPDATE accounts SET last_signed_in_at = $2, password = $3 WHERE id = $1")
        .bind(column(id))
        .bind(secs(now))
        .bind(password.0.as_str())
        .execute(&mut *conn)
        .await?;
    sessions::forgive(conn, request.tries).await?;
    add_session(conn, id, &request.session, now).await?;
    add_audit_row(conn, &audit).await?;
    Ok(true)
}
