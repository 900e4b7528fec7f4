//! `qrseal keys init`: a new keyring where there is none.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::error::KeysError;
use super::file::{KeyringFile, KeyringPath};
use super::random;
use crate::token::{Keyring, UnixTime};

/// Random bytes of a new audience: enough that no two instances share one.
const AUDIENCE_BYTES: usize = 16;

/// Makes a keyring with a random audience and one primary key in slot 0. Folders on the way are made too.
///
/// `random` fills a slice from the operating system's random numbers.
///
/// # Errors
/// [`KeysError::Exists`] if anything is there; it is never overwritten. Otherwise what the file system, the source of the
/// key-encryption key or the random source says.
pub fn init<E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    now: UnixTime,
) -> Result<Keyring, KeysError> {
    let audience = URL_SAFE_NO_PAD.encode(*random::bytes::<AUDIENCE_BYTES, E>(random)?);
    let keyring = Keyring::with_first_key(audience, random::secret(random)?, now)
        .expect("base64url is visible ASCII");
    let kek = file.kek.read_twice()?;
    let place = KeyringPath::new(&file.path)?;
    let _lock = place.lock()?;
    place.create(&keyring, kek.as_ref(), random)?;
    Ok(keyring)
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, thread};

    use super::*;
    use crate::{
        keys::load,
        token::{KeyState, TOKEN_EPOCH},
    };

    /// 1, 2, 3, ... in place of random bytes.
    fn counting() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
        let mut last = 0_u8;
        move |bytes| {
            for byte in bytes {
                last = last.wrapping_add(1);
                *byte = last;
            }
            Ok(())
        }
    }

    #[test]
    fn a_new_keyring_has_a_random_audience_and_one_primary_key() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data/keyring.json");
        init(&KeyringFile::plain(&path), &mut counting(), TOKEN_EPOCH).unwrap();
        let keyring = load(&KeyringFile::plain(&path)).unwrap();
        assert_eq!(keyring.audience(), "AQIDBAUGBwgJCgsMDQ4PEA");
        let [key] = keyring.keys() else {
            panic!("one key")
        };
        assert_eq!((u8::from(key.slot()), key.state()), (0, KeyState::Primary));
        assert_eq!(key.created_at(), TOKEN_EPOCH);
        assert_eq!(
            *key.secret().unwrap().to_base64url(),
            "ERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzA"
        );
    }

    #[test]
    fn a_second_init_changes_nothing() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        init(&KeyringFile::plain(&path), &mut counting(), TOKEN_EPOCH).unwrap();
        let before = std::fs::read(&path).unwrap();
        let refused = init(&KeyringFile::plain(&path), &mut counting(), TOKEN_EPOCH);
        assert!(matches!(refused, Err(KeysError::Exists { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn of_many_at_once_one_makes_the_keyring() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        let made = thread::scope(|scope| {
            let all: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        init(&KeyringFile::plain(&path), &mut counting(), TOKEN_EPOCH).is_ok()
                    })
                })
                .collect();
            all.into_iter()
                .map(|one| one.join().unwrap())
                .filter(|&made| made)
                .count()
        });
        assert_eq!(made, 1);
        assert!(load(&KeyringFile::plain(&path)).is_ok());
    }

    #[test]
    fn without_random_numbers_nothing_is_made() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data/keyring.json");
        let refused = init(
            &KeyringFile::plain(&path),
            &mut |_: &mut [u8]| Err("the source is dry"),
            TOKEN_EPOCH,
        );
        assert_eq!(
            refused.unwrap_err().to_string(),
            "no random numbers: the source is dry"
        );
        assert!(!home.path().join("data").exists());
    }
}
