//! Digests that the ledger keeps in place of what must not be stored: under a key of the token's own slot, so that
//! nobody who has only the database learns anything by guessing, and that destroying a key ends that for good.

use super::{keyring::Keyring, layout::VERSION, slot::Slot};

impl Keyring {
    /// HMAC-SHA256 of `data` under the slot's key for the ledger: `HKDF-Expand(PRK, "qrseal/v1/ledger" | byte 0, 32)`.
    ///
    /// Each use has a `label` of its own, and each part of `data` stands behind its length, so that no two inputs make
    /// the same bytes. `None` if the slot has no secret.
    #[must_use]
    pub fn ledger_digest(
        &self,
        slot: Slot,
        label: &'static str,
        data: &[&[u8]],
    ) -> Option<[u8; 32]> {
        let derivation = self.key(slot)?.derivation()?;
        let mut message = Vec::new();
        for part in [label.as_bytes()].iter().chain(data) {
            let length = u64::try_from(part.len()).expect("no memory holds 2^64 bytes");
            message.extend_from_slice(&length.to_be_bytes());
            message.extend_from_slice(part);
        }
        let version_and_slot = VERSION << Slot::BITS | u8::from(slot);
        Some(derivation.ledger_digest(version_and_slot, &[&message]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    fn keyring(secret: u8) -> Keyring {
        Keyring::with_first_key("qr.example.com", Secret::from([secret; 32]), TOKEN_EPOCH).unwrap()
    }

    #[test]
    fn a_digest_depends_on_the_key_the_label_and_every_boundary() {
        let (keyring, slot) = (keyring(7), Slot::try_from(0).unwrap());
        let digest = |label, data: &[&[u8]]| keyring.ledger_digest(slot, label, data).unwrap();
        let one = digest("open-id", &[b"ab", b"c"]);
        assert_eq!(one, digest("open-id", &[b"ab", b"c"]));
        for other in [
            digest("open-i", &[b"dab", b"c"]),
            digest("network", &[b"ab", b"c"]),
            digest("open-id", &[b"a", b"bc"]),
            digest("open-id", &[b"abc"]),
            digest("open-id", &[b"ab", b"c", b""]),
            self::keyring(8)
                .ledger_digest(slot, "open-id", &[b"ab", b"c"])
                .unwrap(),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_slot_without_secret_has_no_digests() {
        let mut keyring = keyring(7);
        assert_eq!(
            keyring.ledger_digest(Slot::try_from(1).unwrap(), "open-id", &[]),
            None
        );
        let second = keyring.add(Secret::from([8; 32]), TOKEN_EPOCH).unwrap();
        assert!(keyring.ledger_digest(second, "open-id", &[]).is_some());
        keyring.disable(second).unwrap();
        keyring.destroy(second).unwrap();
        assert_eq!(keyring.ledger_digest(second, "open-id", &[]), None);
    }
}
