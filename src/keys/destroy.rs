//! `qrseal keys destroy`: a key whose secret is gone for ever.

use std::path::Path;

use super::{change::change, error::KeysError};
use crate::token::Slot;

/// Erases the secret of a disabled key. A tombstone stays, so that its slot is never used again.
///
/// # Errors
/// As [`load`](super::load); [`KeysError::Transition`] if there is no such key or it is not disabled; what the file system says.
pub fn destroy(path: &Path, slot: Slot) -> Result<(), KeysError> {
    change(path, |keyring| keyring.destroy(slot))
}
