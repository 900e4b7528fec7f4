//! Sealing: from a packed payload and its claims to a token.

use std::fmt;

use aes_gcm::{AeadInOut, aead::inout::InOutBuf};

use super::{
    base64url,
    claims::{ClaimValue, Claims, SealedClaims},
    contents::{Codec, Contents},
    digits,
    id::{Nonce, TokenId},
    keyring::Keyring,
    layout::{CIPHERTEXT_AT, Head, MAX_BODY_BYTES, MAX_TOKEN_BYTES, TAG_BYTES},
    open::OpenError,
    parse::ParsedToken,
    pin::{PinHash, PinLayer, PinSalt},
    slot::Slot,
    stored::StoredToken,
    time::{IssueMinute, UnixTime},
};

/// Seals a packed payload with the primary key.
///
/// `nonce` must come from the operating system's random numbers, new for every call. `expires_in` counts from `now` and
/// is rounded up to a whole minute, which [`SealedToken::expires_at`] reports.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    keyring: &Keyring,
    nonce: Nonce,
    now: UnixTime,
    claims: &Claims,
    codec: Codec,
    body: &[u8],
) -> Result<SealedToken, SealError> {
    let claims = sealed_claims(claims, now)?;
    seal_exact(keyring, nonce, now, claims, None, codec, body)
}

/// The salt for the PIN of the token that [`seal_with_pin`] makes with the same keyring, nonce and time.
///
/// # Errors
/// [`SealError::Clock`].
pub fn pin_salt(keyring: &Keyring, nonce: &Nonce, now: UnixTime) -> Result<PinSalt, SealError> {
    let primary = keyring.primary();
    let head = Head {
        slot: primary.slot(),
        issue_minute: IssueMinute::at(now).ok_or(SealError::Clock)?,
    };
    let derivation = primary.derivation().expect("the primary key has a secret");
    Ok(PinLayer::salt_for(derivation, head, nonce.as_bytes()))
}

/// As [`seal`], and a second time under the PIN whose hash this is. The hash takes its time: [`pin_salt`] first, then the
/// hash on a thread of its own, then this, all with one keyring, nonce and `now`.
///
/// # Errors
/// [`SealError`].
pub fn seal_with_pin(
    keyring: &Keyring,
    nonce: Nonce,
    now: UnixTime,
    claims: &Claims,
    pin: &PinHash,
    codec: Codec,
    body: &[u8],
) -> Result<SealedToken, SealError> {
    if claims.expires_in.is_none() {
        return Err(SealError::PinWithoutExpiry);
    }
    let claims = SealedClaims {
        pin: true,
        ..sealed_claims(claims, now)?
    };
    seal_exact(keyring, nonce, now, claims, Some(pin), codec, body)
}

/// The claims as they stand inside a seal of this moment, without a PIN.
///
/// # Errors
/// [`SealError::Clock`].
pub fn sealed_claims(claims: &Claims, now: UnixTime) -> Result<SealedClaims, SealError> {
    let issue_minute = IssueMinute::at(now).ok_or(SealError::Clock)?;
    Ok(SealedClaims {
        expiry: claims.expires_in.map(|expires_in| {
            issue_minute
                .minutes_until(now.plus_secs(expires_in.as_secs()))
                .and_then(|minutes| ClaimValue::try_from(minutes).ok())
                .expect("60 seconds to ten years after an issue minute are 1 to 5,256,001 minutes")
        }),
        max_opens: claims.max_opens,
        profile: claims.profile,
        pin: false,
        staff_only: claims.staff_only,
    })
}

