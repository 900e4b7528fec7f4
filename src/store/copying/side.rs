//! The two stores of a copy: connections of their own, outside of any worker.

use sqlx::AnyConnection;

use super::rows::{self, Row, Value};
use super::tables::{TABLES, Table};
use crate::store::connect::{StoreLocation, parse};
use crate::store::database::{Begin, Database};
use crate::store::prepare::{Purpose, prepare};
use crate::store::sql::epoch;
use crate::store::sql::marks::{self, Mark};
use crate::store::{StoreError, name, postgres, sqlite};
use crate::token::UnixTime;

/// A store that is copied from, to, or marked.
pub(super) struct Side {
    pub(super) conn: AnyConnection,
    begin: &'static str,
    begin_to_read: &'static str,
    name: String,
    /// By how many seconds this machine's clock is ahead of the store's.
    pub(super) ahead_secs: i64,
    /// Who fills it, if anybody does.
    owner: Option<i64>,
}

/// A store as it was at one moment, whatever is written meanwhile.
pub(super) struct Snapshot<'s> {
    transaction: sqlx::Transaction<'s, sqlx::Any>,
    name: &'s str,
}

impl Snapshot<'_> {
    /// The first rows behind a key, or of the table: one chunk.
    pub(super) async fn read(
        &mut self,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = rows::read(&mut self.transaction, table, after).await;
        rows.map_err(|error| failed(self.name, &error))
    }
}

impl Side {
    /// A store that exists, with a schema that is current. Nothing is changed.
    pub(super) async fn existing(url: &str) -> Result<Self, StoreError> {
        match parse(url)? {
            StoreLocation::File(path) => Self::of(&sqlite::file(&path, false)?, url, false).await,
            StoreLocation::Server(url) => Self::of(&postgres::server(url)?, url, false).await,
        }
    }

    /// A store that is made, or brought up to date, if it is not yet.
    pub(super) async fn made(url: &str) -> Result<Self, StoreError> {
        // First without: a role that owns nothing may write into what is there.
        match (Self::existing(url).await, parse(url)?) {
            (Ok(side), _) => Ok(side),
            (Err(_), StoreLocation::File(path)) => {
                Self::of(&sqlite::file(&path, true)?, url, true).await
            }
            (Err(_), StoreLocation::Server(url)) => {
                Self::of(&postgres::server(url)?, url, true).await
            }
        }
    }

    async fn of(database: &impl Database, url: &str, migrate: bool) -> Result<Self, StoreError> {
        let mut side = Self {
            conn: prepare(database, migrate, Purpose::Copying).await?,
            begin: database.begin(Begin::Write),
            begin_to_read: database.begin(Begin::Read),
            name: name(url),
            ahead_secs: 0,
            owner: None,
        };
        let ahead = database.clock_ahead_secs(&mut side.conn).await;
        side.ahead_secs = ahead.map_err(|error| side.failed(&error))?;
        if let Some(settings) = database.long_work() {
            let set = sqlx::raw_sql(settings).execute(&mut side.conn).await;
            set.map_err(|error| side.failed(&error))?;
        }
        Ok(side)
    }

