//! Packing: smaller tokens, and bodies that are not what they claim to be.

use std::path::Path;

use qrseal::payload::{minify, mix2};
use qrseal::samples::{AddSamples, append_set, append_use};
use qrseal::token::{ClaimValue, Claims, Codec, Nonce, seal};

use crate::app::{TestApp, now};

const INVOICE: &str = r#"{"invoiceNumber":"INV-2026-0042","issueDate":"2026-11-20","currency":"EUR","total":"1234.50"}"#;

#[test]
fn a_document_is_packed_unless_that_is_switched_off() {
    let app = TestApp::start();
    let issue = |options: &str| {
        let answer = app.post_json("/api/tokens", format!("{{\"payload\":{INVOICE}{options}}}"));
        assert_eq!(app.get(&answer.link_path()).text(), INVOICE);
        answer.json()
    };
    let packed = issue("");
    assert_eq!(packed["codec"], "zstd");
    assert_eq!(packed["payload_bytes"], INVOICE.len());
    assert!(packed["sealed_bytes"].as_u64().unwrap() < u64::try_from(INVOICE.len()).unwrap());
    let raw = issue(",\"codec\":\"raw\"");
    assert_eq!(raw["codec"], "raw");
    assert_eq!(raw["sealed_bytes"], 33 + INVOICE.len());
    assert!(packed["qr"]["version"].as_u64() < raw["qr"]["version"].as_u64());
}