/// As [`seal`] and [`seal_with_pin`], with the claims exactly as they stand inside the seal: for known answers, and for
/// sealing again what was opened.
///
/// # Errors
/// [`SealError`]; not [`SealError::PinWithoutExpiry`], which is a rule of issuing and not of the format.
pub fn seal_exact(
    keyring: &Keyring,
    nonce: Nonce,
    now: UnixTime,
    claims: SealedClaims,
    pin: Option<&PinHash>,
    codec: Codec,
    body: &[u8],
) -> Result<SealedToken, SealError> {
    let issue_minute = IssueMinute::at(now).ok_or(SealError::Clock)?;
    if claims.max_opens.is_some() && claims.expiry.is_none() {
        return Err(SealError::LimitedWithoutExpiry);
    }
    if !(1..=MAX_BODY_BYTES).contains(&body.len()) {
        return Err(SealError::BodyLength {
            bytes: body.len(),
            most: MAX_BODY_BYTES,
        });
    }
    let primary = keyring.primary();
    let derivation = primary.derivation().expect("the primary key has a secret");
    let head = Head {
        slot: primary.slot(),
        issue_minute,
    };
    let nonce = nonce.into_bytes();

    let mut bytes = Vec::with_capacity(body.len() + MAX_TOKEN_BYTES - MAX_BODY_BYTES);
    bytes.extend_from_slice(&head.to_bytes());
    bytes.extend_from_slice(&nonce);
    Contents {
        claims,
        codec,
        body: &[],
    }
    .write_to(&mut bytes);
    let body_at = bytes.len();
    bytes.extend_from_slice(body);
    match (claims.pin, pin) {
        (false, None) => {}
        (true, Some(pin)) => {
            let flags_and_claims = &bytes[CIPHERTEXT_AT..body_at];
            let audience = keyring.audience();
            let layer = PinLayer::new(derivation, head, &nonce, flags_and_claims, audience);
            if !pin.is_salted_with(layer.salt()) {
                return Err(SealError::PinOfAnotherToken);
            }
            let tag = layer.seal(pin, &mut bytes[body_at..]);
            bytes.extend_from_slice(&tag);
        }
        (true, None) | (false, Some(_)) => return Err(SealError::PinOfAnotherToken),
    }
    let cipher = derivation.token_cipher(head);
    derivation.remember(&cipher);
    let tag = cipher
        .encrypt_inout_detached(
            &nonce.into(),
            &head.associated_data(keyring.audience()),
            InOutBuf::from(&mut bytes[CIPHERTEXT_AT..]),
        )
        .expect("AES-GCM seals up to 2^36 - 32 bytes");
    bytes.extend_from_slice(&<[u8; TAG_BYTES]>::from(tag));

    Ok(SealedToken {
        bytes,
        head,
        id: TokenId::from_bytes(nonce),
        expires_at: claims
            .expiry
            .map(|expiry| issue_minute.plus_minutes(expiry.value())),
    })
}

/// A new token, of version 1 or 2.
#[derive(Clone)]
pub struct SealedToken {
    bytes: Vec<u8>,
    head: Head,
    id: TokenId,
    expires_at: Option<UnixTime>,
}

impl SealedToken {
    /// The token of bytes that were sealed with this keyring before, whether it still opens or not, and how its payload is
    /// packed.
    ///
    /// # Errors
    /// [`OpenError::NotRecognised`] and [`OpenError::KeyRetired`].
    pub fn replay(keyring: &Keyring, bytes: Vec<u8>) -> Result<(Self, Codec), OpenError> {
        let parsed = ParsedToken::parse(&base64url::encode(&bytes))?;
        let head = parsed.head();
        // As of its own minute: neither has it ended, nor is it of the future.
        let opened = parsed.open(keyring, head.issue_minute.begins_at())?;
        let token = Self {
            bytes,
            head,
            id: opened.id(),
            expires_at: opened.expires_at(),
        };
        Ok((token, opened.codec()))
    }