    /// The store as it is now.
    pub(super) async fn snapshot(&mut self) -> Result<Snapshot<'_>, StoreError> {
        let Self {
            conn,
            begin_to_read,
            name,
            ..
        } = self;
        let begun = sqlx::Connection::begin_with(conn, *begin_to_read).await;
        let transaction = begun.map_err(|error| failed(name, &error))?;
        Ok(Snapshot { transaction, name })
    }

    /// Begins a new epoch in a store that was filled from a backup, and lets whoever restores use it, in one transaction.
    pub(super) async fn begin_epoch(&mut self, numbers_left_out: i64) -> Result<(), StoreError> {
        let name = self.name.clone();
        let mut transaction = self.transaction().await?;
        let begun = async {
            marks::set_mark(&mut transaction, Mark::None).await?;
            epoch::begin_epoch(&mut transaction, numbers_left_out).await?;
            transaction.commit().await
        };
        begun.await.map_err(|error| failed(&name, &error))
    }

    /// Marks a store as one that `owner` restores into: an empty one, one that was not filled to its end, or one that was not made
    /// fit for use after that; whether it is one now. Whoever filled it before can do so no more.
    pub(super) async fn begin_restoring(&mut self, owner: i64) -> Result<bool, StoreError> {
        self.begin_filling(owner, true).await
    }

    /// Marks an empty store as a copy that is not finished, which `owner` makes; whether it is one now. One that is marked so
    /// stays so. Whoever filled it before can do so no more.
    pub(super) async fn begin_copy(&mut self, owner: i64) -> Result<bool, StoreError> {
        self.begin_filling(owner, false).await
    }

    async fn begin_filling(&mut self, owner: i64, over_restored: bool) -> Result<bool, StoreError> {
        let begun = async {
            let mut transaction = sqlx::Connection::begin_with(&mut self.conn, self.begin).await?;
            let may = match marks::mark(&mut transaction).await? {
                Mark::Copying => marks::hold_mark(&mut transaction, Mark::Copying).await?,
                // Whoever restored may have let it be used meanwhile.
                Mark::Restoring if over_restored => marks::hold_restoring(&mut transaction).await?,
                Mark::Restoring | Mark::Moved => false,
                Mark::None => holds_nothing(&mut transaction).await?,
            };
            if may {
                marks::set_mark(&mut transaction, Mark::Copying).await?;
                marks::set_owner(&mut transaction, owner).await?;
                transaction.commit().await?;
            }
            Ok(may)
        };
        let begun = begun.await;
        let may = begun.map_err(|error: sqlx::Error| self.failed(&error))?;
        self.owner = may.then_some(owner);
        Ok(may)
    }

    /// Lets a copy be used that is whole, in one transaction.
    pub(super) async fn end_copy(&mut self) -> Result<(), StoreError> {
        let name = self.name.clone();
        let mut transaction = self.transaction().await?;
        let ended = async {
            marks::clear_owner(&mut transaction, Mark::Copying).await?;
            marks::set_mark(&mut transaction, Mark::None).await?;
            transaction.commit().await
        };
        ended.await.map_err(|error| failed(&name, &error))
    }

    /// Lets a store be used that `owner` restored, in one transaction.
    pub(super) async fn end_restoring(
        &mut self,
        owner: i64,
        closed_to: UnixTime,
    ) -> Result<(), StoreError> {
        let ended = async {
            let mut transaction = sqlx::Connection::begin_with(&mut self.conn, self.begin).await?;
            let held = marks::hold_owner(&mut transaction, Mark::Restoring, owner).await?;
            if held {
                epoch::close_to(&mut transaction, closed_to).await?;
                marks::clear_owner(&mut transaction, Mark::Restoring).await?;
                transaction.commit().await?;
            }
            Ok(held)
        };
        let ended = ended.await;
        match ended.map_err(|error: sqlx::Error| self.failed(&error))? {
            true => Ok(()),
            false => Err(another_fills(&self.name)),
        }
    }

    /// What it is called, without a user or password.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The store's mark.
    pub(super) async fn mark(&mut self) -> Result<Mark, StoreError> {
        let mark = marks::mark(&mut self.conn).await;
        mark.map_err(|error| self.failed(&error))
    }

    /// Gives the store another mark, if it has `before` now; whether it had.
    pub(super) async fn change_mark(
        &mut self,
        before: Mark,
        after: Mark,
    ) -> Result<bool, StoreError> {
        let changed = async {
            let mut transaction = sqlx::Connection::begin_with(&mut self.conn, self.begin).await?;
            let held = marks::hold_mark(&mut transaction, before).await?;
            if held {
                marks::set_mark(&mut transaction, after).await?;
                transaction.commit().await?;
            }
            Ok(held)
        };
        let changed = changed.await;
        changed.map_err(|error: sqlx::Error| self.failed(&error))
    }

    /// The first rows behind a key, or of the table: one chunk.
    pub(super) async fn read(
        &mut self,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = rows::read(&mut self.conn, table, after).await;
        rows.map_err(|error| self.failed(&error))
    }

    /// Appends rows behind a key, or to the table, of a copy that is not finished; with `replacing`, all that was there goes
    /// first, and among counters it is noted again who fills the store. Either all of it happens or nothing.
    pub(super) async fn append(
        &mut self,
        table: &Table,
        after: Option<&[Value]>,
        replacing: bool,
        rows: &[Row],
    ) -> Result<(), StoreError> {
        let (name, owner) = (self.name.clone(), self.owner);
        let mut transaction = self.transaction().await?;
        let appended = async {
            if replacing {
                rows::delete(&mut transaction, table, after).await?;
            }
            rows::insert(&mut transaction, table, rows).await?;
            if let Some(owner) = owner.filter(|_| table.is_counters()) {
                marks::set_owner(&mut transaction, owner).await?;
            }
            transaction.commit().await
        };
        appended.await.map_err(|error| failed(&name, &error))
    }

    /// A transaction of a store that is not filled yet: what makes it one, and who fills it, stays until the transaction ends.
    async fn transaction(&mut self) -> Result<sqlx::Transaction<'_, sqlx::Any>, StoreError> {
        let (name, owner) = (self.name.clone(), self.owner);
        let mut transaction = sqlx::Connection::begin_with(&mut self.conn, self.begin)
            .await
            .map_err(|error| failed(&name, &error))?;
        let held = async {
            Ok(match owner {
                Some(owner) => {
                    marks::hold_mark(&mut transaction, Mark::Copying).await?
                        && marks::hold_owner(&mut transaction, Mark::Copying, owner).await?
                }
                None => false,
            })
        };
        let held = held.await;
        match held.map_err(|error: sqlx::Error| failed(&name, &error))? {
            true => Ok(transaction),
            false => Err(another_fills(&name)),
        }
    }

    pub(super) fn failed(&self, error: &sqlx::Error) -> StoreError {
        failed(&self.name, error)
    }

    pub(super) async fn close(self) {
        // What was committed is there, whether it closes or not.
        let _closed = sqlx::Connection::close(self.conn).await;
    }
}

/// Whether a store that may be used is as a new one, until the transaction ends.
async fn holds_nothing(conn: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let mut empty = marks::hold_mark(conn, Mark::None).await?;
    for table in &TABLES {
        empty &= match table.is_counters() {
            true => marks::none_counted(conn).await?,
            false => rows::is_empty(conn, table).await?,
        };
    }
    Ok(empty)
}

fn another_fills(name: &str) -> StoreError {
    StoreError::Refused(format!(
        "another program restores or copies into {name} now, or has done so: this one writes no more"
    ))
}

fn failed(name: &str, error: &sqlx::Error) -> StoreError {
    StoreError::Unavailable(format!("{name}: {error}"))
}
