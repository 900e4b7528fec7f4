//! What makes an open repeatable.

use std::fmt;
use std::str::FromStr;

use crate::token::base64url;

/// Chosen by the client, new for every open: 16 to 64 of `A-Z a-z 0-9 _ -`. Whoever knows it can have the document again
/// for two minutes, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenId(String);

impl OpenId {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 16;
    /// The most characters.
    pub const MAX_CHARS: usize = 64;

    /// One from the operating system's random numbers.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(base64url::encode(&random))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OpenId {
    type Err = OpenIdError;

    fn from_str(text: &str) -> Result<Self, OpenIdError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if (Self::MIN_CHARS..=Self::MAX_CHARS).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(OpenIdError)
        }
    }
}

impl fmt::Debug for OpenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenId(redacted)")
    }
}

/// A text that is no open id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 16 to 64 of A-Z, a-z, 0-9, _ and -, chosen at random for every open")]
pub struct OpenIdError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_id_is_16_to_64_characters_that_need_no_escaping() {
        for text in ["A-Za-z0-9_abcdef", &"x".repeat(64)] {
            assert_eq!(text.parse::<OpenId>().map(|id| id.0), Ok(text.to_owned()));
        }
        for text in [
            "",
            "fifteen_letters",
            &"x".repeat(65),
            "sixteen letters.",
            "sixteen+letters=",
            "sixteen_letters\u{e9}",
        ] {
            assert_eq!(text.parse::<OpenId>(), Err(OpenIdError), "{text}");
        }
        let random = OpenId::from_random([0xff; 16]);
        assert_eq!(random.as_str().parse(), Ok(random.clone()));
        assert_eq!(format!("{random:?}"), "OpenId(redacted)");
    }
}
