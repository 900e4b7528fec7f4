//! Backup codes: what they look like, and what the store knows them by.

use std::fmt;

use zeroize::Zeroizing;

use super::typed_code;
use crate::store::{AccountId, SecretHash};
use crate::token::{Keyring, Slot};

/// 64 random bits, with which somebody signs in once whose device is lost.
pub struct BackupCode(Zeroizing<String>);

impl BackupCode {
    /// Bytes of one.
    pub const BYTES: usize = 8;
    /// How many there are of an account.
    pub const COUNT: usize = 10;

    const CHARS: usize = 13;
    const GROUPS: [usize; 3] = [4, 4, 5];

    /// The code of these bytes, which must come from the operating system's random numbers.
    #[must_use]
    pub fn from_random(random: [u8; Self::BYTES]) -> Self {
        Self(typed_code::encode(&random))
    }

    /// The code in groups: for the person and nobody else.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        typed_code::grouped(&self.0, &Self::GROUPS, '-')
    }

    /// The code that somebody typed, if it is the form of one.
    pub(super) fn read(text: &str) -> Option<Self> {
        typed_code::read(text, Self::CHARS).map(Self)
    }

    /// What the store knows it by: nothing that whoever has only the database could try codes at. `None` if the key is gone.
    pub(super) fn hash(
        &self,
        keyring: &Keyring,
        slot: Slot,
        account: AccountId,
    ) -> Option<SecretHash> {
        let of = account.0.to_be_bytes();
        keyring
            .ledger_digest(slot, "backup-code", &[&of, self.0.as_bytes()])
            .map(SecretHash)
    }
}

impl fmt::Debug for BackupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupCode")
    }
}
