//! Check-ins as the store knows them: what is to be judged, and what came of it.

use super::{AuditRow, ListId, NetworkTag, Revocation, row_id};
use crate::options::words;
use crate::principal::Principal;
use crate::token::{Slot, TokenId, UnixTime};

row_id!(
    /// The id of a check-in's row: 12 random bytes.
    CheckInId
);

/// Which way somebody goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckInKind {
    /// In.
    Entry,
    /// Out.
    Exit,
}

/// How often a code enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entries {
    /// Once; where there are exits, again after an exit.
    Once,
    /// The same, anew each local day.
    OnceADay,
    /// As often as it is shown.
    Many,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckInOutcome {
    /// It is inside.
    LetIn,
    /// It is outside.
    LetOut,
    /// It entered before.
    AlreadyRedeemed,
    /// The list does not take such codes.
    NotOnList,
    /// The list is not open.
    OutsideWindow,
    /// As many are inside as may be.
    ListFull,
    /// Its time has passed.
    Expired,
    /// It was ended.
    Revoked,
    /// Its opens were spent elsewhere.
    UsedUp,
    /// Too many wrong PINs.
    PinLocked,
    /// No code of ours.
    NotRecognised,
    /// The PIN was wrong.
    PinIncorrect,
    /// Its key is switched off.
    KeyRetired,
    /// Its document is there no more.
    Gone,
    /// It was issued before the store was restored from a backup.
    Closed,
}

words!(CheckInKind {
    Entry = "entry",
    Exit = "exit",
});

words!(CheckInOutcome {
    LetIn = "let_in",
    LetOut = "let_out",
    AlreadyRedeemed = "already_redeemed",
    NotOnList = "not_on_list",
    OutsideWindow = "outside_window",
    ListFull = "list_full",
    Expired = "token_expired",
    Revoked = "token_revoked",
    UsedUp = "token_used_up",
    PinLocked = "pin_locked",
    NotRecognised = "token_not_recognised",
    PinIncorrect = "pin_incorrect",
    KeyRetired = "key_retired",
    Gone = "token_gone",
    Closed = "token_closed",
});

impl CheckInOutcome {
    /// Whether somebody was let in or out.
    #[must_use]
    pub fn is_passed(self) -> bool {
        matches!(self, Self::LetIn | Self::LetOut)
    }
}

/// A document as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedVisit {
    /// The slot of its key.
    pub slot: Slot,
    /// Ciphertext.
    pub document: Vec<u8>,
}

impl std::fmt::Debug for SealedVisit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedVisit")
            .field("slot", &self.slot)
            .finish_non_exhaustive()
    }
}

/// Somebody shows a code at a list.
#[derive(Debug, Clone)]
pub struct CheckIn {
    /// The id that its row will have.
    pub id: CheckInId,
    /// The list.
    pub list: ListId,
    /// The revision of the list that was looked at.
    pub list_revision: u64,
    /// Which way.
    pub kind: CheckInKind,
    /// At which gate.
    pub gate: Option<String>,
    /// The token, if it is ours.
    pub token: Option<CheckInToken>,
    /// What was found before the ledger is asked.
    pub found: Found,
    /// What the list keeps of its document if it is let in, sealed beside the row's id.
    pub visit: Option<SealedVisit>,
    /// The network from which its PIN was right: what that spent on tries is forgiven.
    pub pin_from: Option<NetworkTag>,
    /// Who.
    pub made_by: Principal,
    /// What makes it repeatable.
    pub check_in_id: String,
    /// A keyed digest of the request.
    pub digest: [u8; 32],
    /// The local day, as 20261127.
    pub day: u32,
    /// When.
    pub now: UnixTime,
}

/// What judging needs to know of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckInToken {
    /// Its id.
    pub id: TokenId,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// The beginning of the last minute in which it opens, if it ends.
    pub expires_at: Option<UnixTime>,
    /// How many opens count.
    pub max_opens: Option<u32>,
}

/// What was found before the ledger is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is refused for this, whatever the ledger says.
    Refused(CheckInOutcome),
    /// The list takes it: an entry is judged by these rules, an exit by none.
    Accepted(EntryRules),
    /// The list does not take it, or takes it no more: whoever is inside is let out all the same, and nobody is let in.
    OnlyOut(EntryRules),
}

