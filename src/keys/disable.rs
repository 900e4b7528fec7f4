//! `qrseal keys disable`: a key that recognises its tokens and opens none.

use std::fmt;

use super::{change::change, error::KeysError, file::KeyringFile};
use crate::token::Slot;

/// Disables an enabled key.
///
/// `random` fills a slice from the operating system's random numbers.
///
/// # Errors
/// As [`load`](super::load); [`KeysError::Transition`] if there is no such key, it is primary or destroyed; what the file system says.
pub fn disable<E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    slot: Slot,
) -> Result<(), KeysError> {
    change(file, random, |keyring| keyring.disable(slot))
}
