//! What an idempotency key issued.

use crate::token::UnixTime;

/// A POST that carries an `Idempotency-Key`, with the token that was sealed for it.
#[derive(Clone)]
pub struct IssueRecord {
    /// A hash of the key and of who sent it.
    pub key_hash: [u8; 32],
    /// A keyed digest of the request: route, options, body.
    pub digest: [u8; 32],
    /// The token: ciphertext, as it travels.
    pub token: Vec<u8>,
    /// When.
    pub now: UnixTime,
}

/// How long an idempotency key is remembered: a day.
pub const REMEMBERED_SECS: u64 = 24 * 60 * 60;

/// What was remembered.
#[derive(Clone, PartialEq, Eq)]
pub enum Remembered {
    /// The key is new (or older than a day): the record is stored now.
    New,
    /// The key was used before, at most a day ago.
    Before {
        /// The digest of the request it was used for; the caller compares it.
        digest: [u8; 32],
        /// The token of the first answer.
        token: Vec<u8>,
    },
}
