//! Records that were changed, moved or put back: the store's fault, never the code's.

use qrseal::audit::{self, By, Verb, What};
use qrseal::principal::Principal;
use qrseal::store::NextRecord;
use serde_json::{Value, json};

use crate::app::{TestApp, now};
use crate::stored::{issue, open, path, record};

/// Puts bytes where the record of a code is, as the next revision, as who can write to the database could.
fn put(app: &TestApp, issued: &Value, bytes: Vec<u8>) {
    let id = issued["id"].as_str().unwrap();
    let row = record(app, id);
    let replaced = app.wait(async |app| {
        let keyring = app.keyring.load();
        let by = By::fresh(Principal::Cli, &keyring).unwrap();
        let next = NextRecord {
            id: row.id,
            replaces: row.head.revision,
            record: bytes,
            pin_from: None,
            audit: audit::record(by, Verb::Change, What::Token(row.id), &json!({}), now()),
            now: now(),
        };
        app.store.replace_record(next).await.unwrap()
    });
    assert!(replaced);
}

#[test]
fn a_record_that_does_not_open_is_unavailable_in_the_log_and_counts_nothing() {
    let app = TestApp::start();
    let options = json!({"max_opens": 1, "expires_in": 3600, "pin": "493817"});
    let (plain, held) = (issue(&app, &json!({})), issue(&app, &options));
    let other = issue(&app, &json!({}));
    let bytes = |issued: &Value| {
        let row = record(&app, issued["id"].as_str().unwrap());
        row.record.unwrap()
    };
    let others = bytes(&other);
    for issued in [&plain, &held] {
        let own = bytes(issued);
        let flipped = |at: usize| {
            let mut record = own.clone();
            record[at] ^= 1;
            record
        };
        for (what, wrong) in [
            ("a tag", flipped(own.len() - 1)),
            ("a nonce", flipped(0)),
            ("a text", flipped(14)),
            ("cut", own[..own.len() - 1].to_vec()),
            ("nothing", Vec::new()),
            ("another code's", others.clone()),
            ("of another revision", own.clone()),
        ] {
            put(&app, issued, wrong);
            let id = issued["id"].as_str().unwrap();
            let opened = match issued == &plain {
                true => app.get(&path(issued)),
                false => {
                    let body = json!({"open_id": "sixteen-letters-", "pin": "493817"});
                    open(&app, issued, &body)
                }
            };
            assert!(opened.header("retry-after").is_some(), "{what}");
            opened.problem(503, "temporarily_unavailable");
            let body = json!({"token": issued["token"], "payload": 2, "pin": "493817"});
            let headers = [("content-type", "application/json")];
            let path = format!("/api/tokens/{id}/payload");
            let replacing = app.send("PUT", &path, &headers, body.to_string().as_bytes());
            replacing.problem(503, "temporarily_unavailable");
            let log = app.log();
            let line = log.lines().rev().find(|line| line.contains(id)).unwrap();
            assert!(line.contains("ERROR"), "{line}");
            let receipt = app.get(&format!("/api/tokens/{id}")).json();
            assert_eq!(
                (&receipt["opens"], &receipt["pin_tries"]),
                (&json!(0), &json!(0))
            );
        }
    }
    assert_eq!(app.get(&path(&other)).status, 200);
}
