//! From text to a token that is well formed, and not yet more than that.

use std::fmt;

use super::{
    base64url, digits,
    id::{Nonce, TokenId},
    layout::{CIPHERTEXT_AT, HEAD_BYTES, Head, MAX_TOKEN_BYTES, MIN_TOKEN_BYTES},
    not_recognised::NotRecognised,
};

/// Bytes of a known version and a possible length. Anyone can make them: nothing that they say may be believed.
#[derive(Clone, PartialEq, Eq)]
pub struct ParsedToken {
    bytes: Vec<u8>,
    head: Head,
    nonce: [u8; Nonce::BYTES],
}

impl ParsedToken {
    /// Reads either text form: a text of `0-9` only is digits, any other is base64url.
    ///
    /// # Errors
    /// [`NotRecognised`]: not the one text of a token, or not of a known version and a possible length.
    pub fn parse(text: &str) -> Result<Self, NotRecognised> {
        // Without an early end the loop takes many bytes at a time; most texts are digits to their end.
        if text
            .bytes()
            .fold(true, |all, byte| all & byte.is_ascii_digit())
        {
            return Self::parse_digits(text);
        }
        if text.len() > base64url::text_len(MAX_TOKEN_BYTES) {
            return Err(NotRecognised);
        }
        Self::from_bytes(base64url::decode(text)?)
    }

    /// Reads digits only, as they stand in links and symbols.
    ///
    /// # Errors
    /// As [`ParsedToken::parse`].
    pub fn parse_digits(text: &str) -> Result<Self, NotRecognised> {
        if text.len() > digits::text_len(MAX_TOKEN_BYTES) {
            return Err(NotRecognised);
        }
        Self::from_bytes(digits::decode(text)?)
    }

    /// The id that the token claims to have. Before [`ParsedToken::open`] it may be anything: keep it out of logs.
    pub fn id(&self) -> TokenId {
        TokenId::from_bytes(self.nonce)
    }

    /// The token as it travels.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The one text in digits.
    pub fn to_digits(&self) -> String {
        digits::encode(&self.bytes)
    }

    /// The one text in base64url.
    pub fn to_base64url(&self) -> String {
        base64url::encode(&self.bytes)
    }

    pub(super) fn head(&self) -> Head {
        self.head
    }

    pub(super) fn nonce(&self) -> &[u8; Nonce::BYTES] {
        &self.nonce
    }

    /// Ciphertext and tag.
    pub(super) fn sealed(&self) -> &[u8] {
        &self.bytes[CIPHERTEXT_AT..]
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, NotRecognised> {
        let head = bytes
            .first_chunk::<HEAD_BYTES>()
            .and_then(|&head| Head::from_bytes(head))
            .ok_or(NotRecognised)?;
        if !(MIN_TOKEN_BYTES..=MAX_TOKEN_BYTES).contains(&bytes.len()) {
            return Err(NotRecognised);
        }
        let nonce = bytes[HEAD_BYTES..CIPHERTEXT_AT]
            .try_into()
            .expect("the nonce stands between head and ciphertext");
        Ok(Self { bytes, head, nonce })
    }
}

impl fmt::Debug for ParsedToken {
    /// Without the token: whoever has it can open it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedToken")
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Well formed and sealed by nobody.
    fn well_formed(length: usize) -> Vec<u8> {
        let mut bytes = vec![0x5a; length];
        bytes[0] = 0x23;
        bytes
    }

    #[test]
    fn a_token_has_33_to_65_597_bytes() {
        assert_eq!((MIN_TOKEN_BYTES, MAX_TOKEN_BYTES), (33, 65_597));
        for (length, parsed) in [
            (4, false),
            (32, false),
            (33, true),
            (65_597, true),
            (65_598, false),
            (200_000, false),
        ] {
            let bytes = well_formed(length);
            assert_eq!(
                ParsedToken::parse(&digits::encode(&bytes)).is_ok(),
                parsed,
                "{length}"
            );
            assert_eq!(
                ParsedToken::parse_digits(&digits::encode(&bytes)).is_ok(),
                parsed,
                "{length}"
            );
            assert_eq!(
                ParsedToken::parse(&base64url::encode(&bytes)).is_ok(),
                parsed,
                "{length}"
            );
        }
    }

    #[test]
    fn only_version_1_is_recognised() {
        for first in 0..=u8::MAX {
            let mut bytes = well_formed(40);
            bytes[0] = first;
            let parsed = ParsedToken::parse(&digits::encode(&bytes));
            assert_eq!(
                parsed.is_ok(),
                (0x20..0x40).contains(&first),
                "{first:#04x}"
            );
        }
    }

    #[test]
    fn digits_are_not_read_from_base64url() {
        let bytes = well_formed(40);
        assert_eq!(
            ParsedToken::parse_digits(&base64url::encode(&bytes)),
            Err(NotRecognised)
        );
    }

    #[test]
    fn a_parsed_token_is_not_shown() {
        let shown = format!(
            "{:?}",
            ParsedToken::parse(&digits::encode(&well_formed(40))).unwrap()
        );
        assert_eq!(shown, "ParsedToken { bytes: 40, .. }");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}") {
            let _ = ParsedToken::parse(&text);
        }

        #[test]
        fn both_texts_of_a_token_are_read_back(mut bytes in prop::collection::vec(any::<u8>(), 33..400)) {
            bytes[0] = 0x20 | bytes[0] & 0x1f;
            for text in [digits::encode(&bytes), base64url::encode(&bytes)] {
                let parsed = ParsedToken::parse(&text).unwrap();
                prop_assert_eq!(parsed.as_bytes(), &bytes[..]);
                prop_assert!(text == parsed.to_digits() || text == parsed.to_base64url());
            }
        }
    }
}
