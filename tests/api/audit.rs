//! Who did what: the audit log and the lines of the server's log.

use qrseal::audit::{self, Entry, ListAudit};
use serde_json::{Value, json};

use crate::app::{TestApp, now};
use crate::held::{id_of, limited};
use crate::stored;

/// All rows, the oldest first.
fn rows(app: &TestApp) -> Vec<Entry> {
    app.wait(async |app| {
        let request = ListAudit {
            oldest_first: true,
            ..ListAudit::default()
        };
        let listed = audit::list(&*app.store, &app.keyring.load(), request).await;
        listed.unwrap().rows
    })
}

fn with_key(app: &TestApp, key: &str, method: &str, path: &str, body: &Value) -> Value {
    let bearer = format!("Bearer {key}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let answer = app.send(method, path, &headers, body.to_string().as_bytes());
    assert!((200..300).contains(&answer.status), "{}", answer.text());
    match answer.status {
        204 => Value::Null,
        _ => answer.json(),
    }
}

#[test]
fn every_change_over_http_is_in_the_log_with_who_did_it() {
    let app = TestApp::start();
    let key = app.api_key("issue,read:all,revoke:all");
    let post = |path: &str, body: &Value| with_key(&app, &key, "POST", path, body);
    let stored = post(
        "/api/tokens",
        &json!({"payload": {"seat": "12C"}, "storage": "stored", "max_opens": 2, "expires_in": 3600}),
    );
    let id = stored["id"].as_str().unwrap();
    post(&format!("/api/tokens/{id}/pin-reset"), &json!({}));
    with_key(
        &app,
        &key,
        "DELETE",
        &format!("/api/tokens/{id}/opens"),
        &json!({}),
    );
    let revoke = format!("/api/tokens/{id}/revoke");
    post(&revoke, &json!({"reason": "wrong seat"}));
    post(&revoke, &json!({"reason": "again, which changes nothing"}));
    // What is only sealed is stored nowhere, and nothing tells of it.
    post("/api/tokens", &json!({"payload": [1]}));

    let mut told: Vec<_> = rows(&app)
        .into_iter()
        .map(|row| {
            assert_eq!(row.authentic, Some(true));
            (row.principal, row.verb, row.what, row.what_id, row.details)
        })
        .collect();
    told.sort_by(|one, other| one.1.cmp(&other.1));
    let of = |principal: &str, verb: &str, what: &str, which: &str, details: Value| {
        let details = details.as_object().cloned();
        let [principal, verb, what, which] = [principal, verb, what, which].map(str::to_owned);
        (principal, verb, what, which, details)
    };
    let name = told[0].4.as_ref().unwrap()["name"].clone();
    let created = json!({"name": name, "scopes": "issue,read:all,revoke:all", "expires_at": null});
    let issued = json!({"expires_at": stored["expires_at"], "max_opens": 2});
    let revoked = json!({"reason": "wrong seat", "by_holder": false, "expires_at": null});
    assert_eq!(
        told,
        [
            of("cli", "create", "api_key", "1", created),
            of("key:1", "erase_opens", "token", id, json!({})),
            of("key:1", "issue", "token", id, issued),
            of("key:1", "reset_pin", "token", id, json!({})),
            of("key:1", "revoke", "token", id, revoked),
        ]
    );
}

#[test]
fn a_document_that_is_replaced_or_deleted_is_in_the_log_once() {
    let app = TestApp::start();
    let stored = stored::issue(&app, &json!({"expires_in": 3600}));
    let path = format!("/api/tokens/{}", stored["id"].as_str().unwrap());
    let body = json!({"token": stored["token"], "payload": 2}).to_string();
    let headers = [("content-type", "application/json")];
    for if_match in ["\"1\"", "\"1\"", "\"2\""] {
        let headers = [headers[0], ("if-match", if_match)];
        let to = format!("{path}/payload");
        app.send("PUT", &to, &headers, body.as_bytes());
    }
    for _ in 0..2 {
        assert_eq!(app.send("DELETE", &path, &[], b"").status, 204);
    }
    let told: Vec<_> = rows(&app)
        .into_iter()
        .filter(|row| row.verb != "issue")
        .map(|row| (row.verb, Value::from(row.details.unwrap())))
        .collect();
    let of = |verb: &'static str| told.iter().filter(move |told| told.0 == verb);
    let mut revisions: Vec<_> = of("change").map(|told| &told.1["revision"]).collect();
    revisions.sort_by_key(|revision| revision.as_u64());
    assert_eq!(revisions, [2, 3]);
    let ended: Vec<_> = of("delete").map(|told| told.1.clone()).collect();
    assert_eq!(ended, [json!({"expires_at": null})]);
    assert_eq!(told.len(), 3);
}

#[test]
fn a_holder_who_destroys_a_code_is_in_the_log_as_nobody_in_particular() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &limited(1), crate::app::now());
    let fields = [("open_id", "open-0123456789abcdef"), ("destroy", "yes")];
    assert_eq!(app.submit(&format!("/{digits}"), &fields).status, 200);
    let rows = rows(&app);
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (row.principal.as_str(), row.verb.as_str()),
        ("anonymous", "revoke")
    );
    assert_eq!(row.what_id, id_of(&digits).to_string());
    assert_eq!(row.details.as_ref().unwrap()["by_holder"], true);
}

