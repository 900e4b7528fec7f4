//! Marks of a store that must not be used.
//!
//! A mark stands before the names of all counters. No open is counted, no token revoked and no list read without its counter,
//! so a store with a mark does none of that, whatever program has it open.

use sqlx::{AnyConnection, Row as _};

const COPYING: &str = "copying:";
const MOVED: &str = "moved:";
/// The counter that a store has while it is filled, and from then on while it is restored: its value is a random number of whoever
/// fills it. It is no part of what a store holds.
pub(in crate::store) const RESTORING: &str = "restoring";

/// What a store is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Mark {
    /// Nothing: it may be used.
    None,
    /// A copy of another store, of which nobody knows yet that it is whole.
    Copying,
    /// It was copied to another place, and that one is used now.
    Moved,
    /// It was filled from a backup, and what happened since is not done again yet.
    Restoring,
}

impl Mark {
    fn prefix(self) -> &'static str {
        match self {
            Self::None | Self::Restoring => "",
            Self::Copying => COPYING,
            Self::Moved => MOVED,
        }
    }

    /// The name of a counter in a store with this mark.
    pub(in crate::store) fn on(self, counter: &str) -> String {
        format!("{}{counter}", self.prefix())
    }
}

/// A counter's own name, without a mark.
pub(in crate::store) fn without_mark(name: &str) -> &str {
    let rest = |prefix| name.strip_prefix(prefix);
    rest(COPYING).or_else(|| rest(MOVED)).unwrap_or(name)
}

/// The store's mark.
pub(in crate::store) async fn mark(conn: &mut AnyConnection) -> Result<Mark, sqlx::Error> {
    let names = names(conn).await?;
    let any = |prefix| names.iter().any(|name| name.starts_with(prefix));
    Ok(match (any(COPYING), any(MOVED)) {
        (true, _) => Mark::Copying,
        (false, true) => Mark::Moved,
        (false, false) if names.iter().any(|name| name == RESTORING) => Mark::Restoring,
        (false, false) => Mark::None,
    })
}

/// Makes `owner` the one who fills a store that is marked as a copy. Inside a transaction.
pub(in crate::store) async fn set_owner(
    conn: &mut AnyConnection,
    owner: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
    )
    .bind(Mark::Copying.on(RESTORING))
    .bind(owner)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps it so until the transaction ends that `owner` fills a store with this mark; whether it does.
pub(in crate::store) async fn hold_owner(
    conn: &mut AnyConnection,
    mark: Mark,
    owner: i64,
) -> Result<bool, sqlx::Error> {
    let held = sqlx::query("UPDATE counters SET value = value WHERE name = $1 AND value = $2")
        .bind(mark.on(RESTORING))
        .bind(owner)
        .execute(conn)
        .await?;
    Ok(held.rows_affected() == 1)
}

/// Keeps it so until the transaction ends that somebody restores into a filled store; whether somebody does.
pub(in crate::store) async fn hold_restoring(
    conn: &mut AnyConnection,
) -> Result<bool, sqlx::Error> {
    let held = sqlx::query("UPDATE counters SET value = value WHERE name = $1")
        .bind(RESTORING)
        .execute(conn)
        .await?;
    Ok(held.rows_affected() == 1)
}

/// Whether `owner` restores into the store, and it is filled.
pub(in crate::store) async fn is_owner(
    conn: &mut AnyConnection,
    owner: i64,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT name FROM counters WHERE name = $1 AND value = $2")
        .bind(RESTORING)
        .bind(owner)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Takes away who fills a store with this mark; one that is restored is not any more.
pub(in crate::store) async fn clear_owner(
    conn: &mut AnyConnection,
    mark: Mark,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM counters WHERE name = $1")
        .bind(mark.on(RESTORING))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives the store this mark in place of the one it has. Inside a transaction. One that is restored stays one that is, once it is
/// no copy any more.
pub(in crate::store) async fn set_mark(
    conn: &mut AnyConnection,
    mark: Mark,
) -> Result<(), sqlx::Error> {
    for name in names(conn).await? {
        sqlx::query("UPDATE counters SET name = $1 WHERE name = $2")
            .bind(mark.on(without_mark(&name)))
            .bind(name)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Keeps the mark as it is until the transaction ends; whether it is this one.
pub(in crate::store) async fn hold_mark(
    conn: &mut AnyConnection,
    mark: Mark,
) -> Result<bool, sqlx::Error> {
    let held = sqlx::query("UPDATE counters SET value = value WHERE name = $1")
        .bind(mark.on("purged_to"))
        .execute(conn)
        .await?;
    Ok(held.rows_affected() == 1)
}

/// Whether every counter is as in a new store.
pub(in crate::store) async fn none_counted(conn: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let any = sqlx::query("SELECT name FROM counters WHERE value <> 0")
        .fetch_optional(conn)
        .await?;
    Ok(any.is_none())
}

async fn names(conn: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query("SELECT name FROM counters")
        .fetch_all(conn)
        .await?
        .iter()
        .map(|row| row.try_get("name"))
        .collect()
}
