//! What an issuer can ask of a token: a limit, a PIN, and the same answer to the same request.

use qrseal::store::StoreError;
use qrseal::token::{Body, OpenedToken, ParsedToken, Pin, PinHash};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, ago, keyring, now};
use crate::failing_store::{FailingStore, Failure};

const ENVELOPE: &str = "/api/tokens";
const PAYLOAD: &str = "/api/qrcode/encrypted-payload";

fn issue(app: &TestApp, body: &Value) -> Answer {
    app.post_json(ENVELOPE, body.to_string())
}

/// The same with an idempotency key.
fn issue_once(app: &TestApp, path: &str, key: &str, body: &str) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    app.send("POST", path, &headers, body.as_bytes())
}

fn opened(app: &TestApp, answer: &Answer) -> OpenedToken {
    assert_eq!(answer.status, 201, "{}", answer.text());
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    let parsed = ParsedToken::parse(&token).unwrap();
    parsed.open(&app.app.keyring.load(), now()).unwrap()
}

/// What is under the PIN, if it is this one.
fn unlocked(token: &OpenedToken, pin: &str) -> Option<Vec<u8>> {
    let Body::UnderPin(body) = token.body() else {
        panic!("there is no PIN");
    };
    let hash = PinHash::derive(&Pin::parse(pin).unwrap(), body.salt()).unwrap();
    body.open(&hash).ok()
}

#[test]
fn a_limit_is_sealed_in_the_token_and_told() {
    let app = TestApp::start();
    for opens in [1, 7, 1_000_000] {
        let body = json!({"payload": [1], "max_opens": opens, "expires_in": 3600});
        let answer = issue(&app, &body);
        let token = opened(&app, &answer);
        assert_eq!(token.claims().max_opens.unwrap().value(), opens);
        assert_eq!(answer.json()["max_opens"], opens);
    }
    let query = format!("{PAYLOAD}?max_opens=3&expires_in=3600&format=json");
    let answer = app.post_json(&query, "[1]");
    assert_eq!(answer.json()["max_opens"], 3);
    assert_eq!(opened(&app, &answer).claims().max_opens.unwrap().value(), 3);
}

