//! Opening: from a well-formed token to what was sealed, or why not (`docs/token-format.md`, "Opening").

use std::fmt;

use aes_gcm::{AeadInOut, aead::inout::InOutBuf};

use super::{
    claims::SealedClaims,
    contents::{Codec, Contents},
    id::TokenId,
    key::KeyState,
    keyring::Keyring,
    layout::{Head, TAG_BYTES},
    not_recognised::NotRecognised,
    parse::ParsedToken,
    pin::{PinHash, PinLayer, PinSalt, WrongPin},
    slot::Slot,
    time::UnixTime,
};

/// How far ahead of `now` an issue minute may begin. More means that one of our clocks is wrong.
const CLOCK_TOLERANCE_SECS: u64 = 5 * 60;

impl ParsedToken {
    /// Opens the token with the one key that its slot names.
    ///
    /// The order is that of the format: slot, AEAD, key state, flags and claims, clock, expiry. What comes after it
    /// (ledger, PIN, unpacking, the check of the JSON text) is the caller's.
    ///
    /// # Errors
    /// [`OpenError`]. All but [`OpenError::NotRecognised`] are about an authentic token, whose id may be logged.
    pub fn open(&self, keyring: &Keyring, now: UnixTime) -> Result<OpenedToken, OpenError> {
        let head = self.head();
        let key = keyring.key(head.slot).ok_or(OpenError::NotRecognised)?;
        let derivation = key.derivation().ok_or(OpenError::NotRecognised)?;

        let (ciphertext, tag) = self
            .sealed()
            .split_last_chunk::<TAG_BYTES>()
            .ok_or(OpenError::NotRecognised)?;
        let mut plaintext = ciphertext.to_vec();
        let cipher = derivation.token_cipher(head);
        cipher
            .decrypt_inout_detached(
                &(*self.nonce()).into(),
                &head.associated_data(keyring.audience()),
                InOutBuf::from(plaintext.as_mut_slice()),
                &(*tag).into(),
            )
            .map_err(|_| OpenError::NotRecognised)?;
        derivation.remember(&cipher);

        let id = self.id();
        if !matches!(key.state(), KeyState::Primary | KeyState::Enabled) {
            return Err(OpenError::KeyRetired { id });
        }
        let Contents {
            claims,
            codec,
            body,
        } = Contents::parse(&plaintext)?;
        let body_at = plaintext.len() - body.len();
        let pin = claims.pin.then(|| {
            let (audience, flags_and_claims) = (keyring.audience(), &plaintext[..body_at]);
            Box::new(PinLayer::new(
                derivation,
                head,
                self.nonce(),
                flags_and_claims,
                audience,
            ))
        });
        let opened = OpenedToken {
            id,
            head,
            claims,
            codec,
            plaintext,
            body_at,
            pin,
        };
        opened.in_time(now)
    }
}

/// An authentic token whose key is in use and whose time has not passed.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedToken {
    pub(super) id: TokenId,
    pub(super) head: Head,
    pub(super) claims: SealedClaims,
    pub(super) codec: Codec,
    pub(super) plaintext: Vec<u8>,
    pub(super) body_at: usize,
    pub(super) pin: Option<Box<PinLayer>>,
}

impl OpenedToken {
    /// The token itself, unless it is of the future or its time has passed.
    pub(super) fn in_time(self, now: UnixTime) -> Result<Self, OpenError> {
        let (id, issued_at) = (self.id, self.issued_at());
        if issued_at > now.plus_secs(CLOCK_TOLERANCE_SECS) {
            return Err(OpenError::ClockBehind { id, issued_at });
        }
        match self.expires_at() {
            // The minute that is reported is the last in which the token opens.
            Some(at) if now >= at.plus_secs(60) => Err(OpenError::Expired { id, at }),
            _ => Ok(self),
        }
    }

    /// Its id, which may be logged.
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// The slot of the key that sealed it.
    pub fn slot(&self) -> Slot {
        self.head.slot
    }

    /// The beginning of the minute it was issued in.
    pub fn issued_at(&self) -> UnixTime {
        self.head.issue_minute.begins_at()
    }

