//! A store's rows as bytes, all of one moment, and back into an empty store.

use tokio::runtime::{self, Runtime};

use super::rows::{self, Value};
use super::side::Side;
use super::tables::{TABLES, Table};
use super::{key_of_last, refuse_half};
use crate::store::StoreError;
use crate::store::sql::marks::Mark;
use crate::store::sql::schema;
use crate::token::UnixTime;

/// What says something of the running servers only, or ends with a restoration: it is not in a backup.
const LEFT_OUT: [&str; 3] = ["leases", "nodes", "sessions"];

/// The numbers of API keys and accounts that are left out after a restoration: whoever got one since the backup had it, and nobody
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

/// An empty store that is being filled. Until it is finished no program opens it as a store.
pub struct Loading {
    runtime: Runtime,
    side: Side,
    table: Option<&'static Table>,
}

impl Loading {
    /// Takes the store at `url`: an empty one, one that does not exist yet, or one whose filling was interrupted.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] if it holds anything; otherwise what the store says.
    pub fn begin(url: &str) -> Result<Self, StoreError> {
        let runtime = new_runtime()?;
        let side = runtime.block_on(async {
            let mut side = Side::made(url).await?;
            if !side.begin_copy().await? {
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
                // The counters take the place of those that the empty store has, mark and all.
                let appended = self.side.append(table, None, table.is_counters(), &marked);
                self.runtime.block_on(appended)?;
            }
        }
        Ok(())
    }

    /// Begins a new epoch, and lets the store be used: sessions and recovery codes are gone, and limited codes and those with a
    /// PIN that were issued up to `closed_to` stay closed.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn finish(self, closed_to: UnixTime) -> Result<(), StoreError> {
        let Self {
            runtime, mut side, ..
        } = self;
        runtime.block_on(async {
            if side.mark().await? != Mark::Copying {
                return Err(StoreError::Refused("the backup has no counters".to_owned()));
            }
            side.begin_epoch(closed_to, NUMBERS_LEFT_OUT).await?;
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
