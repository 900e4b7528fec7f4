//! The known answers of the token format, version 1, which a second implementation produced.
//!
//! `tests/vectors/token-v1.json`: tokens with what went into them or why they are refused, and both text forms alone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a vector that cannot be read ends the test"
)]

use std::collections::BTreeMap;

use qrseal::{
    payload,
    token::{
        Body, ClaimValue, Codec, Key, KeyState, Keyring, Nonce, OpenError, OpenedToken,
        ParsedToken, Pin, PinHash, SealedClaims, Secret, Slot, TOKEN_EPOCH, UnixTime, WrongPin,
        base64url, digits, pin_salt, seal_exact,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    #[serde(rename = "comment")]
    _comment: String,
    tokens: Vec<TokenVector>,
    digits: Vec<TextVector>,
    base64url: Vec<TextVector>,
}

#[derive(Deserialize)]
struct TokenVector {
    name: String,
    expect: TokenAnswer,
    now: u64,
    master: String,
    audience: String,
    slot: u8,
    token: String,
    base64url: String,
    digits: String,
    /// What was sealed, if that is a token which opens.
    #[serde(flatten)]
    sealed: Option<Sealed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
enum TokenAnswer {
    #[serde(rename = "opens")]
    Opens,
    #[serde(rename = "expired")]
    Expired,
    #[serde(rename = "clock")]
    Clock,
    #[serde(rename = "not recognised")]
    NotRecognised,
}

#[derive(Deserialize)]
struct Sealed {
    issue_minute: u64,
    nonce: String,
    expiry_minutes: Option<u32>,
    max_opens: Option<u32>,
    profile: Option<u32>,
    staff_only: bool,
    pin: Option<String>,
    codec: u8,
    body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextVector {
    name: String,
    #[serde(alias = "digits", alias = "base64url")]
    text: String,
    bytes: Option<String>,
    expect: TextAnswer,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
enum TextAnswer {
    #[serde(rename = "decodes")]
    Decodes,
    #[serde(rename = "not recognised")]
    NotRecognised,
}

#[test]
fn every_token_gets_the_answer_that_is_expected() {
    use TokenAnswer::{Clock, Expired, NotRecognised, Opens};

    let mut counted = BTreeMap::new();
    for vector in vectors().tokens {
        for text in [&vector.digits, &vector.base64url] {
            assert_eq!(vector.answer(text), vector.expect, "{}", vector.name);
        }
        *counted.entry(vector.expect).or_insert(0) += 1;
    }
    assert_eq!(
        counted,
        BTreeMap::from([(Opens, 9), (Expired, 1), (Clock, 1), (NotRecognised, 26)])
    );
}

#[test]
fn every_token_that_opens_says_what_was_sealed() {
    for vector in vectors().tokens {
        assert_eq!(
            vector.sealed.is_some(),
            vector.expect == TokenAnswer::Opens,
            "{}",
            vector.name
        );
        let Some(sealed) = &vector.sealed else {
            continue;
        };
        let opened = vector.open(&vector.digits).unwrap();
        assert_eq!(*opened.claims(), sealed.claims(), "{}", vector.name);
        assert_eq!(opened.id().to_string(), sealed.nonce);
        assert_eq!(opened.issued_at(), sealed.issued_at());
        assert_eq!(u8::from(opened.slot()), vector.slot);
        assert_eq!(opened.codec(), sealed.codec());
        match (opened.body(), &sealed.pin) {
            (Body::Packed(body), None) => {
                assert_eq!(body, sealed.body.as_bytes(), "{}", vector.name);
            }
            (Body::UnderPin(body), Some(pin)) => {
                let hash =
                    |pin: &str| PinHash::derive(&Pin::attempt(pin).unwrap(), body.salt()).unwrap();
                let open = body.open(&hash(pin));
                assert_eq!(open.as_deref(), Ok(sealed.body.as_bytes()));
                assert_eq!(body.open(&hash("493818")), Err(WrongPin));
            }
            _ => panic!("{}: a PIN is sealed where there is one", vector.name),
        }
    }
}

#[test]
fn sealing_gives_the_same_bytes_and_texts() {
    for vector in vectors().tokens {
        let Some(sealed) = &vector.sealed else {
            continue;
        };
        let keyring = vector.keyring();
        let nonce = Nonce::from(<[u8; 12]>::try_from(bytes(&sealed.nonce)).unwrap());
        let hash = sealed.pin.as_ref().map(|pin| {
            let salt = pin_salt(&keyring, &nonce, sealed.issued_at()).unwrap();
            PinHash::derive(&Pin::parse(pin).unwrap(), salt).unwrap()
        });
        let token = seal_exact(
            &keyring,
            nonce,
            sealed.issued_at(),
            sealed.claims(),
            hash.as_ref(),
            sealed.codec(),
            sealed.body.as_bytes(),
        )
        .unwrap();
        assert_eq!(token.as_bytes(), bytes(&vector.token), "{}", vector.name);
        assert_eq!(token.to_digits(), vector.digits, "{}", vector.name);
        assert_eq!(token.to_base64url(), vector.base64url, "{}", vector.name);
    }
}

#[test]
fn both_texts_of_every_token_are_the_only_ones_of_its_bytes() {
    for vector in vectors().tokens {
        let token = bytes(&vector.token);
        assert_eq!(
            digits::decode(&vector.digits).unwrap(),
            token,
            "{}",
            vector.name
        );
        assert_eq!(digits::encode(&token), vector.digits, "{}", vector.name);
        assert_eq!(
            base64url::decode(&vector.base64url).unwrap(),
            token,
            "{}",
            vector.name
        );
        assert_eq!(
            base64url::encode(&token),
            vector.base64url,
            "{}",
            vector.name
        );
    }
}

#[test]
fn digits_and_base64url_alone_decode_as_expected() {
    let vectors = vectors();
    assert_eq!((vectors.digits.len(), vectors.base64url.len()), (37, 5));
    for vector in vectors.digits {
        let decoded = digits::decode(&vector.text).ok();
        vector.compare(decoded, digits::encode);
    }
    for vector in vectors.base64url {
        let decoded = base64url::decode(&vector.text).ok();
        vector.compare(decoded, base64url::encode);
    }
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors/token-v1.json")).unwrap()
}

impl TokenVector {
    fn keyring(&self) -> Keyring {
        let slot = Slot::try_from(self.slot).unwrap();
        let secret = Secret::from(<[u8; 32]>::try_from(bytes(&self.master)).unwrap());
        let key = Key::new(slot, KeyState::Primary, TOKEN_EPOCH, Some(secret)).unwrap();
        Keyring::new(self.audience.as_str(), vec![key]).unwrap()
    }

    fn open(&self, text: &str) -> Result<OpenedToken, OpenError> {
        ParsedToken::parse(text)?.open(&self.keyring(), UnixTime::from_secs(self.now))
    }

    /// Opens the token and, unless it is under a PIN, its body.
    fn answer(&self, text: &str) -> TokenAnswer {
        match self.open(text) {
            Ok(opened)
                if opened
                    .body()
                    .packed()
                    .is_none_or(|body| is_document(opened.codec(), body)) =>
            {
                TokenAnswer::Opens
            }
            Ok(_) | Err(OpenError::NotRecognised) => TokenAnswer::NotRecognised,
            Err(OpenError::Expired { .. }) => TokenAnswer::Expired,
            Err(OpenError::ClockBehind { .. }) => TokenAnswer::Clock,
            Err(OpenError::KeyRetired { .. }) => panic!("{}: no key is disabled here", self.name),
        }
    }
}

fn is_document(codec: Codec, body: &[u8]) -> bool {
    match codec {
        Codec::Json => payload::check(body).is_ok(),
        Codec::Zstd1 => {
            payload::zstd1::unpack(body).is_ok_and(|text| payload::check(&text).is_ok())
        }
        Codec::Mix2 => payload::mix2::unpack(body).is_ok_and(|text| payload::check(&text).is_ok()),
        Codec::Mix3 => panic!("no token here needs samples"),
    }
}

impl Sealed {
    fn claims(&self) -> SealedClaims {
        let claim = |value: Option<u32>| value.map(|value| ClaimValue::try_from(value).unwrap());
        SealedClaims {
            expiry: claim(self.expiry_minutes),
            max_opens: claim(self.max_opens),
            profile: claim(self.profile),
            pin: self.pin.is_some(),
            staff_only: self.staff_only,
        }
    }

    fn codec(&self) -> Codec {
        assert_eq!(self.codec, 0, "these vectors are about JSON text");
        Codec::Json
    }

    fn issued_at(&self) -> UnixTime {
        TOKEN_EPOCH.plus_secs(60 * self.issue_minute)
    }
}

impl TextVector {
    fn compare(&self, decoded: Option<Vec<u8>>, encode: fn(&[u8]) -> String) {
        let answer = if decoded.is_some() {
            TextAnswer::Decodes
        } else {
            TextAnswer::NotRecognised
        };
        assert_eq!(answer, self.expect, "{}", self.name);
        if let Some(decoded) = decoded {
            assert_eq!(
                decoded,
                bytes(self.bytes.as_deref().unwrap()),
                "{}",
                self.name
            );
            assert_eq!(encode(&decoded), self.text, "{}", self.name);
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else {
        panic!("an odd number of digits")
    };
    pairs
        .iter()
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
