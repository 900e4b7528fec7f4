//! The first connection to a database: its schema, and whether it may be used.

use sqlx::{Any, AnyConnection, Transaction};

use super::StoreError;
use super::database::{Begin, Database, Fault};
use super::sql::marks::{self, Mark};
use super::sql::schema;

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// As a store: it must not bear a mark.
    Use,
    /// To be copied from, to, or to get or lose a mark: who opens it looks at the mark.
    Copying,
    /// As a store that was filled from a backup by whoever has this number, to be made fit for use.
    Restoring(i64),
}

/// A connection that may write, with the schema in place: brought up to date if `migrate`, else it must be.
pub(super) async fn prepare<D: Database>(
    database: &D,
    migrate: bool,
    purpose: Purpose,
) -> Result<AnyConnection, StoreError> {
    let mut conn = database
        .connect()
        .await
        .map_err(|error| unavailable(database, &error))?;
    if migrate {
        // Looked at outside of a transaction, which in some databases a table that is missing would spoil.
        let found = schema::version(&mut conn).await?;
        if found < schema::newest() {
            migrate_locked(database, &mut conn, purpose, found == 0).await?;
        }
    }
    let mut transaction = begin(database, &mut conn, Begin::Read).await?;
    schema::check(&mut transaction).await?;
    match purpose {
        Purpose::Use => refuse(database, mark(database, &mut transaction).await?)?,
        Purpose::Copying => {}
        Purpose::Restoring(owner) => {
            let ours = marks::is_owner(&mut transaction, owner).await;
            if !ours.map_err(|error| unavailable(database, &error))? {
                refuse(database, Mark::Restoring)?;
            }
        }
    }
    let ended = transaction.commit().await;
    ended.map_err(|error| unavailable(database, &error))?;
    Ok(conn)
}

/// Brings the schema up to date. One process does, others wait: the right to write, or the lock, is taken before the look.
async fn migrate_locked<D: Database>(
    database: &D,
    conn: &mut AnyConnection,
    purpose: Purpose,
    is_new: bool,
) -> Result<(), StoreError> {
    let mut transaction = begin(database, conn, Begin::Write).await?;
    if let Some(lock) = database.schema_lock() {
        match sqlx::raw_sql(lock).execute(&mut *transaction).await {
            Ok(_) => {}
            // A database that has no such lock migrates without: its nodes are to be started one after the other.
            Err(error) if database.fault(&error) == Fault::Job => {
                let ended = transaction.rollback().await;
                ended.map_err(|error| unavailable(database, &error))?;
                transaction = begin(database, conn, Begin::Write).await?;
            }
            Err(error) => return Err(unavailable(database, &error)),
        }
    }
    if !is_new {
        // What must not be used is not changed either, unless it is to be copied to.
        let mark = mark(database, &mut transaction).await?;
        match purpose {
            Purpose::Use => refuse(database, mark)?,
            Purpose::Copying if matches!(mark, Mark::Copying | Mark::Restoring) => {}
            Purpose::Copying | Purpose::Restoring(_) => return Ok(()),
        }
    }
    if let Some(settings) = database.long_transaction() {
        let set = sqlx::raw_sql(settings).execute(&mut *transaction).await;
        set.map_err(|error| unavailable(database, &error))?;
    }
    schema::migrate(&mut transaction).await?;
    let ended = transaction.commit().await;
    ended.map_err(|error| unavailable(database, &error))
}

async fn begin<'c, D: Database>(
    database: &D,
    conn: &'c mut AnyConnection,
    kind: Begin,
) -> Result<Transaction<'c, Any>, StoreError> {
    sqlx::Connection::begin_with(conn, database.begin(kind))
        .await
        .map_err(|error| unavailable(database, &error))
}

async fn mark<D: Database>(database: &D, conn: &mut AnyConnection) -> Result<Mark, StoreError> {
    let mark = marks::mark(conn).await;
    mark.map_err(|error| unavailable(database, &error))
}

fn refuse<D: Database>(database: &D, mark: Mark) -> Result<(), StoreError> {
    let name = database.name();
    match mark {
        Mark::None => Ok(()),
        Mark::Copying => Err(StoreError::Refused(format!(
            "{name} is a copy that was not finished, in which used-up codes could open again: run `qrseal store copy` (or \
             `qrseal restore`) to its end, or use another store"
        ))),
        Mark::Restoring => Err(StoreError::Refused(format!(
            "{name} is being restored: codes that were revoked since the backup would still open. If `qrseal restore` was \
             interrupted, run it again"
        ))),
        Mark::Moved => Err(StoreError::Refused(format!(
            "{name} was moved away, and its codes are counted elsewhere: set store.url to the store that it was copied to \
             (`qrseal store retire --undo` takes this back, if that store never opened a code)"
        ))),
    }
}

fn unavailable<D: Database>(database: &D, error: &sqlx::Error) -> StoreError {
    StoreError::Unavailable(format!("cannot use {}: {error}", database.name()))
}