    /// A token of version 2 that was issued at this time; its document is in the store.
    ///
    /// # Errors
    /// [`SealError::Clock`].
    pub fn stored(
        token: &StoredToken,
        issued_at: UnixTime,
        expires_at: Option<UnixTime>,
    ) -> Result<Self, SealError> {
        Ok(Self {
            bytes: token.as_bytes().to_vec(),
            head: Head {
                slot: token.slot(),
                issue_minute: IssueMinute::at(issued_at).ok_or(SealError::Clock)?,
            },
            id: token.id(),
            expires_at,
        })
    }

    /// Its id: of version 1 the nonce.
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// The slot of the key that sealed it.
    pub fn slot(&self) -> Slot {
        self.head.slot
    }

    /// The beginning of the minute it was issued in, which is what the token says.
    pub fn issued_at(&self) -> UnixTime {
        self.head.issue_minute.begins_at()
    }

    /// The beginning of the last minute in which it opens.
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.expires_at
    }

    /// The token as it travels.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text for links and symbols.
    pub fn to_digits(&self) -> String {
        digits::encode(&self.bytes)
    }

    /// The text for JSON and `?ctext=`.
    pub fn to_base64url(&self) -> String {
        base64url::encode(&self.bytes)
    }
}

impl fmt::Debug for SealedToken {
    /// Without the token: whoever has it can open it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Why nothing was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// No issue minute can say this time.
    #[error(
        "the clock is outside 2025-01-01 to 2056-11-24, when tokens of version 1 can be issued; set the clock"
    )]
    Clock,
    /// A PIN is tried against the ledger, which would have to remember the token for ever.
    #[error("a PIN needs an expiry")]
    PinWithoutExpiry,
    /// The hash was made for another nonce, minute or key, is missing, or there should be none: nobody could open the
    /// token.
    #[error("the hash of the PIN was not made for this token")]
    PinOfAnotherToken,
    /// The format forbids it, as the ledger would have to remember the token for ever.
    #[error("a limited number of opens needs an expiry")]
    LimitedWithoutExpiry,
    /// Empty, or more than [`MAX_BODY_BYTES`] (of a stored token: [`MAX_STORED_BODY_BYTES`](super::MAX_STORED_BODY_BYTES)).
    #[error("the packed payload has {bytes} bytes; it must have 1 to {most}")]
    BodyLength {
        /// How many bytes it has.
        bytes: usize,
        /// How many it may have.
        most: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Body, ExpiresIn, ParsedToken, Pin, Secret, TOKEN_EPOCH, WrongPin};

    fn keyring() -> Keyring {
        Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
    }

    fn sealed(now: UnixTime, claims: &Claims, body: &[u8]) -> Result<SealedToken, SealError> {
        seal(
            &keyring(),
            Nonce::from([9; 12]),
            now,
            claims,
            Codec::Json,
            body,
        )
    }

    #[test]
    fn a_token_is_33_bytes_longer_than_its_body() {
        let token = sealed(TOKEN_EPOCH, &Claims::default(), b"null").unwrap();
        assert_eq!(token.as_bytes().len(), 33 + 4);
        assert_eq!(token.id().to_string(), "09".repeat(12));
        assert_eq!(token.expires_at(), None);
    }

    #[test]
    fn expiry_is_rounded_up_to_a_minute_and_counted_from_the_issue_minute() {
        // Seconds after a full minute, seconds until expiry, minutes from the issue minute to the one reported.
        for (second, expires_in, minutes) in [
            (0, 60, 1),
            (0, 61, 2),
            (1, 60, 2),
            (30, 60, 2),
            (59, 60, 2),
            (59, 61, 2),
            (59, 62, 3),
            (0, 3_600, 60),
        ] {
            let minute = TOKEN_EPOCH.plus_secs(60 * 500);
            let now = minute.plus_secs(second);
            let claims = Claims {
                expires_in: Some(ExpiresIn::try_from(expires_in).unwrap()),
                ..Claims::default()
            };
            let token = sealed(now, &claims, b"0").unwrap();
            assert_eq!(token.issued_at(), minute);
            let expires_at = token.expires_at().unwrap();
            assert_eq!(
                expires_at,
                minute.plus_secs(60 * minutes),
                "{second} {expires_in}"
            );
            assert!(expires_at >= now.plus_secs(expires_in));
        }
    }

    #[test]
    fn ten_years_can_be_sealed_in_the_last_minute_there_is() {
        let last = UnixTime::from_secs(2_742_322_559);
        let claims = Claims {
            expires_in: Some(ExpiresIn::MAX),
            ..Claims::default()
        };
        assert!(sealed(last, &claims, b"0").unwrap().expires_at().unwrap() > last);
    }

    #[test]
    fn a_token_with_a_pin_opens_with_that_pin_only_and_is_sealed_with_its_own_hash() {
        let keyring = keyring();
        let nonce = || Nonce::from([9; 12]);
        let hour = |expires_in: u64| Claims {
            expires_in: ExpiresIn::try_from(expires_in).ok(),
            ..Claims::default()
        };
        let salt = pin_salt(&keyring, &nonce(), TOKEN_EPOCH).unwrap();
        let hash = PinHash::derive(&Pin::parse("493817").unwrap(), salt).unwrap();
        let sealed = |nonce, now, claims: Claims| {
            seal_with_pin(&keyring, nonce, now, &claims, &hash, Codec::Json, b"[42]")
        };
        let token = sealed(nonce(), TOKEN_EPOCH.plus_secs(59), hour(3_600)).unwrap();
        assert_eq!(token.as_bytes().len(), 49 + 1 + 4);
        let opened = ParsedToken::parse(&token.to_digits())
            .unwrap()
            .open(&keyring, TOKEN_EPOCH)
            .unwrap();
        assert!(opened.claims().pin && opened.body().packed().is_none());
        let Body::UnderPin(body) = opened.body() else {
            panic!("the body is under a PIN")
        };
        assert_eq!(body.salt(), salt);
        assert_eq!(body.open(&hash).as_deref(), Ok(&b"[42]"[..]));
        let wrong = PinHash::derive(&Pin::parse("493818").unwrap(), salt).unwrap();
        assert_eq!(body.open(&wrong), Err(WrongPin));

        let another = |nonce, now| sealed(nonce, now, hour(3_600)).unwrap_err();
        for refused in [
            another(Nonce::from([8; 12]), TOKEN_EPOCH),
            another(nonce(), TOKEN_EPOCH.plus_secs(60)),
        ] {
            assert_eq!(refused, SealError::PinOfAnotherToken);
        }
        assert_eq!(
            sealed(nonce(), TOKEN_EPOCH, Claims::default()).unwrap_err(),
            SealError::PinWithoutExpiry
        );
    }

    #[test]
    fn a_clock_outside_the_format_seals_nothing() {
        for secs in [0, 1_735_689_599, 2_742_322_560, u64::MAX] {
            let refused = sealed(UnixTime::from_secs(secs), &Claims::default(), b"0");
            assert_eq!(refused.unwrap_err(), SealError::Clock, "{secs}");
        }
    }

    #[test]
    fn what_the_format_forbids_is_refused() {
        let refused = |claims: Claims, body: &[u8]| sealed(TOKEN_EPOCH, &claims, body).unwrap_err();
        let limited = Claims {
            max_opens: Some(ClaimValue::MIN),
            ..Claims::default()
        };
        assert_eq!(refused(limited, b"0"), SealError::LimitedWithoutExpiry);
        assert_eq!(
            refused(Claims::default(), b""),
            SealError::BodyLength {
                bytes: 0,
                most: 65_536
            }
        );
        assert_eq!(
            refused(Claims::default(), &vec![b'0'; 65_537]),
            SealError::BodyLength {
                bytes: 65_537,
                most: 65_536
            }
        );
        assert!(sealed(TOKEN_EPOCH, &Claims::default(), &vec![b'0'; 65_536]).is_ok());
    }
}
