//! Codec 1 from end to end: what comes back, what is refused, and that it costs no more than it may.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zstd::zstd_safe::{CCtx, CParameter, FrameFormat};

use super::dictionary::DICTIONARY;
use super::{Effort, UnpackError, pack, unpack};
use crate::payload::{Document, MAX_BYTES, check, minify};

const INVOICE: &str = r#"{"invoice_number":"2026-0042","issue_date":"2026-03-14","currency":"EUR","customer":{"name":"Anna Berg"},"lines":[{"description":"Paper","quantity":2,"unit_price":6.90}],"total":13.80}"#;

fn document(text: &str) -> Document {
    minify(text.as_bytes()).unwrap()
}

/// A magicless frame with its header, made with other parameters than ours.
fn frame(text: &[u8], dictionary: &[u8], parameters: &[CParameter]) -> Vec<u8> {
    let mut context = CCtx::create();
    let ours = [
        CParameter::Format(FrameFormat::Magicless),
        CParameter::ContentSizeFlag(false),
        CParameter::DictIdFlag(false),
    ];
    for &parameter in ours.iter().chain(parameters) {
        context.set_parameter(parameter).unwrap();
    }
    context.load_dictionary(dictionary).unwrap();
    let mut frame = Vec::with_capacity(text.len() + 1_000);
    context.compress2(&mut frame, text).unwrap();
    frame
}

fn block(kind: u32, last: bool, size: u32, content: &[u8]) -> Vec<u8> {
    let header = size << 3 | kind << 1 | u32::from(last);
    [&header.to_le_bytes()[..3], content].concat()
}

#[test]
fn an_invoice_gets_smaller_and_comes_back() {
    for effort in [Effort::Fast, Effort::Best] {
        let body = pack(&document(INVOICE), effort).unwrap();
        assert!(
            body.len() < INVOICE.len() / 2,
            "{effort:?}: {} bytes",
            body.len()
        );
        assert_eq!(unpack(&body).as_deref(), Ok(INVOICE.as_bytes()));
    }
}

#[test]
fn a_document_that_would_not_get_smaller_is_left_alone() {
    for text in ["1", "\"\"", "[]", "true", "7305185462209"] {
        assert_eq!(pack(&document(text), Effort::Best), None);
    }
}

#[test]
fn the_largest_document_comes_back() {
    let numbers = (0_u64..3_000).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_string());
    let numbers = numbers.collect::<Vec<_>>().join(",");
    let text = format!(
        "[{numbers},\"{}\"]",
        "x".repeat(MAX_BYTES - numbers.len() - 5)
    );
    assert_eq!(text.len(), MAX_BYTES);
    for effort in [Effort::Fast, Effort::Best] {
        let body = pack(&document(&text), effort).unwrap();
        assert_eq!(unpack(&body).as_deref(), Ok(text.as_bytes()));
    }
}

#[test]
fn exactly_one_frame_is_accepted() {
    let body = pack(&document(INVOICE), Effort::Fast).unwrap();
    for length in 0..body.len() {
        assert_eq!(
            unpack(&body[..length]),
            Err(UnpackError),
            "truncated to {length} bytes"
        );
    }
    let with_header = |body: &[u8]| [&[0x00, 0x38], body].concat();
    assert_eq!(
        unpack(&with_header(&body)),
        Err(UnpackError),
        "the header is not part of the body"
    );
    assert_eq!(
        unpack(&[&body[..], &[0]].concat()),
        Err(UnpackError),
        "a trailing byte"
    );
    assert_eq!(
        unpack(&[&body[..], &with_header(&body)].concat()),
        Err(UnpackError),
        "a second frame"
    );
    assert_eq!(
        unpack(&[&body[..], &body].concat()),
        Err(UnpackError),
        "the body twice"
    );
    let skippable = [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0];
    assert_eq!(
        unpack(&[&body[..], &skippable].concat()),
        Err(UnpackError),
        "a skippable frame after it"
    );
    assert_eq!(
        unpack(&[&skippable, &body[..]].concat()),
        Err(UnpackError),
        "a skippable frame before it"
    );
}

