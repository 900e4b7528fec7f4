//! A store's rows as bytes, all of one moment, and back into an empty store.

use std::sync::Arc;

use tokio::runtime::{self, Runtime};

use super::rows::{self, Value};
use super::side::Side;
use super::tables::{TABLES, Table};
use super::{key_of_last, refuse_half};
use crate::store::connect::connect_for;
use crate::store::database::by_clock_of_database;
use crate::store::prepare::Purpose;
use crate::store::sql::schema;
use crate::store::{Store, StoreError};
use crate::token::UnixTime;

/// What says something of the running servers only, or ends with a restoration: it is not in a backup.
const LEFT_OUT: [&str; 3] = ["leases", "nodes", "sessions"];

/// The numbers of API keys, accounts and passes that are left out after a restoration: whoever got one since the backup had it, and nobody
/// else gets the same.
const NUMBERS_LEFT_OUT: i64 = 1000;

/// A part of a store, in the order in which it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DumpPart {
    /// A table begins.
    Table {
        /// Its name.
        name: String,
        /// The names of its columns.
        columns: Vec<String>,
    },
    /// Some rows of that table.
    Rows(Vec<u8>),
}

/// The version of the schema that this program has.
#[must_use]
pub fn schema_version() -> u64 {
    u64::try_from(schema::newest()).unwrap_or(0)
}

/// Hands on everything that the store at `url` holds at one moment, while servers go on using it; how many rows.
///
/// # Errors
///
/// What the store says, or whoever takes the parts.
pub fn dump<E: From<StoreError>>(
    url: &str,
    mut each: impl FnMut(DumpPart) -> Result<(), E>,
) -> Result<u64, E> {
    let runtime = new_runtime()?;
    runtime.block_on(async {
        let mut side = Side::existing(url).await?;
        refuse_half(&mut side).await?;
        let mut count = 0;
        let mut snapshot = side.snapshot().await?;
        for table in TABLES
            .iter()
            .filter(|table| !LEFT_OUT.contains(&table.name))
        {
            each(DumpPart::Table {
                name: table.name.to_owned(),
                columns: column_names(table),
            })?;
            let mut after: Option<Vec<Value>> = None;
            loop {
                let read = snapshot.read(table, after.as_deref()).await?;
                count += u64::try_from(read.len()).expect("a chunk is small");
                if !read.is_empty() {
                    each(DumpPart::Rows(rows::encoded(&read)))?;
                }
                match key_of_last(table, &read) {
                    Some(last) => after = Some(last),
                    None => break,
                }
            }
        }
        drop(snapshot);
        side.close().await;
        Ok(count)
    })
}

/// An empty store that is being filled. Until it is filled and released no program opens it as a store.
pub struct Loading {
    runtime: Runtime,
    url: String,
    owner: i64,
    side: Side,
    table: Option<&'static Table>,
}

impl Loading {
    /// Takes the store at `url`: an empty one, one that does not exist yet, or one whose restoration was interrupted. `owner` is a
    /// random number: whoever took it before is refused from then on.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] if it holds anything; otherwise what the store says.
    pub fn begin(url: &str, owner: i64) -> Result<Self, StoreError> {
        let runtime = new_runtime()?;
        let side = runtime.block_on(async {
            let mut side = Side::made(url).await?;
            if !side.begin_restoring(owner).await? {
                return Err(StoreError::Refused(format!(
                    "{} holds rows, so nothing is restored over it: name an empty store, or one that does not exist yet, in \
                     store.url",
                    side.name()
                )));
            }
            for table in TABLES.iter().filter(|table| !table.is_counters()) {
                side.append(table, None, true, &[]).await?;
            }
            Ok(side)
        })?;
        Ok(Self {
            runtime,
            url: url.to_owned(),
            owner,
            side,
            table: None,
        })
    }

    /// Writes a part.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] if it is none of a store with this schema; otherwise what the store says.
    pub fn write(&mut self, part: &DumpPart) -> Result<(), StoreError> {
        let strange = || StoreError::Refused("the backup does not fit the schema".to_owned());
        match part {
            DumpPart::Table { name, columns } => {
                let table = TABLES.iter().find(|table| {
                    table.name == name
                        && column_names(table) == *columns
                        && !LEFT_OUT.contains(&table.name)
                });
                self.table = Some(table.ok_or_else(strange)?);
            }
            DumpPart::Rows(bytes) => {
                let table = self.table.ok_or_else(strange)?;
                let read = rows::decoded(bytes, table).ok_or_else(strange)?;
                let marked = rows::marked(table, read);
                // An empty store has counters.
                let replacing = table.is_counters();
                let appended = self.side.append(table, None, replacing, &marked);
                self.runtime.block_on(appended)?;
            }
        }
        Ok(())
    }

    /// Begins a new epoch: sessions, recovery codes and passes are gone. Nobody but who restores can use the store yet, and whoever
    /// had it open before counts nothing of what is limited or has a PIN.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn finish(self) -> Result<Filled, StoreError> {
        let Self {
            runtime,
            url,
            owner,
            mut side,
            ..
        } = self;
        runtime.block_on(async {
            side.begin_epoch(NUMBERS_LEFT_OUT).await?;
            let ahead_secs = side.ahead_secs;
            side.close().await;
            Ok(Filled {
                url,
                owner,
                ahead_secs,
            })
        })
    }
}

/// A store that was filled, and that no program opens before it is released: what retention does not keep is still in it, and what
/// was revoked since still opens.
#[derive(Debug)]
pub struct Filled {
    url: String,
    owner: i64,
    ahead_secs: i64,
}

impl Filled {
    /// Opens it, to make it fit for use.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] if another program restores into it now; otherwise what the store says.
    pub fn connect(&self) -> Result<Arc<dyn Store>, StoreError> {
        connect_for(&self.url, false, Purpose::Restoring(self.owner))
    }

    /// The time by the store's clock.
    #[must_use]
    pub fn now(&self, now: UnixTime) -> UnixTime {
        by_clock_of_database(now, self.ahead_secs)
    }

    /// Lets it be used: limited codes and those with a PIN that were issued up to `closed_to` stay closed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] if another program restores into it now; otherwise what the store says.
    pub fn release(self, closed_to: UnixTime) -> Result<(), StoreError> {
        new_runtime()?.block_on(async {
            let mut side = Side::existing(&self.url).await?;
            side.end_restoring(self.owner, closed_to).await?;
            side.close().await;
            Ok(())
        })
    }
}

fn new_runtime() -> Result<Runtime, StoreError> {
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn column_names(table: &Table) -> Vec<String> {
    let names = table.columns.iter().map(|(name, _)| (*name).to_owned());
    names.collect()
}
