//! `qrseal keys destroy`: a key whose secret is gone for ever.

use std::fmt;

use super::{change::change, error::KeysError, file::KeyringFile};
use crate::token::Slot;

/// Erases the secret of a disabled key. A tombstone stays, so that its slot is never used again.
///
/// `random` fills a slice from the operating system's random numbers.
///
/// # Errors
/// As [`load`](super::load); [`KeysError::Transition`] if there is no such key or it is not disabled; what the file system says.
pub fn destroy<E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    slot: Slot,
) -> Result<(), KeysError> {
    change(file, random, |keyring| keyring.destroy(slot))
}
