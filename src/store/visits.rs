//! Visits: what lists keep of documents, sealed, and who was there.

use super::{AuditRow, CheckInId, CheckInRecord, ListId, SealedVisit};
use crate::token::{TokenId, UnixTime};

/// A visit as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRecord {
    /// The entry.
    pub check_in: CheckInId,
    /// Its list.
    pub list: ListId,
    /// The token.
    pub token: TokenId,
    /// What is kept.
    pub sealed: SealedVisit,
}

/// Who was there.
#[derive(Debug, Clone, Copy)]
pub struct PresenceQuery {
    /// The list.
    pub list: ListId,
    /// Whoever was there after this time.
    pub from: UnixTime,
    /// Whoever was there before this time.
    pub until: UnixTime,
    /// Where nobody is let out, how many seconds everybody stays; `None`: until they are let out.
    pub stay_secs: Option<u64>,
    /// The number of the last entry of the page before.
    pub after: Option<u64>,
    /// How many, 1 to 1,000.
    pub limit: u32,
}

/// An entry of somebody who was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The entry.
    pub entry: CheckInRecord,
    /// When they were let out, if they were.
    pub left_at: Option<UnixTime>,
    /// What is kept of their document.
    pub visit: Option<SealedVisit>,
}

/// Which codes are inside a list, in the order of their ids.
#[derive(Debug, Clone, Copy)]
pub struct InsideQuery {
    /// The list.
    pub list: ListId,
    /// The last one of the page before.
    pub after: Option<TokenId>,
    /// How many, 1 to 1,000.
    pub limit: u32,
}

/// A code that is inside a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// Its token.
    pub token: TokenId,
    /// How many people it brought, and are inside.
    pub people: u64,
    /// Its latest entry, while that is kept.
    pub entry: Option<CheckInRecord>,
    /// What is kept of its document.
    pub visit: Option<SealedVisit>,
}

/// Visits are to be erased.
#[derive(Debug, Clone)]
pub struct EraseVisits {
    /// The list.
    pub list: ListId,
    /// Whose.
    pub of: ErasedOf,
    /// The row of the audit log.
    pub audit: AuditRow,
}

/// Whose visits are erased.
#[derive(Debug, Clone, Copy)]
pub enum ErasedOf {
    /// Of one entry.
    Entry(CheckInId),
    /// All of a token.
    Token(TokenId),
}