#[test]
fn a_line_of_the_servers_log_says_who_issued_and_revoked() {
    let app = TestApp::start();
    let issued = app.post_json("/api/tokens", json!({"payload": [1]}).to_string());
    assert_eq!(issued.status, 201);
    let key = app.api_key("issue,revoke:all");
    let issued = with_key(&app, &key, "POST", "/api/tokens", &json!({"payload": [1]}));
    let revoke = format!("/api/tokens/{}/revoke", issued["id"].as_str().unwrap());
    with_key(&app, &key, "POST", &revoke, &json!({}));
    app.get("/healthz");
    let log = app.log();
    let by: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["by"].clone())
        .collect();
    assert_eq!(
        by,
        [json!("local"), json!("key:1"), json!("key:1"), Value::Null]
    );
}

#[test]
fn a_key_with_the_scope_audit_reads_the_log_page_by_page_and_nothing_else() {
    let app = TestApp::start();
    assert_eq!(
        app.get("/api/audit").json(),
        json!({"rows": [], "next_cursor": null})
    );
    let [auditor, shop] = ["audit", "issue,read:all,revoke:all"].map(|scopes| app.api_key(scopes));
    let get = |key: &str, path: &str| {
        let bearer = format!("Bearer {key}");
        app.send("GET", path, &[("authorization", bearer.as_str())], b"")
    };
    for number in 0..5 {
        let revoke = format!("/api/tokens/{number:024x}/revoke");
        with_key(&app, &shop, "POST", &revoke, &json!({"reason": "lost"}));
    }
    get(&shop, "/api/audit").problem(403, "forbidden");
    app.get("/api/audit").problem(401, "unauthorized");
    get(&auditor, "/api/tokens").problem(403, "forbidden");
    get(&auditor, "/api/audit?verb=steal").problem(422, "validation");

    let mut path = "/api/audit?principal=key:2&limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = get(&auditor, &path).json();
        for row in page["rows"].as_array().unwrap() {
            assert_eq!(
                (&row["verb"], &row["details"]["reason"]),
                (&json!("revoke"), &json!("lost"))
            );
            assert_eq!(
                (&row["number"], &row["authentic"]),
                (&Value::Null, &json!(true))
            );
            seen.push(row["what_id"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(next) => path = format!("/api/audit?principal=key:2&limit=2&cursor={next}"),
            None => break,
        }
    }
    seen.sort();
    let revoked: Vec<_> = (0..5).map(|number| format!("{number:024x}")).collect();
    assert_eq!(seen, revoked);
    let one = format!("/api/audit?what=token&what_id={}", revoked[3]);
    assert_eq!(
        get(&auditor, &one).json()["rows"].as_array().unwrap().len(),
        1
    );

    // What is linked has its number, and nothing in the database tells the reason.
    app.wait(async |app| {
        let linked = audit::link(&*app.store, &app.keyring.load(), [1; 12], now()).await;
        assert_eq!(linked.unwrap().rows, 7);
    });
    let rows = get(&auditor, "/api/audit").json();
    assert!(
        rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["number"].is_u64())
    );
}
