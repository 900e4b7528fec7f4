//! The keyring: an audience and its keys, with the invariants that hold between them.

use super::{
    key::{Key, KeyState},
    keyring_error::KeyringError,
    secret::Secret,
    slot::Slot,
    time::UnixTime,
};

/// An audience with 1 to 32 keys: slots are unique and exactly one key is primary.
#[derive(Debug)]
pub struct Keyring {
    audience: String,
    /// In the order of their slots.
    keys: Vec<Key>,
}

impl Keyring {
    /// The longest audience, in bytes.
    pub const MAX_AUDIENCE_BYTES: usize = 255;

    /// A keyring of these keys, in any order.
    ///
    /// # Errors
    /// [`KeyringError`] names the invariant that does not hold.
    pub fn new(audience: impl Into<String>, mut keys: Vec<Key>) -> Result<Self, KeyringError> {
        let audience = audience.into();
        let length_allowed = (1..=Self::MAX_AUDIENCE_BYTES).contains(&audience.len());
        if !length_allowed || !audience.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(KeyringError::Audience);
        }
        keys.sort_by_key(Key::slot);
        if let Some(pair) = keys
            .windows(2)
            .find(|pair| pair[0].slot() == pair[1].slot())
        {
            return Err(KeyringError::DuplicateSlot(pair[0].slot()));
        }
        match keys
            .iter()
            .filter(|key| key.state() == KeyState::Primary)
            .count()
        {
            0 => Err(KeyringError::NoPrimary),
            1 => Ok(Self { audience, keys }),
            _ => Err(KeyringError::SeveralPrimaries),
        }
    }

    /// A keyring with one key: primary, in slot 0.
    ///
    /// # Errors
    /// [`KeyringError::Audience`].
    pub fn with_first_key(
        audience: impl Into<String>,
        secret: Secret,
        now: UnixTime,
    ) -> Result<Self, KeyringError> {
        Self::new(
            audience,
            vec![Key::new(
                Slot::from_low_bits(0),
                KeyState::Primary,
                now,
                Some(secret),
            )?],
        )
    }

    /// The instance that the tokens are for; bound into every seal.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// All keys, tombstones too, in the order of their slots.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key in a slot, a tombstone too.
    pub fn key(&self, slot: Slot) -> Option<&Key> {
        self.keys.iter().find(|key| key.slot() == slot)
    }

    /// The key that seals.
    pub fn primary(&self) -> &Key {
        self.keys
            .iter()
            .find(|key| key.state() == KeyState::Primary)
            .expect("a keyring always has exactly one primary key")
    }

    /// Adds an enabled key in the lowest slot that was never used. It seals nothing before [`Keyring::promote`].
    ///
    /// # Errors
    /// [`TransitionError::Full`].
    pub fn add(&mut self, secret: Secret, now: UnixTime) -> Result<Slot, TransitionError> {
        let slot = Slot::all()
            .find(|&slot| self.key(slot).is_none())
            .ok_or(TransitionError::Full)?;
        let key = Key::new(slot, KeyState::Enabled, now, Some(secret))
            .expect("an enabled key with a secret");
        let place = self.keys.partition_point(|key| key.slot() < slot);
        self.keys.insert(place, key);
        Ok(slot)
    }

    /// Makes an enabled key primary; the one that was primary stays enabled. Of the primary key: changes nothing.
    ///
    /// # Errors
    /// [`TransitionError::UnknownSlot`], or [`TransitionError::NotEnabled`] for a disabled or destroyed key.
    pub fn promote(&mut self, slot: Slot) -> Result<(), TransitionError> {
        match self.state(slot)? {
            KeyState::Primary => {}
            KeyState::Enabled => {
                for key in &mut self.keys {
                    if key.state() == KeyState::Primary {
                        key.change_state(KeyState::Enabled);
                    }
                    if key.slot() == slot {
                        key.change_state(KeyState::Primary);
                    }
                }
            }
            state @ (KeyState::Disabled | KeyState::Destroyed) => {
                return Err(TransitionError::NotEnabled { slot, state });
            }
        }
        Ok(())
    }

    /// Disables an enabled key. Of a disabled key: changes nothing.
    ///
    /// # Errors
    /// [`TransitionError::UnknownSlot`], [`TransitionError::IsPrimary`], or [`TransitionError::NotEnabled`] for a
    /// destroyed key.
    pub fn disable(&mut self, slot: Slot) -> Result<(), TransitionError> {
        match self.state(slot)? {
            KeyState::Enabled => self.key_mut(slot)?.change_state(KeyState::Disabled),
            KeyState::Disabled => {}
            KeyState::Primary => return Err(TransitionError::IsPrimary(slot)),
            state @ KeyState::Destroyed => return Err(TransitionError::NotEnabled { slot, state }),
        }
        Ok(())
    }

    /// Forgets the secret of a disabled key, for ever. Of a destroyed key: changes nothing. An enabled key is to be
    /// disabled first: that can be undone, and shows whom it would hurt.
    ///
    /// # Errors
    /// [`TransitionError::UnknownSlot`], [`TransitionError::IsPrimary`] or [`TransitionError::StillEnabled`].
    pub fn destroy(&mut self, slot: Slot) -> Result<(), TransitionError> {
        match self.state(slot)? {
            KeyState::Primary => Err(TransitionError::IsPrimary(slot)),
            KeyState::Enabled => Err(TransitionError::StillEnabled(slot)),
            KeyState::Disabled | KeyState::Destroyed => {
                self.key_mut(slot)?.destroy();
                Ok(())
            }
        }
    }

    fn state(&self, slot: Slot) -> Result<KeyState, TransitionError> {
        self.key(slot)
            .map(Key::state)
            .ok_or(TransitionError::UnknownSlot(slot))
    }

    fn key_mut(&mut self, slot: Slot) -> Result<&mut Key, TransitionError> {
        self.keys
            .iter_mut()
            .find(|key| key.slot() == slot)
            .ok_or(TransitionError::UnknownSlot(slot))
    }
}

