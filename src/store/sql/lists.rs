//! Check-in lists: their rows, their staff, what was counted at their gates.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::MAX_PAGE;
use super::audit::add_audit_row;
use super::requests::remember_request;
use super::values::{Columns as _, damaged, secs};
use crate::principal::Principal;
use crate::store::{
    ChangeList, ChangedList, GateCounts, ListEdit, ListId, ListQuery, ListRecord, ListedLists,
    NewList, Remembered,
};

/// Makes a list, unless the request made one before.
pub(in crate::store) async fn add_list(
    conn: &mut AnyConnection,
    new: NewList,
) -> Result<Remembered, sqlx::Error> {
    if let Some(request) = new.request {
        let remembered = remember_request(conn, request).await?;
        if remembered != Remembered::New {
            return Ok(remembered);
        }
    }
    sqlx::query(
        "INSERT INTO lists (id, name, settings, revision, made_by, created_at, updated_at, deleted_at, check_ins, \
         inside, exited_all_at) VALUES ($1, $2, $3, 1, $4, $5, $5, NULL, 0, 0, $5)",
    )
    .bind(&new.id.0[..])
    .bind(new.name)
    .bind(new.settings)
    .bind(new.made_by.to_string())
    .bind(secs(new.now))
    .execute(&mut *conn)
    .await?;
    add_audit_row(conn, &new.audit).await?;
    Ok(Remembered::New)
}

/// A list, unless it was deleted.
pub(in crate::store) async fn list(
    conn: &mut AnyConnection,
    id: ListId,
) -> Result<Option<ListRecord>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, name, settings, revision, made_by, created_at, updated_at, inside, exited_all_at FROM lists \
         WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(&id.0[..])
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let mut list = list_in(&row)?;
    list.staff = staff_of(conn, id).await?;
    Ok(Some(list))
}

async fn staff_of(conn: &mut AnyConnection, id: ListId) -> Result<Vec<Principal>, sqlx::Error> {
    sqlx::query("SELECT principal FROM list_staff WHERE list = $1 ORDER BY principal")
        .bind(&id.0[..])
        .fetch_all(conn)
        .await?
        .iter()
        .map(|row| principal(&row.text("principal")?))
        .collect()
}

/// Adds the staff of all of them.
async fn add_staff(conn: &mut AnyConnection, lists: &mut [ListRecord]) -> Result<(), sqlx::Error> {
    if lists.is_empty() {
        return Ok(());
    }
    let places: Vec<_> = (1..=lists.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT list, principal FROM list_staff WHERE list IN ({}) ORDER BY list, principal",
        places.join(", ")
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for list in lists.iter() {
        query = query.bind(list.id.0.to_vec());
    }
    let mut staff: HashMap<ListId, Vec<Principal>> = HashMap::new();
    for row in query.fetch_all(conn).await? {
        let of = staff.entry(ListId(row.bytes("list")?)).or_default();
        of.push(principal(&row.text("principal")?)?);
    }
    for list in lists {
        list.staff = staff.remove(&list.id).unwrap_or_default();
    }
    Ok(())
}

/// A page of lists, the newest first.
pub(in crate::store) async fn lists(
    conn: &mut AnyConnection,
    query: ListQuery,
) -> Result<ListedLists, sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let (after_at, after_id) = match query.after {
        Some((at, id)) => (Some(secs(at)), Some(id.0.to_vec())),
        None => (None, None),
    };
    let rows = sqlx::query(
        "SELECT id, name, settings, revision, made_by, created_at, updated_at, inside, exited_all_at FROM lists \
         WHERE deleted_at IS NULL \
           AND ($1 IS NULL OR created_at < $1 OR (created_at = $1 AND id < $2)) \
           AND ($3 IS NULL OR made_by = $3 \
             OR ($4 = 1 AND EXISTS (SELECT 1 FROM list_staff WHERE list = lists.id AND principal = $3))) \
         ORDER BY created_at DESC, id DESC LIMIT $5",
    )
    .bind(after_at)
    .bind(after_id)
    .bind(query.made_by.map(|by| by.to_string()))
    .bind(i64::from(query.or_staff))
    .bind(i64::from(limit) + 1)
    .fetch_all(&mut *conn)
    .await?;
    let limit = usize::try_from(limit).expect("a thousand fits");
    let more = rows.len() > limit;
    let mut lists = Vec::with_capacity(rows.len().min(limit));
    for row in rows.iter().take(limit) {
        lists.push(list_in(row)?);
    }
    add_staff(conn, &mut lists).await?;
    let next = lists
        .last()
        .filter(|_| more)
        .map(|last| (last.created_at, last.id));
    Ok(ListedLists { lists, next })
}

