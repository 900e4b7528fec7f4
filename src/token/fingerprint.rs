//! What tells one key from another and says nothing about it: servers of one store compare their keyrings by it.

use super::{key::KeyState, keyring::Keyring, slot::Slot};

/// Bytes of a fingerprint.
pub const FINGERPRINT_BYTES: usize = 8;

impl Keyring {
    /// The fingerprint of a key and the audience; `None` if the slot has no secret.
    #[must_use]
    pub fn fingerprint(&self, slot: Slot) -> Option<[u8; FINGERPRINT_BYTES]> {
        let digest = self.ledger_digest(slot, "fingerprint", &[self.audience().as_bytes()])?;
        digest.first_chunk().copied()
    }

    /// The fingerprints of the keys that open tokens, one after the other, in the order of their slots.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<u8> {
        self.keys()
            .iter()
            .filter(|key| matches!(key.state(), KeyState::Primary | KeyState::Enabled))
            .filter_map(|key| self.fingerprint(key.slot()))
            .flatten()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    #[test]
    fn keys_that_open_have_fingerprints_that_differ_by_secret_slot_and_audience() {
        let keyring = |audience: &str, secret: u8| {
            Keyring::with_first_key(audience, Secret::from([secret; 32]), TOKEN_EPOCH).unwrap()
        };
        let mut one = keyring("a", 7);
        let first = one.fingerprints();
        assert_eq!(first.len(), FINGERPRINT_BYTES);
        assert_eq!(first, keyring("a", 7).fingerprints());
        assert_ne!(first, keyring("a", 8).fingerprints());
        assert_ne!(first, keyring("b", 7).fingerprints());
        let second = one.add(Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        let both = one.fingerprints();
        assert_eq!(both[..FINGERPRINT_BYTES], first);
        assert_eq!(both[FINGERPRINT_BYTES..], one.fingerprint(second).unwrap());
        assert_ne!(both[FINGERPRINT_BYTES..], first);
        one.disable(second).unwrap();
        assert_eq!(one.fingerprints(), first);
        one.destroy(second).unwrap();
        assert_eq!(one.fingerprint(second), None);
    }
}
