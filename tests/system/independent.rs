//! A second implementation of `docs/token-format.md`, in another language and with another library of ciphers, opens what the
//! server sealed, and the server opens what that one sealed.

use std::path::Path;
use std::process::Command;

use crate::fixture::Server;
use crate::tools;

const DOCUMENTS: [&str; 6] = [
    "1e400",
    r#""a sentence""#,
    r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#,
    r#"{"z":1,"a":{"text":"line\nfeed \u00e9 é 漢字","big":123456789012345678901234567890}}"#,
    "[]",
    r#"{"x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"#,
];

#[test]
fn the_known_answers_hold_for_the_independent_implementation() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let said = tools::run_well(
        tools::python("independent_token.py")
            .arg("vectors")
            .arg(vectors.join("token-v1.json"))
            .arg(vectors.join("codec-1.json")),
    );
    println!("{}", String::from_utf8_lossy(&said));
}

#[test]
fn the_known_answers_of_stored_tokens_hold_for_the_independent_implementation() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/token-v2.json");
    let said = tools::run_well(
        tools::python("independent_stored.py")
            .arg("vectors")
            .arg(vectors),
    );
    println!("{}", String::from_utf8_lossy(&said));
}

#[test]
fn it_opens_a_stored_document_from_the_database_the_keyring_and_the_code() {
    let server = Server::start();
    let numbers: Vec<u64> = (0..30_000).map(|n| n * n * 7919 % 1_000_003).collect();
    let long = serde_json::to_string(&numbers).expect("JSON");
    assert!(long.len() > 200_000);
    let documents = DOCUMENTS.into_iter().chain([long.as_str()]);
    for (document, pin) in documents.zip([None, Some("493817")].into_iter().cycle()) {
        let pin_of = pin.map_or_else(String::new, |pin| format!(r#","pin":"{pin}""#));
        let body =
            format!(r#"{{"payload":{document},"storage":"stored","expires_in":86400{pin_of}}}"#);
        let issued = server.post_json("/api/tokens", body).json();
        let token = issued["token"].as_str().expect("a token");
        let opened = open_stored(&server, token, pin);
        assert!(opened.status.success(), "{opened:?}");
        assert_eq!(String::from_utf8_lossy(&opened.stdout), document);
    }
}

#[test]
fn it_opens_the_newest_revision_and_nothing_without_the_code_or_after_its_end() {
    let server = Server::start();
    let store = |pin: &str| {
        let body = format!(
            r#"{{"payload":"see you at nine","storage":"stored","expires_in":86400{pin}}}"#
        );
        server.post_json("/api/tokens", body).json()["token"]
            .as_str()
            .expect("a token")
            .to_owned()
    };
    let (token, with_pin) = (store(""), store(r#","pin":"493817""#));
    let next = server.folder().join("next.json");
    std::fs::write(&next, "\"at ten\"").expect("the folder can be written");
    let said = |text: &str, pin| {
        let opened = open_stored(&server, text, pin);
        let [out, err] = [opened.stdout, opened.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        out + &err
    };
    server.command("tokens", &["replace", &token, &next.display().to_string()]);
    assert_eq!(said(&token, None), "\"at ten\"");
    assert_eq!(said(&with_pin, Some("493818")), "PIN incorrect");
    let mut other = token.clone().into_bytes();
    other[10] = if other[10] == b'A' { b'B' } else { b'A' };
    let other = String::from_utf8(other).expect("text");
    assert_eq!(said(&other, None), "not recognised");
    server.command("tokens", &["delete", &token]);
    assert_eq!(said(&token, None), "ended");
}

/// Opens a stored code with the independent program, from the server's own files.
fn open_stored(server: &Server, text: &str, pin: Option<&str>) -> std::process::Output {
    let mut command = tools::python("independent_stored.py");
    command.arg("open").arg("--keyring").arg(server.keyring());
    command
        .arg("--database")
        .arg(server.folder().join("qrseal.db"));
    command
        .args(pin.map(|pin| format!("--pin={pin}")))
        .arg(text);
    command.output().expect("Python runs")
}

/// With pypy3, which takes a quarter of a minute; python3 would take minutes. The first 20 of each; all of them in `tests/torture`.
#[test]
fn the_known_answers_of_codecs_2_and_3_hold_for_the_independent_implementation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let said = tools::run_well(
        Command::new("pypy3")
            .arg("-B")
            .arg(root.join("tests/tools/independent_codec2.py"))
            .arg(root.join("src/payload/prior-2.txt"))
            .arg(root.join("tests/vectors/codec-2.json"))
            .arg(root.join("tests/vectors/codec-3.json"))
            .arg("20"),
    );
    println!("{}", String::from_utf8_lossy(&said));
}

#[test]
fn it_opens_what_the_server_sealed_to_the_same_bytes() {
    let server = Server::start();
    for document in DOCUMENTS {
        let sealed = server
            .post_json(
                "/api/tokens",
                format!(r#"{{"payload":{document},"expires_in":86400}}"#),
            )
            .json();
        let link = sealed["link"].as_str().expect("a link");
        let token = sealed["token"].as_str().expect("a token");
        for text in [link, &server.digits_of(link), token] {
            let opened = tools::run_well(independent(&server, "open").arg(text));
            assert_eq!(String::from_utf8_lossy(&opened), document);
        }
        let got = server.get(&format!("/{}", server.digits_of(link)), None);
        assert_eq!(got.text(), document);
    }
}

#[test]
fn an_invoice_goes_from_the_form_of_the_caller_to_a_picture_and_back_by_independent_programs_only()
{
    let server = Server::start();
    let written =
        "{\n  \"id\": \"INV-2026-0042\",\n  \"amount\": 1234.50,\n  \"currency\": \"EUR\"\n}\n";
    let minified = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;
    let answer = server.post_json("/api/qrcode/encrypted-payload", written);
    assert_eq!(answer.status, 201);
    let picture = server.folder().join("invoice.png");
    std::fs::write(&picture, &answer.body).expect("the folder can be written");

    let found = tools::run_well(tools::python("scan.py").arg(&picture));
    let found: serde_json::Value = serde_json::from_slice(&found).expect("scan.py writes JSON");
    let scanned = found[0]["zbar"].as_str().expect("zbar reads it");
    assert_eq!(scanned, answer.header("location"));

    let got = server.get(&format!("/{}", server.digits_of(scanned)), None);
    assert_eq!((got.status, got.text()), (200, minified));
    let opened = tools::run_well(independent(&server, "open").arg(scanned));
    assert_eq!(String::from_utf8_lossy(&opened), minified);
}

#[test]
fn the_server_opens_what_it_sealed() {
    let server = Server::start();
    for document in DOCUMENTS {
        for expiry in [&[][..], &["--expiry-minutes", "60"]] {
            let digits = seal(&server, document, expiry);
            let got = server.get(&format!("/{digits}"), None);
            assert_eq!((got.status, got.text()), (200, document));
        }
    }
}

#[test]
fn the_server_opens_what_it_sealed_under_a_pin() {
    let server = Server::start();
    for pin in ["493817", "p\u{e4}ssw\u{f6}rd", "tea at five"] {
        let options = ["--expiry-minutes", "60", "--max-opens", "2", "--pin", pin];
        let digits = seal(&server, DOCUMENTS[2], &options);
        let body = |pin| serde_json::json!({"open_id": "sixteen-letters-", "pin": pin}).to_string();
        let wrong = server.post_json(&format!("/{digits}"), body("493818"));
        assert_eq!(wrong.status, 403);
        let got = server.post_json(&format!("/{digits}"), body(pin));
        assert_eq!((got.status, got.text()), (200, DOCUMENTS[2]));
        assert_eq!(got.header("qrseal-opens-left"), "1");
    }
}

/// The independent program, with the server's keyring.
fn independent(server: &Server, verb: &str) -> Command {
    let mut command = tools::python("independent_token.py");
    command.arg(verb).arg("--keyring").arg(server.keyring());
    command
}

/// Seals with the independent program: options are those of its verb `seal`. Returns the token's digits.
pub fn seal(server: &Server, document: &str, options: &[&str]) -> String {
    let digits = tools::run_well(independent(server, "seal").args(options).arg(document));
    String::from_utf8(digits)
        .expect("digits")
        .trim_end()
        .to_owned()
}
