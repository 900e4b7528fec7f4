//! Recovery codes: with one of these a person sets a password.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::typed_code;
use crate::store::{NewRecovery, SecretHash};
use crate::token::UnixTime;

/// 128 bits, and two that are zero.
const CHARS: usize = 26;
/// The characters of each group.
const GROUPS: [usize; 5] = [5, 5, 5, 5, 6];

/// 128 random bits as base32 in groups. It is shown once; the store has its hash.
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// How long one is good.
    pub const SECS: u64 = 24 * 60 * 60;

    /// The code of these bytes, which must come from the operating system's random numbers.
    #[must_use]
    pub fn from_random(random: &[u8; 16]) -> Self {
        Self(typed_code::encode(random))
    }

    /// The code in groups: for the person and nobody else.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        typed_code::grouped(&self.0, &GROUPS, '-')
    }

    /// What the store knows it by.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// As it is stored, if it is made now.
    pub(super) fn good_from(&self, now: UnixTime) -> NewRecovery {
        NewRecovery {
            hash: self.hash(),
            ends_at: now.plus_secs(Self::SECS),
        }
    }
}

impl FromStr for RecoveryCode {
    type Err = RecoveryCodeError;

    /// Reads a code as people type it: in any case, with spaces and hyphens anywhere, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, RecoveryCodeError> {
        typed_code::read(text, CHARS)
            .map(Self)
            .ok_or(RecoveryCodeError)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

/// A text that is no recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A recovery code is 26 letters and digits in five groups.")]
pub struct RecoveryCodeError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RecoveryCode::from_random(&[0x0f; 16]);
        let shown = code.reveal();
        assert_eq!(shown.len(), CHARS + 4);
        let hash = |text: &str| text.parse::<RecoveryCode>().unwrap().hash();
        assert_eq!(hash(&shown), code.hash());
        assert_eq!(hash(&shown.to_lowercase().replace('-', " ")), code.hash());
        assert_eq!(
            hash(&format!("  {}\n", shown.replace('-', "\u{2013}"))),
            code.hash()
        );
        let ones = RecoveryCode::from_random(&[0; 16]);
        assert_eq!(ones.reveal().as_str(), "00000-00000-00000-00000-000000");
        assert_eq!(hash("ooooo ooooo ooooo ooooo oooooo"), ones.hash());
        assert_eq!(format!("{code:?}"), "RecoveryCode");
    }

    #[test]
    fn every_bit_makes_another_code() {
        let mut seen = std::collections::HashSet::new();
        for bit in 0..128 {
            let random = (1_u128 << bit).to_be_bytes();
            assert!(seen.insert(RecoveryCode::from_random(&random).reveal().to_string()));
        }
    }

    #[test]
    fn another_text_is_no_code() {
        for text in [
            "",
            "00000-00000-00000-00000-00000",
            "00000-00000-00000-00000-0000000",
            "U0000-00000-00000-00000-000000",
            "é",
            &" ".repeat(2000),
        ] {
            assert!(text.parse::<RecoveryCode>().is_err(), "{text:.40}");
        }
    }
}