#[test]
fn where_lives_are_bounded_no_code_opens_for_longer() {
    let app = TestApp::with(&[("ISSUING__MAX_EXPIRES_IN", "30d")]);
    let minutes = |body: Value| {
        let answer = issue(&app, &body);
        opened(&app, &answer)
            .claims()
            .expiry
            .map(qrseal::token::ClaimValue::value)
    };
    // From the minute of its issue to the one in which its time is over.
    let life = |minutes: u32| [Some(minutes), Some(minutes + 1)];
    let month = life(30 * 24 * 60);
    assert!(month.contains(&minutes(json!({"payload": [1]}))));
    assert!(month.contains(&minutes(json!({"payload": [1], "expires_in": "30d"}))));
    assert!(life(120).contains(&minutes(json!({"payload": [1], "expires_in": "2h"}))));
    let refused = issue(&app, &json!({"payload": [1], "expires_in": "31d"}));
    let problem = refused.problem(422, "validation");
    assert!(
        problem.to_string().contains("issuing.max_expires_in"),
        "{problem}"
    );
    assert!(problem.to_string().contains("/expires_in"), "{problem}");

    let links = TestApp::with(&[
        ("ISSUING__MAX_EXPIRES_IN", "30d"),
        ("AUTH__ISSUING", "open"),
    ]);
    let key = links.api_key("issue");
    let bearer = format!("Bearer {key}");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let made = links.send(
        "POST",
        "/api/links",
        &headers,
        br#"{"target": "https://example.com/"}"#,
    );
    assert_eq!(made.status, 201, "{}", made.text());
    assert!(made.json()["expires_at"].is_string(), "{}", made.text());
    let path = format!("/api/links/{}", made.json()["id"].as_str().unwrap());
    for body in [r#"{"expires_in": "31d"}"#, r#"{"expires_in": "2y"}"#] {
        let refused = links.send("PATCH", &path, &headers, body.as_bytes());
        let problem = refused.problem(422, "validation");
        assert!(
            problem.to_string().contains("issuing.max_expires_in"),
            "{problem}"
        );
    }
    let without = links.send("PATCH", &path, &headers, br#"{"expires_in": null}"#);
    assert_eq!(without.status, 200, "{}", without.text());
    assert!(
        without.json()["expires_at"].is_string(),
        "{}",
        without.text()
    );
}

#[test]
fn a_time_is_a_number_of_seconds_or_has_a_unit() {
    let app = TestApp::start();
    let seconds = |answer: &Answer| {
        let token = opened(&app, answer);
        token.expires_at().unwrap().as_secs() - token.issued_at().as_secs()
    };
    for (text, expected) in [
        ("90m", 5_400),
        ("30d", 2_592_000),
        ("2w", 1_209_600),
        ("1y", 31_536_000),
    ] {
        let envelope = issue(&app, &json!({"payload": 1, "expires_in": text}));
        // Sealed in whole minutes, rounded up.
        assert!(
            (expected..=expected + 60).contains(&seconds(&envelope)),
            "{text}"
        );
        let query = format!("{PAYLOAD}?format=json&expires_in={text}");
        let query = app.post_json(&query, "1");
        assert!(
            (expected..=expected + 60).contains(&seconds(&query)),
            "{text}"
        );
    }
}

#[test]
fn a_pin_is_needed_besides_the_key_and_is_not_in_the_answer() {
    let app = TestApp::start();
    let body = json!({"payload": [42], "pin": "pässwört 7", "expires_in": 3600, "codec": "raw"});
    let answer = issue(&app, &body);
    let token = opened(&app, &answer);
    assert_eq!(unlocked(&token, "pässwört 7").unwrap(), b"[42]");
    assert_eq!(unlocked(&token, "pässwört 8"), None);
    assert!(answer.json().get("pin").is_none());
    assert!(!app.log().contains("pässwört"));
}

#[test]
fn a_pin_that_is_drawn_is_given_once_or_printed() {
    let app = TestApp::start();
    let body = json!({"payload": [42], "pin_auto": true, "expires_in": 3600, "codec": "raw"});
    let answer = issue(&app, &body);
    let token = opened(&app, &answer);
    let pin = answer.json()["pin"].as_str().unwrap().to_owned();
    assert!(pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(unlocked(&token, &pin).unwrap(), b"[42]");
    let other = issue(&app, &body);
    assert_ne!(other.json()["pin"], pin.as_str());
    assert!(!app.log().contains(&pin));

    let print = |print: bool, format: &str| {
        let mut body = body.clone();
        body["print_pin"] = json!(print);
        body["format"] = json!(format);
        issue(&app, &body)
    };
    for format in ["png", "svg", "txt"] {
        let problem = print(false, format).problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], "/pin_auto", "{format}");
    }
    print(true, "txt").problem(422, "validation");
    assert_eq!(print(true, "json").json()["pin"].as_str().unwrap().len(), 6);
    let picture = print(true, "png");
    assert_eq!(picture.status, 201, "{}", picture.text());
    let height = |png: &[u8]| u32::from_be_bytes(png[20..24].try_into().unwrap());
    let width = |png: &[u8]| u32::from_be_bytes(png[16..20].try_into().unwrap());
    let png = &picture.body;
    assert!(height(png) > width(png), "there is a line below the symbol");
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let app = TestApp::start();
    for (body, pointer) in [
        (json!({"max_opens": 1}), "/expires_in"),
        (json!({"pin": "493817"}), "/expires_in"),
        (json!({"pin_auto": true}), "/expires_in"),
        (json!({"max_opens": 0, "expires_in": 60}), "/max_opens"),
        (
            json!({"max_opens": 1_000_001, "expires_in": 60}),
            "/max_opens",
        ),
        (json!({"max_opens": 1.5, "expires_in": 60}), "/max_opens"),
        (json!({"max_opens": "1", "expires_in": 60}), "/max_opens"),
        (json!({"max_opens": true, "expires_in": 60}), "/max_opens"),
        (json!({"pin": 493_817, "expires_in": 60}), "/pin"),
        (json!({"pin": "493", "expires_in": 60}), "/pin"),
        (json!({"pin": "1234", "expires_in": 60}), "/pin"),
        (json!({"pin": "e".repeat(65), "expires_in": 60}), "/pin"),
        (json!({"pin_auto": "yes", "expires_in": 60}), "/pin_auto"),
        (
            json!({"pin": "493817", "pin_auto": true, "expires_in": 60}),
            "/pin_auto",
        ),
        (
            json!({"pin": "493817", "print_pin": true, "expires_in": 60}),
            "/print_pin",
        ),
        (
            json!({"pin_auto": true, "print_pin": true, "expires_in": 60, "style": {"caption": "x"}}),
            "/style/caption",
        ),
        (json!({"profile": 1}), "/profile"),
    ] {
        let mut body = body;
        body["payload"] = json!([1]);
        let problem = issue(&app, &body).problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
        assert!(!problem.to_string().contains("493817"));
    }
    let none =
        json!({"payload": 1, "max_opens": null, "pin": null, "pin_auto": false, "print_pin": null});
    assert_eq!(issue(&app, &none).status, 201);
    for query in ["pin=493817", "pin_auto=true", "print_pin=true"] {
        let answer = app.post_json(&format!("{PAYLOAD}?expires_in=60&{query}"), "[1]");
        let problem = answer.problem(422, "validation");
        assert!(problem["detail"].as_str().unwrap().contains("/api/tokens"));
    }
}

