//! The rows of the audit log as a store keeps them: what they say in clear, and what nobody reads without the keyring.

use crate::token::{Slot, UnixTime};

/// The id of a row: 12 random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuditId(pub [u8; 12]);

/// One thing that somebody did. The feature `audit` makes it and knows what its words mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// When, by the clock of whoever wrote it.
    pub happened_at: UnixTime,
    /// The row's id.
    pub id: AuditId,
    /// Who, as a principal's text.
    pub principal: String,
    /// The verb.
    pub verb: String,
    /// What kind of thing it was done to.
    pub what: String,
    /// Which one.
    pub what_id: String,
    /// The slot of the key of `details`.
    pub slot: Slot,
    /// Ciphertext, bound to all of the above.
    pub details: Vec<u8>,
}

/// A row's place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditLink {
    /// 1 for the first.
    pub number: u64,
    /// The slot of the link's key.
    pub slot: Slot,
    /// A keyed digest of the row and of the link before.
    pub link: [u8; 32],
}

/// A row as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAuditRow {
    /// The row.
    pub row: AuditRow,
    /// Its place in the chain, once it has one.
    pub link: Option<AuditLink>,
}

/// The ends of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditEnds {
    /// The row that was linked last; `None` before the first.
    pub head: Option<AuditLink>,
    /// The last row that was taken out because of its age; `None` if none was.
    pub pruned: Option<AuditLink>,
    /// The slot of the key of `mac`.
    pub slot: Slot,
    /// A keyed digest of both: nobody without the key moves an end.
    pub mac: [u8; 32],
}

impl AuditEnds {
    /// The number of the row that was linked last; 0 before the first.
    #[must_use]
    pub fn head_number(&self) -> u64 {
        self.head.map_or(0, |head| head.number)
    }

    /// The number of the last row that was taken out; 0 if none was.
    #[must_use]
    pub fn pruned_number(&self) -> u64 {
        self.pruned.map_or(0, |pruned| pruned.number)
    }

    /// Both; 0 and 0 where nothing was ever linked.
    #[must_use]
    pub fn numbers(ends: Option<&Self>) -> (u64, u64) {
        ends.map_or((0, 0), |ends| (ends.head_number(), ends.pruned_number()))
    }
}

/// Which rows to list, in the order of time.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Only of this time and later.
    pub since: Option<UnixTime>,
    /// Only of before this time.
    pub until: Option<UnixTime>,
    /// Only by this principal.
    pub principal: Option<String>,
    /// Only with this verb.
    pub verb: Option<String>,
    /// Only about this kind of thing.
    pub what: Option<String>,
    /// Only about this one.
    pub what_id: Option<String>,
    /// Where the page before ended, as it said itself.
    pub after: Option<(UnixTime, AuditId)>,
    /// How many, 1 to 1,000.
    pub limit: u32,
    /// Whether the oldest come first.
    pub oldest_first: bool,
}

/// A page of rows.
#[derive(Debug, Clone, Default)]
pub struct ListedAudit {
    /// The rows.
    pub rows: Vec<FoundAuditRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<(UnixTime, AuditId)>,
}

/// Rows that get their places in the chain.
#[derive(Debug, Clone)]
pub struct LinkAudit {
    /// Where the ends were ([`AuditEnds::numbers`]); if they are elsewhere, nothing is changed.
    pub before: (u64, u64),
    /// The rows with their links, in the order of their numbers.
    pub links: Vec<(UnixTime, AuditId, AuditLink)>,
    /// The new ends.
    pub ends: AuditEnds,
}

/// The oldest rows go.
#[derive(Debug, Clone, Copy)]
pub struct PruneAudit {
    /// Where the ends were ([`AuditEnds::numbers`]); if they are elsewhere, nothing is changed.
    pub before: (u64, u64),
    /// The new ends: all rows up to the pruned one go.
    pub ends: AuditEnds,
}

/// What one node at a time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Linking the audit log.
    LinkAudit,
    /// Rotating the keys of the keyring.
    RotateKeys,
    /// Delivering events.
    DeliverEvents,
}

/// A node wants to be the one that does a job.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    /// The job.
    pub job: Job,
    /// The node: random, or six bytes that its name gives and six for when it started, big-endian. Whoever started later under the same
    /// name takes over at once: the earlier one is dead.
    pub holder: [u8; 12],
    /// For so many seconds.
    pub secs: u64,
    /// When.
    pub now: UnixTime,
}
