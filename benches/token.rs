//! What a token costs beside HTTP: sealing, opening and both text forms, for a small and a large payload.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use qrseal::token::{
    Claims, Codec, ExpiresIn, Keyring, Nonce, ParsedToken, Pin, PinHash, Secret, TOKEN_EPOCH,
    UnixTime, base64url, digits, pin_salt, seal,
};

const NOW: UnixTime = TOKEN_EPOCH.plus_secs(60 * 465_840);
const BODY_BYTES: [usize; 2] = [256, 2_048];

fn sealing_and_opening(c: &mut Criterion) {
    let keyring = Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), NOW)
        .expect("a valid audience");
    let claims = Claims {
        expires_in: Some(ExpiresIn::try_from(86_400).expect("a day is allowed")),
        ..Claims::default()
    };
    let sealed = |body: &[u8]| {
        seal(
            &keyring,
            Nonce::from([9; 12]),
            NOW,
            &claims,
            Codec::Json,
            body,
        )
        .expect("nothing is wrong with it")
    };
    for bytes in BODY_BYTES {
        let body = body(bytes);
        let token = ParsedToken::parse(&sealed(&body).to_digits()).expect("just sealed");

        let mut group = c.benchmark_group("token");
        group.throughput(Throughput::Bytes(size(bytes)));
        group.bench_function(BenchmarkId::new("seal", bytes), |b| {
            b.iter(|| sealed(black_box(&body)));
        });
        group.bench_function(BenchmarkId::new("open", bytes), |b| {
            b.iter(|| black_box(&token).open(&keyring, NOW).expect("just sealed"));
        });
    }
}

/// What a guess at a PIN costs whoever has the key.
fn hashing_a_pin(c: &mut Criterion) {
    let keyring = Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), NOW)
        .expect("a valid audience");
    let salt = pin_salt(&keyring, &Nonce::from([9; 12]), NOW).expect("a time of the format");
    let pin = Pin::parse("493817").expect("six digits");
    let mut group = c.benchmark_group("pin");
    group.sample_size(20);
    group.bench_function("hash", |b| {
        b.iter(|| PinHash::derive(black_box(&pin), salt).expect("64 MiB"));
    });
}

fn text_forms(c: &mut Criterion) {
    for bytes in BODY_BYTES {
        // As long as a token around such a body.
        let token = body(bytes + 33);
        let (as_digits, as_base64url) = (digits::encode(&token), base64url::encode(&token));

        let mut group = c.benchmark_group("text");
        group.throughput(Throughput::Bytes(size(token.len())));
        group.bench_function(BenchmarkId::new("digits/encode", bytes), |b| {
            b.iter(|| digits::encode(black_box(&token)));
        });
        group.bench_function(BenchmarkId::new("digits/decode", bytes), |b| {
            b.iter(|| digits::decode(black_box(&as_digits)).expect("just encoded"));
        });
        group.bench_function(BenchmarkId::new("base64url/encode", bytes), |b| {
            b.iter(|| base64url::encode(black_box(&token)));
        });
        group.bench_function(BenchmarkId::new("base64url/decode", bytes), |b| {
            b.iter(|| base64url::decode(black_box(&as_base64url)).expect("just encoded"));
        });
    }
}

/// Bytes without a pattern that anything here could profit from.
fn body(bytes: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..bytes).map(|_| next()).collect()
}

fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).expect("a length fits 64 bits")
}

criterion_group!(benches, sealing_and_opening, hashing_a_pin, text_forms);
criterion_main!(benches);
