//! Where things stand in the bytes of a token, version 1 (`docs/token-format.md`, "Layout").

use super::{id::Nonce, slot::Slot, time::IssueMinute};

/// The version that the first three bits of a token say.
pub(super) const VERSION: u8 = 1;
/// Version, slot and issue minute.
pub(super) const HEAD_BYTES: usize = 4;
/// Where the ciphertext begins.
pub(super) const CIPHERTEXT_AT: usize = HEAD_BYTES + Nonce::BYTES;
/// The length of the authentication tag, also of the PIN's inner one.
pub(super) const TAG_BYTES: usize = 16;
const FLAGS_BYTES: usize = 1;
/// Three claims of four bytes.
const MAX_CLAIMS_BYTES: usize = 3 * 4;

/// The longest body, packed or not, in bytes.
pub const MAX_BODY_BYTES: usize = 65_536;
/// The shortest token, in bytes: one with an empty body, which parses but holds no document.
pub const MIN_TOKEN_BYTES: usize = CIPHERTEXT_AT + FLAGS_BYTES + TAG_BYTES;
/// The longest token, in bytes: all claims, a PIN and the longest body.
pub const MAX_TOKEN_BYTES: usize = MIN_TOKEN_BYTES + MAX_CLAIMS_BYTES + MAX_BODY_BYTES + TAG_BYTES;

/// The first four bytes of a token, which are bound as associated data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) slot: Slot,
    pub(super) issue_minute: IssueMinute,
}

impl Head {
    /// None if the bytes are not of this version.
    pub(super) fn from_bytes([first, minute @ ..]: [u8; HEAD_BYTES]) -> Option<Self> {
        if first >> Slot::BITS != VERSION {
            return None;
        }
        Some(Self {
            slot: Slot::from_low_bits(first),
            issue_minute: IssueMinute::from_be_bytes(minute),
        })
    }

    pub(super) fn to_bytes(self) -> [u8; HEAD_BYTES] {
        let [high, middle, low] = self.issue_minute.to_be_bytes();
        [
            VERSION << Slot::BITS | u8::from(self.slot),
            high,
            middle,
            low,
        ]
    }

    /// AAD = head | audience.
    pub(super) fn associated_data(self, audience: &str) -> Vec<u8> {
        let mut data = Vec::with_capacity(HEAD_BYTES + audience.len());
        data.extend_from_slice(&self.to_bytes());
        data.extend_from_slice(audience.as_bytes());
        data
    }
}
