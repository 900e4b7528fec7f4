//! Stored codes whose document is replaced or deleted, and codes that are found again by their note.

use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::failing_store::Failure;
use crate::store_failures::failing_app;
use crate::stored::{issue, open, path};

fn replace(app: &TestApp, issued: &Value, more: &Value, headers: &[(&str, &str)]) -> Answer {
    let mut body = json!({"token": issued["token"], "payload": {"message": "at ten"}});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let all = [&[("content-type", "application/json")], headers].concat();
    app.send(
        "PUT",
        &payload_path(issued),
        &all,
        body.to_string().as_bytes(),
    )
}

fn payload_path(issued: &Value) -> String {
    format!("/api/tokens/{}/payload", issued["id"].as_str().unwrap())
}

fn bearer(key: &str) -> String {
    format!("Bearer {key}")
}

#[test]
fn whoever_scans_next_sees_the_new_document() {
    let app = TestApp::start();
    let issued = issue(&app, &json!({"expires_in": 3600}));
    let replaced = replace(&app, &issued, &json!({}), &[("if-match", "\"1\"")]);
    assert_eq!(replaced.status, 200, "{}", replaced.text());
    assert_eq!(replaced.header("etag"), Some("\"2\""));
    let answer = replaced.json();
    assert_eq!(answer["revision"], 2);
    assert_eq!(answer["id"], issued["id"]);
    assert_eq!(app.get(&path(&issued)).json(), json!({"message": "at ten"}));
    let receipt = app.get(&format!("/api/tokens/{}", issued["id"].as_str().unwrap()));
    let receipt = receipt.json();
    assert_eq!(receipt["revision"], 2);
    assert_eq!(receipt["stored_bytes"], answer["stored_bytes"]);
    assert_eq!(receipt["expires_at"], issued["expires_at"]);
}

#[test]
fn a_revision_that_somebody_else_replaced_is_not_replaced_again() {
    let app = TestApp::start();
    let issued = issue(&app, &json!({}));
    assert_eq!(
        replace(&app, &issued, &json!({}), &[("if-match", "*")]).status,
        200
    );
    for stale in ["\"1\"", "W/\"2\"", "\"x\"", "2"] {
        let refused = replace(
            &app,
            &issued,
            &json!({"payload": 3}),
            &[("if-match", stale)],
        );
        assert_eq!(refused.problem(412, "revision_conflict")["revision"], 2);
    }
    assert_eq!(app.get(&path(&issued)).json(), json!({"message": "at ten"}));
}

#[test]
fn whoever_has_the_pin_tries_until_there_is_room() {
    let app = TestApp::with(&[("LIMITS__STORED_BYTES", "400")]);
    let options = json!({"expires_in": 3600, "pin": "493817"});
    let issued = issue(&app, &options);
    // Digits that cannot be packed into the room that is left.
    let digits = (0..1_000_u64).map(|number| (number * number * 7_919 % 104_729).to_string());
    let larger = json!({"pin": "493817", "payload": digits.collect::<String>()});
    for _ in 0..12 {
        let full = replace(&app, &issued, &larger, &[]);
        full.problem(503, "temporarily_unavailable");
    }
    let replaced = replace(&app, &issued, &json!({"pin": "493817"}), &[]);
    assert_eq!(replaced.status, 200, "{}", replaced.text());
}

#[test]
fn a_limit_and_a_pin_stay_and_the_pin_is_asked_for() {
    let app = TestApp::start();
    let options = json!({"max_opens": 2, "expires_in": 3600, "pin": "493817"});
    let issued = issue(&app, &options);
    let with = |pin: &str, id: &str| json!({"open_id": id.repeat(16), "pin": pin});
    assert_eq!(open(&app, &issued, &with("493817", "a")).status, 200);
    replace(&app, &issued, &json!({}), &[]).problem(403, "open_required");
    let wrong = replace(&app, &issued, &json!({"pin": "493818"}), &[]);
    assert_eq!(wrong.problem(403, "pin_incorrect")["attempts_left"], 4);
    for _ in 0..6 {
        let replaced = replace(&app, &issued, &json!({"pin": "493817"}), &[]);
        assert_eq!(replaced.status, 200, "{}", replaced.text());
    }
    open(&app, &issued, &with("493818", "b")).problem(403, "pin_incorrect");
    let opened = open(&app, &issued, &with("493817", "b"));
    assert_eq!(opened.json(), json!({"message": "at ten"}));
    assert_eq!(opened.header("qrseal-opens-left"), Some("0"));
    replace(&app, &issued, &json!({"pin": "493817"}), &[]).problem(410, "token_used_up");
}

