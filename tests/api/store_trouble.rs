//! A store in trouble: plain codes go on opening, and ask nothing of it.

use std::sync::Arc;

use qrseal::token::Claims;
use tempfile::TempDir;

use crate::app::{TestApp, keyring, new_store, now};
use crate::failing_store::{FailingStore, Failure};
use crate::held::limited;

const DOCUMENT: &str = r#"["canary"]"#;
const PIN: &str = "493817";

#[test]
fn with_the_store_gone_plain_codes_open_and_the_others_say_later() {
    let folder = TempDir::new().unwrap();
    let store = FailingStore::before(new_store(&folder));
    let app = TestApp::with_store(&[], keyring(), Arc::clone(&store) as _);
    let plain = app.sealed(DOCUMENT, &Claims::default(), now());
    let once = app.sealed(DOCUMENT, &limited(1), now());
    let pin = app.sealed_with_pin(DOCUMENT, &limited(1), PIN, now());
    for _ in 0..3 {
        store.fail(1, Failure::Unavailable);
        assert_eq!(app.get(&format!("/{plain}")).text(), DOCUMENT);
        assert_eq!(app.open(&plain, None).text(), DOCUMENT);
        assert_eq!(store.calls(), 0, "a plain code asks no store");
        for (digits, pin) in [(&once, None), (&pin, Some(PIN))] {
            let gone = || store.fail(1, Failure::Unavailable);
            gone();
            let looked = app.get(&format!("/{digits}"));
            gone();
            for answer in [looked, app.open(digits, pin)] {
                answer.problem(503, "temporarily_unavailable");
                assert_eq!(answer.header("retry-after"), Some("5"));
                assert!(!answer.text().contains("canary"));
            }
        }
    }
    let log = app.log();
    assert!(log.contains("a test took it away") || log.contains("temporarily_unavailable"));
    assert!(!log.contains("canary"));
}

#[test]
fn before_the_revocations_were_read_no_code_opens() {
    let app = TestApp::not_ready();
    let plain = app.sealed(DOCUMENT, &Claims::default(), now());
    let once = app.sealed(DOCUMENT, &limited(1), now());
    for digits in [&plain, &once] {
        for answer in [app.get(&format!("/{digits}")), app.open(digits, None)] {
            answer.problem(503, "temporarily_unavailable");
            assert!(!answer.text().contains("canary"));
        }
    }
    app.get("/0123456789").problem(404, "token_not_recognised");
    app.refresh();
    assert_eq!(app.get(&format!("/{plain}")).text(), DOCUMENT);
    assert_eq!(app.open(&once, None).text(), DOCUMENT);
}
