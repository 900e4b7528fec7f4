//! `qrseal keys list`: the keys without their secrets.

use std::fmt;

use super::{document, error::KeysError, file, file::KeyringFile};
use crate::token::{Key, KeyState, Slot, UnixTime};

/// The keys of the keyring, tombstones too, in the order of their slots.
///
/// # Errors
/// As [`load`](super::load).
pub fn list(file: &KeyringFile) -> Result<Vec<KeyView>, KeysError> {
    Ok(file::load(file)?.keys().iter().map(KeyView::of).collect())
}

/// What may be shown of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyView {
    /// Its number.
    pub slot: Slot,
    /// What it may do.
    pub state: KeyState,
    /// When it was added.
    pub created_at: UnixTime,
}

impl KeyView {
    fn of(key: &Key) -> Self {
        Self {
            slot: key.slot(),
            state: key.state(),
            created_at: key.created_at(),
        }
    }
}

impl fmt::Display for KeyView {
    /// One line, in columns: slot, state, time of creation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "slot {:>2}  {:<9}  created_at ",
            u8::from(self.slot),
            self.state
        )?;
        match document::timestamp(self.created_at) {
            Some(time) => time.fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::{file::KeyringPath, fixture::any},
        token::{Keyring, Secret, TOKEN_EPOCH},
    };

    #[test]
    fn a_listed_key_shows_slot_state_and_age_and_no_secret() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        let mut keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        let slot = keyring
            .add(Secret::from([8; 32]), TOKEN_EPOCH.plus_secs(3_661))
            .unwrap();
        keyring.disable(slot).unwrap();
        KeyringPath::new(&path)
            .unwrap()
            .create(&keyring, None, &mut any())
            .unwrap();
        let lines: Vec<_> = list(&KeyringFile::plain(&path))
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            lines,
            [
                "slot  0  primary    created_at 2025-01-01T00:00:00Z",
                "slot  1  disabled   created_at 2025-01-01T01:01:01Z"
            ]
        );
    }
}
