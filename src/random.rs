//! The operating system's random numbers.
//!
//! Belongs here: the one place that asks for them. Does not belong here: what is made of them (nonces, secrets, ids, PINs):
//! that takes bytes as an argument, so that tests choose them.

use rand::TryRng as _;
#[expect(
    clippy::disallowed_types,
    reason = "the one place that asks for random numbers"
)]
use rand::rngs::SysRng;
use zeroize::Zeroizing;

/// The operating system gave none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random numbers: {0}")]
pub struct NoRandomNumbers(String);

/// So many random bytes, overwritten when dropped: what they are for may be a secret.
///
/// # Errors
///
/// [`NoRandomNumbers`]; then nothing may be sealed or made.
pub fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomNumbers> {
    let mut bytes = Zeroizing::new([0; N]);
    fill(bytes.as_mut_slice())?;
    Ok(bytes)
}

/// Fills `bytes`.
///
/// # Errors
///
/// [`NoRandomNumbers`]; then nothing may be sealed or made.
pub fn fill(bytes: &mut [u8]) -> Result<(), NoRandomNumbers> {
    SysRng
        .try_fill_bytes(bytes)
        .map_err(|error| NoRandomNumbers(error.to_string()))
}
