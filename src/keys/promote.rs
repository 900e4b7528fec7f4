//! `qrseal keys promote`: the key that seals from now on.

use std::path::Path;

use super::{change::change, error::KeysError};
use crate::token::Slot;

/// Makes an enabled key primary; the one that was primary stays enabled.
///
/// # Errors
/// As [`load`](super::load); [`KeysError::Transition`] if there is no such key or it is not enabled; what the file system says.
pub fn promote(path: &Path, slot: Slot) -> Result<(), KeysError> {
    change(path, |keyring| keyring.promote(slot))
}
