//! Why keys are no keyring.

use super::slot::Slot;

/// What makes a set of keys no keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// Empty, too long, or with something else than visible ASCII.
    #[error("the audience must be 1 to 255 visible ASCII characters, without spaces")]
    Audience,
    /// Also an empty set of keys.
    #[error("no key is primary; exactly one must be")]
    NoPrimary,
    /// Two keys would seal.
    #[error("more than one key is primary; exactly one must be")]
    SeveralPrimaries,
    /// Two keys have this slot.
    #[error("slot {0} occurs twice; slots must be unique")]
    DuplicateSlot(Slot),
    /// Not destroyed, and without a secret.
    #[error("the key in slot {0} has no secret; only a destroyed key has none")]
    SecretMissing(Slot),
    /// Destroyed, and with a secret.
    #[error(
        "the key in slot {0} is destroyed but has a secret; remove the secret or correct the state"
    )]
    SecretOfDestroyed(Slot),
}
