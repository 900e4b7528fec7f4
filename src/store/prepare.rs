//! The first connection to a database: its schema, and whether it may be used.

use sqlx::AnyConnection;

use super::StoreError;
use super::lanes::{Begin, Database};
use super::sql::marks::{self, Mark};
use super::sql::schema;

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// As a store: it must not bear a mark.
    Use,
    /// To be copied from, to, or to get or lose a mark: who opens it looks at the mark.
    Copying,
}

/// A connection that may write, with the schema in place: brought up to date if `migrate`, else it must be.
pub(super) async fn prepare<D: Database>(
    database: &D,
    migrate: bool,
    purpose: Purpose,
) -> Result<AnyConnection, StoreError> {
    let unavailable = |error: sqlx::Error| {
        StoreError::Unavailable(format!("cannot use {}: {error}", database.name()))
    };
    let mut conn = database.connect().await.map_err(unavailable)?;
    // One process migrates, others wait: the right to write, or the lock, is taken before the look.
    let begin = match migrate {
        true => Begin::Write,
        false => Begin::Read,
    };
    let mut transaction = sqlx::Connection::begin_with(&mut conn, database.begin(begin))
        .await
        .map_err(unavailable)?;
    if let Some(lock) = database.schema_lock().filter(|_| migrate) {
        sqlx::raw_sql(lock)
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
    }
    schema::bring(&mut transaction, migrate).await?;
    if purpose == Purpose::Use {
        let mark = marks::mark(&mut transaction).await.map_err(unavailable)?;
        refuse(mark, &database.name())?;
    }
    transaction.commit().await.map_err(unavailable)?;
    Ok(conn)
}

fn refuse(mark: Mark, name: &str) -> Result<(), StoreError> {
    match mark {
        Mark::None => Ok(()),
        Mark::Copying => Err(StoreError::Refused(format!(
            "{name} is a copy that was not finished, in which used-up codes could open again: run `qrseal store copy` to \
             its end, or use another store"
        ))),
        Mark::Moved => Err(StoreError::Refused(format!(
            "{name} was moved away, and its codes are counted elsewhere: set store.url to the store that it was copied to \
             (`qrseal store retire --undo` takes this back, if that store never opened a code)"
        ))),
    }
}
