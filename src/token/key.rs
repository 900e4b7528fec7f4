//! One key of the keyring: its slot, its state, and what is derived from its secret.

use std::fmt;

use super::{
    keyring_error::KeyringError, secret::Secret, slot::Slot, subkey::KeyDerivation, time::UnixTime,
};

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
