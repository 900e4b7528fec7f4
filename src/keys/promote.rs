//! `qrseal keys promote`: the key that seals from now on.

use std::fmt;

use super::{change::change, error::KeysError, file::KeyringFile};
use crate::token::Slot;

/// Makes an enabled key primary; the one that was primary stays enabled.
///
/// `random` fills a slice from the operating system's random numbers.
///
/// # Errors
/// As [`load`](super::load); [`KeysError::Transition`] if there is no such key or it is not enabled; what the file system says.
pub fn promote<E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    slot: Slot,
) -> Result<(), KeysError> {
    change(file, random, |keyring| keyring.promote(slot))
}
