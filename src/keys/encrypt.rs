//! `qrseal keys encrypt`: a keyring file that is worth nothing without its key-encryption key.

use std::fmt;

use super::error::KeysError;
use super::file::{KeyringFile, KeyringPath};
use super::kek::KekSource;

/// Encrypts a plain keyring file under its key-encryption key, or one that is encrypted under `before`; whether it changed
/// anything. Its copies and backups stay as they are.
///
/// `random` fills a slice from the operating system's random numbers.
///
/// # Errors
/// [`KeysError::NoKek`] if there is none to encrypt under, [`KeysError::WeakPassphrase`]; otherwise as [`load`](super::load),
/// and what the file system says.
pub fn encrypt<E: fmt::Display>(
    file: &KeyringFile,
    before: Option<&KekSource>,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<bool, KeysError> {
    let kek = file.kek.read_twice()?.ok_or(KeysError::NoKek)?;
    let place = KeyringPath::existing(&file.path)?;
    let _lock = place.lock()?;
    let source = match (place.is_encrypted()?, before) {
        (false, _) => &KekSource::None,
        (true, Some(before)) => before,
        (true, None) => {
            place.read(&file.kek)?;
            return Ok(false);
        }
    };
    let opened = place.read(source)?;
    place.replace(&opened.keyring, Some(&kek), &opened.metadata, random)?;
    Ok(true)
}