/// Changes a list, if it has the revision that was looked at: the row count decides.
pub(in crate::store) async fn change_list(
    conn: &mut AnyConnection,
    change: ChangeList,
) -> Result<ChangedList, sqlx::Error> {
    let (name, settings) = match &change.edit {
        ListEdit::Described { name, settings } => (Some(name), Some(settings)),
        ListEdit::Staff(_) | ListEdit::Delete => (None, None),
    };
    let changed = sqlx::query(
        "UPDATE lists SET name = COALESCE($3, name), settings = COALESCE($4, settings), revision = revision + 1, \
         updated_at = $5 WHERE id = $1 AND deleted_at IS NULL AND ($2 IS NULL OR revision = $2)",
    )
    .bind(&change.id.0[..])
    .bind(change.if_revision.map(|revision| i64::try_from(revision).unwrap_or(i64::MAX)))
    .bind(name)
    .bind(settings)
    .bind(secs(change.now))
    .execute(&mut *conn)
    .await?;
    if changed.rows_affected() == 0 {
        return Ok(match list(conn, change.id).await? {
            Some(there) => ChangedList::Conflict(there.revision),
            None => ChangedList::Unknown,
        });
    }
    if let ListEdit::Staff(staff) = &change.edit {
        sqlx::query("DELETE FROM list_staff WHERE list = $1")
            .bind(&change.id.0[..])
            .execute(&mut *conn)
            .await?;
        for one in staff {
            sqlx::query(
                "INSERT INTO list_staff (list, principal) VALUES ($1, $2) ON CONFLICT (list, principal) DO NOTHING",
            )
            .bind(&change.id.0[..])
            .bind(one.to_string())
            .execute(&mut *conn)
            .await?;
        }
    }
    let now_there = list(conn, change.id).await?;
    let now_there = now_there.ok_or_else(|| damaged("lists: it was just changed"))?;
    if matches!(change.edit, ListEdit::Delete) {
        sqlx::query("UPDATE lists SET deleted_at = $2 WHERE id = $1")
            .bind(&change.id.0[..])
            .bind(secs(change.now))
            .execute(&mut *conn)
            .await?;
    }
    add_audit_row(conn, &change.audit).await?;
    Ok(ChangedList::Done(now_there))
}

/// What was counted at the gates of a list, in the order of their names.
pub(in crate::store) async fn gate_counts(
    conn: &mut AnyConnection,
    id: ListId,
) -> Result<Vec<GateCounts>, sqlx::Error> {
    sqlx::query(
        "SELECT gate, entries, people, exits, refusals FROM list_gates WHERE list = $1 ORDER BY gate",
    )
    .bind(&id.0[..])
    .fetch_all(conn)
    .await?
    .iter()
    .map(|row| {
        Ok(GateCounts {
            gate: row.text("gate")?,
            entries: row.count("entries")?,
            people: row.count("people")?,
            exits: row.count("exits")?,
            refusals: row.count("refusals")?,
        })
    })
    .collect()
}

fn list_in(row: &AnyRow) -> Result<ListRecord, sqlx::Error> {
    Ok(ListRecord {
        id: ListId(row.bytes("id")?),
        name: row.text("name")?,
        settings: row.try_get("settings")?,
        revision: row.count("revision")?,
        made_by: principal(&row.text("made_by")?)?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        inside: row.count("inside")?,
        exited_all_at: row.time("exited_all_at")?,
        staff: Vec::new(),
    })
}

/// Who a text names.
pub(super) fn principal(text: &str) -> Result<Principal, sqlx::Error> {
    text.parse().map_err(|_| damaged("a principal"))
}