/// Why a key cannot change as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// No slot is left.
    #[error("all 32 slots have been used, and a slot is never used again; start a new keyring")]
    Full,
    /// No key was ever in this slot.
    #[error("there is no key in slot {0}; list the keys to see which slots there are")]
    UnknownSlot(Slot),
    /// The keyring would have no primary key.
    #[error("the key in slot {0} is primary; promote another key first")]
    IsPrimary(Slot),
    /// Its tokens still open.
    #[error(
        "the key in slot {0} is enabled, and its tokens open; disable it first, which can be undone"
    )]
    StillEnabled(Slot),
    /// The change is for an enabled key.
    #[error("the key in slot {slot} is {state}; choose an enabled key, or add one")]
    NotEnabled {
        /// Which key.
        slot: Slot,
        /// Its state: disabled or destroyed.
        state: KeyState,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_763_640_030);

    fn slot(number: u8) -> Slot {
        Slot::try_from(number).unwrap()
    }

    fn key(number: u8, state: KeyState) -> Key {
        let secret = (state != KeyState::Destroyed).then(|| Secret::from([number; 32]));
        Key::new(slot(number), state, NOW, secret).unwrap()
    }

    fn states(keyring: &Keyring) -> Vec<(u8, KeyState)> {
        keyring
            .keys()
            .iter()
            .map(|key| (key.slot().into(), key.state()))
            .collect()
    }

    use KeyState::{Destroyed, Disabled, Enabled, Primary};

    #[test]
    fn a_keyring_has_exactly_one_primary_and_every_slot_once() {
        let error = |keys| Keyring::new("qr.example.com", keys).unwrap_err();
        assert_eq!(error(vec![]), KeyringError::NoPrimary);
        assert_eq!(error(vec![key(0, Enabled)]), KeyringError::NoPrimary);
        assert_eq!(
            error(vec![key(0, Primary), key(1, Primary)]),
            KeyringError::SeveralPrimaries
        );
        assert_eq!(
            error(vec![key(3, Primary), key(1, Enabled), key(3, Destroyed)]),
            KeyringError::DuplicateSlot(slot(3))
        );
        let keyring =
            Keyring::new("qr.example.com", vec![key(3, Primary), key(1, Disabled)]).unwrap();
        assert_eq!(states(&keyring), [(1, Disabled), (3, Primary)]);
        assert_eq!(keyring.primary().slot(), slot(3));
    }

    #[test]
    fn an_audience_is_1_to_255_visible_ascii_characters() {
        let made = |audience: &str| Keyring::new(audience, vec![key(0, Primary)]).is_ok();
        for audience in [
            "",
            " ",
            "a b",
            "a\n",
            "caf\u{e9}",
            "\u{7f}",
            &"a".repeat(256),
        ] {
            assert!(!made(audience), "{audience:?}");
        }
        for audience in ["a", "!~", &"a".repeat(255)] {
            assert!(made(audience), "{audience:?}");
        }
    }

    #[test]
    fn a_rotation_goes_add_promote_disable_destroy() {
        let mut keyring = Keyring::with_first_key("a", Secret::from([1; 32]), NOW).unwrap();
        assert_eq!(keyring.add(Secret::from([2; 32]), NOW), Ok(slot(1)));
        assert_eq!(states(&keyring), [(0, Primary), (1, Enabled)]);
        keyring.promote(slot(1)).unwrap();
        assert_eq!(states(&keyring), [(0, Enabled), (1, Primary)]);
        keyring.disable(slot(0)).unwrap();
        assert_eq!(states(&keyring), [(0, Disabled), (1, Primary)]);
        keyring.destroy(slot(0)).unwrap();
        assert_eq!(states(&keyring), [(0, Destroyed), (1, Primary)]);
        assert!(keyring.key(slot(0)).unwrap().secret().is_none());
        assert_eq!(
            keyring.add(Secret::from([3; 32]), NOW),
            Ok(slot(2)),
            "a tombstone's slot stays taken"
        );
    }

    #[test]
    fn the_primary_key_is_neither_disabled_nor_destroyed() {
        let mut keyring = Keyring::new("a", vec![key(0, Primary), key(1, Enabled)]).unwrap();
        assert_eq!(
            keyring.disable(slot(0)),
            Err(TransitionError::IsPrimary(slot(0)))
        );
        assert_eq!(
            keyring.destroy(slot(0)),
            Err(TransitionError::IsPrimary(slot(0)))
        );
        assert_eq!(
            keyring.destroy(slot(1)),
            Err(TransitionError::StillEnabled(slot(1)))
        );
        assert_eq!(states(&keyring), [(0, Primary), (1, Enabled)]);
    }

    #[test]
    fn only_an_enabled_key_is_promoted() {
        let mut keyring = Keyring::new(
            "a",
            vec![key(0, Primary), key(1, Disabled), key(2, Destroyed)],
        )
        .unwrap();
        for (number, state) in [(1, Disabled), (2, Destroyed)] {
            let refused = TransitionError::NotEnabled {
                slot: slot(number),
                state,
            };
            assert_eq!(keyring.promote(slot(number)), Err(refused));
        }
        assert_eq!(
            keyring.disable(slot(2)),
            Err(TransitionError::NotEnabled {
                slot: slot(2),
                state: Destroyed
            })
        );
        assert_eq!(
            keyring.promote(slot(9)),
            Err(TransitionError::UnknownSlot(slot(9)))
        );
        assert_eq!(
            states(&keyring),
            [(0, Primary), (1, Disabled), (2, Destroyed)]
        );
    }

    #[test]
    fn a_step_taken_twice_changes_nothing_the_second_time() {
        let mut keyring = Keyring::new(
            "a",
            vec![key(0, Enabled), key(1, Primary), key(2, Disabled)],
        )
        .unwrap();
        for _ in 0..2 {
            keyring.promote(slot(0)).unwrap();
            keyring.disable(slot(1)).unwrap();
            keyring.destroy(slot(2)).unwrap();
            assert_eq!(
                states(&keyring),
                [(0, Primary), (1, Disabled), (2, Destroyed)]
            );
        }
    }

    #[test]
    fn a_thirty_third_key_finds_no_slot() {
        let mut keyring = Keyring::with_first_key("a", Secret::from([0; 32]), NOW).unwrap();
        for number in 1..=31 {
            assert_eq!(
                keyring.add(Secret::from([number; 32]), NOW),
                Ok(slot(number))
            );
        }
        assert_eq!(
            keyring.add(Secret::from([99; 32]), NOW),
            Err(TransitionError::Full)
        );
    }
}
