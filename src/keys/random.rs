//! Random bytes for new secrets and audiences, from a source that the caller gives.

use std::fmt;

use zeroize::Zeroizing;

use super::error::KeysError;
use crate::token::Secret;

/// A new secret. `fill` must come from the operating system's random numbers.
pub(super) fn secret<E: fmt::Display>(
    fill: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<Secret, KeysError> {
    Ok(Secret::from(*bytes::<{ Secret::BYTES }, E>(fill)?))
}

/// So many random bytes, overwritten when dropped.
pub(super) fn bytes<const N: usize, E: fmt::Display>(
    fill: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<Zeroizing<[u8; N]>, KeysError> {
    let mut bytes = Zeroizing::new([0; N]);
    fill(bytes.as_mut_slice()).map_err(|error| KeysError::Random(error.to_string()))?;
    Ok(bytes)
}
