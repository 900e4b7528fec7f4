//! Copying a store to another place, and retiring one that was copied.
//!
//! Belongs here: what is copied, in which order, how it is proven, and what marks a store that must not be used. Does not
//! belong here: what rows mean.
//!
//! One walk serves to begin, to go on and to mend: both stores are read in the order of keys, chunk by chunk, for as long as
//! they are the same; from there on the copy's rows are deleted and the rest is appended, each chunk in one transaction. Then
//! both are read again, whole, and compared by their digests. The copy bears a mark from before its first row until then, and no program opens it as a store
//! meanwhile: half a ledger would let used-up codes open again.

mod dump;
mod rows;
mod side;
mod tables;

use tokio::runtime;

pub use self::dump::{DumpPart, Filled, Loading, dump, schema_version};
pub use self::rows::TableDigest;
use self::rows::{RunningDigest, Value};
use self::side::Side;
use self::tables::{TABLES, Table};
use super::StoreError;
use super::sql::marks::Mark;

/// A store to be copied. No server may use either of the two meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct CopyStore<'a> {
    /// The URL of the store that is copied. It is only read.
    pub from: &'a str,
    /// The URL of the store that becomes the copy: an empty one, one that does not exist yet, or a copy that was not finished.
    pub to: &'a str,
    /// Whether the store that was copied is retired once the copy is proven, as by [`retire`].
    pub retire_source: bool,
    /// A random number: whoever copies or restores into the same store and began before writes no more.
    pub owner: i64,
}

/// How far copying is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    /// What is done.
    pub step: CopyStep,
    /// The table.
    pub table: &'static str,
    /// Rows that were read, of those that the table had when copying it began; of both sides while verifying.
    pub rows: u64,
    /// See `rows`.
    pub of: u64,
    /// Rows that were written: the others were there.
    pub written: u64,
}

/// The steps of copying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyStep {
    /// What differs is written.
    Copying,
    /// Both sides are read again.
    Verifying,
}

/// A table that was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: &'static str,
    /// Rows that were written.
    pub written: u64,
    /// What the store that was copied holds after that.
    pub from: TableDigest,
    /// What the copy holds after that.
    pub to: TableDigest,
}

impl CopiedTable {
    /// Whether both sides hold the same.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.from == self.to
    }
}

/// Copies a store, and proves the copy. If all of the tables that are answered are verified, the copy can be used; else it
/// keeps its mark, and copying again goes on from there.
///
/// # Errors
///
/// [`StoreError::Refused`] with what to do, if either store is not what it must be: the source without a current schema or
/// itself an unfinished copy, the target a store in use, or one that another program fills meanwhile. [`StoreError::Unavailable`]
/// if one of them fails; copying again goes on from there.
pub fn copy(
    request: CopyStore<'_>,
    mut progress: impl FnMut(CopyProgress),
) -> Result<Vec<CopiedTable>, StoreError> {
    block_on(async {
        let mut from = Side::existing(request.from).await?;
        refuse_half(&mut from).await?;
        let mut to = Side::made(request.to).await?;
        begin(&mut from, &mut to, request.owner).await?;
        let mut written = Vec::new();
        for table in &TABLES {
            written.push(copy_table(table, &mut from, &mut to, &mut progress).await?);
        }
        // Retired first: nothing is counted any more while both are compared.
        let retired = request.retire_source && from.change_mark(Mark::None, Mark::Moved).await?;
        let mut tables = Vec::new();
        for (table, (rows, written)) in TABLES.iter().zip(written) {
            // Of both sides, one after the other.
            let of = 2 * rows;
            let source = digest(table, &mut from, (0, of), &mut progress).await?;
            tables.push(CopiedTable {
                name: table.name,
                written,
                from: source,
                to: digest(table, &mut to, (source.rows, of), &mut progress).await?,
            });
        }
        if tables.iter().all(CopiedTable::is_verified) {
            to.end_copy().await?;
        } else if retired {
            from.change_mark(Mark::Moved, Mark::None).await?;
        }
        from.close().await;
        to.close().await;
        Ok(tables)
    })
}

