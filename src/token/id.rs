//! The nonce, and the token id, which is the nonce once it has been used.

use std::{fmt, str::FromStr};

/// Twelve bytes from the operating system's random numbers, for one seal only.
///
/// It can be neither copied nor cloned: [`seal`](super::seal()) takes it away, so that no nonce seals twice.
#[derive(Debug, PartialEq, Eq)]
pub struct Nonce([u8; Nonce::BYTES]);

impl Nonce {
    /// The length of a nonce of AES-GCM (NIST SP 800-38D, 8.2).
    pub const BYTES: usize = 12;

    pub(super) fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    pub(super) fn into_bytes(self) -> [u8; Self::BYTES] {
        self.0
    }
}

impl From<[u8; Nonce::BYTES]> for Nonce {
    fn from(random: [u8; Nonce::BYTES]) -> Self {
        Self(random)
    }
}

/// What a token is called in logs, in the ledger and in the API: its nonce, as 24 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; Nonce::BYTES]);

impl TokenId {
    pub(super) const fn from_bytes(bytes: [u8; Nonce::BYTES]) -> Self {
        Self(bytes)
    }

    /// The twelve bytes of the nonce.
    pub const fn as_bytes(&self) -> &[u8; Nonce::BYTES] {
        &self.0
    }
}

impl From<[u8; Nonce::BYTES]> for TokenId {
    /// The id that a ledger kept.
    fn from(bytes: [u8; Nonce::BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 2 * Nonce::BYTES];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 0x0f)]);
        }
        f.pad(str::from_utf8(&text).expect("hexadecimal digits are ASCII"))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({self})")
    }
}

impl FromStr for TokenId {
    type Err = TokenIdError;

    /// Reads exactly 24 digits of `0-9a-f`, so that an id has one text only.
    fn from_str(text: &str) -> Result<Self, TokenIdError> {
        let text: &[u8; 2 * Nonce::BYTES] = text.as_bytes().try_into().map_err(|_| TokenIdError)?;
        let mut bytes = [0; Nonce::BYTES];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = hex_value(pair[0])? << 4 | hex_value(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

/// A text that is no token id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token id is 24 lower-case hexadecimal digits")]
pub struct TokenIdError;

fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'a' + nibble - 10
    }
}

fn hex_value(digit: u8) -> Result<u8, TokenIdError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(TokenIdError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_24_lower_case_hexadecimal_digits() {
        let id = TokenId([
            0x00, 0x01, 0x9a, 0xbc, 0xde, 0xf0, 0xff, 0x10, 0x20, 0x30, 0x40, 0x5f,
        ]);
        assert_eq!(id.to_string(), "00019abcdef0ff102030405f");
        assert_eq!("00019abcdef0ff102030405f".parse(), Ok(id));
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in [
            "",
            "00019abcdef0ff102030405",
            "00019abcdef0ff102030405f0",
            "00019ABCDEF0FF102030405F",
            "00019abcdef0ff10203040_f",
            "+0019abcdef0ff102030405f",
            "00019abcdef0ff1020304é5",
        ] {
            assert_eq!(text.parse::<TokenId>(), Err(TokenIdError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_id_comes_back_from_its_text(bytes: [u8; Nonce::BYTES]) {
            prop_assert_eq!(TokenId(bytes).to_string().parse(), Ok(TokenId(bytes)));
        }
    }
}