    /// The beginning of the last minute in which it opens.
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.claims
            .expiry
            .map(|expiry| self.head.issue_minute.plus_minutes(expiry.value()))
    }

    /// What was sealed with the payload.
    pub fn claims(&self) -> &SealedClaims {
        &self.claims
    }

    /// How the payload is packed.
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// The packed payload, or what is left to open before there is one.
    pub fn body(&self) -> Body<'_> {
        let bytes = &self.plaintext[self.body_at..];
        match &self.pin {
            None => Body::Packed(bytes),
            Some(layer) => Body::UnderPin(BodyUnderPin { layer, bytes }),
        }
    }
}

/// The body of an authentic token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Body<'a> {
    /// The packed payload. Authentic, and not yet checked to be what the codec says.
    Packed(&'a [u8]),
    /// The packed payload under a second seal, which needs the PIN.
    UnderPin(BodyUnderPin<'a>),
}

impl<'a> Body<'a> {
    /// The packed payload, if no PIN stands before it.
    pub fn packed(&self) -> Option<&'a [u8]> {
        match *self {
            Self::Packed(bytes) => Some(bytes),
            Self::UnderPin(_) => None,
        }
    }
}

impl fmt::Debug for Body<'_> {
    /// Without the payload.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packed(bytes) => write!(f, "Packed({} bytes)", bytes.len()),
            Self::UnderPin(body) => body.fmt(f),
        }
    }
}

/// A body that nobody reads without its PIN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BodyUnderPin<'a> {
    layer: &'a PinLayer,
    bytes: &'a [u8],
}

impl BodyUnderPin<'_> {
    /// The salt with which the PIN is to be hashed.
    pub fn salt(&self) -> PinSalt {
        self.layer.salt()
    }

    /// The packed payload. Authentic, and not yet checked to be what the codec says.
    ///
    /// # Errors
    /// [`WrongPin`]
    pub fn open(&self, pin: &PinHash) -> Result<Vec<u8>, WrongPin> {
        self.layer.open(pin, self.bytes)
    }
}

impl fmt::Debug for BodyUnderPin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyUnderPin")
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OpenedToken {
    /// Without the payload.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedToken")
            .field("id", &self.id)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// Why a token does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Forged, damaged, for another audience, of an unknown or destroyed key, or not of this version: no detail.
    #[error("this is not a token of this server")]
    NotRecognised,
    /// Authentic, but its key is disabled.
    #[error("the key of token {id} is disabled")]
    KeyRetired {
        /// The token.
        id: TokenId,
    },
    /// Authentic, but its time has passed.
    #[error("token {id} has expired")]
    Expired {
        /// The token.
        id: TokenId,
        /// The beginning of the last minute in which it opened.
        at: UnixTime,
    },
    /// Authentic, but issued more than five minutes from now: one of our clocks is wrong.
    #[error(
        "token {id} was issued in the future; the clock here is behind, or was ahead where it was issued"
    )]
    ClockBehind {
        /// The token.
        id: TokenId,
        /// The beginning of the minute it was issued in.
        issued_at: UnixTime,
    },
}

impl From<NotRecognised> for OpenError {
    fn from(_: NotRecognised) -> Self {
        Self::NotRecognised
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Claims, ExpiresIn, Nonce, SealedToken, Secret, TOKEN_EPOCH, seal};

    const MINUTE: u64 = 60;

    fn keyring() -> Keyring {
        Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
    }

    fn at_minute(minutes: u64) -> UnixTime {
        TOKEN_EPOCH.plus_secs(minutes * MINUTE)
    }

    fn sealed(keyring: &Keyring, now: UnixTime, expires_in: Option<u64>) -> SealedToken {
        let claims = Claims {
            expires_in: expires_in.map(|secs| ExpiresIn::try_from(secs).unwrap()),
            ..Claims::default()
        };
        seal(
            keyring,
            Nonce::from([3; 12]),
            now,
            &claims,
            Codec::Json,
            b"{}",
        )
        .unwrap()
    }

    fn opened(
        keyring: &Keyring,
        token: &SealedToken,
        now: UnixTime,
    ) -> Result<OpenedToken, OpenError> {
        ParsedToken::parse(&token.to_digits())
            .unwrap()
            .open(keyring, now)
    }