/// What a list asks of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRules {
    /// How often a code enters.
    pub entries: Entries,
    /// Whether it is known who is inside.
    pub exits: bool,
    /// How many people the code admits.
    pub people: u32,
    /// How many people may be inside.
    pub max_inside: Option<u32>,
    /// The time before which the list is not open.
    pub opens_at: Option<UnixTime>,
    /// The time from which on it is not open any more.
    pub closes_at: Option<UnixTime>,
    /// A keyed hash by which the list's own open of a limited token is known.
    pub open_id: [u8; 16],
}

/// A check-in as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckInRecord {
    /// Its id.
    pub id: CheckInId,
    /// The list.
    pub list: ListId,
    /// Its place in the order of the list.
    pub number: u64,
    /// When.
    pub happened_at: UnixTime,
    /// Which way.
    pub kind: CheckInKind,
    /// What came of it.
    pub outcome: CheckInOutcome,
    /// The token, if it was ours.
    pub token: Option<TokenId>,
    /// At which gate.
    pub gate: Option<String>,
    /// Who; `None`: the list by itself.
    pub made_by: Option<Principal>,
    /// What made it repeatable.
    pub check_in_id: Option<String>,
    /// How many people went in or out.
    pub people: u64,
    /// Whether it was an exit of somebody who was not inside.
    pub no_entry: bool,
    /// When it was undone, if it was.
    pub undone_at: Option<UnixTime>,
    /// Who undid it.
    pub undone_by: Option<Principal>,
}

/// What the ledger says of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedIn {
    /// It was judged, now or before.
    Judged(Box<Judged>),
    /// The same principal used the `check_in_id` for another request.
    AnotherRequest,
    /// The list has another revision by now, or is gone.
    ListChanged,
}

/// How an attempt was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its row.
    pub row: CheckInRecord,
    /// Whether it was judged before, and this is a repeat.
    pub replayed: bool,
    /// How many people are inside now.
    pub inside: u64,
    /// When the code entered first.
    pub first_at: Option<UnixTime>,
    /// The entry that stood in its way, while its row is kept.
    pub because: Option<CheckInRecord>,
    /// Its revocation, if that is why.
    pub revocation: Option<Revocation>,
}

/// A check-in is to be undone.
#[derive(Debug, Clone)]
pub struct UndoCheckIn {
    /// Which.
    pub id: CheckInId,
    /// Its list.
    pub list: ListId,
    /// Who wants it.
    pub by: Principal,
    /// Whether it may be another's, and any age.
    pub any: bool,
    /// The row of the audit log.
    pub audit: AuditRow,
    /// When.
    pub now: UnixTime,
}

/// What became of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoneCheckIn {
    /// It is undone, now or before; how many people are inside.
    Done(Box<CheckInRecord>, u64),
    /// There is no such check-in.
    Unknown,
    /// Somebody else made it.
    NotYours,
    /// It is older than [`UNDO_SECS`].
    TooLate,
    /// The code was checked in or out after it.
    NotLatest,
    /// Nobody was let in or out.
    Refusal,
}

/// For how long whoever made a check-in may undo it: 15 minutes.
pub const UNDO_SECS: u64 = 15 * 60;

/// Which check-ins of a list, in its order.
#[derive(Debug, Clone)]
pub struct CheckInQuery {
    /// The list.
    pub list: ListId,
    /// Only of this time and later.
    pub since: Option<UnixTime>,
    /// Only of before this time.
    pub until: Option<UnixTime>,
    /// Only with this outcome.
    pub outcome: Option<CheckInOutcome>,
    /// Only at this gate.
    pub gate: Option<String>,
    /// Only of this one.
    pub made_by: Option<Principal>,
    /// Only of this token.
    pub token: Option<TokenId>,
    /// The number of the last one of the page before.
    pub after: Option<u64>,
    /// How many, 1 to 1,000.
    pub limit: u32,
    /// Whether the oldest come first.
    pub oldest_first: bool,
}

/// By what a check-in is found.
#[derive(Debug, Clone)]
pub enum FindCheckIn {
    /// Its id.
    Id(CheckInId),
    /// Who made it, and what made it repeatable.
    Request(Principal, String),
}

/// A check-in as it is found again, with the digest of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCheckIn {
    /// Its row.
    pub row: CheckInRecord,
    /// The digest of its request.
    pub digest: Option<[u8; 32]>,
}
