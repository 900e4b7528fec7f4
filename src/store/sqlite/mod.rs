//! SQLite: one file, one writer.
//!
//! Belongs here: the file, and what is SQLite's own about connections and checks. Does not belong here: SQL (see `sql`) and
//! transactions (see `workers`).

mod file;

use std::path::Path;

use sqlx::{AnyConnection, Row as _};
use tokio::sync::Notify;

use self::file::DatabaseFile;
use super::database::{Begin, Database, Fault, Later};
use super::prepare::Purpose;
use super::sql::{is_conflict, schema};
use super::workers::SqlStore;
use super::{StoreError, StoreReport};

/// Opens the store in a SQLite file, and makes and migrates it if `migrate`.
pub(super) fn open(
    path: &Path,
    migrate: bool,
    purpose: Purpose,
) -> Result<SqlStore<impl Database>, StoreError> {
    SqlStore::start(file(path, migrate)?, migrate, purpose)
}

/// The database in a file, which is made if `make`.
pub(super) fn file(path: &Path, make: bool) -> Result<impl Database + use<>, StoreError> {
    DatabaseFile::at(path, make)
}

impl Database for DatabaseFile {
    fn connect(&self) -> Later<'_, Result<AnyConnection, sqlx::Error>> {
        Box::pin(DatabaseFile::connect(self))
    }

    fn name(&self) -> String {
        self.display().to_string()
    }

    fn begin(&self, kind: Begin) -> &'static str {
        match kind {
            // Takes the right to write at once: a transaction that asks for it later can be refused.
            Begin::Write => "BEGIN IMMEDIATE",
            Begin::Read => "BEGIN DEFERRED",
        }
    }

    fn has_one_writer(&self) -> bool {
        true
    }

    fn schema_lock(&self) -> Option<&'static str> {
        None
    }

    fn long_transaction(&self) -> Option<&'static str> {
        None
    }

    fn long_work(&self) -> Option<&'static str> {
        None
    }

    fn tell(&self) -> Option<&'static str> {
        None
    }

    fn listen<'d>(&'d self, _changed: &'d Notify) -> Later<'d, ()> {
        // Other processes are noticed by looking.
        Box::pin(std::future::ready(()))
    }

    fn fault(&self, error: &sqlx::Error) -> Fault {
        match is_conflict(error) {
            true => Fault::Conflict,
            // What one job fills up or stumbles over need not stop the next.
            false => Fault::Job,
        }
    }

    fn clock_ahead_secs<'c>(
        &'c self,
        _conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<i64, sqlx::Error>> {
        // A file has no clock but this machine's.
        Box::pin(async { Ok(0) })
    }

    fn notes<'c>(
        &'c self,
        _conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<Vec<String>, sqlx::Error>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn check<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<StoreReport, sqlx::Error>> {
        Box::pin(check(conn, self))
    }
}

async fn check(conn: &mut AnyConnection, file: &DatabaseFile) -> Result<StoreReport, sqlx::Error> {
    let version: String = sqlx::query("SELECT sqlite_version() AS version")
        .fetch_one(&mut *conn)
        .await?
        .try_get("version")?;
    let mut problems = Vec::new();
    if file.is_open_to_others() {
        problems.push(format!(
            "others than its owner may read it: chmod 600 {}",
            file.display()
        ));
    }
    for row in sqlx::query("PRAGMA quick_check(5)")
        .fetch_all(&mut *conn)
        .await?
    {
        let found: String = row.try_get(0)?;
        if found != "ok" {
            problems.push(format!("it is damaged, restore a backup: {found}"));
        }
    }
    let schema_version = schema::version(conn)
        .await
        .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    let (newest_at, purged_to) = schema::times(conn).await?;
    Ok(StoreReport {
        kind: format!("SQLite {version}, {}", file.display()),
        schema_version: u64::try_from(schema_version).unwrap_or(0),
        clock_ahead_secs: 0,
        newest_at,
        purged_to,
        problems,
        notes: Vec::new(),
    })
}
