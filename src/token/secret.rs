//! The secret of a key.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The 32 bytes from which all subkeys of a slot are derived. Overwritten when dropped, never shown.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; Secret::BYTES]);

impl Secret {
    /// The length of a secret.
    pub const BYTES: usize = 32;

    /// Reads 43 characters of base64url without padding (RFC 4648, section 5).
    ///
    /// # Errors
    /// [`SecretError`], which does not repeat the text.
    pub fn from_base64url(text: &str) -> Result<Self, SecretError> {
        // A bounded buffer: the decoder refuses what does not fit, and the buffer is wiped whatever it held.
        let mut decoded = Zeroizing::new([0; Self::BYTES + 1]);
        let length = URL_SAFE_NO_PAD
            .decode_slice(text, decoded.as_mut_slice())
            .map_err(|_| SecretError)?;
        let bytes = decoded
            .get(..length)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(SecretError)?;
        Ok(Self(bytes))
    }

    /// The secret itself, as base64url without padding: for the keyring file and nothing else.
    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0))
    }

    pub(super) fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl From<[u8; Secret::BYTES]> for Secret {
    fn from(mut random: [u8; Secret::BYTES]) -> Self {
        let secret = Self(random);
        random.zeroize();
        secret
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// A text that is no secret. It says nothing about the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret is 32 bytes as base64url without padding, 43 characters")]
pub struct SecretError;
