//! What the verbs that change a keyring have in common: lock, load, change, replace.

use std::fmt;

use super::error::KeysError;
use super::file::{KeyringFile, KeyringPath};
use crate::token::{Keyring, TransitionError};

/// Applies one change to a keyring. If the change is refused, the file stays as it is.
pub(super) fn change<T, E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    transition: impl FnOnce(&mut Keyring) -> Result<T, TransitionError>,
) -> Result<T, KeysError> {
    let place = KeyringPath::existing(&file.path)?;
    let _lock = place.lock()?;
    let mut opened = place.read(&file.kek)?;
    let changed = transition(&mut opened.keyring)?;
    place.replace(
        &opened.keyring,
        opened.kek.as_ref(),
        &opened.metadata,
        random,
    )?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, thread};

    use super::*;
    use crate::{
        keys::{fixture::any, load},
        token::{Secret, Slot, TOKEN_EPOCH},
    };

    fn made(path: &Path) {
        let keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        KeyringPath::new(path)
            .unwrap()
            .create(&keyring, None, &mut any())
            .unwrap();
    }

    #[test]
    fn a_refused_change_leaves_the_file_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        made(&path);
        let before = fs::read(&path).unwrap();
        let refused = change(&KeyringFile::plain(&path), &mut any(), |keyring| {
            keyring.add(Secret::from([8; 32]), TOKEN_EPOCH)?;
            keyring.disable(Slot::try_from(0).unwrap())
        });
        assert!(matches!(
            refused,
            Err(KeysError::Transition(TransitionError::IsPrimary(_)))
        ));
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn no_change_is_lost_when_many_come_at_once() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        made(&path);
        thread::scope(|scope| {
            for number in 1..=16 {
                let path = &path;
                scope.spawn(move || {
                    change(&KeyringFile::plain(path), &mut any(), |keyring| {
                        keyring.add(Secret::from([number; 32]), TOKEN_EPOCH)
                    })
                    .unwrap()
                });
            }
        });
        assert_eq!(load(&KeyringFile::plain(&path)).unwrap().keys().len(), 17);
    }
}
