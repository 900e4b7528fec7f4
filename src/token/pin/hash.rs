//! The slow part: Argon2id (RFC 9106), so that a guess costs time and memory even to whoever has the key.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::{Zeroize as _, Zeroizing};

use super::Pin;

/// The salt of a token's PIN: derived from the slot's secret and the token's nonce, so that it needs no bytes in the
/// token and no guess can be prepared without the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PinSalt(pub(in crate::token) [u8; Self::BYTES]);

impl PinSalt {
    pub(in crate::token) const BYTES: usize = 16;
}

impl fmt::Debug for PinSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinSalt(redacted)")
    }
}

/// What a PIN becomes for one token. Overwritten when dropped, never shown.
#[derive(Clone)]
pub struct PinHash {
    pub(super) salt: PinSalt,
    pub(super) hash: Zeroizing<[u8; 32]>,
}

impl PinHash {
    /// Memory of one hash while it is computed, in KiB: 64 MiB.
    pub const MEMORY_KIB: u32 = 65_536;
    const COST: HashCost = HashCost {
        memory_kib: Self::MEMORY_KIB,
        passes: 3,
    };

    /// Argon2id, version 0x13, with 64 MiB, three passes and one lane.
    ///
    /// It takes a core for a tenth of a second, more or less: never call it on a thread that answers requests.
    ///
    /// # Errors
    /// [`OutOfMemory`] if there are no 64 MiB.
    pub fn derive(pin: &Pin, salt: PinSalt) -> Result<Self, OutOfMemory> {
        let hash = argon2id(pin.as_str().as_bytes(), &salt.0, Self::COST)?;
        Ok(Self { salt, hash })
    }

    pub(in crate::token) fn is_salted_with(&self, salt: PinSalt) -> bool {
        self.salt == salt
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(redacted)")
    }
}

/// What one hash costs, with one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory while it is computed, in KiB; 8 to 65,536.
    pub memory_kib: u32,
    /// Passes over that memory; 1 to 100.
    pub passes: u32,
}

/// Argon2id, version 0x13, of a secret of at most 4,096 bytes and a salt of 8 to 64. Never to be called on a thread that
/// answers requests.
///
/// # Errors
/// [`OutOfMemory`] if there is not so much memory.
pub fn argon2id(
    secret: &[u8],
    salt: &[u8],
    cost: HashCost,
) -> Result<Zeroizing<[u8; 32]>, OutOfMemory> {
    let mut hash = Zeroizing::new([0; 32]);
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(hash.len()))
        .expect("within the ranges of RFC 9106, section 3.1");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut memory = Memory::allocate(cost.memory_kib)?;
    argon2
        .hash_password_into_with_memory(secret, salt, hash.as_mut_slice(), &mut memory.0)
        .expect("a short secret, a salt of its length and all the memory that was asked for");
    Ok(hash)
}

/// There is not enough memory to hash a secret now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is not enough memory to check a PIN or a password")]
pub struct OutOfMemory;

/// What Argon2 fills. Overwritten when dropped: it is made from the secret.
struct Memory(Vec<Block>);

impl Memory {
    fn allocate(kib: u32) -> Result<Self, OutOfMemory> {
        let blocks = usize::try_from(kib).map_err(|_| OutOfMemory)?;
        let mut memory = Vec::new();
        memory.try_reserve_exact(blocks).map_err(|_| OutOfMemory)?;
        memory.resize(blocks, Block::new());
        Ok(Self(memory))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_worked_example() {
        let salt = PinSalt(0x4303_2101_5fc4_a079_097c_cc57_7986_7e60_u128.to_be_bytes());
        let hash = PinHash::derive(&Pin::parse("493817").unwrap(), salt).unwrap();
        let mut expected = [0; 32];
        let (high, low) = expected.split_at_mut(16);
        high.copy_from_slice(&0x2e0f_bd55_9c95_9f39_4cae_2d04_ddd3_8681_u128.to_be_bytes());
        low.copy_from_slice(&0xa38a_22d9_6fd6_90b5_6b79_f296_4b87_954e_u128.to_be_bytes());
        assert_eq!(*hash.hash, expected);
        assert_eq!(
            format!("{hash:?} {salt:?}"),
            "PinHash(redacted) PinSalt(redacted)"
        );
    }
}