#[test]
fn where_anybody_may_issue_strangers_never_get_each_others_tokens_by_the_same_key() {
    let app = TestApp::with(&[
        ("AUTH__ISSUING", "open"),
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
    ]);
    let body = r#"{"payload": [1], "expires_in": 3600, "max_opens": 1}"#;
    let issue = |client: &str, body: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "order-1"),
            ("x-forwarded-for", client),
        ];
        app.send("POST", ENVELOPE, &headers, body.as_bytes())
    };
    let first = issue("192.0.2.1", body);
    let other = issue("198.51.100.1", body);
    assert_eq!(other.status, 201);
    assert_eq!(other.header("idempotent-replayed"), None);
    assert_ne!(other.json()["id"], first.json()["id"]);
    // Nor do they take a key from each other.
    assert_eq!(issue("203.0.113.1", r#"{"payload": [2]}"#).status, 201);
    let again = issue("192.0.2.1", body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.json()["id"], first.json()["id"]);
}

#[test]
fn the_same_request_with_the_same_key_gets_the_same_token() {
    let app = TestApp::start();
    let body = r#"{"payload": [1], "expires_in": 3600, "max_opens": 2, "style": {"ecl": "Q"}}"#;
    let first = issue_once(&app, ENVELOPE, "order-1", body);
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = issue_once(&app, ENVELOPE, "order-1", body);
    assert_eq!(again.status, 201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.json(), first.json());
    assert_eq!(again.header("location"), first.header("location"));

    let picture = issue_once(&app, PAYLOAD, "order-2", "[1]");
    assert_eq!(picture.header("content-type"), Some("image/png"));
    let again = issue_once(&app, PAYLOAD, "order-2", "[1]");
    assert_eq!(again.body, picture.body);

    let pin = r#"{"payload": [1], "expires_in": 3600, "pin": "493817"}"#;
    let first = issue_once(&app, ENVELOPE, "order-3", pin);
    let again = issue_once(&app, ENVELOPE, "order-3", pin);
    assert_eq!(again.json(), first.json());
    let other = issue_once(&app, ENVELOPE, "order-4", body);
    assert_ne!(other.json()["id"], again.json()["id"]);
}

#[test]
fn another_request_with_the_same_key_is_a_conflict() {
    let app = TestApp::start();
    let body = r#"{"payload": [1]}"#;
    assert_eq!(issue_once(&app, ENVELOPE, "key", body).status, 201);
    for (path, body) in [
        (ENVELOPE, r#"{"payload": [2]}"#),
        (ENVELOPE, r#"{"payload": [1], "expires_in": 60}"#),
        ("/api/tokens?x=1", body),
        (PAYLOAD, body),
    ] {
        issue_once(&app, path, "key", body).problem(409, "idempotency_conflict");
    }
    let answer = issue_once(&app, PAYLOAD, "key", "{");
    answer.problem(400, "invalid_json");
}

#[test]
fn keys_of_different_callers_never_meet_and_wrong_ones_are_refused() {
    let app = TestApp::start();
    let (one, other) = (app.api_key("issue"), app.api_key("issue"));
    let body = br#"{"payload": [1]}"#;
    let issue = |key: &str, idempotency_key: &str| {
        let authorization = format!("Bearer {key}");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", authorization.as_str()),
            ("idempotency-key", idempotency_key),
        ];
        app.send("POST", ENVELOPE, &headers, body)
    };
    let first = issue(&one, "a");
    assert_eq!(issue(&one, "a").json(), first.json());
    assert_ne!(issue(&other, "a").json()["id"], first.json()["id"]);
    for wrong in ["", "a b", "é", &"a".repeat(256)] {
        issue(&one, wrong).problem(422, "validation");
    }
    assert_eq!(issue(&one, &"a".repeat(255)).status, 201);
}

#[test]
fn what_cannot_be_drawn_is_not_remembered_and_no_document_is_stored() {
    let app = TestApp::start();
    for storage in ["inline", "stored"] {
        let body = json!({
            "payload": [1], "expires_in": 3600, "pin_auto": true, "storage": storage,
            "style": {"module_shape": "dots", "scale": 2},
        });
        let body = body.to_string();
        for _ in 0..2 {
            issue_once(&app, ENVELOPE, storage, &body).problem(422, "style_unscannable");
        }
        // The key is free, since nothing was issued.
        let body = body.replace("\"scale\":2", "\"scale\":8");
        assert_eq!(issue_once(&app, ENVELOPE, storage, &body).status, 201);
    }
}

#[test]
fn a_pin_that_was_drawn_is_not_given_again_and_that_is_said() {
    let app = TestApp::start();
    let body = r#"{"payload": [1], "expires_in": 3600, "pin_auto": true}"#;
    let first = issue_once(&app, ENVELOPE, "key", body).json();
    let again = issue_once(&app, ENVELOPE, "key", body);
    let problem = again.problem(409, "idempotency_conflict");
    assert_eq!(problem["id"], first["id"]);
    assert!(!again.text().contains(first["pin"].as_str().unwrap()));
}

#[test]
fn requests_with_one_key_at_the_same_time_get_one_token() {
    let app = TestApp::with(&[("SERVER__WORKERS", "4")]);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let sending: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| issue_once(&app, PAYLOAD, "key", "[1]")))
            .collect();
        sending
            .into_iter()
            .map(|sent| sent.join().unwrap())
            .collect()
    });
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.header("location"), answers[0].header("location"));
        assert_eq!(answer.body, answers[0].body);
    }
}

