//! The 17 bytes that a link carries, and how they are recognised.

use std::fmt;

use subtle::ConstantTimeEq as _;

use super::version_and_slot;
use crate::token::{
    base64url, digits,
    id::{Nonce, TokenId},
    key::KeyState,
    keyring::Keyring,
    not_recognised::NotRecognised,
    open::OpenError,
    slot::Slot,
    subkey::{KeyDerivation, hmac},
};

const CHECK_LABEL: &[u8] = b"qrseal/v2/check";
const ID_LABEL: &[u8] = b"qrseal/v2/id";
const CHECK_BYTES: usize = 4;

/// 17 bytes of version 2. Anyone can make them: nothing that they say may be believed.
#[derive(Clone, PartialEq, Eq)]
pub struct ParsedStoredToken {
    bytes: [u8; StoredToken::BYTES],
}

impl ParsedStoredToken {
    /// Reads either text form: a text of `0-9` only is digits, any other is base64url.
    ///
    /// # Errors
    /// [`NotRecognised`]: not the one text of a token of version 2.
    pub fn parse(text: &str) -> Result<Self, NotRecognised> {
        if text.len() == digits::text_len(StoredToken::BYTES) {
            Self::from_bytes(&digits::decode(text)?)
        } else if text.len() == base64url::text_len(StoredToken::BYTES) {
            Self::from_bytes(&base64url::decode(text)?)
        } else {
            Err(NotRecognised)
        }
    }

    /// Checks whether the token is ours, with the one key that its slot names, and whether that key is in use.
    ///
    /// # Errors
    /// [`OpenError::NotRecognised`], [`OpenError::KeyRetired`].
    pub fn recognise(&self, keyring: &Keyring) -> Result<StoredToken, OpenError> {
        let slot = Slot::from_low_bits(self.bytes[0]);
        let key = keyring.key(slot).ok_or(OpenError::NotRecognised)?;
        let derivation = key.derivation().ok_or(OpenError::NotRecognised)?;
        let (_, secret, check) = split(&self.bytes);
        let expected = check_of(derivation, slot, secret, keyring.audience());
        if !bool::from(expected.ct_eq(check)) {
            return Err(OpenError::NotRecognised);
        }
        let id = id_of(derivation, slot, secret, keyring.audience());
        if !matches!(key.state(), KeyState::Primary | KeyState::Enabled) {
            return Err(OpenError::KeyRetired { id });
        }
        Ok(StoredToken {
            bytes: self.bytes,
            slot,
            id,
        })
    }

    /// Whether a token that begins with this byte is of version 2.
    #[must_use]
    pub fn is_of_this_version(first: u8) -> bool {
        first >> Slot::BITS == super::VERSION
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, NotRecognised> {
        let bytes: [u8; StoredToken::BYTES] = bytes.try_into().map_err(|_| NotRecognised)?;
        if !Self::is_of_this_version(bytes[0]) {
            return Err(NotRecognised);
        }
        Ok(Self { bytes })
    }
}

impl fmt::Debug for ParsedStoredToken {
    /// Without the token: whoever has it can open it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedStoredToken").finish_non_exhaustive()
    }
}

/// A token of version 2 that is ours. Whether the store still knows it is another question.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredToken {
    bytes: [u8; Self::BYTES],
    slot: Slot,
    id: TokenId,
}

impl StoredToken {
    /// The length of every token of version 2: first byte, secret, check.
    pub const BYTES: usize = 1 + Self::SECRET_BYTES + CHECK_BYTES;
    /// The length of the secret.
    pub const SECRET_BYTES: usize = 12;

    /// A new token under the primary key. `secret` must come from the operating system's random numbers, new for every
    /// token.
    #[must_use]
    pub fn new(keyring: &Keyring, secret: [u8; Self::SECRET_BYTES]) -> Self {
        let primary = keyring.primary();
        let (slot, audience) = (primary.slot(), keyring.audience());
        let derivation = primary.derivation().expect("the primary key has a secret");
        let mut bytes = [0; Self::BYTES];
        bytes[0] = version_and_slot(slot);
        bytes[1..=Self::SECRET_BYTES].copy_from_slice(&secret);
        bytes[1 + Self::SECRET_BYTES..]
            .copy_from_slice(&check_of(derivation, slot, &secret, audience));
        Self {
            bytes,
            slot,
            id: id_of(derivation, slot, &secret, audience),
        }
    }

