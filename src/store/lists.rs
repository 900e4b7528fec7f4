//! Check-in lists as the store knows them.

use super::{AuditRow, RequestRecord, row_id};
use crate::principal::Principal;
use crate::token::UnixTime;

row_id!(
    /// The id of a check-in list: 12 random bytes.
    ListId
);

/// A list to be made.
#[derive(Clone)]
pub struct NewList {
    /// Its id.
    pub id: ListId,
    /// What people call it.
    pub name: String,
    /// What it asks, as the feature writes it.
    pub settings: String,
    /// Who makes it.
    pub made_by: Principal,
    /// The request, if it may be sent again; what it makes is this list.
    pub request: Option<RequestRecord>,
    /// The row of the audit log.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// A list as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRecord {
    /// Its id.
    pub id: ListId,
    /// What people call it.
    pub name: String,
    /// What it asks, as the feature wrote it.
    pub settings: String,
    /// 1 as it was made, one more for each change.
    pub revision: u64,
    /// Who made it.
    pub made_by: Principal,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it was changed last.
    pub updated_at: UnixTime,
    /// How many people are inside.
    pub inside: u64,
    /// The time at which everybody who was inside was let out for the last time.
    pub exited_all_at: UnixTime,
    /// Who may check in on it besides those who may on all lists, in the order of their texts.
    pub staff: Vec<Principal>,
}

/// A change of a list.
#[derive(Clone)]
pub struct ChangeList {
    /// Which.
    pub id: ListId,
    /// The revision that is changed; `None`: whichever is there.
    pub if_revision: Option<u64>,
    /// What changes.
    pub edit: ListEdit,
    /// The row of the audit log.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// What of a list changes.
#[derive(Clone)]
pub enum ListEdit {
    /// Its name and what it asks.
    Described {
        /// What people call it.
        name: String,
        /// What it asks.
        settings: String,
    },
    /// All of its staff anew.
    Staff(Vec<Principal>),
    /// It is there no more, nor is what belongs to it.
    Delete,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedList {
    /// It is so now; of a list that was deleted, as it was.
    Done(ListRecord),
    /// Another revision is there.
    Conflict(u64),
    /// There is no such list.
    Unknown,
}

/// Which lists.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// Only those that this one made, or works at if `or_staff`.
    pub made_by: Option<Principal>,
    /// Whether those count at which `made_by` is staff.
    pub or_staff: bool,
    /// Where the page before ended.
    pub after: Option<(UnixTime, ListId)>,
    /// How many, 1 to 1,000.
    pub limit: u32,
}

/// A page of lists.
#[derive(Debug, Clone, Default)]
pub struct ListedLists {
    /// The lists, the newest first.
    pub lists: Vec<ListRecord>,
    /// Where the next page begins, if there is one.
    pub next: Option<(UnixTime, ListId)>,
}

/// What was counted at a gate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GateCounts {
    /// The gate's name; empty: none was said.
    pub gate: String,
    /// Entries that were not undone.
    pub entries: u64,
    /// People who came with them.
    pub people: u64,
    /// Exits.
    pub exits: u64,
    /// Attempts that were refused.
    pub refusals: u64,
}

/// Everybody inside a list is let out.
#[derive(Debug, Clone, Copy)]
pub struct ExitAll {
    /// The list.
    pub list: ListId,
    /// Those who entered before this time; it is the time of their exits.
    pub before: UnixTime,
    /// The local day of that time, as 20261127.
    pub day: u32,
    /// The most codes of one step.
    pub limit: u32,
    /// Random bytes, from which the ids of the rows are made.
    pub random: [u8; 32],
}
