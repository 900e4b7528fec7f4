//! The inner seal: AES-256-GCM under a key that needs the PIN's hash and the slot's secret.

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, aead::inout::InOutBuf};
use zeroize::Zeroizing;

use super::hash::{PinHash, PinSalt};
use crate::token::{
    id::Nonce,
    layout::{Head, TAG_BYTES},
    subkey::{KeyDerivation, extract_and_expand},
};

/// Label of the layer: of its key, and first in its associated data.
const LABEL: &[u8] = b"qrseal/v1/pin";

/// What the inner seal of one token needs besides the hash.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::token) struct PinLayer {
    pub(in crate::token) salt: PinSalt,
    /// Salt of HKDF-Extract, a secret of the slot.
    pub(in crate::token) extract_salt: Zeroizing<[u8; 32]>,
    /// What the key is expanded with: the label, and what tells one seal from every other.
    pub(in crate::token) info: Vec<u8>,
    pub(in crate::token) nonce: [u8; Nonce::BYTES],
    pub(in crate::token) associated_data: Vec<u8>,
}

impl PinLayer {
    /// The salt alone, which is needed before anything is sealed.
    pub(in crate::token) fn salt_for(
        derivation: &KeyDerivation,
        head: Head,
        nonce: &[u8; Nonce::BYTES],
    ) -> PinSalt {
        PinSalt(derivation.pin_salt(head, &[&head.to_bytes(), nonce]))
    }

    /// `flags_and_claims` as they stand in the plaintext.
    pub(in crate::token) fn new(
        derivation: &KeyDerivation,
        head: Head,
        nonce: &[u8; Nonce::BYTES],
        flags_and_claims: &[u8],
        audience: &str,
    ) -> Self {
        Self {
            salt: Self::salt_for(derivation, head, nonce),
            extract_salt: derivation.pin_extract_salt(head),
            info: [LABEL, &head.to_bytes(), nonce].concat(),
            nonce: *nonce,
            associated_data: [
                LABEL,
                &head.to_bytes(),
                flags_and_claims,
                audience.as_bytes(),
            ]
            .concat(),
        }
    }

    pub(in crate::token) fn salt(&self) -> PinSalt {
        self.salt
    }

    /// Seals `body` in its place and returns the tag.
    pub(in crate::token) fn seal(&self, hash: &PinHash, body: &mut [u8]) -> [u8; TAG_BYTES] {
        self.cipher(hash)
            .encrypt_inout_detached(
                &self.nonce.into(),
                &self.associated_data,
                InOutBuf::from(body),
            )
            .expect("AES-GCM seals up to 2^36 - 32 bytes")
            .into()
    }

    /// The body under the seal.
    pub(in crate::token) fn open(
        &self,
        hash: &PinHash,
        sealed: &[u8],
    ) -> Result<Vec<u8>, WrongPin> {
        let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(WrongPin)?;
        let mut body = ciphertext.to_vec();
        self.cipher(hash)
            .decrypt_inout_detached(
                &self.nonce.into(),
                &self.associated_data,
                InOutBuf::from(body.as_mut_slice()),
                &(*tag).into(),
            )
            .map_err(|_| WrongPin)?;
        Ok(body)
    }

    fn cipher(&self, hash: &PinHash) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.key(hash)).into())
    }

    /// `k_pin`.
    pub(in crate::token) fn key(&self, hash: &PinHash) -> Zeroizing<[u8; 32]> {
        extract_and_expand(&self.extract_salt, hash.hash.as_slice(), &[&self.info])
    }
}

/// The PIN is not that of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the PIN is wrong")]
pub struct WrongPin;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Pin, Secret, Slot, TOKEN_EPOCH, time::IssueMinute};

    #[test]
    fn salt_and_key_are_those_of_the_worked_example() {
        let secret = Secret::from(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        let head = Head {
            slot: Slot::try_from(3).unwrap(),
            issue_minute: IssueMinute::at(TOKEN_EPOCH.plus_secs(60 * 465_840)).unwrap(),
        };
        let nonce = std::array::from_fn(|i| 0x40 + u8::try_from(i).unwrap());
        let layer = PinLayer::new(
            &KeyDerivation::new(&secret),
            head,
            &nonce,
            &[0x10],
            "qr.example.com",
        );
        let expected = 0x4303_2101_5fc4_a079_097c_cc57_7986_7e60_u128;
        assert_eq!(layer.salt().0, expected.to_be_bytes());
        let hash = PinHash::derive(&Pin::parse("493817").unwrap(), layer.salt()).unwrap();
        let mut expected = [0; 32];
        let (high, low) = expected.split_at_mut(16);
        high.copy_from_slice(&0xff4b_ebd4_3129_0b23_4b9b_215b_8938_e17c_u128.to_be_bytes());
        low.copy_from_slice(&0xe0cc_0dca_0a0b_767c_9a46_6f0d_8dad_6c67_u128.to_be_bytes());
        assert_eq!(*layer.key(&hash), expected);
        assert_eq!(
            layer.associated_data,
            b"qrseal/v1/pin\x23\x07\x1b\xb0\x10qr.example.com"
        );
    }
}
