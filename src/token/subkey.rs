//! Key derivation (RFC 5869, HKDF with SHA-256): from a slot's secret to the subkey of an hour.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{layout::Head, secret::Secret};

/// Salt of HKDF-Extract.
const SALT: &[u8] = b"qrseal/v1";
/// The same for version 2.
const STORED_SALT: &[u8] = b"qrseal/v2";
/// Label of the subkeys that seal tokens; the token's first byte and its hour follow.
const TOKEN_LABEL: &[u8] = b"qrseal/v1/token";
/// Label of the key that makes salts of PINs; the token's first byte follows, as for the labels below.
const PIN_SALT_LABEL: &[u8] = b"qrseal/v1/pin-salt";
/// Label of the salt with which a PIN's hash becomes a key.
const PIN_LABEL: &[u8] = b"qrseal/v1/pin";
/// Label of the key of digests that the ledger keeps.
const LEDGER_LABEL: &[u8] = b"qrseal/v1/ledger";
/// Label of the key of what rows of the store keep sealed.
const ROW_LABEL: &[u8] = b"qrseal/v1/row";

/// The pseudorandom key (PRK) of a secret, as the keyed HMAC state that every expansion starts from.
///
/// `sha2` with its feature `zeroize` overwrites that state when it is dropped.
pub(super) struct KeyDerivation {
    prk: Hkdf<Sha256>,
    /// The same for version 2.
    stored_prk: Hkdf<Sha256>,
    /// Of the newest hour that was remembered; `aes-gcm` with its feature `zeroize` overwrites it when it is dropped,
    /// which is with the key.
    newest: RwLock<Option<TokenCipher>>,
}

/// The cipher for all tokens of a version and slot that are issued in one hour.
#[derive(Clone)]
pub(super) struct TokenCipher {
    version_and_slot: u8,
    hour: u32,
    cipher: Arc<Aes256Gcm>,
}

impl Deref for TokenCipher {
    type Target = Aes256Gcm;

    fn deref(&self) -> &Aes256Gcm {
        &self.cipher
    }
}

impl KeyDerivation {
    pub(super) fn new(secret: &Secret) -> Self {
        Self {
            prk: Hkdf::new(Some(SALT), secret.as_bytes()),
            stored_prk: Hkdf::new(Some(STORED_SALT), secret.as_bytes()),
            newest: RwLock::new(None),
        }
    }

    /// The cipher for all tokens of a version and slot that are issued in one hour.
    pub(super) fn token_cipher(&self, head: Head) -> TokenCipher {
        let [version_and_slot, ..] = head.to_bytes();
        let hour = head.issue_minute.hour();
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        let remembered = newest
            .as_ref()
            .filter(|newest| newest.version_and_slot == version_and_slot && newest.hour == hour);
        match remembered {
            Some(remembered) => remembered.clone(),
            None => TokenCipher {
                version_and_slot,
                hour,
                cipher: Arc::new(Aes256Gcm::new(&(*self.token_key(head)).into())),
            },
        }
    }

    /// Keeps the cipher if its hour is newer than what was kept before. Only for a head that is our own or authentic:
    /// of any other the hour may be anything, and one far ahead would keep its place.
    pub(super) fn remember(&self, cipher: &TokenCipher) {
        let is_newer = |newest: &Option<TokenCipher>| {
            newest
                .as_ref()
                .is_none_or(|newest| newest.hour < cipher.hour)
        };
        if is_newer(&self.newest.read().unwrap_or_else(PoisonError::into_inner)) {
            let mut newest = self.newest.write().unwrap_or_else(PoisonError::into_inner);
            if is_newer(&newest) {
                *newest = Some(cipher.clone());
            }
        }
    }

    /// The first half of HMAC-SHA256 over `data`, one after the other, under the slot's key for salts of PINs.
    pub(super) fn pin_salt(&self, head: Head, data: &[&[u8]]) -> [u8; 16] {
        let [version_and_slot, ..] = head.to_bytes();
        first_half(hmac(&self.subkey(PIN_SALT_LABEL, version_and_slot), data))
    }

    /// The salt of HKDF-Extract with which a PIN's hash becomes a key.
    pub(super) fn pin_extract_salt(&self, head: Head) -> Zeroizing<[u8; 32]> {
        let [version_and_slot, ..] = head.to_bytes();
        self.subkey(PIN_LABEL, version_and_slot)
    }

    /// HMAC-SHA256 over `data`, one after the other, under the slot's key for the ledger.
    pub(super) fn ledger_digest(&self, version_and_slot: u8, data: &[&[u8]]) -> [u8; 32] {
        hmac(&self.subkey(LEDGER_LABEL, version_and_slot), data)
    }

    /// `Expand(PRK, label | byte 0 | hour)`, for what is sealed into a URL in that hour.
    pub(super) fn capsule_key(&self, label: &[u8], head: Head) -> Zeroizing<[u8; 32]> {
        let [version_and_slot, ..] = head.to_bytes();
        let hour = head.issue_minute.hour().to_be_bytes();
        let mut key = Zeroizing::new([0; 32]);
        self.prk
            .expand_multi_info(&[label, &[version_and_slot], &hour], key.as_mut_slice())
            .expect("32 bytes are one block of HKDF-Expand");
        key
    }

