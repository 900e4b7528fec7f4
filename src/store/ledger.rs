//! The ledger's vocabulary: opens, tries, revocations, receipts.

use crate::principal::Principal;
use crate::token::{TokenId, UnixTime};

/// What the ledger must know of a token that has state. It is sealed in the token, and comes from an authentic one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerToken {
    /// The token.
    pub id: TokenId,
    /// The minute of issue.
    pub issued_at: UnixTime,
    /// The beginning of the last minute in which it opens.
    pub expires_at: UnixTime,
    /// How many opens count, 1 to 1,000,000; `None` for a token that only has a PIN.
    pub max_opens: Option<u32>,
}

/// A keyed hash of the `open_id` that a client chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpenIdHash(pub [u8; 16]);

/// A keyed hash of a client's network (IPv4 /24, IPv6 /64). The ledger never sees an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetworkTag(pub [u8; 16]);

/// An open that wants to be counted.
#[derive(Debug, Clone, Copy)]
pub struct OpenAttempt {
    /// The token.
    pub token: LedgerToken,
    /// What makes the attempt repeatable for two minutes.
    pub open_id: OpenIdHash,
    /// The network from which the right PIN came, if the token has one.
    pub pin_from: Option<NetworkTag>,
    /// Whether the client looks like a program that opens links by itself.
    pub suspected_bot: bool,
    /// When.
    pub now: UnixTime,
}

/// How long an open can be repeated.
pub const REPEAT_SECS: u64 = 120;

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenOutcome {
    /// The payload may be shown.
    Counted(Counted),
    /// All opens are spent.
    UsedUp {
        /// When the last one was, unless that was erased.
        last_opened_at: Option<UnixTime>,
    },
    /// The token was revoked.
    Revoked(Revocation),
    /// The token ended at or before the latest that was purged: it has expired, whatever the clock says.
    Purged,
    /// The token was issued before the store was restored from a backup, and nobody has decided that such tokens open again.
    Closed,
}

/// Where a token stands before an attempt. Looking changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It would open.
    Open {
        /// Opens so far.
        opens: u64,
    },
    /// All opens are spent; a repeat of the last two minutes may still be answered.
    UsedUp {
        /// When the last one was, unless that was erased.
        last_opened_at: Option<UnixTime>,
    },
    /// The token was revoked.
    Revoked(Revocation),
    /// Every network is locked out until the issuer resets the PIN's tries.
    PinLocked,
    /// As [`OpenOutcome::Purged`].
    Purged,
    /// As [`OpenOutcome::Closed`].
    Closed,
}

/// An open that counts, or a repeat of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Opens so far, this one too.
    pub opens: u64,
    /// Whether it is a repeat of an earlier answer.
    pub repeated: bool,
}

/// A try at a PIN.
#[derive(Debug, Clone, Copy)]
pub struct PinTry {
    /// The token.
    pub token: LedgerToken,
    /// Where it comes from.
    pub network: NetworkTag,
    /// When.
    pub now: UnixTime,
}

/// Whether a PIN may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinGate {
    /// It may; a try is spent.
    Evaluate {
        /// Tries that are left after this one, here and now: 0 to 4.
        attempts_left: u32,
    },
    /// It may not.
    Locked(LockedUntil),
    /// As [`OpenOutcome::Purged`].
    Purged,
}

/// How long a lock holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockedUntil {
    /// This network, until then.
    Time(UnixTime),
    /// Every network, until the issuer resets the PIN's tries.
    Reset,
}

/// Tries of one network before it is locked.
pub const PIN_TRIES_PER_NETWORK: u32 = 5;
/// Tries over all networks, without those that a success from their own network forgave, before the token is locked.
pub const PIN_TRIES_PER_TOKEN: u32 = 20;
/// Wrong tries in a token's life, forgiven or not, before it is locked: whoever tries from the network of somebody who
/// knows the PIN must not go on for ever.
pub const PIN_WRONG_PER_TOKEN: u32 = 100;
/// The first lock of a network; each further one is twice as long.
pub const PIN_FIRST_LOCK_SECS: u64 = 15 * 60;
/// The longest lock of a network.
pub const PIN_LONGEST_LOCK_SECS: u64 = 24 * 60 * 60;

/// A token's end before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The token.
    pub id: TokenId,
    /// When it was revoked.
    pub at: UnixTime,
    /// Why, in the issuer's words (at most 200 characters), if any were given.
    pub reason: Option<String>,
    /// Whether its holder did it, with the token in hand.
    pub by_holder: bool,
    /// The token's expiry, if the token itself was shown and ends: the row can be purged then.
    pub expires_at: Option<UnixTime>,
}

