//! The known answers of stored tokens, version 2, which a second implementation produced.
//!
//! `tests/vectors/token-v2.json`: tokens with their records, tokens that are not recognised or have no row, records that do
//! not open where they stand, and what is sealed beside a record.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a vector that cannot be read ends the test"
)]

use qrseal::token::{
    Body, ClaimValue, Codec, Key, KeyState, Keyring, Nonce, OpenError, OpenedToken,
    ParsedStoredToken, Pin, PinHash, PinSalt, Record, RecordError, RecordHead, SealedClaims,
    Secret, Slot, StoredToken, TOKEN_EPOCH, UnixTime, WrongPin, link_pin_salt, open_link,
    open_link_token, open_record, open_stored_issue, record_pin_salt, seal_link, seal_link_token,
    seal_record, seal_stored_issue,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    #[serde(rename = "comment")]
    _comment: String,
    tokens: Vec<TokenVector>,
    not_opened: Vec<NotOpened>,
    records: Vec<WrongRecord>,
    sealed_beside: Vec<Beside>,
}

#[derive(Deserialize)]
struct TokenVector {
    name: String,
    now: u64,
    master: String,
    audience: String,
    slot: u8,
    secret: String,
    kind: String,
    revision: u32,
    issue_minute: u64,
    nonce: String,
    expiry_minutes: Option<u32>,
    max_opens: Option<u32>,
    profile: Option<u32>,
    staff_only: bool,
    pin: Option<String>,
    codec: u8,
    body: String,
    id: String,
    token: String,
    digits: String,
    base64url: String,
    record: String,
}

#[derive(Deserialize)]
struct NotOpened {
    name: String,
    expect: String,
    master: String,
    audience: String,
    slot: u8,
    digits: String,
    base64url: String,
}

#[derive(Deserialize)]
struct WrongRecord {
    name: String,
    of: String,
    record: String,
}

#[derive(Deserialize)]
struct Beside {
    name: String,
    of: String,
    idempotency_key: Option<String>,
    sealed: String,
}

#[test]
fn a_token_is_made_of_its_secret_and_recognised_in_both_texts() {
    for vector in vectors().tokens {
        let (keyring, name) = (vector.keyring(), &vector.name);
        let token = StoredToken::new(&keyring, bytes(&vector.secret).try_into().unwrap());
        assert_eq!(token.as_bytes()[..], bytes(&vector.token), "{name}");
        assert_eq!(token.id().to_string(), vector.id, "{name}");
        assert_eq!(token.to_digits(), vector.digits, "{name}");
        assert_eq!(token.to_base64url(), vector.base64url, "{name}");
        for text in [&vector.digits, &vector.base64url] {
            let parsed = ParsedStoredToken::parse(text).unwrap();
            assert_eq!(parsed.recognise(&keyring).as_ref(), Ok(&token), "{name}");
        }
    }
}

#[test]
fn a_record_opens_with_its_token_and_is_sealed_to_the_same_bytes() {
    let mut opened = 0;
    for vector in vectors().tokens {
        let (keyring, name) = (vector.keyring(), &vector.name);
        if vector.kind != "document" {
            continue;
        }
        let hash = vector.pin_hash(record_pin_salt(
            &keyring,
            &vector.token(),
            vector.head(),
            &vector.nonce(),
        ));
        let record = seal_record(
            &keyring,
            &vector.token(),
            vector.head(),
            vector.sealed(),
            hash.as_ref(),
            vector.nonce(),
        );
        assert_eq!(record.unwrap(), bytes(&vector.record), "{name}");

        let open = vector.open(&bytes(&vector.record)).unwrap();
        assert_eq!(*open.claims(), vector.claims(), "{name}");
        assert_eq!(open.issued_at(), vector.head().issued_at, "{name}");
        assert_eq!(open.id().to_string(), vector.id, "{name}");
        match (open.body(), hash) {
            (Body::Packed(body), None) => assert_eq!(body, vector.body.as_bytes(), "{name}"),
            (Body::UnderPin(body), Some(hash)) => {
                assert_eq!(body.open(&hash).as_deref(), Ok(vector.body.as_bytes()));
                let wrong = PinHash::derive(&Pin::parse("493818").unwrap(), body.salt()).unwrap();
                assert_eq!(body.open(&wrong), Err(WrongPin), "{name}");
            }
            _ => panic!("{name}: a PIN is sealed where there is one"),
        }
        opened += 1;
    }
    assert_eq!(opened, 5);
}

#[test]
fn a_link_opens_without_its_token_and_its_pin_is_a_gate() {
    let mut opened = 0;
    for vector in vectors().tokens {
        let (keyring, name) = (vector.keyring(), &vector.name);
        if vector.kind != "link" {
            continue;
        }
        let of = (vector.token().slot(), vector.token().id());
        let hash = vector.pin_hash(link_pin_salt(&keyring, of, vector.head(), &vector.nonce()));
        let record = seal_link(
            &keyring,
            of,
            vector.head(),
            vector.sealed(),
            hash.as_ref(),
            vector.nonce(),
        );
        assert_eq!(record.unwrap(), bytes(&vector.record), "{name}");
        let link = open_link(&keyring, of, vector.head(), &bytes(&vector.record)).unwrap();
        assert_eq!(link.body(), vector.body.as_bytes(), "{name}");
        assert_eq!(*link.claims(), vector.claims(), "{name}");
        assert_eq!(link.gate().is_some(), hash.is_some(), "{name}");
        if let (Some(gate), Some(hash)) = (link.gate(), hash) {
            assert_eq!(gate.pass(&hash), Ok(()), "{name}");
            let wrong = PinHash::derive(&Pin::parse("493818").unwrap(), gate.salt()).unwrap();
            assert_eq!(gate.pass(&wrong), Err(WrongPin), "{name}");
        }
        opened += 1;
    }
    assert_eq!(opened, 2);
}

