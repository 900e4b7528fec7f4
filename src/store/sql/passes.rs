//! Passes: drawn, used once, revoked.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::MAX_PAGE;
use super::audit::add_audit_row;
use super::lists::principal;
use super::values::{Columns as _, secs};
use crate::store::{FindPass, ListId, NewPass, PassId, PassQuery, PassRecord, RevokePass, UsePass};
use crate::token::UnixTime;

const COLUMNS: &str =
    "id, list, note, made_by, created_at, ends_at, used_at, browser, revoked_at, revoked_by";

/// The list of a pass is there.
const HAS_LIST: &str =
    "EXISTS (SELECT 1 FROM lists WHERE lists.id = passes.list AND lists.deleted_at IS NULL)";

/// The next number.
pub(in crate::store) async fn next_pass_id(
    conn: &mut AnyConnection,
) -> Result<PassId, sqlx::Error> {
    sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'passes' RETURNING value")
        .fetch_one(conn)
        .await?
        .count("value")
        .map(PassId)
}

/// Adds a pass, unless so many of its list are good already, or the list is gone; whether it did.
pub(in crate::store) async fn add_pass(
    conn: &mut AnyConnection,
    new: NewPass,
) -> Result<bool, sqlx::Error> {
    // Whoever draws another one for this list waits.
    let held = sqlx::query("UPDATE lists SET inside = inside WHERE id = $1 AND deleted_at IS NULL")
        .bind(&new.list.0[..])
        .execute(&mut *conn)
        .await?;
    if held.rows_affected() == 0 {
        return Ok(false);
    }
    let good = sqlx::query(
        "SELECT COUNT(*) AS good FROM passes WHERE list = $1 AND revoked_at IS NULL AND ends_at > $2",
    )
    .bind(&new.list.0[..])
    .bind(secs(new.now))
    .fetch_one(&mut *conn)
    .await?
    .count("good")?;
    if good >= u64::from(new.most) {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO passes (id, list, code, note, made_by, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(column(new.id))
    .bind(&new.list.0[..])
    .bind(&new.code.0[..])
    .bind(new.note)
    .bind(new.made_by.to_string())
    .bind(secs(new.now))
    .bind(secs(new.ends_at))
    .execute(&mut *conn)
    .await?;
    add_audit_row(conn, &new.audit).await?;
    Ok(true)
}

/// The pass that is meant, unless its list is gone.
pub(in crate::store) async fn find_pass(
    conn: &mut AnyConnection,
    wanted: FindPass,
    now: UnixTime,
) -> Result<Option<PassRecord>, sqlx::Error> {
    let condition = match wanted {
        FindPass::Code(_) => "code = $1",
        FindPass::Session(_) => "session = $1 AND revoked_at IS NULL AND ends_at > $2",
        FindPass::Id(..) => "list = $1 AND id = $2",
    };
    let sql = format!("SELECT {COLUMNS} FROM passes WHERE {condition} AND {HAS_LIST}");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql));
    let query = match wanted {
        FindPass::Code(hash) => query.bind(hash.0.to_vec()),
        FindPass::Session(hash) => query.bind(hash.0.to_vec()).bind(secs(now)),
        FindPass::Id(list, id) => query.bind(list.0.to_vec()).bind(column(id)),
    };
    let row = query.fetch_optional(conn).await?;
    row.as_ref().map(pass_in).transpose()
}

/// A page of the passes of a list, the newest first, and where the next one begins.
pub(in crate::store) async fn passes(
    conn: &mut AnyConnection,
    query: PassQuery,
) -> Result<(Vec<PassRecord>, Option<PassId>), sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let sql = format!(
        "SELECT {COLUMNS} FROM passes WHERE list = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(&query.list.0[..])
        .bind(query.after.map(column))
        .bind(i64::from(limit) + 1)
        .fetch_all(conn)
        .await?;
    let most = usize::try_from(limit).expect("a thousand fits");
    let found: Result<Vec<_>, _> = rows.iter().take(most).map(pass_in).collect();
    let found = found?;
    let next = found
        .last()
        .filter(|_| rows.len() > most)
        .map(|last| last.id);
    Ok((found, next))
}

/// Signs a phone in, if nobody did with this pass and it is good: the row count decides.
pub(in crate::store) async fn use_pass(
    conn: &mut AnyConnection,
    request: UsePass,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "UPDATE passes SET used_at = $2, session = $3, browser = $4 \
         WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND ends_at > $2 AND {HAS_LIST}"
    );
    let used = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(column(request.id))
        .bind(secs(request.now))
        .bind(&request.session.0[..])
        .bind(request.browser)
        .execute(&mut *conn)
        .await?;
    if used.rows_affected() == 0 {
        return Ok(false);
    }
    add_audit_row(conn, &request.audit).await?;
    Ok(true)
}

/// Revokes a pass, if it was not before; the pass as it is then.
pub(in crate::store) async fn revoke_pass(
    conn: &mut AnyConnection,
    request: RevokePass,
) -> Result<Option<PassRecord>, sqlx::Error> {
    let sql = format!(
        "UPDATE passes SET revoked_at = $3, revoked_by = $4, session = NULL \
         WHERE id = $1 AND list = $2 AND revoked_at IS NULL AND {HAS_LIST}"
    );
    let revoked = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(column(request.id))
        .bind(&request.list.0[..])
        .bind(secs(request.now))
        .bind(request.by.to_string())
        .execute(&mut *conn)
        .await?;
    if revoked.rows_affected() > 0 {
        add_audit_row(conn, &request.audit).await?;
    }
    find_pass(conn, FindPass::Id(request.list, request.id), request.now).await
}

/// Takes out at most `most` passes of a list that ended before a time; how many.
pub(super) async fn forget_passes(
    conn: &mut AnyConnection,
    list: ListId,
    before: UnixTime,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query(
        "DELETE FROM passes WHERE id IN (SELECT id FROM passes WHERE list = $1 AND ends_at < $2 ORDER BY id LIMIT $3)",
    )
    .bind(&list.0[..])
    .bind(secs(before))
    .bind(most)
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}

fn column(id: PassId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

fn pass_in(row: &AnyRow) -> Result<PassRecord, sqlx::Error> {
    let by = row.optional_text("revoked_by")?;
    Ok(PassRecord {
        id: PassId(row.count("id")?),
        list: ListId(row.bytes("list")?),
        note: row.optional_text("note")?,
        made_by: principal(&row.text("made_by")?)?,
        created_at: row.time("created_at")?,
        ends_at: row.time("ends_at")?,
        used_at: row.optional_time("used_at")?,
        browser: row.optional_text("browser")?,
        revoked_at: row.optional_time("revoked_at")?,
        revoked_by: by.map(|by| principal(&by)).transpose()?,
    })
}
