//! A keyring as it stands in a backup: encrypted, or not at all.

use std::fmt;

use zeroize::Zeroizing;

use super::error::KeysError;
use super::file::{KeyringFile, KeyringPath, load};
use super::kek::KekSource;
use super::{document, envelope};
use crate::token::Keyring;

/// The keyring, encrypted under `kek`, or under what its file is; `None` if neither is anything.
///
/// # Errors
/// As [`load`], and [`KeysError::WeakPassphrase`].
pub fn encrypted<E: fmt::Display>(
    file: &KeyringFile,
    kek: Option<&KekSource>,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<Option<Zeroizing<Vec<u8>>>, KeysError> {
    let keyring = load(file)?;
    let Some(kek) = kek.unwrap_or(&file.kek).read()? else {
        return Ok(None);
    };
    let json = document::write(&keyring).map_err(|reason| KeysError::Document {
        path: file.path.clone(),
        reason,
    })?;
    envelope::seal(&json, &kek, random).map(Some)
}

/// The keyring that [`encrypted`] gave.
///
/// # Errors
/// [`KeysError`]; `kek` must fit.
pub fn decrypted(sealed: &[u8], kek: &KekSource) -> Result<Keyring, KeysError> {
    let path = || std::path::PathBuf::from("in the backup");
    let kek = kek.read()?.ok_or(KeysError::NoKek)?;
    let json = envelope::open(sealed, &kek).map_err(|reason| KeysError::Envelope {
        path: path(),
        reason,
    })?;
    document::parse(&json).map_err(|reason| KeysError::Document {
        path: path(),
        reason,
    })
}

/// Makes the file of a keyring, encrypted as it is to be.
///
/// # Errors
/// [`KeysError::Exists`] if anything is there; otherwise as [`init`](super::init()).
pub fn create<E: fmt::Display>(
    file: &KeyringFile,
    keyring: &Keyring,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<(), KeysError> {
    let kek = file.kek.read()?;
    let place = KeyringPath::new(&file.path)?;
    let _lock = place.lock()?;
    place.create(keyring, kek.as_ref(), random)
}
