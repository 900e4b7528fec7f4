//! Reads of stored tokens that wait at the same time, done by one statement: on the way to the database a statement costs
//! more than the row that it finds.
//!
//! Belongs here: which reads share a statement, and who gets which row. Does not belong here: the statement (see `sql`), and
//! transactions.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::AnyConnection;

use crate::store::StoredRecord;
use crate::store::sql::records;
use crate::token::TokenId;

type Read = Result<Option<StoredRecord>, sqlx::Error>;

/// The reads that wait, and what was found for those whose turn has not come.
#[derive(Default)]
pub(super) struct RecordReads(Mutex<Shared>);

#[derive(Default)]
struct Shared {
    /// How many reads there were.
    count: u64,
    /// How many there were when the transaction of the moment began: it sees nothing that was written after that, and no later
    /// read may be content with it.
    begun: u64,
    waiting: Vec<(u64, TokenId)>,
    /// Those of them that another read does at the moment.
    taken: HashSet<u64>,
    found: HashMap<u64, Read>,
}

/// A read that waits until it is dropped.
pub(super) struct RecordRead {
    number: u64,
    id: TokenId,
    reads: Arc<RecordReads>,
}

impl RecordReads {
    /// A transaction begins: from now on it does the reads that wait.
    pub(super) fn begin(&self) {
        let mut shared = self.shared();
        shared.begun = shared.count;
    }

    /// A read of `id` that others may do on their way, in a transaction that begins after this.
    pub(super) fn wait(self: &Arc<Self>, id: TokenId) -> RecordRead {
        let mut shared = self.shared();
        shared.count += 1;
        let number = shared.count;
        shared.waiting.push((number, id));
        RecordRead {
            number,
            id,
            reads: Arc::clone(self),
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        // Whatever another thread left is whole: each change is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RecordRead {
    /// What another read found for this one, or else the row, read together with those of others that wait.
    pub(super) async fn run(&self, conn: &mut AnyConnection) -> Read {
        let others: Vec<_> = {
            let mut shared = self.reads.shared();
            if let Some(found) = shared.found.remove(&self.number) {
                return found;
            }
            shared.waiting.retain(|(number, _)| *number != self.number);
            // Numbers grow.
            let begun = shared.begun;
            let before = shared
                .waiting
                .partition_point(|(number, _)| *number <= begun);
            let most = before.min(records::MOST_TOGETHER - 1);
            let others: Vec<_> = shared.waiting.drain(..most).collect();
            shared.taken.extend(others.iter().map(|(number, _)| number));
            others
        };
        let ids: Vec<_> = std::iter::once(self.id)
            .chain(others.iter().map(|(_, id)| *id))
            .collect();
        let rows = records::records(conn, &ids).await?;
        let mut shared = self.reads.shared();
        for (number, id) in others {
            // Whoever does not wait any more fetches nothing.
            if shared.taken.remove(&number) {
                shared.found.insert(number, found(&rows, id));
            }
        }
        drop(shared);
        found(&rows, self.id)
    }
}

fn found(rows: &records::Found, id: TokenId) -> Read {
    match rows.get(&id) {
        None => Ok(None),
        Some(Ok(row)) => Ok(Some(row.clone())),
        // It is damaged, for each who asks.
        Some(Err(why)) => Err(sqlx::Error::Decode(why.as_str().into())),
    }
}

impl Drop for RecordRead {
    fn drop(&mut self) {
        let mut shared = self.reads.shared();
        shared.waiting.retain(|(number, _)| *number != self.number);
        shared.taken.remove(&self.number);
        shared.found.remove(&self.number);
    }
}
