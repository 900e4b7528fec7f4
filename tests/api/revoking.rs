//! Revoking, receipts, and what else an issuer does to tokens that are out.

use std::sync::Arc;

use qrseal::store::{LedgerToken, NetworkTag, OpenAttempt, OpenIdHash, PinTry};
use qrseal::token::{TokenId, UnixTime};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, ago, keyring, now};

const UNKNOWN: &str = "404142434445464748494a4b";

fn issued(app: &TestApp, body: &Value) -> Value {
    let answer = app.post_json("/api/tokens", body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn revoke(app: &TestApp, id: &str, body: &Value) -> Answer {
    app.post_json(&format!("/api/tokens/{id}/revoke"), body.to_string())
}

fn receipt(app: &TestApp, id: &str) -> Value {
    let answer = app.get(&format!("/api/tokens/{id}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Opens a limited token that the ledger is told about, as the server would count it.
fn count(app: &TestApp, id: TokenId, number: u8, suspected_bot: bool) {
    app.wait(async |app| {
        let attempt = OpenAttempt {
            token: LedgerToken {
                id,
                issued_at: ago(600),
                expires_at: UnixTime::from_secs(now().as_secs() / 60 * 60 + 3_600),
                max_opens: Some(3),
            },
            open_id: OpenIdHash([number; 16]),
            pin_from: None,
            suspected_bot,
            now: now(),
        };
        app.store.count_open(attempt).await.unwrap();
    });
}

#[test]
fn a_plain_token_is_revoked_at_once_and_its_receipt_says_why() {
    let app = TestApp::start();
    let token = issued(&app, &json!({"payload": [1]}));
    let id = token["id"].as_str().unwrap();
    let path = format!(
        "/api/decrypt/qrcode-details?ctext={}",
        token["token"].as_str().unwrap()
    );
    assert_eq!(app.get(&path).status, 200);
    app.get(&format!("/api/tokens/{id}"))
        .problem(404, "token_not_recognised");

    let revoked = revoke(&app, id, &json!({"reason": "wrong amount"}));
    assert_eq!(revoked.status, 200, "{}", revoked.text());
    assert_eq!(revoked.json()["reason"], "wrong amount");
    assert_eq!(revoked.json()["by_holder"], false);
    app.get(&path).problem(410, "token_revoked");
    let receipt = receipt(&app, id);
    assert_eq!(receipt["state"], "revoked");
    assert_eq!(receipt["revocation"], revoked.json());
    assert_eq!(receipt["opens"], 0);

    let again = revoke(&app, id, &json!({"reason": "another"}));
    assert_eq!(again.json(), revoked.json(), "the first one stays");
}

#[test]
fn a_revocation_reaches_other_nodes_with_their_next_look() {
    let here = TestApp::start();
    let there = TestApp::with_store(&[], keyring(), Arc::clone(&here.app.store));
    let token = issued(&here, &json!({"payload": [1]}));
    let path = format!(
        "/api/decrypt/qrcode-details?ctext={}",
        token["token"].as_str().unwrap()
    );
    assert_eq!(there.get(&path).status, 200);
    revoke(&here, token["id"].as_str().unwrap(), &json!({}));
    there.refresh();
    there.get(&path).problem(410, "token_revoked");
}

#[test]
fn a_body_is_not_needed_and_a_wrong_one_changes_nothing() {
    let app = TestApp::start();
    let token = issued(&app, &json!({"payload": [1], "expires_in": 3600}));
    let other = issued(&app, &json!({"payload": [2]}));
    let id = token["id"].as_str().unwrap();
    for (body, pointer) in [
        (json!({"token": other["token"]}), "/token"),
        (json!({"token": "0123"}), "/token"),
        (json!({"token": 5}), "/token"),
        (json!({"reason": ""}), "/reason"),
        (json!({"reason": "e".repeat(201)}), "/reason"),
        (json!({"reason": "two\nlines"}), "/reason"),
        (json!({"reson": "x"}), "/reson"),
        (json!([]), ""),
    ] {
        let problem = revoke(&app, id, &body).problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    revoke(&app, "404142", &json!({})).problem(404, "token_not_recognised");
    app.get(&format!("/api/tokens/{id}"))
        .problem(404, "token_not_recognised");
    let plain = app.send("POST", &format!("/api/tokens/{id}/revoke"), &[], b"");
    assert_eq!(plain.status, 200, "{}", plain.text());
    app.send("POST", &format!("/api/tokens/{id}/revoke"), &[], b"{}")
        .problem(415, "unsupported_media_type");
}

#[test]
fn a_revocation_with_the_token_is_kept_until_its_expiry_and_without_it_for_ever() {
    let app = TestApp::start();
    for (with_token, kept_after_it) in [(true, false), (false, true)] {
        let token = issued(&app, &json!({"payload": [1], "expires_in": 3600}));
        let id = token["id"].as_str().unwrap();
        let body = match with_token {
            true => json!({"token": token["token"]}),
            false => json!({}),
        };
        assert_eq!(revoke(&app, id, &body).status, 200);
        let known = receipt(&app, id);
        assert_eq!(known["expires_at"].is_string(), with_token, "{known}");
        let later = UnixTime::from_secs(now().as_secs() + 3 * 3_600);
        app.wait(async |app| app.store.purge(later).await.unwrap());
        let status = app.get(&format!("/api/tokens/{id}")).status;
        assert_eq!(status == 200, kept_after_it);
    }
}

#[test]
fn a_receipt_tells_people_from_suspected_bots_and_can_be_made_to_forget_both() {
    let app = TestApp::start();
    let id: TokenId = UNKNOWN.parse().unwrap();
    count(&app, id, 1, true);
    count(&app, id, 2, false);
    let before = receipt(&app, UNKNOWN);
    assert_eq!(before["state"], "active");
    assert_eq!(before["opens"], 2);
    assert_eq!(before["opens_left"], 1);
    assert_eq!(before["max_opens"], 3);
    assert_eq!(before["opened_at"].as_array().unwrap().len(), 1);
    let bots = before["suspected_bots_opened_at"].as_array().unwrap();
    assert_eq!(bots.len(), 1);

    let path = format!("/api/tokens/{UNKNOWN}/opens");
    assert_eq!(app.send("DELETE", &path, &[], b"").status, 204);
    let after = receipt(&app, UNKNOWN);
    assert_eq!(after["opens"], 2);
    for gone in ["opened_at", "suspected_bots_opened_at"] {
        assert_eq!(after[gone], json!([]));
    }
    assert_eq!(after["first_opened_at"], Value::Null);
    assert_eq!(after["last_opened_at"], Value::Null);
    app.send(
        "DELETE",
        "/api/tokens/504142434445464748494a4b/opens",
        &[],
        b"",
    )
    .problem(404, "token_not_recognised");
    app.get(&path).problem(405, "method_not_allowed");
}

#[test]
fn a_pin_that_was_locked_can_be_tried_again() {
    let app = TestApp::start();
    let path = format!("/api/tokens/{UNKNOWN}/pin-reset");
    app.send("POST", &path, &[], b"")
        .problem(404, "token_not_recognised");
    app.wait(async |app| {
        for network in 0..20 {
            let attempt = PinTry {
                token: LedgerToken {
                    id: UNKNOWN.parse().unwrap(),
                    issued_at: ago(600),
                    expires_at: UnixTime::from_secs(now().as_secs() + 3_600),
                    max_opens: None,
                },
                network: NetworkTag([network; 16]),
                now: now(),
            };
            app.store.spend_pin_try(attempt).await.unwrap();
        }
    });
    let locked = receipt(&app, UNKNOWN);
    assert_eq!(locked["state"], "pin_locked");
    assert_eq!(locked["pin_tries"], 20);
    assert_eq!(app.send("POST", &path, &[], b"").status, 204);
    assert_eq!(receipt(&app, UNKNOWN)["state"], "active");
}

#[test]
fn receipts_are_listed_by_time_and_state_page_by_page() {
    let app = TestApp::start();
    let mut ids = Vec::new();
    for number in 1..=5 {
        let id = TokenId::from([number; 12]);
        count(&app, id, number, false);
        ids.push(id.to_string());
    }
    revoke(&app, &ids[4], &json!({}));
    let mut listed = Vec::new();
    let mut path = "/api/tokens?limit=2".to_owned();
    for page in 1..=3 {
        let answer = app.get(&path).json();
        for receipt in answer["receipts"].as_array().unwrap() {
            assert!(receipt.get("opened_at").is_none());
            listed.push(receipt["id"].as_str().unwrap().to_owned());
        }
        let next = answer["next_cursor"].as_str();
        assert_eq!(next.is_some(), page < 3);
        path = format!("/api/tokens?limit=2&cursor={}", next.unwrap_or_default());
    }
    listed.sort();
    assert_eq!(listed, ids);
    let revoked = app.get("/api/tokens?state=revoked").json();
    assert_eq!(revoked["receipts"][0]["id"], ids[4].as_str());
    assert_eq!(revoked["receipts"].as_array().unwrap().len(), 1);
    let later = "/api/tokens?since=2056-01-01T00:00:00Z";
    assert_eq!(app.get(later).json()["receipts"], json!([]));
    for query in ["state=dead", "limit=0", "cursor=x", "since=now", "page=1"] {
        let problem = app.get(&format!("/api/tokens?{query}"));
        problem.problem(422, "validation");
    }
}

#[test]
fn until_the_revocations_were_read_once_nothing_opens_and_the_server_is_not_ready() {
    let app = TestApp::not_ready();
    let digits = app.sealed("[1]", &qrseal::token::Claims::default(), now());
    app.get(&format!("/{digits}"))
        .problem(503, "temporarily_unavailable");
    app.get("/readyz").problem(503, "temporarily_unavailable");
    app.post_json("/api/tokens", r#"{"payload": 1}"#)
        .problem(503, "temporarily_unavailable");
    assert_eq!(app.get("/healthz").status, 200);
    app.refresh();
    assert_eq!(app.get(&format!("/{digits}")).status, 200);
    assert_eq!(app.get("/readyz").status, 200);
}
