//! Events: what is told to others, and what the store keeps of it until it was.

use crate::options::words;
use crate::token::{TokenId, UnixTime};

/// What can happen. Numbers stand in stores, words go over the wire: neither ever changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A token was opened, and that counts.
    TokenOpened,
    /// A token's last open was spent.
    TokenUsedUp,
    /// A token was revoked or deleted.
    TokenRevoked,
    /// How often a link was scanned in an hour.
    LinkScanned,
    /// A list let a code in.
    CheckInEntry,
    /// A list let a code out, or everybody at its hour.
    CheckInExit,
    /// A list refused a code.
    CheckInRefused,
    /// An entry or exit was taken back.
    CheckInUndone,
}

words!(EventKind {
    TokenOpened = "token.opened",
    TokenUsedUp = "token.used_up",
    TokenRevoked = "token.revoked",
    LinkScanned = "link.scanned",
    CheckInEntry = "check_in.entry",
    CheckInExit = "check_in.exit",
    CheckInRefused = "check_in.refused",
    CheckInUndone = "check_in.undone",
});

impl EventKind {
    /// Its number.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::TokenOpened => 1,
            Self::TokenUsedUp => 2,
            Self::TokenRevoked => 3,
            Self::LinkScanned => 4,
            Self::CheckInEntry => 5,
            Self::CheckInExit => 6,
            Self::CheckInRefused => 7,
            Self::CheckInUndone => 8,
        }
    }

    /// The kind of this number.
    #[must_use]
    pub fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its bit in a set of kinds.
    #[must_use]
    pub fn bit(self) -> i64 {
        1 << self.number()
    }
}

/// Who is told: the first bytes of the digest of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId(pub [u8; 8]);

/// Who is told what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTarget {
    /// Who.
    pub id: TargetId,
    /// What.
    pub kinds: Vec<EventKind>,
}

/// Which event of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventKey {
    /// Who is told.
    pub target: TargetId,
    /// The token; of what is no token of ours, the id of its check-in.
    pub token_id: TokenId,
    /// Its place among what is told of the token.
    pub place: i64,
    /// What happened.
    pub kind: EventKind,
}

/// An event that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingEvent {
    /// Which.
    pub key: EventKey,
    /// When it happened.
    pub happened_at: UnixTime,
    /// What there is to tell besides: a JSON object.
    pub data: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next.
    pub next_at: UnixTime,
    /// From when on it was to be delivered.
    pub since: UnixTime,
    /// Whether nobody tries any more.
    pub given_up: bool,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventFate {
    /// It was delivered.
    Delivered,
    /// It is tried again at this time.
    Again(UnixTime),
    /// Nobody tries any more.
    GivenUp,
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxState {
    /// Events that are to be delivered.
    pub waiting: u64,
    /// Events that nobody tries to deliver any more.
    pub given_up: u64,
    /// Since when the oldest of those that wait has waited.
    pub oldest_at: Option<UnixTime>,
}