#[test]
fn a_frame_with_a_checksum_a_size_an_id_or_a_magic_number_is_refused() {
    let text = INVOICE.as_bytes();
    assert_eq!(
        unpack(&frame(text, DICTIONARY, &[])[2..]).as_deref(),
        Ok(text)
    );
    for (parameter, header_bytes) in [
        (CParameter::ChecksumFlag(true), 2),
        (CParameter::ContentSizeFlag(true), 2),
        (CParameter::DictIdFlag(true), 6),
        (CParameter::Format(FrameFormat::One), 6),
    ] {
        let frame = frame(text, DICTIONARY, &[parameter]);
        for cut in (0..=header_bytes)
            .filter(|&cut| cut < header_bytes || parameter == CParameter::ChecksumFlag(true))
        {
            assert_eq!(
                unpack(&frame[cut..]),
                Err(UnpackError),
                "{parameter:?}, without {cut} bytes"
            );
        }
    }
}

#[test]
fn a_body_packed_with_another_dictionary_does_not_come_back() {
    let mut other = DICTIONARY.to_vec();
    let content_from = other.len() - other.len() / 2;
    other[content_from..].rotate_left(1_000);
    for body in [
        frame(INVOICE.as_bytes(), &other, &[]),
        frame(INVOICE.as_bytes(), b"", &[]),
    ] {
        assert_ne!(unpack(&body).as_deref(), Ok(INVOICE.as_bytes()));
    }
}

#[test]
fn the_blocks_of_the_format_are_read_and_no_others() {
    assert_eq!(
        unpack(&block(0, true, 4, b"true")).as_deref(),
        Ok(&b"true"[..])
    );
    assert_eq!(unpack(&block(1, true, 3, b"1")).as_deref(), Ok(&b"111"[..]));
    let two = [block(0, false, 2, b"tr"), block(0, true, 2, b"ue")].concat();
    assert_eq!(unpack(&two).as_deref(), Ok(&b"true"[..]));
    assert_eq!(unpack(&block(0, true, 0, b"")).as_deref(), Ok(&b""[..]));
    assert_eq!(unpack(b""), Err(UnpackError));
    assert_eq!(
        unpack(&block(3, true, 0, b"")),
        Err(UnpackError),
        "the reserved block type"
    );
    assert_eq!(
        unpack(&block(0, false, 4, b"true")),
        Err(UnpackError),
        "no last block"
    );
    assert_eq!(
        unpack(&block(0, true, 5, b"true")),
        Err(UnpackError),
        "longer than the body"
    );
    assert_eq!(
        unpack(&block(0, true, 3, b"true")),
        Err(UnpackError),
        "shorter than the body"
    );
    assert_eq!(
        unpack(&block(2, true, 4, b"true")),
        Err(UnpackError),
        "not a compressed block"
    );
}

#[test]
fn a_bomb_is_refused_at_the_65_537th_byte() {
    let most = u32::try_from(MAX_BYTES).unwrap();
    assert_eq!(
        unpack(&block(1, true, most, b"0")).unwrap().len(),
        MAX_BYTES
    );
    assert_eq!(unpack(&block(1, true, most + 1, b"0")), Err(UnpackError));
    let largest_block = block(1, false, 128 * 1024, b"0");
    let many = [largest_block.repeat(16_000), block(1, true, 1, b"0")].concat();
    assert_eq!(unpack(&many), Err(UnpackError), "2 GB in 64 kB");
    let zeros = frame(
        &vec![b'0'; 10_000_000],
        DICTIONARY,
        &[CParameter::WindowLog(17)],
    );
    assert!(zeros.len() < 2_000);
    assert_eq!(unpack(&zeros[2..]), Err(UnpackError), "10 MB by matches");
}

