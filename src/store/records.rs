//! The sealed documents of stored tokens.

use super::{AuditRow, Made, NetworkTag, RequestRecord, Revocation};
use crate::principal::Principal;
use crate::token::{RecordHead, Slot, TokenId, UnixTime};

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// A document, which needs the token to be read.
    Document,
    /// A dynamic link, which its owner can change.
    Link,
}

/// A stored token that is issued: its record, and what the ledger must know of it.
#[derive(Clone)]
pub struct NewRecord {
    /// The token.
    pub id: TokenId,
    /// What the record holds.
    pub kind: RecordKind,
    /// The slot of its key.
    pub slot: Slot,
    /// The minute of issue.
    pub issued_at: UnixTime,
    /// The beginning of the last minute in which it opens; `None` if it does not end.
    pub expires_at: Option<UnixTime>,
    /// How many opens count; `None` for as many as one likes.
    pub max_opens: Option<u32>,
    /// The record: ciphertext.
    pub record: Vec<u8>,
    /// What a link's row has besides.
    pub link: Option<NewLink>,
    /// Who made it.
    pub made_by: Option<Principal>,
    /// A text by which whoever made it finds it again.
    pub note: Option<String>,
    /// Whose share of the room it takes, where anybody may issue.
    pub share: Option<Share>,
    /// The idempotent request that it is for, remembered in the same transaction.
    pub request: Option<RequestRecord>,
    /// When.
    pub now: UnixTime,
    /// The row of the audit log.
    pub audit: AuditRow,
}

/// A token with its document inside that is to be remembered from its issue on.
#[derive(Clone)]
pub struct NewToken {
    /// The token.
    pub id: TokenId,
    /// The minute of issue.
    pub issued_at: UnixTime,
    /// The beginning of the last minute in which it opens; `None` if it does not end.
    pub expires_at: Option<UnixTime>,
    /// How many opens count; `None` for as many as one likes.
    pub max_opens: Option<u32>,
    /// Who made it.
    pub made_by: Option<Principal>,
    /// A text by which whoever made it finds it again.
    pub note: Option<String>,
    /// The idempotent request that it is for, remembered in the same transaction.
    pub request: Option<RequestRecord>,
    /// What the audit log says of it.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// A further record of a stored token.
#[derive(Clone)]
pub struct NextRecord {
    /// The token.
    pub id: TokenId,
    /// The revision that it replaces; its own is the next.
    pub replaces: u32,
    /// The record: ciphertext.
    pub record: Vec<u8>,
    /// The network from which the right PIN came, if the token has one.
    pub pin_from: Option<NetworkTag>,
    /// What the audit log says of it.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// What somebody without an API key may have in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// A keyed digest of whoever it is.
    pub of: [u8; 16],
    /// Bytes of all records, each with [`RECORD_OVERHEAD_BYTES`].
    pub most_bytes: u64,
}

/// What a record takes of a share besides its own bytes, while its row is there: rows are not free.
pub const RECORD_OVERHEAD_BYTES: u64 = 512;

/// What became of a new record.
#[derive(Clone, PartialEq, Eq)]
pub enum AddedRecord {
    /// It is kept.
    Kept,
    /// The same request was made before; nothing new is kept.
    Before(Made),
    /// The share is used up; nothing is kept, nor remembered of the request.
    ShareFull,
}

/// What the row of a link has besides its record.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// The token, sealed.
    pub token: Vec<u8>,
    /// Whether it leads nowhere until its owner says so.
    pub disabled: bool,
    /// 1 as it was made, one more for each change.
    pub edition: u32,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it was changed last, or ended.
    pub updated_at: UnixTime,
}

/// What a new record of a link takes besides.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The token, sealed.
    pub token: Vec<u8>,
    /// Seconds for which its record is kept after its end.
    pub keep_expired_secs: u64,
}

/// A stored token's row, with what the ledger knows of it at the same moment.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// The token.
    pub id: TokenId,
    /// What the record holds.
    pub kind: RecordKind,
    /// The slot of its key.
    pub slot: Slot,
    /// What the record is bound to.
    pub head: RecordHead,
    /// The record, unless the token has ended.
    pub record: Option<Vec<u8>>,
    /// The beginning of the last minute in which it opens.
    pub expires_at: Option<UnixTime>,
    /// How many opens count.
    pub max_opens: Option<u32>,
    /// Opens that counted.
    pub opens: u64,
    /// The last of them, unless erased.
    pub last_opened_at: Option<UnixTime>,
    /// The revocation, if it was revoked.
    pub revoked: Option<Revocation>,
    /// Who made it, if that is known.
    pub made_by: Option<Principal>,
    /// A text by which whoever made it finds it again.
    pub note: Option<String>,
    /// What a link's row has besides.
    pub link: Option<LinkRow>,
}