/// Marks the store at `url` as moved to another place: from then on it counts nothing, and no server starts with it. Or takes
/// that back. Whether it was otherwise before.
///
/// # Errors
///
/// [`StoreError::Refused`] if it is an unfinished copy, or its schema is not current; [`StoreError::Unavailable`] if it fails.
pub fn retire(url: &str, retired: bool) -> Result<bool, StoreError> {
    let (before, after) = match retired {
        true => (Mark::None, Mark::Moved),
        false => (Mark::Moved, Mark::None),
    };
    block_on(async {
        let mut store = Side::existing(url).await?;
        refuse_half(&mut store).await?;
        let changed = store.change_mark(before, after).await?;
        store.close().await;
        Ok(changed)
    })
}

fn block_on<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| StoreError::Unavailable(error.to_string()))?
        .block_on(work)
}

async fn refuse_half(side: &mut Side) -> Result<(), StoreError> {
    match side.mark().await? {
        // One that was retired may be copied: a copy that retired it may have been interrupted.
        Mark::None | Mark::Moved => Ok(()),
        Mark::Copying => Err(StoreError::Refused(format!(
            "{} is itself a copy that was not finished",
            side.name()
        ))),
        Mark::Restoring => Err(StoreError::Refused(format!(
            "{} is being restored: run `qrseal restore` to its end",
            side.name()
        ))),
    }
}

/// Marks the target, unless it is a store in use, or the same as the source.
async fn begin(from: &mut Side, to: &mut Side, owner: i64) -> Result<(), StoreError> {
    if !to.begin_copy(owner).await? {
        return Err(StoreError::Refused(format!(
            "{} is a store in use (it holds rows, or was retired): copy to an empty one, or to one that does not exist yet",
            to.name()
        )));
    }
    if from.mark().await? == Mark::Copying {
        to.end_copy().await?;
        return Err(StoreError::Refused("both are the same store".to_owned()));
    }
    Ok(())
}

/// Makes a table of the copy the same as the source's; how many rows the source held, and how many were written.
async fn copy_table(
    table: &'static Table,
    from: &mut Side,
    to: &mut Side,
    progress: &mut impl FnMut(CopyProgress),
) -> Result<(u64, u64), StoreError> {
    let of = rows::count(&mut from.conn, table).await;
    let of = of.map_err(|error| from.failed(&error))?;
    let (mut rows, mut written) = (0, 0);
    let mut same_so_far = true;
    let mut after: Option<Vec<Value>> = None;
    loop {
        let wanted = from.read(table, after.as_deref()).await?;
        let length = u64::try_from(wanted.len()).expect("a chunk is small");
        let last = key_of_last(table, &wanted);
        let begins_to_differ = same_so_far && to.read(table, after.as_deref()).await? != wanted;
        same_so_far &= !begins_to_differ;
        if !same_so_far {
            let wanted = rows::marked(table, wanted);
            to.append(table, after.as_deref(), begins_to_differ, &wanted)
                .await?;
            written += length;
        }
        rows += length;
        progress(CopyProgress {
            step: CopyStep::Copying,
            table: table.name,
            rows,
            of,
            written,
        });
        match last {
            Some(last) => after = Some(last),
            None => return Ok((rows, written)),
        }
    }
}

/// The key of the last row of a chunk that is full: there may be more behind it.
fn key_of_last(table: &Table, rows: &[Vec<Value>]) -> Option<Vec<Value>> {
    let full = rows.len() == table.chunk && !table.is_counters();
    rows.last()
        .filter(|_| full)
        .map(|row| row[..table.key].to_vec())
}

/// What a table holds, read to its end. So many rows were read before it, of so many.
async fn digest(
    table: &'static Table,
    side: &mut Side,
    (before, of): (u64, u64),
    progress: &mut impl FnMut(CopyProgress),
) -> Result<TableDigest, StoreError> {
    let mut digest = RunningDigest::default();
    let mut after: Option<Vec<Value>> = None;
    loop {
        let read = side.read(table, after.as_deref()).await?;
        digest.add(&read);
        progress(CopyProgress {
            step: CopyStep::Verifying,
            table: table.name,
            rows: before + digest.rows(),
            of,
            written: 0,
        });
        match key_of_last(table, &read) {
            Some(last) => after = Some(last),
            None => return Ok(digest.finish()),
        }
    }
}
