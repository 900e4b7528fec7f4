//! `qrseal keys add`: a new key, which opens and does not seal yet.

use std::fmt;

use super::{change::change, error::KeysError, file::KeyringFile, random};
use crate::token::{Slot, UnixTime};

/// Adds an enabled key with a new secret, in the lowest slot that was never used.
///
/// `random` fills a slice from the operating system's random numbers.
///
/// # Errors
/// As [`load`](super::load); [`KeysError::Transition`] if all 32 slots have been used; what the file system or the
/// random source says.
pub fn add<E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    now: UnixTime,
) -> Result<Slot, KeysError> {
    let secret = random::secret(random)?;
    change(file, random, |keyring| keyring.add(secret, now))
}
