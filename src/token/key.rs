//! One key of the keyring: its slot, its state and its secret.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{keyring::KeyringError, subkey::KeyDerivation, time::UnixTime};

/// A key's number, 0 to 31, which every token carries in its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u8);

impl Slot {
    /// Bits of the first byte that hold the slot.
    pub(super) const BITS: u32 = 5;
    const MAX: u8 = (1 << Self::BITS) - 1;

    /// Every slot there can be, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::MAX).map(Self)
    }

    pub(super) const fn from_low_bits(first: u8) -> Self {
        Self(first & Self::MAX)
    }
}

impl TryFrom<u8> for Slot {
    type Error = SlotError;

    fn try_from(number: u8) -> Result<Self, SlotError> {
        if number <= Self::MAX {
            Ok(Self(number))
        } else {
            Err(SlotError)
        }
    }
}

impl From<Slot> for u8 {
    fn from(slot: Slot) -> Self {
        slot.0
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number that is no slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a slot is a number from 0 to 31")]
pub struct SlotError;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Seals and opens. A keyring has exactly one.
    Primary,
    /// Opens.
    Enabled,
    /// Recognises its tokens, opens none.
    Disabled,
    /// Its secret is gone: its tokens are as unknown as a stranger's. The slot stays taken.
    Destroyed,
}

impl KeyState {
    /// The word for the state in the keyring file and in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Destroyed => "destroyed",
        }
    }
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The 32 bytes from which all subkeys of a slot are derived. Overwritten when dropped, never shown.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; Secret::BYTES]);

impl Secret {
    /// The length of a secret.
    pub const BYTES: usize = 32;

    /// Reads 43 characters of base64url without padding (RFC 4648, section 5).
    ///
    /// # Errors
    /// [`SecretError`], which does not repeat the text.
    pub fn from_base64url(text: &str) -> Result<Self, SecretError> {
        // A bounded buffer: the decoder refuses what does not fit, and the buffer is wiped whatever it held.
        let mut decoded = Zeroizing::new([0; Self::BYTES + 1]);
        let length = URL_SAFE_NO_PAD
            .decode_slice(text, decoded.as_mut_slice())
            .map_err(|_| SecretError)?;
        let bytes = decoded
            .get(..length)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(SecretError)?;
        Ok(Self(bytes))
    }

    /// The secret itself, as base64url without padding: for the keyring file and nothing else.
    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0))
    }

    pub(super) fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl From<[u8; Secret::BYTES]> for Secret {
    fn from(mut random: [u8; Secret::BYTES]) -> Self {
        let secret = Self(random);
        random.zeroize();
        secret
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// A text that is no secret. It says nothing about the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret is 32 bytes as base64url without padding, 43 characters")]
pub struct SecretError;

/// A slot with its state, its age and, unless it was destroyed, its secret.
#[derive(Debug)]
pub struct Key {
    slot: Slot,
    state: KeyState,
    created_at: UnixTime,
    material: Option<Material>,
}

/// The secret, and what is derived from it once instead of for every token.
#[derive(Debug)]
struct Material {
    secret: Secret,
    derivation: KeyDerivation,
}

impl Key {
    /// A key in `state`, with a secret unless that state is destroyed.
    ///
    /// # Errors
    /// [`KeyringError::SecretMissing`] and [`KeyringError::SecretOfDestroyed`] if state and secret disagree.
    pub fn new(
        slot: Slot,
        state: KeyState,
        created_at: UnixTime,
        secret: Option<Secret>,
    ) -> Result<Self, KeyringError> {
        match (state, &secret) {
            (KeyState::Destroyed, Some(_)) => return Err(KeyringError::SecretOfDestroyed(slot)),
            (KeyState::Primary | KeyState::Enabled | KeyState::Disabled, None) => {
                return Err(KeyringError::SecretMissing(slot));
            }
            _ => {}
        }
        let material = secret.map(|secret| Material {
            derivation: KeyDerivation::new(&secret),
            secret,
        });
        Ok(Self {
            slot,
            state,
            created_at,
            material,
        })
    }

    /// Its number.
    pub fn slot(&self) -> Slot {
        self.slot
    }

    /// What it may do.
    pub fn state(&self) -> KeyState {
        self.state
    }

    /// When it was added to the keyring.
    pub fn created_at(&self) -> UnixTime {
        self.created_at
    }

    /// Its secret, for the keyring file and nothing else; none if it was destroyed.
    pub fn secret(&self) -> Option<&Secret> {
        self.material.as_ref().map(|material| &material.secret)
    }

    pub(super) fn derivation(&self) -> Option<&KeyDerivation> {
        self.material.as_ref().map(|material| &material.derivation)
    }

    /// Between primary, enabled and disabled; [`Key::destroy`] is the way to the fourth state.
    pub(super) fn change_state(&mut self, state: KeyState) {
        debug_assert!(
            self.material.is_some() && state != KeyState::Destroyed,
            "a destroyed key stays destroyed"
        );
        self.state = state;
    }

    pub(super) fn destroy(&mut self) {
        self.state = KeyState::Destroyed;
        self.material = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_from_its_text_and_is_never_shown() {
        let secret = Secret::from([0xa5; 32]);
        let text = secret.to_base64url();
        assert_eq!(text.len(), 43);
        let again = Secret::from_base64url(&text).unwrap();
        assert_eq!(again.as_bytes(), secret.as_bytes());
        assert_eq!(format!("{again:?}"), "Secret(redacted)");
    }

    #[test]
    fn other_texts_are_no_secrets() {
        let text = Secret::from([0xff; 32]).to_base64url();
        let cut = &text[..42];
        for wrong in [
            "",
            cut,
            &format!("{}A", *text),
            &format!("{}=", *text),
            &format!("{cut}9"),
            &"A".repeat(44),
            &"A".repeat(4_000),
        ] {
            assert!(Secret::from_base64url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_shows_no_secret() {
        let slot = Slot::try_from(7).unwrap();
        let key = Key::new(
            slot,
            KeyState::Primary,
            UnixTime::from_secs(0),
            Some(Secret::from([0xa5; 32])),
        )
        .unwrap();
        let shown = format!("{key:?}");
        assert!(
            shown.contains("redacted") && !shown.contains("165") && !shown.contains("a5"),
            "{shown}"
        );
    }

    #[test]
    fn a_slot_is_at_most_31() {
        assert_eq!(Slot::try_from(31).map(u8::from), Ok(31));
        assert_eq!(Slot::try_from(32), Err(SlotError));
        assert_eq!(Slot::all().count(), 32);
    }

    #[test]
    fn a_destroyed_key_has_no_secret_and_every_other_has_one() {
        let slot = Slot::try_from(1).unwrap();
        let key = |state, secret: Option<[u8; 32]>| {
            Key::new(
                slot,
                state,
                UnixTime::from_secs(0),
                secret.map(Secret::from),
            )
            .map(|key| key.state())
        };
        assert_eq!(
            key(KeyState::Destroyed, Some([1; 32])),
            Err(KeyringError::SecretOfDestroyed(slot))
        );
        assert_eq!(key(KeyState::Destroyed, None), Ok(KeyState::Destroyed));
        for state in [KeyState::Primary, KeyState::Enabled, KeyState::Disabled] {
            assert_eq!(key(state, None), Err(KeyringError::SecretMissing(slot)));
            assert_eq!(key(state, Some([1; 32])), Ok(state));
        }
    }
}
