//! `qrseal keys disable`: a key that recognises its tokens and opens none.

use std::path::Path;

use super::{change::change, error::KeysError};
use crate::token::Slot;

/// Disables an enabled key.
///
/// # Errors
/// As [`load`](super::load); [`KeysError::Transition`] if there is no such key, it is primary or destroyed; what the file system says.
pub fn disable(path: &Path, slot: Slot) -> Result<(), KeysError> {
    change(path, |keyring| keyring.disable(slot))
}
