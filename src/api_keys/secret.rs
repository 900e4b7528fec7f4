//! The key as its owner holds it.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::store::KeyHash;
use crate::token::base64url;

const BYTES: usize = 32;

/// `qrs_` and 32 random bytes as base64url. It is shown once, to its owner; the store has its hash.
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// What every key begins with.
    pub const PREFIX: &str = "qrs_";
    /// The length of a key's text.
    pub const CHARS: usize = Self::PREFIX.len() + (BYTES * 4).div_ceil(3);

    /// The key of these bytes, which must come from the operating system's random numbers.
    #[must_use]
    pub fn from_random(random: &[u8; BYTES]) -> Self {
        let secret = Zeroizing::new(base64url::encode(random));
        Self(Zeroizing::new(format!(
            "{}{}",
            Self::PREFIX,
            secret.as_str()
        )))
    }

    /// The key itself: for its owner and nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the store knows it by.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        KeyHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl FromStr for ApiKey {
    type Err = ApiKeyError;

    fn from_str(text: &str) -> Result<Self, ApiKeyError> {
        let secret = text.strip_prefix(Self::PREFIX).ok_or(ApiKeyError)?;
        if text.len() != Self::CHARS || base64url::decode(secret).is_err() {
            return Err(ApiKeyError);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey")
    }
}

/// A text that is no API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an API key is qrs_ and 43 characters of A-Z, a-z, 0-9, - and _")]
pub struct ApiKeyError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_its_prefix_and_43_characters_and_comes_back_from_its_text() {
        let key = ApiKey::from_random(&[0xff; 32]);
        assert_eq!(key.reveal(), format!("qrs_{}8", "_".repeat(42)));
        let again: ApiKey = key.reveal().parse().unwrap();
        assert_eq!(again.hash(), key.hash());
        assert_ne!(key.hash(), ApiKey::from_random(&[0xfe; 32]).hash());
        assert_eq!(format!("{key:?}"), "ApiKey");
    }

    #[test]
    fn another_text_is_no_key() {
        let key = ApiKey::from_random(&[7; 32]);
        for text in [
            String::new(),
            "qrs_".to_owned(),
            key.reveal()[4..].to_owned(),
            key.reveal()[..46].to_owned(),
            format!("{}A", key.reveal()),
            key.reveal().replace("qrs_", "QRS_"),
            format!("{}=", &key.reveal()[..46]),
            format!("qrs_{}9", "_".repeat(42)),
        ] {
            assert!(text.parse::<ApiKey>().is_err(), "{text}");
        }
    }
}
