//! Any bytes as a token, as what is inside the seal, and as a body: nothing panics, no forgery opens, and what was
//! sealed comes back.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use qrseal::{
    payload,
    token::{
        Body, Codec, Contents, Keyring, MAX_BODY_BYTES, Nonce, OpenError, ParsedToken, Pin,
        PinHash, Secret, TOKEN_EPOCH, UnixTime, digits, pin_salt, seal_exact,
    },
};

const NOW: UnixTime = TOKEN_EPOCH.plus_secs(60 * 465_840);

static KEYRING: LazyLock<Keyring> = LazyLock::new(|| {
    Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), TOKEN_EPOCH)
        .expect("a valid audience")
});

/// Argon2 takes longer than a thousand inputs: once, with the salt of the one nonce here.
static PIN_HASH: LazyLock<PinHash> = LazyLock::new(|| {
    let salt = pin_salt(&KEYRING, &nonce(), NOW).expect("a time that can be sealed");
    let pin = Pin::parse("493817").expect("six digits");
    PinHash::derive(&pin, salt).expect("64 MiB")
});

fn nonce() -> Nonce {
    Nonce::from([9; 12])
}

fuzz_target!(|data: &[u8]| {
    a_forgery_is_not_recognised(data);
    let Ok(contents) = Contents::parse(data) else {
        return;
    };
    let mut again = Vec::new();
    contents.write_to(&mut again);
    assert_eq!(again, data);
    sealed_contents_come_back(contents);
});

fn a_forgery_is_not_recognised(data: &[u8]) {
    // Most inputs would fail at the version: make the first byte one of ours, and let every bit of it vary elsewhere.
    let mut bytes = data.to_vec();
    if let Some(first) = bytes.first_mut() {
        *first = 0x20;
    }
    if let Ok(token) = ParsedToken::parse(&digits::encode(&bytes)) {
        assert_eq!(token.open(&KEYRING, NOW), Err(OpenError::NotRecognised));
    }
}

fn sealed_contents_come_back(contents: Contents<'_>) {
    let Contents {
        claims,
        codec,
        body,
    } = contents;
    // Of a token with a PIN, what stands here as body is what is to be sealed under the PIN.
    let pin = claims.pin.then_some(&*PIN_HASH);
    let token = seal_exact(&KEYRING, nonce(), NOW, claims, pin, codec, body);
    let Ok(token) = token else {
        assert!(
            body.is_empty() || body.len() > MAX_BODY_BYTES,
            "what can be read can be sealed"
        );
        return;
    };
    let opened = ParsedToken::parse(&token.to_digits())
        .expect("just sealed")
        .open(&KEYRING, NOW)
        .expect("just sealed, with an expiry of a minute or more");
    let found = match opened.body() {
        Body::Packed(body) => body.to_vec(),
        Body::UnderPin(body) => body.open(&PIN_HASH).expect("sealed under this hash"),
    };
    assert_eq!(
        (*opened.claims(), opened.codec(), &*found),
        (claims, codec, body)
    );
    if codec == Codec::Json {
        let _ = payload::check(&found);
    }
}
