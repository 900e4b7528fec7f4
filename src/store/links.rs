//! Dynamic links: their rows, and how often they were scanned.

use super::{AuditRow, StoredRecord};
use crate::principal::Principal;
use crate::token::{TokenId, UnixTime};

/// A change of a link.
#[derive(Clone)]
pub struct LinkChange {
    /// The link.
    pub id: TokenId,
    /// The edition that it replaces; its own is the next.
    pub replaces: u32,
    /// The record of the next revision; `None`: it stays.
    pub record: Option<Vec<u8>>,
    /// The beginning of the last minute in which it leads anywhere, as its record says from now on.
    pub expires_at: Option<UnixTime>,
    /// Seconds for which its record is kept after that.
    pub keep_expired_secs: u64,
    /// Whether it leads nowhere until its owner says so.
    pub disabled: bool,
    /// The note that it has from now on.
    pub note: Option<String>,
    /// The bytes that records of whoever made it may take together, where it takes a share of the room; `None`: without limit.
    pub share_bytes: Option<u64>,
    /// The row of the audit log.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// What became of a change of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedLink {
    /// It is made.
    Done,
    /// The link has another edition by now, or has ended for ever.
    Conflict,
    /// The share of whoever made it has no room for what it grows by.
    ShareFull,
}

/// What a link is at a moment, as far as its row says it: the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// Its owner or an operator ended it.
    Revoked,
    /// Its time has passed.
    Expired,
    /// All opens are spent.
    UsedUp,
    /// Its owner switched it off.
    Disabled,
    /// It leads where it is to lead, or will.
    Active,
}

impl StoredRecord {
    /// What the link of this row is at this moment; of a document's row, `Active` or why it ended.
    #[must_use]
    pub fn link_state(&self, now: UnixTime) -> LinkState {
        let used_up = |most| self.opens >= u64::from(most);
        if self.revoked.is_some() {
            LinkState::Revoked
        } else if self.expires_at.is_some_and(|at| now >= at.plus_secs(60)) {
            LinkState::Expired
        } else if self.max_opens.is_some_and(used_up) {
            LinkState::UsedUp
        } else if self.link.as_ref().is_some_and(|link| link.disabled) {
            LinkState::Disabled
        } else {
            LinkState::Active
        }
    }
}

/// Which links to list.
#[derive(Debug, Clone)]
pub struct LinkQuery {
    /// Only those in this state at `now`.
    pub state: Option<LinkState>,
    /// Only those whose note has this text in it.
    pub note: Option<String>,
    /// Only those that this one made.
    pub made_by: Option<Principal>,
    /// Where the previous page ended, as it said itself.
    pub after: Option<(UnixTime, TokenId)>,
    /// How many, 1 to 1,000.
    pub limit: u32,
    /// When.
    pub now: UnixTime,
}

/// A page of links.
#[derive(Clone, Default)]
pub struct ListedLinks {
    /// The links, the newest first.
    pub links: Vec<StoredRecord>,
    /// Where the next page begins, if there is one.
    pub next: Option<(UnixTime, TokenId)>,
}

/// What kind of device scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Device {
    /// An iPhone, an iPad, an iPod.
    Ios,
    /// Android.
    Android,
    /// Windows, macOS, Linux, Chrome OS.
    Desktop,
    /// Another, or none that says what it is.
    Other,
}

/// Scans of a link in an hour, by one kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanCount {
    /// The link.
    pub id: TokenId,
    /// The hour's beginning.
    pub hour: UnixTime,
    /// By what.
    pub device: Device,
    /// Whether they looked like a program's that opens links by itself.
    pub bot: bool,
    /// How many.
    pub scans: u64,
}

/// Whose scans to add up.
#[derive(Debug, Clone)]
pub enum ScansOf {
    /// One link's.
    Link(TokenId),
    /// Those of all links whose note has this text in it, if one is given, and that this one made, if one is given.
    Noted {
        /// The text.
        note: Option<String>,
        /// Who made them.
        made_by: Option<Principal>,
    },
}

/// Which scans to add up.
#[derive(Debug, Clone)]
pub struct ScanQuery {
    /// Whose.
    pub of: ScansOf,
    /// Those of hours that begin at or after this time.
    pub from: UnixTime,
    /// Those of hours that begin before this time.
    pub until: UnixTime,
    /// Seconds that are added up: of an hour, or of a UTC day.
    pub step_secs: u64,
}

/// Scans in a step, by one kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanSum {
    /// The step's beginning.
    pub at: UnixTime,
    /// By what.
    pub device: Device,
    /// Whether they looked like a program's that opens links by itself.
    pub bot: bool,
    /// How many.
    pub scans: u64,
}
