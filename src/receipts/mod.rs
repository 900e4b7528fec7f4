//! Receipts: what the ledger knows of a token, for its issuer.
//!
//! Belongs here: a receipt as it is shown, pages of them, and what can be erased from one. Does not belong here: who may
//! read it, its form as text. It never says where an open came from: the ledger does not know.

mod answer;
mod erase;
mod list;
mod show;
mod state;

pub use answer::{ReceiptAnswer, ReceiptsAnswer, RevocationAnswer};
pub use erase::erase_opens;
pub use list::{ListReceipts, list};
pub use show::show;

use crate::store::{LedgerEntry, ReceiptState};
use crate::token::UnixTime;

/// What the ledger knows of a token, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What the ledger has.
    pub entry: LedgerEntry,
    /// What the token is.
    pub state: ReceiptState,
}

impl Receipt {
    fn of(entry: LedgerEntry, now: UnixTime) -> Self {
        Self {
            state: entry.state(now),
            entry,
        }
    }

    /// Opens that are left, if the ledger saw the token itself and it is limited.
    #[must_use]
    pub fn opens_left(&self) -> Option<u64> {
        let most = u64::from(self.entry.max_opens?);
        Some(most.saturating_sub(self.entry.opens))
    }

    /// The latest opens, the newest first: by people (`false`), or by clients that look like programs which open links by
    /// themselves (`true`).
    pub fn opens_by(&self, suspected_bots: bool) -> impl Iterator<Item = UnixTime> {
        self.entry
            .opens_listed
            .iter()
            .filter(move |open| open.suspected_bot == suspected_bots)
            .map(|open| open.at)
    }
}
