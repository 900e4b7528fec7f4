//! Capsules: what a URL carries for this installation alone, sealed so that nobody reads or forges it. Nothing of them is
//! stored, and nobody prints them: they live for days at most, or as long as what they manage.
//!
//! ```text
//! 0   1   version (3 bits) = 1 | key slot (5 bits)
//! 1   3   minute in which it was made, since 2025
//! 4   12  nonce
//! 16  n   AES-256-GCM of the content, and its tag of 16 bytes
//!
//! key = Expand(PRK, label | byte 0 | hour of the minute), AAD = label | the first 4 bytes | audience
//! ```

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, aead::inout::InOutBuf};

use super::{
    id::Nonce,
    key::KeyState,
    keyring::Keyring,
    layout::{HEAD_BYTES, Head, TAG_BYTES},
    time::{IssueMinute, UnixTime},
};

/// What a capsule is for: each kind has keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapsuleKind {
    /// A picture that can be asked for until it ends.
    Picture,
    /// The right to see what became of a code and to delete it.
    Manage,
}

impl CapsuleKind {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Picture => b"qrseal/v1/picture",
            Self::Manage => b"qrseal/v1/manage",
        }
    }
}

/// Seals `content` under the primary key. `nonce` must come from the operating system's random numbers, new for every
/// capsule. `None` if the clock is outside the format's years.
#[must_use]
pub fn seal_capsule(
    keyring: &Keyring,
    kind: CapsuleKind,
    content: &[u8],
    nonce: Nonce,
    now: UnixTime,
) -> Option<Vec<u8>> {
    let primary = keyring.primary();
    let head = Head {
        slot: primary.slot(),
        issue_minute: IssueMinute::at(now)?,
    };
    let key = primary.derivation()?.capsule_key(kind.label(), head);
    let nonce = nonce.into_bytes();
    let mut sealed = [&head.to_bytes()[..], &nonce, content].concat();
    let tag = Aes256Gcm::new(&(*key).into())
        .encrypt_inout_detached(
            &nonce.into(),
            &associated_data(kind, head, keyring),
            InOutBuf::from(&mut sealed[HEAD_BYTES + Nonce::BYTES..]),
        )
        .ok()?;
    sealed.extend_from_slice(&<[u8; TAG_BYTES]>::from(tag));
    Some(sealed)
}

/// What is in a capsule of this kind. `None` if it is none of ours, or its key is not enabled.
#[must_use]
pub fn open_capsule(keyring: &Keyring, kind: CapsuleKind, bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = bytes.split_first_chunk::<HEAD_BYTES>()?;
    let head = Head::from_bytes(*head)?;
    let (nonce, rest) = rest.split_first_chunk::<{ Nonce::BYTES }>()?;
    let (ciphertext, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
    let key = keyring.key(head.slot)?;
    if !matches!(key.state(), KeyState::Primary | KeyState::Enabled) {
        return None;
    }
    let key = key.derivation()?.capsule_key(kind.label(), head);
    let mut content = ciphertext.to_vec();
    Aes256Gcm::new(&(*key).into())
        .decrypt_inout_detached(
            &(*nonce).into(),
            &associated_data(kind, head, keyring),
            InOutBuf::from(content.as_mut_slice()),
            &(*tag).into(),
        )
        .ok()?;
    Some(content)
}

fn associated_data(kind: CapsuleKind, head: Head, keyring: &Keyring) -> Vec<u8> {
    let audience = keyring.audience().as_bytes();
    [kind.label(), &head.to_bytes(), audience].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    fn keyring(audience: &str) -> Keyring {
        Keyring::with_first_key(audience, Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
    }

    #[test]
    fn a_capsule_opens_for_its_kind_and_installation_and_with_no_bit_changed() {
        let keyring_here = keyring("qr.example.com");
        let picture = CapsuleKind::Picture;
        let nonce = Nonce::from([3; 12]);
        let sealed = seal_capsule(&keyring_here, picture, b"content", nonce, TOKEN_EPOCH).unwrap();
        let open = |kind, bytes: &[u8]| open_capsule(&keyring_here, kind, bytes);
        assert_eq!(open(picture, &sealed).as_deref(), Some(&b"content"[..]));
        assert_eq!(open(CapsuleKind::Manage, &sealed), None);
        assert_eq!(open_capsule(&keyring("other"), picture, &sealed), None);
        for bit in 0..8 * sealed.len() {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(picture, &changed), None, "{bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(open(picture, &sealed[..length]), None);
        }
    }

    #[test]
    fn a_disabled_key_opens_no_capsule() {
        let mut keyring = keyring("qr.example.com");
        let nonce = Nonce::from([3; 12]);
        let kind = CapsuleKind::Manage;
        let sealed = seal_capsule(&keyring, kind, b"1", nonce, TOKEN_EPOCH).unwrap();
        let (old, next) = (
            keyring.primary().slot(),
            keyring.add(Secret::from([8; 32]), TOKEN_EPOCH).unwrap(),
        );
        keyring.promote(next).unwrap();
        assert!(open_capsule(&keyring, kind, &sealed).is_some());
        keyring.disable(old).unwrap();
        assert_eq!(open_capsule(&keyring, kind, &sealed), None);
    }
}