#[test]
fn what_is_deleted_is_gone_and_cannot_be_changed() {
    let app = TestApp::start();
    let issued = issue(&app, &json!({}));
    let id = format!("/api/tokens/{}", issued["id"].as_str().unwrap());
    for _ in 0..2 {
        let deleted = app.send("DELETE", &id, &[], b"");
        assert_eq!((deleted.status, deleted.body.len()), (204, 0));
    }
    app.get(&path(&issued)).problem(410, "token_revoked");
    replace(&app, &issued, &json!({}), &[]).problem(410, "token_revoked");
    assert_eq!(app.get(&id).json()["stored_bytes"], 0);
}

#[test]
fn a_code_is_changed_with_its_own_token_only() {
    let app = TestApp::start();
    let (one, other) = (issue(&app, &json!({})), issue(&app, &json!({})));
    let inline = issue(&app, &json!({"storage": "inline"}));
    let pointer =
        |answer: Answer| answer.problem(422, "validation")["errors"][0]["pointer"].clone();
    for token in [&other["token"], &inline["token"], &json!("123")] {
        let refused = replace(&app, &one, &json!({"token": token}), &[]);
        assert_eq!(pointer(refused), "/token");
    }
    let refused = replace(&app, &inline, &json!({}), &[]);
    let detail = refused.json()["detail"].clone();
    assert!(
        detail.as_str().unwrap().contains("in the code itself"),
        "{detail}"
    );
    assert_eq!(
        pointer(replace(&app, &one, &json!({"more": 1}), &[])),
        "/more"
    );
    let headers = [("content-type", "application/json")];
    let put = |body: &str| app.send("PUT", &payload_path(&one), &headers, body.as_bytes());
    assert_eq!(pointer(put("{}")), "/token");
    put("{").problem(400, "invalid_json");
    put(r#"{"token": "1", "payload": {"a":1,"a":2}}"#).problem(400, "invalid_json");
    assert_eq!(
        app.get(&path(&one)).json(),
        json!({"message": "see you at nine"})
    );
}

#[test]
fn a_code_is_changed_by_the_key_that_made_it_or_by_one_that_may_revoke_all() {
    let app = TestApp::with(&[("AUTH__ISSUING", "open")]);
    let issuing = |key: &str| {
        let by = bearer(key);
        let headers = [
            ("content-type", "application/json"),
            ("authorization", by.as_str()),
        ];
        let body = json!({"payload": 1, "storage": "stored", "note": "menu"}).to_string();
        app.send("POST", "/api/tokens", &headers, body.as_bytes())
            .json()
    };
    let (mine, other) = (app.api_key("issue"), app.api_key("issue"));
    let admin = app.api_key("issue,revoke:all");
    let issued = issuing(&mine);
    replace(&app, &issued, &json!({}), &[]).problem(401, "unauthorized");
    let by = |key: &str| {
        let by = bearer(key);
        replace(&app, &issued, &json!({}), &[("authorization", &by)])
    };
    by(&other).problem(403, "forbidden");
    assert_eq!(by(&mine).json()["revision"], 2);
    assert_eq!(by(&admin).json()["revision"], 3);
    let deleting = app.send(
        "DELETE",
        &format!("/api/tokens/{}", issued["id"].as_str().unwrap()),
        &[],
        b"",
    );
    deleting.problem(401, "unauthorized");
}

#[test]
fn with_the_store_away_nothing_is_half_changed() {
    let (app, failing, _folder) = failing_app();
    let issued = issue(&app, &json!({}));
    for (call, failure) in [
        (1, Failure::Unavailable),
        (2, Failure::Unavailable),
        (2, Failure::UnknownNotApplied),
    ] {
        failing.fail(call, failure);
        replace(&app, &issued, &json!({}), &[]).problem(503, "temporarily_unavailable");
        failing.fail(99, failure);
        assert_eq!(
            app.get(&path(&issued)).json(),
            json!({"message": "see you at nine"})
        );
    }
    failing.fail(2, Failure::UnknownApplied);
    replace(&app, &issued, &json!({}), &[]).problem(503, "temporarily_unavailable");
    failing.fail(99, Failure::Unavailable);
    assert_eq!(app.get(&path(&issued)).json(), json!({"message": "at ten"}));
}

#[test]
fn a_code_is_found_again_by_its_note_before_it_was_ever_opened() {
    let app = TestApp::start();
    let stored = issue(&app, &json!({"note": " menu, table 7 "}));
    let sealed = issue(
        &app,
        &json!({"storage": "inline", "note": "ticket 9", "expires_in": 3600, "max_opens": 3}),
    );
    let remembered = issue(&app, &json!({"storage": "inline", "remember": true}));
    let unknown = issue(&app, &json!({"storage": "inline"}));
    let list = |query: &str| app.get(&format!("/api/tokens?{query}")).json()["receipts"].clone();
    let found = list("note=table+7");
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["id"], stored["id"]);
    assert_eq!(found[0]["note"], "menu, table 7");
    assert_eq!(found[0]["storage"], "stored");
    let found = list("note=ticket");
    assert_eq!(found[0]["id"], sealed["id"]);
    assert_eq!(found[0]["storage"], "inline");
    assert_eq!(found[0]["opens_left"], 3);
    assert_eq!(found[0]["made_by"], "local");
    let all = list("made_by=local");
    let ids: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert!(ids.contains(&&remembered["id"]) && !ids.contains(&&unknown["id"]));
    for query in ["note=", "made_by=me", "note=a&note=b"] {
        app.get(&format!("/api/tokens?{query}"))
            .problem(422, "validation");
    }
}