#[test]
fn what_is_not_ours_is_not_recognised_and_a_token_without_a_row_is() {
    let (mut unknown, mut gone) = (0, 0);
    for vector in vectors().not_opened {
        let keyring = keyring(&vector.master, &vector.audience, vector.slot);
        for text in [&vector.digits, &vector.base64url] {
            let answer = ParsedStoredToken::parse(text)
                .map_err(OpenError::from)
                .and_then(|parsed| parsed.recognise(&keyring));
            match vector.expect.as_str() {
                "not recognised" => {
                    assert_eq!(answer, Err(OpenError::NotRecognised), "{}", vector.name);
                    unknown += 1;
                }
                "gone" => {
                    assert!(answer.is_ok(), "{}", vector.name);
                    gone += 1;
                }
                expected => panic!("{}: {expected}?", vector.name),
            }
        }
    }
    assert_eq!((unknown, gone), (14, 2));
}

#[test]
fn a_record_that_was_changed_or_moved_does_not_open() {
    let vectors = vectors();
    assert_eq!(vectors.records.len(), 8);
    for wrong in &vectors.records {
        let token = vectors.of(&wrong.of);
        assert_eq!(
            token.open(&bytes(&wrong.record)),
            Err(RecordError::Unreadable),
            "{}",
            wrong.name
        );
    }
}

#[test]
fn the_token_of_a_link_and_of_a_request_comes_back_and_is_sealed_to_the_same_bytes() {
    let vectors = vectors();
    assert_eq!(vectors.sealed_beside.len(), 2);
    for beside in &vectors.sealed_beside {
        let vector = vectors.of(&beside.of);
        let (keyring, token, sealed) = (vector.keyring(), vector.token(), bytes(&beside.sealed));
        let of = (token.slot(), token.id());
        match &beside.idempotency_key {
            None => {
                let again = seal_link_token(&keyring, &token, vector.nonce());
                assert_eq!(again.as_ref(), Some(&sealed), "{}", beside.name);
                assert_eq!(open_link_token(&keyring, of, &sealed), Some(token));
            }
            Some(key) => {
                let key = key.as_bytes();
                let again = seal_stored_issue(&keyring, &token, key, vector.nonce());
                assert_eq!(again.as_ref(), Some(&sealed), "{}", beside.name);
                assert_eq!(open_stored_issue(&keyring, of, key, &sealed), Some(token));
                assert_eq!(open_stored_issue(&keyring, of, b"order-18", &sealed), None);
            }
        }
    }
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors/token-v2.json")).unwrap()
}

fn keyring(master: &str, audience: &str, slot: u8) -> Keyring {
    let slot = Slot::try_from(slot).unwrap();
    let secret = Secret::from(<[u8; 32]>::try_from(bytes(master)).unwrap());
    let key = Key::new(slot, KeyState::Primary, TOKEN_EPOCH, Some(secret)).unwrap();
    Keyring::new(audience, vec![key]).unwrap()
}

impl Vectors {
    fn of(&self, name: &str) -> &TokenVector {
        self.tokens.iter().find(|token| token.name == name).unwrap()
    }
}

impl TokenVector {
    fn keyring(&self) -> Keyring {
        keyring(&self.master, &self.audience, self.slot)
    }

    fn token(&self) -> StoredToken {
        let parsed = ParsedStoredToken::parse(&self.digits).unwrap();
        parsed.recognise(&self.keyring()).unwrap()
    }

    fn nonce(&self) -> Nonce {
        Nonce::from(<[u8; 12]>::try_from(bytes(&self.nonce)).unwrap())
    }

    fn head(&self) -> RecordHead {
        RecordHead {
            revision: self.revision,
            issued_at: TOKEN_EPOCH.plus_secs(60 * self.issue_minute),
        }
    }

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

    fn sealed(&self) -> Record<'_> {
        assert_eq!(self.codec, 0, "these vectors are about JSON text");
        Record {
            claims: self.claims(),
            codec: Codec::Json,
            body: self.body.as_bytes(),
        }
    }

    fn pin_hash<E: std::fmt::Debug>(&self, salt: Result<PinSalt, E>) -> Option<PinHash> {
        let pin = Pin::parse(self.pin.as_ref()?).unwrap();
        Some(PinHash::derive(&pin, salt.unwrap()).unwrap())
    }

    fn open(&self, record: &[u8]) -> Result<OpenedToken, RecordError> {
        open_record(
            &self.keyring(),
            &self.token(),
            self.head(),
            record,
            UnixTime::from_secs(self.now),
        )
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