#[test]
fn what_packing_does_not_make_smaller_stays_as_it_is() {
    let app = TestApp::start();
    let answer = app.post_json("/api/tokens", r#"{"payload":7}"#).json();
    assert_eq!(answer["codec"], "raw");
    assert_eq!(answer["sealed_bytes"], 34);
}

#[test]
fn packing_can_be_switched_off_for_the_installation_and_on_for_a_request() {
    let app = TestApp::with(&[("PAYLOAD__CODEC", "raw")]);
    let codec = |query: &str| {
        let path = format!("/api/qrcode/encrypted-payload?format=json{query}");
        app.post_json(&path, INVOICE).json()["codec"].clone()
    };
    assert_eq!(codec(""), "raw");
    assert_eq!(codec("&codec=auto"), "zstd");
}

#[test]
fn more_effort_never_makes_a_larger_token() {
    let bytes = |effort: &str| {
        let app = TestApp::with(&[("PAYLOAD__EFFORT", effort)]);
        let answer = app.post_json("/api/tokens", format!("{{\"payload\":{INVOICE}}}"));
        assert_eq!(app.get(&answer.link_path()).text(), INVOICE);
        answer.json()["sealed_bytes"].as_u64().unwrap()
    };
    assert!(bytes("best") <= bytes("fast"));
    assert!(bytes("smallest") < bytes("best"));
}

#[test]
fn a_request_may_ask_for_the_smallest_symbol_and_the_answer_says_which_codec_it_got() {
    let app = TestApp::start();
    let issue = |document: &str, options: &str| {
        let body = format!("{{\"payload\":{document}{options}}}");
        let answer = app.post_json("/api/tokens", body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(app.get(&answer.link_path()).text(), document);
        answer.json()
    };
    let smallest = ",\"effort\":\"smallest\"";
    let packed = issue(INVOICE, smallest);
    assert_eq!(packed["codec"], "mix");
    let usual = issue(INVOICE, "");
    assert!(packed["sealed_bytes"].as_u64() < usual["sealed_bytes"].as_u64());
    assert_eq!(
        issue(INVOICE, ",\"effort\":\"smallest\",\"codec\":\"raw\"")["codec"],
        "raw"
    );
    assert_eq!(issue("7", smallest)["codec"], "raw");
    let larger = format!("[\"{}\"]", "all work and no play, ".repeat(380));
    assert!(larger.len() > mix2::MAX_DOCUMENT_BYTES);
    assert_eq!(issue(&larger, smallest)["codec"], "zstd");
    let query = app.post_json(
        "/api/qrcode/encrypted-payload?format=json&effort=smallest",
        INVOICE,
    );
    assert_eq!(query.json()["codec"], "mix");
    let refused = app.post_json("/api/qrcode/encrypted-payload?effort=most", INVOICE);
    assert_eq!(refused.status, 422);
}

/// A document that takes milliseconds to pack and to unpack: lines that differ.
fn long_document() -> String {
    let lines = (1..=40_u32).map(|n| {
        let (item, cents) = (n * 7_919 % 10_007, n * 104_729 % 9_973);
        format!(r#"{{"item":"A-{item}","quantity":{n},"price":"{cents}.50"}}"#)
    });
    format!("[{}]", lines.collect::<Vec<_>>().join(","))
}

#[test]
fn a_long_document_is_packed_into_the_smallest_symbol_and_opens_wherever_it_is() {
    let app = TestApp::start();
    let document = long_document();
    assert!((1_024..mix2::MAX_DOCUMENT_BYTES).contains(&document.len()));
    for options in ["", ",\"storage\":\"stored\",\"expires_in\":3600"] {
        let body = format!("{{\"payload\":{document},\"effort\":\"smallest\"{options}}}");
        let answer = app.post_json("/api/tokens", body);
        assert_eq!(answer.json()["codec"], "mix", "{options}");
        assert_eq!(app.get(&answer.link_path()).text(), document, "{options}");
    }
}

#[test]
fn a_long_document_of_a_held_code_opens_with_its_pin_and_counts() {
    let app = TestApp::start();
    let document = long_document();
    let body = format!(
        "{{\"payload\":{document},\"effort\":\"smallest\",\"expires_in\":3600,\"max_opens\":2,\"pin\":\"493817\"}}"
    );
    let issued = app.post_json("/api/tokens", body);
    assert_eq!(issued.json()["codec"], "mix");
    let opened = app.post_json(
        &issued.link_path(),
        r#"{"open_id":"0123456789abcdef0123456789abcdef","pin":"493817"}"#,
    );
    assert_eq!(opened.text(), document);
}

#[test]
fn a_body_of_codec_2_that_is_damaged_is_not_recognised_or_a_document_and_never_more() {
    let app = TestApp::start();
    let body = mix2::pack(&minify(INVOICE.as_bytes()).unwrap()).unwrap();
    let open = |body: &[u8]| {
        let keyring = app.app.keyring.load();
        let nonce = Nonce::from([7; 12]);
        let token = seal(
            &keyring,
            nonce,
            now(),
            &Claims::default(),
            Codec::Mix2,
            body,
        )
        .unwrap();
        app.get(&format!(
            "/api/decrypt/qrcode-details?ctext={}",
            token.to_base64url()
        ))
    };
    assert_eq!(open(&body).text(), INVOICE);
    for bit in (0..8 * body.len()).step_by(7) {
        let mut other = body.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        let answer = open(&other);
        if answer.status == 200 {
            assert!(answer.text().len() <= mix2::MAX_DOCUMENT_BYTES);
        } else {
            assert_eq!(answer.status, 404, "bit {bit}");
        }
    }
    for end in [1, body.len() / 2, body.len() - 1] {
        assert_ne!(open(&body[..end]).text(), INVOICE);
    }
}

/// Adds samples of the profile `invoice` beside a keyring, and uses them.
fn add_samples(keyring: &Path) {
    let sample = r#"{"id":"INV-2026-0001","amount":980.00,"seller":{"name":"Corner Bakery","address":"Harbour Street 7, Exampleton"}}"#;
    let wanted = AddSamples {
        profile: ClaimValue::try_from(1).unwrap(),
        documents: vec![minify(sample.as_bytes()).unwrap()],
        mend: false,
        told: Vec::new(),
        lost: false,
    };
    let added = append_set(keyring, wanted).unwrap();
    append_use(keyring, &added.set).unwrap();
}

#[test]
fn samples_of_a_profile_make_its_codes_smaller_and_without_their_file_nothing_opens_or_counts() {
    const DOCUMENT: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"seller":{"name":"Corner Bakery","address":"Harbour Street 7, Exampleton"}}"#;
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let keyrings = [&folder, &other].map(|folder| folder.path().join("keyring.json"));
    let start = |keyring: &Path| TestApp::with(&[("KEYS__FILE", keyring.to_str().unwrap())]);
    add_samples(&keyrings[0]);
    let (app, without) = (start(&keyrings[0]), start(&keyrings[1]));
    let issue = |app: &TestApp, options: &str| {
        let body = format!(
            "{{\"payload\":{DOCUMENT},\"profile\":\"invoice\",\"effort\":\"smallest\"{options}}}"
        );
        let answer = app.post_json("/api/tokens", body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer
    };
    let plain = issue(&app, "");
    assert_eq!(plain.json()["codec"], "mix");
    let bytes = |answer: &crate::app::Answer| answer.json()["sealed_bytes"].as_u64().unwrap();
    assert!(bytes(&plain) + 5 < bytes(&issue(&without, "")));
    assert_eq!(app.get(&plain.link_path()).text(), DOCUMENT);
    // Without a profile there are no samples.
    let body = format!("{{\"payload\":{DOCUMENT},\"effort\":\"smallest\"}}");
    let usual = app.post_json("/api/tokens", &body);
    assert_eq!(without.get(&usual.link_path()).text(), DOCUMENT);

    let limited = issue(&app, ",\"max_opens\":1,\"expires_in\":3600");
    let digits = limited.link_path()[1..].to_owned();
    let stored = issue(&app, ",\"storage\":\"stored\"");
    assert_eq!(app.get(&stored.link_path()).text(), DOCUMENT);
    // It has a small code anyway, and needs no samples for ever.
    let as_usual = issue(&without, ",\"storage\":\"stored\"");
    let stored_bytes = |answer: &crate::app::Answer| answer.json()["stored_bytes"].clone();
    assert_eq!(stored_bytes(&stored), stored_bytes(&as_usual));
    let missing = without
        .get(&plain.link_path())
        .problem(503, "temporarily_unavailable");
    assert_eq!(missing["missing_sample_set"], 1);
    let page = without.get_as(&plain.link_path(), "text/html");
    assert_eq!(page.status, 503);
    assert!(!page.text().contains("sample"), "{}", page.text());
    without
        .open(&digits, None)
        .problem(503, "temporarily_unavailable");
    // Who has the right PIN and tries until the file is back is not locked out.
    let with_pin = issue(&app, ",\"pin\":\"493817\",\"expires_in\":3600");
    let with_pin = with_pin.link_path()[1..].to_owned();
    let open = || without.open(&with_pin, Some("493817"));
    for _ in 0..6 {
        open().problem(503, "temporarily_unavailable");
    }
    add_samples(&keyrings[1]);
    assert!(without.app.long.samples().look(true).unwrap());
    assert_eq!(without.get(&plain.link_path()).text(), DOCUMENT);
    assert_eq!(without.open(&digits, None).text(), DOCUMENT);
    without.open(&digits, None).problem(410, "token_used_up");
    assert_eq!(open().text(), DOCUMENT);
}

#[test]
fn sixty_four_kibibytes_of_repetition_fit_a_symbol_and_come_back() {
    let app = TestApp::start();
    let document = format!("[\"{}\"]", "all work and no play ".repeat(3_000));
    let answer = app.post_json("/api/qrcode/encrypted-payload", &document);
    assert_eq!(answer.status, 201);
    assert_eq!(app.get(&answer.link_path()).text(), document);
    assert_eq!(app.get_as(&answer.link_path(), "text/html").status, 200);
}

#[test]
fn a_packed_body_that_is_not_one_small_json_document_is_not_recognised_though_authentic() {
    let app = TestApp::start();
    // Blocks that repeat one byte 100,000 times each (RFC 8878, section 3.1.1.2): 4 bytes become 100,000.
    let repeat = |last: u32| {
        let header = (100_000_u32 << 3) | (1 << 1) | last;
        let mut block = header.to_le_bytes()[..3].to_vec();
        block.push(b' ');
        block
    };
    let mut bomb = repeat(0).repeat(2_000);
    bomb.extend(repeat(1));
    // Raw blocks: what they hold is what comes out.
    let raw = |text: &str| {
        let header = (u32::try_from(text.len()).unwrap() << 3) | 1;
        let mut block = header.to_le_bytes()[..3].to_vec();
        block.extend_from_slice(text.as_bytes());
        block
    };
    let open = |body: &[u8], number: u8| {
        let nonce = Nonce::from([number; 12]);
        let keyring = app.app.keyring.load();
        let token = seal(
            &keyring,
            nonce,
            now(),
            &Claims::default(),
            Codec::Zstd1,
            body,
        )
        .unwrap();
        app.get(&format!(
            "/api/decrypt/qrcode-details?ctext={}",
            token.to_base64url()
        ))
    };
    assert_eq!(open(&raw("[1]"), 1).text(), "[1]");
    let mut trailing = raw("[1]");
    trailing.push(0);
    let two_frames = [raw("[1]"), raw("[2]")].concat();
    for (number, body) in [
        bomb,
        repeat(1),
        raw("{"),
        raw("\u{feff}1"),
        trailing,
        two_frames,
        vec![0xff; 40],
        vec![1],
    ]
    .into_iter()
    .enumerate()
    {
        let answer = open(&body, u8::try_from(number).unwrap() + 2);
        answer.problem(404, "token_not_recognised");
    }
}
