//! What requests made that may be sent again.

use crate::token::UnixTime;

/// A POST that carries an `Idempotency-Key`, with what was made for it.
#[derive(Clone)]
pub struct RequestRecord {
    /// A hash of the key and of who sent it.
    pub key_hash: [u8; 32],
    /// What was made.
    pub made: Made,
    /// When.
    pub now: UnixTime,
}

/// What a request made.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    /// A keyed digest of the request: route, options, body. Whoever finds it compares it.
    pub digest: [u8; 32],
    /// What was made.
    pub kind: RequestKind,
    /// By which it is found: of a token its bytes, as they travel or sealed; of other kinds the id.
    pub which: Vec<u8>,
}

/// A kind of thing that a request makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A token with its document, in itself or in the store.
    Token,
    /// A dynamic link.
    Link,
    /// A check-in list.
    List,
}

/// How long an idempotency key is remembered: a day.
pub const REMEMBERED_SECS: u64 = 24 * 60 * 60;

/// What was remembered.
#[derive(Clone, PartialEq, Eq)]
pub enum Remembered {
    /// The key is new (or older than a day): the record is stored now.
    New,
    /// The key was used before, at most a day ago, and this was made.
    Before(Made),
}