#[test]
fn a_note_is_one_line_of_80_characters_and_a_stranger_keeps_none_for_nothing() {
    let app = TestApp::with(&[("AUTH__ISSUING", "open")]);
    let seal = |options: &Value| {
        let mut body = json!({"payload": 1});
        for (name, value) in options.as_object().unwrap() {
            body[name] = value.clone();
        }
        app.post_json("/api/tokens", body.to_string())
    };
    for note in ["", " ", "a\nb", &"x".repeat(81)] {
        let refused = seal(&json!({"note": note})).problem(422, "validation");
        assert_eq!(refused["errors"][0]["pointer"], "/note");
    }
    for options in [json!({"note": "menu"}), json!({"remember": true})] {
        let refused = seal(&options).problem(422, "validation");
        assert_eq!(refused["errors"][0]["pointer"], "/remember");
    }
    let stored = seal(&json!({"note": "menu", "storage": "stored", "expires_in": 600}));
    assert_eq!(stored.status, 201, "{}", stored.text());
}

#[test]
fn a_long_document_has_a_small_code_is_changed_found_by_its_note_and_deleted() {
    let app = TestApp::start();
    let rows: Vec<Value> = (0..5_000)
        .map(|row| json!({"row": row, "text": "thirty characters of a document"}))
        .collect();
    let body = json!({
        "payload": {"rows": rows}, "storage": "auto", "expires_in": "30d", "note": "list of March"
    })
    .to_string();
    assert!(body.len() > 250_000);
    let issued = app.post_json("/api/tokens", body);
    assert_eq!(issued.status, 201, "{}", issued.text());
    let issued = issued.json();
    assert_eq!(issued["storage"], "stored");
    assert!(issued["qr"]["version"].as_u64().unwrap() <= 4, "{issued}");
    let shown = app.get(&path(&issued)).json();
    assert_eq!(shown["rows"].as_array().unwrap().len(), 5_000);

    assert_eq!(replace(&app, &issued, &json!({}), &[]).status, 200);
    let page = app.get_as(&path(&issued), "text/html");
    assert!(page.text().contains("at ten"));

    let found = app.get("/api/tokens?note=March").json();
    assert_eq!(found["receipts"][0]["id"], issued["id"]);
    let id = issued["id"].as_str().unwrap();
    let deleted = app.send("DELETE", &format!("/api/tokens/{id}"), &[], b"");
    assert_eq!(deleted.status, 204, "{}", deleted.text());
    app.get(&path(&issued)).problem(410, "token_revoked");
}
