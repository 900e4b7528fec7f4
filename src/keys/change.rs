//! What the verbs that change a keyring have in common: lock, load, change, replace.

use std::path::Path;

use super::{error::KeysError, file::KeyringPath};
use crate::token::{Keyring, TransitionError};

/// Applies one change to the keyring at `path`. If the change is refused, the file stays as it is.
pub(super) fn change<T>(
    path: &Path,
    transition: impl FnOnce(&mut Keyring) -> Result<T, TransitionError>,
) -> Result<T, KeysError> {
    let place = KeyringPath::existing(path)?;
    let _lock = place.lock()?;
    let (mut keyring, metadata) = place.read()?;
    let changed = transition(&mut keyring)?;
    place.replace(&keyring, &metadata)?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

    use super::*;
    use crate::{
        keys::load,
        token::{Secret, Slot, TOKEN_EPOCH},
    };

    fn made(path: &Path) {
        let keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        KeyringPath::new(path).unwrap().create(&keyring).unwrap();
    }

    #[test]
    fn a_refused_change_leaves_the_file_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        made(&path);
        let before = fs::read(&path).unwrap();
        let refused = change(&path, |keyring| {
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
                    change(path, |keyring| {
                        keyring.add(Secret::from([number; 32]), TOKEN_EPOCH)
                    })
                    .unwrap()
                });
            }
        });
        assert_eq!(load(&path).unwrap().keys().len(), 17);
    }
}
