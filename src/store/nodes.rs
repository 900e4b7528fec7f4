//! What the store is told of the servers that use it.

use crate::token::UnixTime;

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeReport {
    /// Random, for the life of its process.
    pub id: [u8; 12],
    /// For people.
    pub name: String,
    /// Fingerprints of the keys and the samples with which it opens codes, one after the other.
    pub opens_with: Vec<u8>,
    /// When.
    pub now: UnixTime,
}

/// A server as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundNode {
    /// Of its process.
    pub id: [u8; 12],
    /// For people.
    pub name: String,
    /// See [`NodeReport::opens_with`].
    pub opens_with: Vec<u8>,
    /// For how many seconds nothing was heard of it.
    pub silent_secs: u64,
}

/// A server that was not heard of for so long does not answer: it says something every ten seconds.
pub const NODE_SILENT_SECS: u64 = 30;
/// After so long nobody remembers it.
pub const NODE_FORGOTTEN_SECS: u64 = 24 * 60 * 60;