    /// The slot's key for what rows of the store keep sealed.
    pub(super) fn row_key(&self, version_and_slot: u8) -> Zeroizing<[u8; 32]> {
        self.subkey(ROW_LABEL, version_and_slot)
    }

    /// `Expand(PRK, info)` of version 2.
    pub(super) fn stored_subkey(&self, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        self.stored_prk
            .expand_multi_info(info, key.as_mut_slice())
            .expect("32 bytes are one block of HKDF-Expand");
        key
    }

    fn subkey(&self, label: &[u8], version_and_slot: u8) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        self.prk
            .expand_multi_info(&[label, &[version_and_slot]], key.as_mut_slice())
            .expect("32 bytes are one block of HKDF-Expand");
        key
    }

    fn token_key(&self, head: Head) -> Zeroizing<[u8; 32]> {
        let [version_and_slot, ..] = head.to_bytes();
        let hour = head.issue_minute.hour().to_be_bytes();
        let mut key = Zeroizing::new([0; 32]);
        self.prk
            .expand_multi_info(
                &[TOKEN_LABEL, &[version_and_slot], &hour],
                key.as_mut_slice(),
            )
            .expect("32 bytes are one block of HKDF-Expand");
        key
    }
}

/// `Expand(Extract(salt, ikm), info)`.
pub(super) fn extract_and_expand(
    salt: &[u8; 32],
    ikm: &[u8],
    info: &[&[u8]],
) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), ikm)
        .expand_multi_info(info, key.as_mut_slice())
        .expect("32 bytes are one block of HKDF-Expand");
    key
}

/// `Expand(prk, info)`.
pub(super) fn expand(prk: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::from_prk(prk)
        .expect("32 bytes are as long as a PRK of SHA-256")
        .expand(info, key.as_mut_slice())
        .expect("32 bytes are one block of HKDF-Expand");
    key
}

/// Half of a digest, where 16 bytes are wanted.
pub(super) fn first_half(
    [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _]: [u8; 32],
) -> [u8; 16] {
    half
}

/// HMAC-SHA256 over `data`, one after the other.
pub(super) fn hmac(key: &[u8; 32], data: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in data {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for KeyDerivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDerivation(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Slot, TOKEN_EPOCH, time::IssueMinute};

    fn hex(key: &[u8; 32]) -> String {
        let (high, low) = key.split_at(16);
        let half = |half: &[u8]| u128::from_be_bytes(half.try_into().unwrap());
        format!("{:032x}{:032x}", half(high), half(low))
    }

    fn head(slot: u64, minute: u64) -> Head {
        Head {
            slot: Slot::try_from(u8::try_from(slot).unwrap()).unwrap(),
            issue_minute: IssueMinute::at(TOKEN_EPOCH.plus_secs(60 * minute)).unwrap(),
        }
    }

    #[test]
    fn the_subkeys_are_those_of_the_vectors() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/vectors/token-v1.json")).unwrap();
        let secret = Secret::from(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        let derivation = KeyDerivation::new(&secret);
        let mut compared = 0;
        for vector in vectors["tokens"].as_array().unwrap() {
            if let Some(expected) = vector["token_key"].as_str() {
                let number = |name: &str| vector[name].as_u64().unwrap();
                let key = derivation.token_key(head(number("slot"), number("issue_minute")));
                assert_eq!(hex(&key), expected, "{}", vector["name"]);
                compared += 1;
            }
        }
        assert_eq!(compared, 9);
    }

    #[test]
    fn the_cipher_of_the_newest_hour_is_remembered_and_every_other_is_derived() {
        let derivation = KeyDerivation::new(&Secret::from([7; 32]));
        let is_kept = |minute| {
            let [first, second] = [0, 1].map(|_| derivation.token_cipher(head(0, minute)));
            Arc::ptr_eq(&first.cipher, &second.cipher)
        };
        assert!(!is_kept(600), "nothing is kept unasked");
        derivation.remember(&derivation.token_cipher(head(0, 600)));
        assert!(is_kept(600) && is_kept(659) && !is_kept(599) && !is_kept(660));
        derivation.remember(&derivation.token_cipher(head(0, 599)));
        assert!(is_kept(600), "an older one does not take its place");
        derivation.remember(&derivation.token_cipher(head(0, 660)));
        assert!(is_kept(660) && !is_kept(600));
        let another_slot = derivation.token_cipher(head(1, 660));
        assert!(!Arc::ptr_eq(
            &another_slot.cipher,
            &derivation.token_cipher(head(0, 660)).cipher
        ));
    }

    #[test]
    fn a_subkey_lasts_from_minute_0_to_minute_59_of_an_hour() {
        let derivation = KeyDerivation::new(&Secret::from([7; 32]));
        let key = |minute| hex(&derivation.token_key(head(0, minute)));
        assert_eq!(key(600), key(659));
        assert_ne!(key(599), key(600));
        assert_ne!(key(659), key(660));
    }

    #[test]
    fn one_secret_in_two_slots_has_different_subkeys() {
        let derivation = KeyDerivation::new(&Secret::from([7; 32]));
        assert_ne!(
            hex(&derivation.token_key(head(0, 0))),
            hex(&derivation.token_key(head(1, 0)))
        );
    }
}