#[test]
fn what_was_refused_leaves_nothing_behind() {
    let body = pack(&document(INVOICE), Effort::Fast).unwrap();
    let mut broken = body.clone();
    broken[10] ^= 0x40;
    for bad in [&broken[..], &body[..20], &block(1, true, 70_000, b"0")] {
        let _ = unpack(bad);
        assert_eq!(unpack(&body).as_deref(), Ok(INVOICE.as_bytes()));
        assert_eq!(pack(&document(INVOICE), Effort::Fast).as_ref(), Some(&body));
    }
}

/// The bodies of `tests/vectors/codec-1.json`, beside this file: they are in printed codes, and have to be read for ever.
#[test]
fn every_known_answer_is_read_as_it_says() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../tests/vectors/codec-1.json")).unwrap();
    let bodies = vectors["bodies"].as_array().unwrap();
    assert!(bodies.len() > 20);
    for vector in bodies {
        let unpacked = unpack(&unhex(vector["body"].as_str().unwrap()));
        let name = &vector["name"];
        match vector["expect"].as_str().unwrap() {
            "unpacked" => assert_eq!(
                unpacked.unwrap(),
                vector["text"].as_str().unwrap().as_bytes(),
                "{name}"
            ),
            "refused" => assert_eq!(unpacked, Err(UnpackError), "{name}"),
            other => panic!("{name} expects {other}"),
        }
    }
}

#[test]
fn the_dictionary_is_the_one_of_the_known_answers() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../tests/vectors/codec-1.json")).unwrap();
    let sha256 = Sha256::digest(DICTIONARY);
    assert_eq!(
        unhex(vectors["dictionary_sha256"].as_str().unwrap()),
        sha256.as_slice()
    );
}

fn unhex(hex: &str) -> Vec<u8> {
    let digits = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap());
    digits
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

/// Documents of every size up to some kilobytes, some repetitive, some not.
fn documents() -> impl Strategy<Value = Document> {
    let text = prop_oneof![
        "[ -~&&[^\"\\\\]]{0,60}",
        "(name|date|total|EUR|2026-03-1|[0-9a-z]){0,20}",
        "\\PC{0,40}"
    ];
    let member = (0_u32..10_000, text).prop_map(|(n, text)| {
        format!(
            "\"{n}\":{}",
            serde_json::to_string(&text).expect("any text can be a JSON string")
        )
    });
    proptest::collection::btree_map(0_u16..2_000, member, 0..120).prop_map(|members| {
        let members: Vec<String> = members
            .into_iter()
            .map(|(n, member)| format!("\"k{n}\":{{{member}}}"))
            .collect();
        document(&format!("{{{}}}", members.join(",")))
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, rng_seed: RngSeed::Fixed(8878), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_document_comes_back(document in documents(), effort in prop_oneof![Just(Effort::Fast), Just(Effort::Best)]) {
        if let Some(body) = pack(&document, effort) {
            prop_assert!(body.len() < document.as_bytes().len());
            let unpacked = unpack(&body).unwrap();
            prop_assert_eq!(unpacked, document.as_bytes());
        }
    }

    #[test]
    fn more_effort_never_gives_a_larger_body(document in documents()) {
        let [fast, best] = [Effort::Fast, Effort::Best].map(|effort| pack(&document, effort).map(|body| body.len()));
        prop_assert!(best.unwrap_or(usize::MAX) <= fast.unwrap_or(usize::MAX));
    }

    #[test]
    fn any_bytes_are_unpacked_within_bounds_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(unpacked) = unpack(&body) {
            prop_assert!(unpacked.len() <= MAX_BYTES);
        }
    }

    #[test]
    fn a_damaged_body_is_unpacked_within_bounds_or_refused(
        document in documents(), at in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        if let Some(mut body) = pack(&document, Effort::Fast) {
            let at = at.index(body.len());
            body[at] ^= 1 << bit;
            if let Ok(unpacked) = unpack(&body) {
                prop_assert!(unpacked.len() <= MAX_BYTES);
                let _ = check(&unpacked);
            }
        }
    }
}