    /// Its id, which may be logged: it does not give the secret.
    #[must_use]
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// The slot of its key.
    #[must_use]
    pub fn slot(&self) -> Slot {
        self.slot
    }

    /// The token as it travels.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.bytes
    }

    /// The text for links and symbols: 42 digits.
    #[must_use]
    pub fn to_digits(&self) -> String {
        digits::encode(&self.bytes)
    }

    /// The text for JSON and `?ctext=`.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        base64url::encode(&self.bytes)
    }

    pub(super) fn secret(&self) -> &[u8; Self::SECRET_BYTES] {
        split(&self.bytes).1
    }
}

impl fmt::Debug for StoredToken {
    /// Without the token: whoever has it can open it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// First byte, secret and check.
fn split(
    bytes: &[u8; StoredToken::BYTES],
) -> (u8, &[u8; StoredToken::SECRET_BYTES], &[u8; CHECK_BYTES]) {
    let [first, rest @ ..] = bytes;
    let (secret, check) = rest
        .split_first_chunk()
        .expect("16 bytes begin with a secret of 12");
    let check = check.first_chunk().expect("and end with a check of 4");
    (*first, secret, check)
}

fn check_of(
    derivation: &KeyDerivation,
    slot: Slot,
    secret: &[u8; StoredToken::SECRET_BYTES],
    audience: &str,
) -> [u8; CHECK_BYTES] {
    let first = [version_and_slot(slot)];
    let key = derivation.stored_subkey(&[CHECK_LABEL, &first]);
    *hmac(&key, &[&first, secret, audience.as_bytes()])
        .first_chunk()
        .expect("32 bytes begin with 4")
}

fn id_of(
    derivation: &KeyDerivation,
    slot: Slot,
    secret: &[u8; StoredToken::SECRET_BYTES],
    audience: &str,
) -> TokenId {
    let key = derivation.stored_subkey(&[ID_LABEL, &[version_and_slot(slot)]]);
    let id = hmac(&key, &[secret, audience.as_bytes()]);
    TokenId::from_bytes(
        *id.first_chunk::<{ Nonce::BYTES }>()
            .expect("32 bytes begin with 12"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{ParsedToken, Secret, TOKEN_EPOCH};

    fn keyring() -> Keyring {
        Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
    }

    #[test]
    fn a_token_of_one_version_is_none_of_the_other() {
        let token = StoredToken::new(&keyring(), [9; 12]);
        for text in [token.to_digits(), token.to_base64url()] {
            let parsed = ParsedStoredToken::parse(&text).unwrap();
            assert_eq!(parsed.recognise(&keyring()).as_ref(), Ok(&token));
            assert_eq!(ParsedToken::parse(&text), Err(NotRecognised));
        }
        assert_eq!(token.to_digits().len(), 42);
    }

    #[test]
    fn every_changed_bit_makes_it_unknown() {
        let keyring = keyring();
        let token = StoredToken::new(&keyring, [9; 12]);
        for bit in 0..8 * StoredToken::BYTES {
            let mut bytes = *token.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let known = ParsedStoredToken::from_bytes(&bytes)
                .map_err(OpenError::from)
                .and_then(|parsed| parsed.recognise(&keyring));
            assert_eq!(known, Err(OpenError::NotRecognised), "{bit}");
        }
    }

    #[test]
    fn a_disabled_key_recognises_its_tokens_and_a_destroyed_one_does_not() {
        let mut keyring = keyring();
        let token = StoredToken::new(&keyring, [9; 12]);
        let parsed = ParsedStoredToken::parse(&token.to_digits()).unwrap();
        let next = keyring.add(Secret::from([8; 32]), TOKEN_EPOCH).unwrap();
        keyring.promote(next).unwrap();
        keyring.disable(token.slot()).unwrap();
        let retired = OpenError::KeyRetired { id: token.id() };
        assert_eq!(parsed.recognise(&keyring), Err(retired));
        keyring.destroy(token.slot()).unwrap();
        assert_eq!(parsed.recognise(&keyring), Err(OpenError::NotRecognised));
    }

    #[test]
    fn a_stored_token_is_not_shown() {
        let token = StoredToken::new(&keyring(), [9; 12]);
        let shown = format!("{token:?}");
        assert_eq!(shown, format!("StoredToken {{ id: {:?}, .. }}", token.id()));
        let parsed = ParsedStoredToken::parse(&token.to_digits()).unwrap();
        assert_eq!(format!("{parsed:?}"), "ParsedStoredToken { .. }");
    }
}
