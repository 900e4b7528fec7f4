use std::fmt::Write;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::*;
use crate::payload::{check, minify};

#[derive(Deserialize)]
struct Vectors {
    prior_sha256: String,
    primed_sha256: String,
    bodies: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    expect: String,
    body: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    state_sha256: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../tests/vectors/codec-2.json")).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}

/// SHA-256 of everything that learns, when the model has read this document and not yet forgotten it.
fn state_digest(document: &Document) -> [u8; 32] {
    let mut model = lock(&SHORT);
    pack_with(&mut model, document.as_bytes());
    let mut digest = Sha256::new();
    model.each_byte(|bytes| digest.update(bytes));
    model.undo();
    digest.finalize().into()
}

fn document(text: &str) -> Document {
    minify(text.as_bytes()).unwrap()
}

#[test]
fn the_prior_is_the_one_that_printed_codes_need() {
    assert_eq!(hex(&Sha256::digest(PRIOR)), vectors().prior_sha256);
}

#[test]
fn the_model_has_learned_from_its_prior_what_the_format_says() {
    let mut digest = Sha256::new();
    lock(&SHORT).each_byte(|bytes| digest.update(bytes));
    assert_eq!(hex(&digest.finalize()), vectors().primed_sha256);
}

#[test]
fn known_bodies_are_packed_and_unpacked_as_they_were() {
    let all = vectors().bodies;
    assert!(all.len() >= 100);
    for vector in &all {
        let body = bytes(&vector.body);
        if vector.expect == "unpacked" {
            assert_eq!(
                unpack(&body).unwrap(),
                vector.text.as_bytes(),
                "{}",
                vector.name
            );
            assert_eq!(
                pack(&document(&vector.text)).unwrap(),
                body,
                "{}",
                vector.name
            );
        } else {
            assert!(unpack(&body).is_err(), "{}", vector.name);
        }
    }
}

/// Every tenth: to hash four megabytes takes longer than to pack a document.
#[test]
fn known_documents_leave_the_model_in_known_states() {
    for vector in vectors()
        .bodies
        .iter()
        .filter(|vector| vector.expect == "unpacked")
        .step_by(10)
    {
        assert_eq!(
            hex(&state_digest(&document(&vector.text))),
            vector.state_sha256,
            "{}",
            vector.name
        );
    }
}

#[test]
fn what_does_not_say_where_it_ends_or_is_too_large_is_left_to_codec_1() {
    for text in ["12", "-0.5e3", "true", "false", "null"] {
        assert_eq!(pack(&document(text)), None, "{text}");
    }
    let largest = format!("[\"{}\"]", "a".repeat(MAX_DOCUMENT_BYTES - 4));
    let body = pack(&document(&largest)).unwrap();
    assert_eq!(unpack(&body).unwrap(), largest.as_bytes());
    let larger = largest.replace("[\"", "[\"a");
    assert_eq!(pack(&document(&larger)), None);
}

#[test]
fn a_body_has_one_form_and_nothing_behind_it() {
    let text = r#"{"invoice":"2026-0042","total":12.50}"#;
    let body = pack(&document(text)).unwrap();
    assert_eq!(unpack(&body).unwrap(), text.as_bytes());
    assert_eq!(unpack(&[&body[..], &[0]].concat()), Err(UnpackError));
    assert_eq!(
        unpack(&[&body[..], &[0, 0, 0, 0, 1]].concat()),
        Err(UnpackError)
    );
}

/// Of 29 small documents, and as short ones; in `tests/torture` of 74, and up to the longest that there are.
#[test]
fn every_flipped_bit_and_every_cut_gives_an_error_or_a_bounded_text() {
    let (longest, most) = match std::env::var("TORTURE").is_ok_and(|size| size == "full") {
        true => (48, MAX_DOCUMENT_BYTES),
        false => (20, MAX_SHORT_BYTES),
    };
    let (mut documents, mut changed, mut refused) = (0, 0, 0);
    let mut is_bounded = |body: &[u8]| {
        let text = match most {
            MAX_DOCUMENT_BYTES => unpack(body),
            _ => unpack_short(body).unwrap_or(Err(UnpackError)),
        };
        changed += 1;
        match text {
            Ok(text) => {
                assert!(text.len() <= most, "{}", hex(body));
                let _ = check(&text);
            }
            Err(UnpackError) => refused += 1,
        }
    };
    for vector in vectors().bodies {
        let body = bytes(&vector.body);
        if vector.expect != "unpacked" || body.len() > longest {
            continue;
        }
        for at in 0..8 * body.len() {
            let mut other = body.clone();
            other[at / 8] ^= 1 << (at % 8);
            is_bounded(&other);
        }
        for end in 0..body.len() {
            is_bounded(&body[..end]);
        }
        assert_eq!(unpack(&body).unwrap(), vector.text.as_bytes());
        documents += 1;
    }
    println!(
        "codec 2: {documents} bodies with a bit changed or an end cut off, {changed} in all: {refused} refused, the others other texts"
    );
    assert!(documents >= 24 && refused > 0);
}

#[test]
fn only_what_is_short_is_unpacked_as_short() {
    let of_bytes = |bytes: usize| pack(&document(&format!("[\"{}\"]", "a".repeat(bytes - 4))));
    let largest = of_bytes(MAX_SHORT_BYTES).unwrap();
    assert_eq!(
        unpack_short(&largest).map(|text| text.map(|text| text.len())),
        Some(Ok(MAX_SHORT_BYTES))
    );
    let longer = of_bytes(MAX_SHORT_BYTES + 1).unwrap();
    assert_eq!(unpack_short(&longer), None);
    assert_eq!(
        unpack(&longer).map(|text| text.len()),
        Ok(MAX_SHORT_BYTES + 1)
    );
    assert_eq!(
        unpack_short(&[&largest[..], &[0]].concat()),
        Some(Err(UnpackError))
    );
}

/// The other one has a model of its own.
#[test]
fn short_documents_are_packed_while_a_long_one_is() {
    let long = lock(&LONG);
    let short = document(r#"{"seat":"B12"}"#);
    let body = pack(&short).unwrap();
    assert_eq!(unpack_short(&body), Some(Ok(short.as_bytes().to_vec())));
    drop(long);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter_map("finite", |n| serde_json::Number::from_f64(n)
            .map(Into::into)),
        ".{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(".{0,8}", inner, 0..4)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// In `tests/torture` a million (`DOCUMENTS`), others with another `SEED`, and the documents below the folder `CORPUS`, if there is
/// one.
#[test]
fn many_random_documents_come_back_and_the_model_forgets_them() {
    let before = state_digest(&document("{}"));
    let number = |name: &str, default| {
        std::env::var(name).map_or(default, |number| number.parse::<u64>().unwrap())
    };
    let (documents, seed) = (number("DOCUMENTS", 32), number("SEED", 0));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut random = TestRunner::new_with_rng(Config::default(), random);
    let mut random_ones = Count::default();
    for _ in 0..documents {
        let value = any_json().new_tree(&mut random).unwrap().current();
        random_ones.add(&document(&value.to_string()));
    }
    println!("codec 2: {documents} random documents of seed {seed}: {random_ones}");
    if let Ok(folder) = std::env::var("CORPUS") {
        let mut corpus = Count::default();
        let mut folders = vec![std::path::PathBuf::from(&folder)];
        while let Some(folder) = folders.pop() {
            for file in std::fs::read_dir(folder).unwrap() {
                let path = file.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "json") {
                    let text = std::fs::read(&path).unwrap();
                    let document = minify(&text);
                    corpus.add(
                        &document.unwrap_or_else(|error| panic!("{}: {error}", path.display())),
                    );
                }
            }
        }
        println!("codec 2: documents below {folder}: {corpus}");
        assert!(corpus.packed > 0, "there are none");
    }
    assert_eq!(state_digest(&document("{}")), before);
}

/// Documents that came back, and their bytes.
#[derive(Default)]
struct Count {
    packed: u64,
    text_bytes: usize,
    body_bytes: usize,
    /// Those that are left to codec 1.
    left: u64,
}

impl Count {
    /// Packs a document, if this codec does, and unpacks it.
    fn add(&mut self, document: &Document) {
        let Some(body) = pack(document) else {
            self.left += 1;
            return;
        };
        assert_eq!(unpack(&body).unwrap(), document.as_bytes());
        self.packed += 1;
        self.text_bytes += document.as_bytes().len();
        self.body_bytes += body.len();
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            packed,
            text_bytes,
            body_bytes,
            left,
        } = self;
        write!(
            f,
            "{packed} packed from {text_bytes} bytes into {body_bytes} and unpacked again, {left} left to codec 1"
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_document_comes_back_as_it_was(value in any_json()) {
        let document = document(&value.to_string());
        if let Some(body) = pack(&document) {
            prop_assert_eq!(unpack(&body).unwrap(), document.as_bytes());
        }
    }

    #[test]
    fn any_bytes_are_an_error_or_a_bounded_text(body in prop::collection::vec(any::<u8>(), 0..12)) {
        if let Ok(text) = unpack(&body) {
            prop_assert!(text.len() <= MAX_DOCUMENT_BYTES);
        }
    }
}