#[test]
fn a_token_that_may_not_have_been_remembered_is_withheld() {
    for failure in Failure::ALL {
        // Three calls for the first look; then the two of issuing.
        for nth in [4, 5] {
            let sound = TestApp::start();
            let store = FailingStore::at(sound.app.store.clone(), nth, failure);
            let app = TestApp::with_store(&[], keyring(), store);
            let refused = issue_once(&app, ENVELOPE, "key", r#"{"payload": [1]}"#);
            let problem = refused.problem(503, "temporarily_unavailable");
            assert_eq!(refused.header("retry-after"), Some("5"));
            assert!(refused.header("location").is_none(), "{problem}");
            let first = issue_once(&app, ENVELOPE, "key", r#"{"payload": [1]}"#);
            let again = issue_once(&app, ENVELOPE, "key", r#"{"payload": [1]}"#);
            assert_eq!(again.json(), first.json(), "{failure:?}");
        }
    }
}

#[test]
fn a_key_is_free_again_after_a_day() {
    let app = TestApp::start();
    let body = r#"{"payload": [1]}"#;
    let first = issue_once(&app, ENVELOPE, "key", body).json();
    let purged = app.wait(async |app| app.store.purge(ago(0).plus_secs(86_402)).await);
    assert_eq!(purged.map(|purged| purged.requests), Ok::<_, StoreError>(1));
    let later = issue_once(&app, ENVELOPE, "key", body).json();
    assert_ne!(later["id"], first["id"]);
}
