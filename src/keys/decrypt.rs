//! `qrseal keys decrypt`: a plain keyring file.

use std::fmt;

use super::error::KeysError;
use super::file::{KeyringFile, KeyringPath};

/// Writes an encrypted keyring file as a plain one.
///
/// `random` fills a slice from the operating system's random numbers.
///
/// # Errors
/// [`KeysError::NoKek`] if there is none to decrypt with; otherwise as [`load`](super::load), and what the file system says.
pub fn decrypt<E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<(), KeysError> {
    let place = KeyringPath::existing(&file.path)?;
    let _lock = place.lock()?;
    let opened = place.read(&file.kek)?;
    if opened.kek.is_none() {
        return Err(KeysError::NoKek);
    }
    place.replace(&opened.keyring, None, &opened.metadata, random)
}
