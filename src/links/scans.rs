//! How often links were scanned, until the store has it.
//!
//! A scan adds to a number in memory, which is bounded; each second what came together is written. A process that is killed
//! loses at most that second.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Visitor;
use crate::store::{Device, ScanCount, Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// Counts that wait at most: links by hours by kinds of devices. What comes when there are so many is not counted.
const MAX_WAITING: usize = 100_000;

/// Rows of one transaction, which is to be short.
const TOGETHER: usize = 500;

const HOUR_SECS: u64 = 60 * 60;

/// What is counted apart: a link, an hour, a kind of device, bot or not.
type Kind = (TokenId, u64, Device, bool);

/// Scans that the store does not have yet.
#[derive(Debug, Default)]
pub struct ScanCounts {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    counts: HashMap<Kind, u64>,
    lost: u64,
}

impl ScanCounts {
    /// Counts a scan.
    pub fn count(&self, id: TokenId, visitor: &Visitor, now: UnixTime) {
        let hour = now.as_secs() - now.as_secs() % HOUR_SECS;
        self.add((id, hour, visitor.device, visitor.bot), 1);
    }

    fn add(&self, kind: Kind, scans: u64) {
        let mut waiting = self.waiting();
        let full = waiting.counts.len() >= MAX_WAITING;
        match waiting.counts.get_mut(&kind) {
            Some(count) => *count += scans,
            None if full => waiting.lost += scans,
            None => {
                waiting.counts.insert(kind, scans);
            }
        }
    }

    /// Writes what came together. What a store that is away did not take waits on; what it may have taken does not, or it could
    /// count twice.
    ///
    /// # Errors
    /// What the store says.
    pub async fn write(&self, store: &dyn Store) -> Result<(), StoreError> {
        let (counts, lost) = {
            let mut waiting = self.waiting();
            (
                std::mem::take(&mut waiting.counts),
                std::mem::take(&mut waiting.lost),
            )
        };
        if lost > 0 {
            tracing::error!(
                lost,
                "scans were not counted: too many kinds of them waited for the store"
            );
        }
        let counts: Vec<_> = counts.into_iter().map(row).collect();
        let mut parts = counts.chunks(TOGETHER);
        while let Some(part) = parts.next() {
            let Err(error) = store.add_scans(part.to_vec()).await else {
                continue;
            };
            let again = match error {
                StoreError::Unknown(_) => &[],
                _ => part,
            };
            for count in again.iter().chain(parts.flatten()) {
                let kind = (count.id, count.hour.as_secs(), count.device, count.bot);
                self.add(kind, count.scans);
            }
            return Err(error);
        }
        Ok(())
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn row(((id, hour, device, bot), scans): (Kind, u64)) -> ScanCount {
    ScanCount {
        id,
        hour: UnixTime::from_secs(hour),
        device,
        bot,
        scans,
    }
}
