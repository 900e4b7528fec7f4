//! Passes as the store knows them: by hashes of what their codes carry and phones hold.

use super::{AuditRow, ListId, SecretHash};
use crate::principal::Principal;
use crate::token::UnixTime;

/// The number of a pass: 1, 2, 3...
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PassId(pub u64);

/// A pass to be drawn.
#[derive(Debug, Clone)]
pub struct NewPass {
    /// Its number.
    pub id: PassId,
    /// The list that it is for.
    pub list: ListId,
    /// The hash of its code.
    pub code: SecretHash,
    /// What whoever draws it knows it by.
    pub note: Option<String>,
    /// Who draws it.
    pub made_by: Principal,
    /// From this time on it is good no more.
    pub ends_at: UnixTime,
    /// How many passes of the list may be good at the same time.
    pub most: u32,
    /// The row of the audit log.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// A pass as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassRecord {
    /// Its number.
    pub id: PassId,
    /// The list that it is for.
    pub list: ListId,
    /// What whoever drew it knows it by.
    pub note: Option<String>,
    /// Who drew it.
    pub made_by: Principal,
    /// When.
    pub created_at: UnixTime,
    /// From this time on it is good no more.
    pub ends_at: UnixTime,
    /// When a phone was signed in with it, if one was.
    pub used_at: Option<UnixTime>,
    /// What the phone's browser said that it is.
    pub browser: Option<String>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<UnixTime>,
    /// Who revoked it.
    pub revoked_by: Option<Principal>,
}

/// By what a pass is found.
#[derive(Debug, Clone, Copy)]
pub enum FindPass {
    /// Its code, in whatever state it is.
    Code(SecretHash),
    /// What a phone holds, while the pass is good.
    Session(SecretHash),
    /// Its list and number, in whatever state it is.
    Id(ListId, PassId),
}

/// Which passes of a list, the newest first.
#[derive(Debug, Clone, Copy)]
pub struct PassQuery {
    /// The list.
    pub list: ListId,
    /// The last one of the page before.
    pub after: Option<PassId>,
    /// How many, 1 to 1,000.
    pub limit: u32,
}

/// A phone is to be signed in with a pass.
#[derive(Debug, Clone)]
pub struct UsePass {
    /// Which.
    pub id: PassId,
    /// The hash of what the phone will hold.
    pub session: SecretHash,
    /// What its browser says that it is.
    pub browser: String,
    /// The row of the audit log.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// A pass is to be good no more.
#[derive(Debug, Clone)]
pub struct RevokePass {
    /// Its list.
    pub list: ListId,
    /// Which.
    pub id: PassId,
    /// Who wants it.
    pub by: Principal,
    /// The row of the audit log.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}