/// How far a node has read the revocations. The default is the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RevocationCursor(pub u64);

/// Revocations that a node had not read.
#[derive(Debug, Clone, Default)]
pub struct RevocationBatch {
    /// The revocations.
    pub revocations: Vec<Revocation>,
    /// Where to go on.
    pub cursor: RevocationCursor,
    /// Whether there are more now.
    pub more: bool,
    /// The latest expiry that was purged, if any was: a token that ended at or before it has expired, whatever the clock says.
    pub purged_to: Option<UnixTime>,
}

/// An open as a receipt shows it: never an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRecord {
    /// When.
    pub at: UnixTime,
    /// Whether the client looked like a program that opens links by itself.
    pub suspected_bot: bool,
}

/// What the ledger knows of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The token.
    pub id: TokenId,
    /// The minute of issue, if the ledger saw the token itself.
    pub issued_at: Option<UnixTime>,
    /// The last minute in which it opens, if the ledger saw the token itself and it ends.
    pub expires_at: Option<UnixTime>,
    /// How many opens count, if the ledger saw the token itself and it is limited.
    pub max_opens: Option<u32>,
    /// Opens that counted.
    pub opens: u64,
    /// The first and the last of them, unless erased.
    pub first_opened_at: Option<UnixTime>,
    /// See `first_opened_at`.
    pub last_opened_at: Option<UnixTime>,
    /// The latest opens, the newest first; empty in a list of receipts and when looked at without them.
    pub opens_listed: Vec<OpenRecord>,
    /// The revocation, if it was revoked.
    pub revoked: Option<Revocation>,
    /// Tries at the PIN, over all networks, without those that a success from their own network forgave.
    pub pin_tries: u32,
    /// Wrong tries at the PIN since issue, or since the issuer reset them.
    pub pin_wrong: u32,
    /// Who made it, if it was remembered from its issue on.
    pub made_by: Option<Principal>,
    /// A text by which whoever made it finds it again.
    pub note: Option<String>,
    /// Its record, if it is a stored one.
    pub record: Option<EntryRecord>,
    /// The last time anything happened to it.
    pub updated_at: UnixTime,
}

/// What an entry tells of a token's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRecord {
    /// Its revision, 1 for the first.
    pub revision: u32,
    /// Its bytes; 0 once the token has ended.
    pub bytes: u64,
}

impl LedgerEntry {
    /// The most opens that a receipt lists.
    pub const MAX_OPENS_LISTED: usize = 100;

    /// What the token is at this moment.
    #[must_use]
    pub fn state(&self, now: UnixTime) -> ReceiptState {
        if self.revoked.is_some() {
            ReceiptState::Revoked
        } else if self.expires_at.is_some_and(|at| now >= at.plus_secs(60)) {
            ReceiptState::Expired
        } else if self
            .max_opens
            .is_some_and(|most| self.opens >= u64::from(most))
        {
            ReceiptState::UsedUp
        } else if self.pin_tries >= PIN_TRIES_PER_TOKEN || self.pin_wrong >= PIN_WRONG_PER_TOKEN {
            ReceiptState::PinLocked
        } else {
            ReceiptState::Active
        }
    }
}

/// The state of a token that the ledger knows, the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptState {
    /// Revoked.
    Revoked,
    /// Its time has passed.
    Expired,
    /// All opens are spent.
    UsedUp,
    /// Too many wrong PINs; it waits for a reset.
    PinLocked,
    /// It opens.
    Active,
}

/// Which receipts to list.
#[derive(Debug, Clone)]
pub struct ReceiptQuery {
    /// Only those in this state at `now`.
    pub state: Option<ReceiptState>,
    /// Only those with activity at or after this time.
    pub since: Option<UnixTime>,
    /// Only those with activity before this time.
    pub until: Option<UnixTime>,
    /// Only those whose note has this text in it, letter by letter.
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

/// A page of receipts.
#[derive(Debug, Clone, Default)]
pub struct ListedReceipts {
    /// The receipts.
    pub entries: Vec<LedgerEntry>,
    /// Where the next page begins, if there is one.
    pub next: Option<(UnixTime, TokenId)>,
}

/// Whether there was something to erase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// The ledger knows the token; what it told about opens is gone.
    Done,
    /// The ledger never met it.
    Unknown,
}

/// What purging took out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Tokens.
    pub tokens: u64,
    /// Revocations.
    pub revocations: u64,
    /// Requests that may not be sent again any more.
    pub requests: u64,
    /// Records of stored tokens that ended; their rows stay a while, for the reason.
    pub records: u64,
    /// Whether there is more to take out now.
    pub more: bool,
}