    #[test]
    fn what_was_sealed_comes_back() {
        let keyring = keyring();
        let token = sealed(&keyring, at_minute(1_000), Some(600));
        let open = opened(&keyring, &token, at_minute(1_000)).unwrap();
        assert_eq!(
            (open.id(), open.slot(), open.codec()),
            (token.id(), token.slot(), Codec::Json)
        );
        assert_eq!(
            (open.issued_at(), open.expires_at()),
            (token.issued_at(), token.expires_at())
        );
        assert_eq!(open.body(), Body::Packed(b"{}"));
        assert!(
            !format!("{open:?}").contains("123, 125"),
            "a payload must not be shown"
        );
    }

    #[test]
    fn an_expired_token_says_when_it_ended() {
        let keyring = keyring();
        let token = sealed(&keyring, at_minute(1_000).plus_secs(30), Some(60));
        let at = token.expires_at().unwrap();
        assert_eq!(at, at_minute(1_002));
        for second in 0..90 + 60 {
            let now = at_minute(1_000).plus_secs(second);
            let open = opened(&keyring, &token, now);
            assert_eq!(open.is_ok(), now < at_minute(1_003), "{second}");
        }
        for later in [
            at_minute(1_003),
            at_minute(1_004),
            at_minute(99_999_999),
            UnixTime::from_secs(u64::MAX),
        ] {
            assert_eq!(
                opened(&keyring, &token, later),
                Err(OpenError::Expired { id: token.id(), at })
            );
        }
    }

    #[test]
    fn a_token_without_expiry_opens_for_ever() {
        let keyring = keyring();
        let token = sealed(&keyring, at_minute(0), None);
        assert!(opened(&keyring, &token, UnixTime::from_secs(u64::MAX)).is_ok());
    }

    #[test]
    fn five_minutes_ahead_are_tolerated_and_one_second_more_is_not() {
        let keyring = keyring();
        let token = sealed(&keyring, at_minute(1_000), Some(60));
        assert!(opened(&keyring, &token, at_minute(995)).is_ok());
        let behind = OpenError::ClockBehind {
            id: token.id(),
            issued_at: at_minute(1_000),
        };
        for earlier in [
            UnixTime::from_secs(at_minute(995).as_secs() - 1),
            TOKEN_EPOCH,
            UnixTime::from_secs(0),
        ] {
            assert_eq!(opened(&keyring, &token, earlier), Err(behind));
        }
    }

    #[test]
    fn after_a_rotation_tokens_of_both_keys_open() {
        let mut keyring = keyring();
        let old = sealed(&keyring, at_minute(10), None);
        let slot = keyring.add(Secret::from([8; 32]), at_minute(11)).unwrap();
        keyring.promote(slot).unwrap();
        let new = sealed(&keyring, at_minute(12), None);
        assert_ne!(old.slot(), new.slot());
        for token in [&old, &new] {
            assert!(opened(&keyring, token, at_minute(12)).is_ok());
        }
    }

    #[test]
    fn a_disabled_key_recognises_its_tokens_and_a_destroyed_one_does_not() {
        let mut keyring = keyring();
        let token = sealed(&keyring, at_minute(10), Some(60));
        let slot = keyring.add(Secret::from([8; 32]), at_minute(11)).unwrap();
        keyring.promote(slot).unwrap();
        keyring.disable(token.slot()).unwrap();
        // The key's state is looked at before the clock and the expiry.
        for now in [at_minute(0), at_minute(12), at_minute(9_999)] {
            assert_eq!(
                opened(&keyring, &token, now),
                Err(OpenError::KeyRetired { id: token.id() })
            );
        }
        let mut forged = token.as_bytes().to_vec();
        forged[20] ^= 1;
        let forged = ParsedToken::parse(&crate::token::digits::encode(&forged)).unwrap();
        assert_eq!(
            forged.open(&keyring, at_minute(12)),
            Err(OpenError::NotRecognised)
        );

        keyring.destroy(token.slot()).unwrap();
        assert_eq!(
            opened(&keyring, &token, at_minute(12)),
            Err(OpenError::NotRecognised)
        );
    }

    #[test]
    fn the_last_minute_of_an_hour_and_the_first_of_the_next_both_open() {
        let keyring = keyring();
        for minute in [59, 60, 119, 120, 465_839, 465_840] {
            let token = sealed(&keyring, at_minute(minute), None);
            assert!(
                opened(&keyring, &token, at_minute(minute)).is_ok(),
                "{minute}"
            );
        }
    }
}
