//! Codes whose document is in the store.

use qrseal::opening::{FirstLook, look};
use qrseal::revoking::RevocationList;
use qrseal::store::StoredRecord;
use qrseal::token::{ParsedStoredToken, StoredToken, UnixTime};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, now};
use crate::failing_store::Failure;
use crate::store_failures::failing_app;

pub fn issue(app: &TestApp, options: &Value) -> Value {
    let mut body = json!({"payload": {"message": "see you at nine"}, "storage": "stored"});
    for (name, value) in options.as_object().unwrap() {
        body[name] = value.clone();
    }
    let answer = app.post_json("/api/tokens", body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

pub fn path(issued: &Value) -> String {
    let link = issued["link"].as_str().unwrap();
    format!("/{}", link.rsplit('/').next().unwrap())
}

pub fn record(app: &TestApp, id: &str) -> StoredRecord {
    let id = id.parse().unwrap();
    let row = app.wait(async |app| app.store.record(id).await);
    row.unwrap().unwrap()
}

pub fn open(app: &TestApp, issued: &Value, body: &Value) -> Answer {
    app.post_json(&path(issued), body.to_string())
}

#[test]
fn a_stored_document_has_a_code_of_42_digits_whatever_its_size() {
    let app = TestApp::start();
    let long: Vec<u64> = (0..9_000).map(|n| n * n * 7919 % 100_003).collect();
    for payload in [json!({"message": "see you at nine"}), json!(long)] {
        let issued = issue(&app, &json!({"payload": payload}));
        assert_eq!(path(&issued).len(), 1 + 42);
        assert_eq!(issued["storage"], "stored");
        assert_eq!(issued["revision"], 1);
        assert!(issued["stored_bytes"].as_u64().unwrap() > 29);
        assert_eq!(issued["sealed_bytes"], 17);
        assert!(issued["qr"]["version"].as_u64().unwrap() <= 4);
        assert_eq!(app.get(&path(&issued)).json(), payload);
        let query = format!(
            "/api/decrypt/qrcode-details?ctext={}",
            issued["token"].as_str().unwrap()
        );
        assert_eq!(app.get(&query).json(), payload);
    }
}

#[test]
fn auto_stores_what_makes_a_large_symbol_and_nothing_else() {
    let app = TestApp::start();
    let small = issue(&app, &json!({"storage": "auto"}));
    assert_eq!(small["storage"], "inline");
    assert!(small.get("stored_bytes").is_none());
    let long: Vec<u64> = (0..900).map(|n| n * n * 7919 % 100_003).collect();
    let large = issue(&app, &json!({"storage": "auto", "payload": long}));
    assert_eq!(large["storage"], "stored");
    let by_query = app.post_json(
        "/api/qrcode/encrypted-payload?storage=stored&format=json",
        "[1]",
    );
    assert_eq!(by_query.json()["storage"], "stored");
}

/// A document of some 300 KB that packs badly.
fn large() -> Value {
    let numbers = (0..40_000u64).map(|n| n * n % 1_000_003 * 7919 % 10_000_019);
    json!(numbers.collect::<Vec<_>>())
}

#[test]
fn a_document_of_300_kb_makes_a_symbol_of_version_3() {
    let app = TestApp::with(&[("SERVER__PUBLIC_URL", "https://qr.example.com")]);
    let large = large();
    let bytes = large.to_string().len();
    assert!((290_000..320_000).contains(&bytes), "{bytes}");
    let key = app.api_key("issue");
    let authorization = format!("Bearer {key}");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", authorization.as_str()),
    ];
    let envelope = json!({"payload": large, "storage": "auto"}).to_string();
    let issued = app.send("POST", "/api/tokens", &headers, envelope.as_bytes());
    assert_eq!(issued.status, 201, "{}", issued.text());
    let issued = issued.json();
    assert_eq!(issued["storage"], "stored");
    assert_eq!(issued["payload_bytes"], bytes);
    assert_eq!(issued["qr"]["version"], 3);
    assert_eq!(app.get(&path(&issued)).json(), large);
    let page = app.get_as(&path(&issued), "text/html");
    assert_eq!(page.status, 200);
    let by_query = app.send(
        "POST",
        "/api/qrcode/encrypted-payload?storage=stored&format=json",
        &headers,
        large.to_string().as_bytes(),
    );
    assert_eq!(by_query.json()["storage"], "stored");
}

#[test]
fn a_stored_document_may_be_a_mebibyte_and_not_a_byte_more() {
    let app = TestApp::start();
    let text = |bytes: usize| "x".repeat(bytes - 2);
    let issued = issue(&app, &json!({"payload": text(1 << 20), "codec": "raw"}));
    assert_eq!(app.get(&path(&issued)).json(), text(1 << 20));
    let envelope = |storage, bytes| json!({"payload": text(bytes), "storage": storage}).to_string();
    for (storage, bytes) in [("stored", (1 << 20) + 1), ("inline", 65_537)] {
        let refused = app.post_json("/api/tokens", envelope(storage, bytes));
        let problem = refused.problem(413, "payload_too_large");
        let most = (bytes - 1).to_string();
        assert!(problem["detail"].as_str().unwrap().contains(&most));
    }
    let white = format!("{}[1]", " ".repeat(300_000));
    let sealed = app.post_json("/api/qrcode/encrypted-payload?storage=inline", &white);
    sealed.problem(413, "payload_too_large");
    let stored = app.post_json("/api/qrcode/encrypted-payload?storage=stored", &white);
    assert_eq!(stored.status, 201, "{}", stored.text());
    let envelope = format!("{{\"payload\":{white}}}");
    app.post_json("/api/tokens", envelope)
        .problem(413, "payload_too_large");
    let too_long = format!("{}[1]", " ".repeat(2 << 20));
    app.post_json("/api/qrcode/encrypted-payload?storage=stored", too_long)
        .problem(413, "payload_too_large");
}

#[test]
fn a_document_at_the_largest_inline_version_stays_inline_and_beyond_it_is_stored() {
    for (most, storage) in [("7", "stored"), ("8", "inline")] {
        let app = TestApp::with(&[("SYMBOL__MAX_INLINE_VERSION", most)]);
        let payload = json!({"message": "see you at nine, by the north gate, with the tickets for all of us"});
        let issued = issue(
            &app,
            &json!({"storage": "auto", "codec": "raw", "payload": payload}),
        );
        assert_eq!(issued["storage"], storage, "{issued}");
    }
}

#[test]
fn where_anybody_may_issue_each_client_has_a_share_of_the_room() {
    let app = TestApp::with(&[
        ("AUTH__ISSUING", "open"),
        ("LIMITS__STORED_BYTES_PER_CLIENT", "1200"),
    ]);
    let store = |body: &Value| app.post_json("/api/tokens", body.to_string());
    let body = json!({"payload": [1], "storage": "stored", "expires_in": 3600});
    for expires_in in [Value::Null, json!(31_536_001)] {
        let mut for_ever = body.clone();
        for_ever["expires_in"] = expires_in;
        let refused = store(&for_ever).problem(422, "validation");
        assert_eq!(refused["errors"][0]["pointer"], "/expires_in");
    }
    for _ in 0..2 {
        assert_eq!(store(&body).status, 201);
    }
    let full = store(&body);
    assert!(full.header("retry-after").is_some());
    assert_eq!(full.problem(429, "rate_limited")["limit"], "stored-bytes");
    let key = format!("Bearer {}", app.api_key("issue"));
    let headers = [
        ("content-type", "application/json"),
        ("authorization", key.as_str()),
    ];
    let by_key = app.send("POST", "/api/tokens", &headers, body.to_string().as_bytes());
    assert_eq!(by_key.status, 201, "{}", by_key.text());
}

#[test]
fn the_store_takes_so_many_bytes_and_no_more() {
    let app = TestApp::with(&[("LIMITS__STORED_BYTES", "200")]);
    let text = "x".repeat(100);
    let first = issue(&app, &json!({"payload": text, "codec": "raw"}));
    let body = json!({"payload": text, "codec": "raw", "storage": "stored"}).to_string();
    let full = app.post_json("/api/tokens", &body);
    assert!(full.header("retry-after").is_some());
    full.problem(503, "temporarily_unavailable");
    assert_eq!(app.get(&path(&first)).json(), text);
    app.wait(async |app| app.room.look(&*app.store).await)
        .unwrap();
    app.post_json("/api/tokens", body)
        .problem(503, "temporarily_unavailable");
}

#[test]
fn a_limit_and_a_pin_hold_as_for_a_sealed_token() {
    let app = TestApp::start();
    let issued = issue(
        &app,
        &json!({"max_opens": 1, "expires_in": 3600, "pin": "493817"}),
    );
    app.get(&path(&issued)).problem(403, "open_required");
    let with = |pin: &str, id: &str| json!({"open_id": id.repeat(16), "pin": pin});
    open(&app, &issued, &with("493818", "a")).problem(403, "pin_incorrect");
    let opened = open(&app, &issued, &with("493817", "a"));
    assert_eq!(opened.status, 200, "{}", opened.text());
    let again = open(&app, &issued, &with("493817", "a"));
    assert_eq!(again.json(), opened.json(), "a repeat of the same open");
    open(&app, &issued, &with("493817", "b")).problem(410, "token_used_up");
}

#[test]
fn a_revoked_one_says_so_and_its_record_is_gone() {
    let app = TestApp::start();
    let issued = issue(&app, &json!({}));
    let id = issued["id"].as_str().unwrap();
    assert_eq!(app.get(&path(&issued)).status, 200);
    let body = json!({"token": issued["token"], "reason": "typo"}).to_string();
    let revoked = app.post_json(&format!("/api/tokens/{id}/revoke"), body);
    assert_eq!(revoked.status, 200, "{}", revoked.text());
    app.get(&path(&issued)).problem(410, "token_revoked");
    let row = record(&app, id);
    assert_eq!(row.record, None);
}

#[test]
fn an_authentic_code_without_a_row_is_gone_and_a_forged_one_is_not_recognised() {
    let app = TestApp::start();
    let keyring = app.app.keyring.load_full();
    let lost = StoredToken::new(&keyring, [7; 12]);
    app.get(&format!("/{}", lost.to_digits()))
        .problem(410, "token_gone");
    let mut digits = lost.to_digits();
    let last = if digits.ends_with('0') { "1" } else { "0" };
    digits.replace_range(41.., last);
    app.get(&format!("/{digits}"))
        .problem(404, "token_not_recognised");
}

#[test]
fn the_same_request_gets_the_same_code_and_its_row_does_not_hold_it() {
    let app = TestApp::start();
    let body = r#"{"payload": [1], "storage": "stored"}"#;
    let once = |key: &str, body: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        app.send("POST", "/api/tokens", &headers, body.as_bytes())
    };
    let (first, second) = (once("order-17", body), once("order-17", body));
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(first.json()["token"], second.json()["token"]);
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    once("order-17", r#"{"payload": [2], "storage": "stored"}"#)
        .problem(409, "idempotency_conflict");
    assert_ne!(
        first.json()["token"],
        once("order-18", body).json()["token"]
    );
}

#[test]
fn with_the_store_away_stored_codes_wait_and_sealed_ones_open() {
    let (app, failing, _folder) = failing_app();
    let sealed = issue(&app, &json!({"storage": "inline"}));
    let stored = issue(&app, &json!({}));
    for failure in [Failure::Unavailable, Failure::UnknownNotApplied] {
        failing.fail(1, failure);
        let away = app.get(&path(&stored));
        assert!(away.header("retry-after").is_some());
        away.problem(503, "temporarily_unavailable");
        assert_eq!(app.get(&path(&sealed)).status, 200);
    }
    failing.fail(1, Failure::Unavailable);
    let body = r#"{"payload": [1], "storage": "stored"}"#;
    app.post_json("/api/tokens", body)
        .problem(503, "temporarily_unavailable");
    assert_eq!(app.get(&path(&stored)).status, 200);
}

#[test]
fn unknown_storage_is_refused() {
    let app = TestApp::start();
    let body = r#"{"payload": [1], "storage": "cloud"}"#;
    let refused = app.post_json("/api/tokens", body);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/storage");
    refused.problem(422, "validation");
}

#[test]
fn a_token_alone_opens_nothing_and_neither_do_database_and_keyring() {
    let app = TestApp::start();
    let issued = issue(&app, &json!({}));
    let text = issued["token"].as_str().unwrap();
    let keyring = app.app.keyring.load_full();
    let looked = look(text, &keyring, &RevocationList::empty(), now()).unwrap();
    assert!(
        matches!(looked, FirstLook::Stored(_)),
        "nothing to see without the store"
    );
    let token = ParsedStoredToken::parse(text).unwrap();
    let token = token.recognise(&keyring).unwrap();
    let row = record(&app, &token.id().to_string());
    let record = row.record.unwrap();
    let opens = |secret: [u8; 12], at: UnixTime| {
        let guess = StoredToken::new(&keyring, secret);
        qrseal::token::open_record(&keyring, &guess, row.head, &record, at).is_ok()
    };
    // Whoever has the row and the keyring has every input of the record's key but the secret.
    assert!(!opens([0; 12], now()));
    let secret: [u8; 12] = token.as_bytes()[1..13].try_into().unwrap();
    assert!(opens(secret, now()));
}
