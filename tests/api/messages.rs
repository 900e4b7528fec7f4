//! Messages, the links that manage them, and pictures that end.

use qrseal::messages;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

fn write(app: &TestApp, body: &Value) -> Value {
    let answer = app.post_json("/api/messages", body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// The path of an address in an answer.
fn path(told: &Value, name: &str) -> String {
    let url = url::Url::parse(told[name].as_str().unwrap()).unwrap();
    url.path().to_owned()
}

/// The same path with another last character but one: at least one bit is another.
fn changed(path: &str) -> String {
    let place = path.len() - 2;
    let other = if path[place..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    format!("{}{other}{}", &path[..place], &path[place + 1..])
}

fn is_png(answer: &Answer) -> bool {
    answer.status == 200 && answer.body.starts_with(b"\x89PNG")
}

#[test]
fn a_message_is_read_by_whoever_scans_its_code_and_managed_by_whoever_wrote_it() {
    let app = TestApp::start();
    let told = write(
        &app,
        &json!({"message": "see you\nat nine", "max_opens": 1}),
    );
    let id = told["id"].as_str().unwrap();
    assert_eq!(told["tag"], format!("qr-{id}"));
    assert!(is_png(&app.get(&path(&told, "picture_url"))));
    let manage = path(&told, "manage_url");
    let before = app.get(&manage).json();
    assert_eq!(
        (&before["read"], &before["state"]),
        (&json!(false), &json!("active"))
    );
    let opened = app.open(path(&told, "link").trim_start_matches('/'), None);
    assert_eq!(opened.json(), json!({"message": "see you\nat nine"}));
    let after = app.get(&manage).json();
    assert_eq!(
        (&after["read"], &after["state"]),
        (&json!(true), &json!("used_up"))
    );
    assert!(after["read_at"].is_string());
}

#[test]
fn a_message_that_was_deleted_is_gone() {
    let app = TestApp::start();
    let told = write(&app, &json!({"message": "hello"}));
    let (link, manage) = (path(&told, "link"), path(&told, "manage_url"));
    assert_eq!(
        app.get(&manage).json()["read"],
        Value::Null,
        "nobody counts"
    );
    let page = app.get_as(&manage, "text/html");
    assert!(page.text().contains("Delete the message"));
    let elsewhere = [("origin", "https://evil.example"), ("accept", "text/html")];
    assert_eq!(app.send("POST", &manage, &elsewhere, b"").status, 403);
    let deleted = app.submit(&manage, &[]);
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    assert!(deleted.text().contains("The message is deleted"));
    app.get(&link).problem(410, "token_revoked");
    assert_eq!(app.get(&manage).json()["state"], "revoked");
}

#[test]
fn one_bit_changed_in_a_secret_address_makes_it_unknown_and_no_log_has_one() {
    let app = TestApp::start();
    let told = write(&app, &json!({"message": "hello"}));
    for name in ["picture_url", "manage_url"] {
        let path = path(&told, name);
        assert_eq!(app.get(&path).status, 200);
        app.get(&changed(&path))
            .problem(404, "token_not_recognised");
        let secret = path.rsplit('/').next().unwrap().to_owned();
        assert!(!app.log().contains(&secret));
    }
    assert!(app.log().contains("/pictures/{sealed}"));
    assert!(app.log().contains("/manage/{sealed}"));
}

#[test]
fn a_picture_is_given_until_its_time_has_passed_for_tokens_of_both_kinds() {
    let app = TestApp::start();
    for storage in ["inline", "stored"] {
        let body = json!({"payload": 1, "storage": storage, "picture_expires_in": 60,
            "style": {"scale": 3, "dark": "#123456"}});
        let told = app.post_json("/api/tokens", body.to_string()).json();
        let path = path(&told, "picture_url");
        let picture = app.get(&path);
        assert!(is_png(&picture), "{}", picture.status);
        assert_eq!(
            picture.header("cross-origin-resource-policy"),
            Some("cross-origin")
        );
        let cache = picture.header("cache-control").unwrap();
        let secs: u64 = cache.rsplit('=').next().unwrap().parse().unwrap();
        assert!(
            cache.starts_with("private, max-age=") && secs <= 60,
            "{cache}"
        );
        let svg = app.get(&format!("{path}?format=svg&utm=1"));
        assert_eq!(svg.header("content-type"), Some("image/svg+xml"));
        assert!(svg.text().contains("#123456"));
        app.get(&format!("{path}?format=gif"))
            .problem(422, "validation");
        app.app.clock.step(61);
        app.get(&path).problem(410, "picture_expired");
    }
}

#[test]
fn a_picture_with_an_address_takes_a_json_answer_and_no_logo_of_its_own() {
    let app = TestApp::start();
    let refused = |body: Value, pointer: &str| {
        let refused = app.post_json("/api/tokens", body.to_string());
        assert_eq!(
            refused.problem(422, "validation")["errors"][0]["pointer"],
            pointer
        );
    };
    for secs in [59, 604_801] {
        refused(
            json!({"payload": 1, "picture_expires_in": secs}),
            "/picture_expires_in",
        );
    }
    let png = json!({"payload": 1, "picture_expires_in": 60, "format": "png"});
    refused(png, "/picture_expires_in");
}

#[test]
fn bad_messages_are_refused_by_name() {
    let app = TestApp::start();
    for (body, pointer) in [
        (json!({}), "/message"),
        (json!({"message": ""}), "/message"),
        (json!({"message": 1}), "/message"),
        (json!({"message": "x".repeat(10_001)}), "/message"),
        (json!({"message": "a\u{0}"}), "/message"),
        (json!({"message": "a", "expires_in": 60}), "/expires_in"),
        (
            json!({"message": "a", "expires_in": 31_536_001}),
            "/expires_in",
        ),
        (json!({"message": "a", "max_opens": 0}), "/max_opens"),
        (json!({"message": "a", "pin": "493817"}), "/pin"),
        (json!({"message": "a", "style": "nothing"}), "/style"),
        (json!({"message": "a", "more": 1}), "/more"),
    ] {
        let refused = app.post_json("/api/messages", body.to_string());
        assert_eq!(
            refused.problem(422, "validation")["errors"][0]["pointer"],
            pointer
        );
    }
}

#[test]
fn a_person_writes_a_message_on_a_page() {
    let app = TestApp::start();
    let form = app.get_as("/message", "text/html");
    assert_eq!(form.status, 200);
    assert!(form.text().contains("Write a message"));
    let fields = [
        ("message", "see you <b>there"),
        ("expires_in", "86400"),
        ("once", "1"),
        ("pin", "1"),
    ];
    let made = app.submit("/message", &fields);
    assert_eq!(made.status, 201, "{}", made.text());
    for part in ["/manage/", "data:image/png;base64,", "PIN"] {
        assert!(made.text().contains(part), "{part}");
    }
    let wrong = app.submit("/message", &[("message", " "), ("expires_in", "86400")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("1 to 10,000 characters"));
    let elsewhere = app.send(
        "POST",
        "/message",
        &[
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "https://evil.example"),
        ],
        b"message=hi",
    );
    assert_eq!(elsewhere.status, 403);
}

#[test]
fn what_a_visitor_wrote_is_shown_as_that_and_its_links_are_seen_before_they_are_followed() {
    let app = TestApp::with(&[("PAGES__MESSAGE", "open"), ("PAGE__ISSUER", "Shop & Co")]);
    let key = app.api_key("issue");
    let text = "look: https://evil.example/?a=b <b>now";
    let told = write(&app, &json!({"message": text}));
    let page = app.get_as(&path(&told, "link"), "text/html");
    let html = page.text();
    assert!(html.contains("Written by a visitor, not by"), "{html}");
    assert!(!html.contains("The seal shows"));
    assert!(
        html.contains("look: <details class=\"go\"><summary>https://evil.example/?a=b</summary>"),
        "{html}"
    );
    assert!(
        html.contains(
            "</details> <b>now</div>"
                .replace("<b>", "&lt;b&gt;")
                .as_str()
        ),
        "{html}"
    );
    assert!(html.contains("Report this message"));
    let bearer = format!("Bearer {key}");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let known = app
        .send(
            "POST",
            "/api/messages",
            &headers,
            br#"{"message": "hello"}"#,
        )
        .json();
    let page = app.get_as(&path(&known, "link"), "text/html");
    assert!(!page.text().contains("visitor"));
    assert!(!page.text().contains("Report"));
    assert!(page.text().contains("Message from"));
    app.post_json("/api/tokens", r#"{"payload": 1}"#)
        .problem(401, "unauthorized");
}

#[test]
fn messages_can_be_switched_off() {
    let app = TestApp::with(&[("PAGES__MESSAGE", "off")]);
    app.get("/message").problem(404, "not_found");
    app.post_json("/api/messages", r#"{"message": "a"}"#)
        .problem(404, "not_found");
}

#[test]
fn messages_can_be_left_to_those_who_sign_in_or_have_an_api_key() {
    let app = TestApp::with(&[("PAGES__MESSAGE", "accounts")]);
    app.post_json("/api/messages", r#"{"message": "a"}"#)
        .problem(401, "unauthorized");
    let bearer = format!("Bearer {}", app.api_key("issue"));
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let written = app.send("POST", "/api/messages", &headers, br#"{"message": "a"}"#);
    assert_eq!(written.status, 201, "{}", written.text());
}

#[test]
fn where_anybody_may_issue_a_message_that_is_in_its_code_is_nobodys_word() {
    let shown = |issuing, payload: &str| {
        let app = TestApp::with(&[("AUTH__ISSUING", issuing), ("PAGE__ISSUER", "Shop & Co")]);
        let made = app.post_json("/api/tokens", payload).json();
        app.get_as(&path(&made, "link"), "text/html")
            .text()
            .to_owned()
    };
    let message = r#"{"payload": {"message": "your parcel waits"}}"#;
    let page = shown("open", message);
    assert!(page.contains("Written by a visitor, not by"), "{page}");
    assert!(
        !page.contains("Report this message"),
        "there is nothing to delete"
    );
    assert!(shown("local", message).contains("Message from"));
    let invoice = r#"{"payload": {"id": "INV-1", "amount": 12}}"#;
    assert!(shown("open", invoice).contains("Sealed document from"));
}

#[test]
fn whoever_reads_what_a_visitor_wrote_reports_it_and_the_operator_sees_what_for() {
    let app = TestApp::with(&[("PAGES__MESSAGE", "open")]);
    let told = write(&app, &json!({"message": "you won", "max_opens": 1}));
    let (id, token) = (&told["id"], path(&told, "link"));
    let token = token.trim_start_matches('/');
    let report = |reason: &str| {
        let body = json!({"token": token, "reason": reason});
        app.post_json("/api/messages/reports", body.to_string())
    };
    assert_eq!(report("fraud").status, 204);
    // Reported once it was read, too: that is when one knows what it says.
    assert_eq!(app.open(token, None).status, 200);
    let page = app.submit(
        "/api/messages/reports",
        &[("token", token), ("reason", "other")],
    );
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("the message is reported"));
    let listed = |app: &TestApp| {
        let now = app.app.now();
        app.wait(async |app| messages::reported(&*app.store, None, 10, now).await)
            .unwrap()
            .0
    };
    let [reported] = &listed(&app)[..] else {
        panic!("one message was reported");
    };
    assert_eq!(reported.id, id.as_str().unwrap());
    assert_eq!((reported.reports, reported.state), (2, "used_up"));
    assert_eq!(reported.reasons, ["fraud", "other"]);
    // Nothing to be done about what is deleted.
    assert_eq!(app.submit(&path(&told, "manage_url"), &[]).status, 200);
    assert!(listed(&app).is_empty());
    report("abuse").problem(410, "token_revoked");
}

#[test]
fn only_who_has_the_code_reports_and_only_what_a_visitor_wrote() {
    let app = TestApp::start();
    let own = write(&app, &json!({"message": "hello"}));
    let token = path(&own, "link").trim_start_matches('/').to_owned();
    let report = |body: Value| app.post_json("/api/messages/reports", body.to_string());
    let refused = |body: Value, pointer: &str| {
        let refused = report(body).problem(422, "validation");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    };
    refused(json!({"token": token, "reason": "fraud"}), "/token");
    refused(json!({"token": token, "reason": "<b>"}), "/reason");
    refused(json!({"token": token}), "/reason");
    refused(json!({"reason": "fraud"}), "/token");
    refused(json!({"token": 1, "reason": "fraud"}), "/token");
    refused(
        json!({"token": token, "reason": "fraud", "more": ""}),
        "/more",
    );
    for unknown in [
        own["id"].as_str().unwrap(),
        "1",
        &changed(&format!("/{token}"))[1..],
    ] {
        report(json!({"token": unknown, "reason": "fraud"})).problem(404, "token_not_recognised");
    }
    let elsewhere = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://evil.example"),
    ];
    let body = format!("token={token}&reason=fraud");
    let sent = app.send("POST", "/api/messages/reports", &elsewhere, body.as_bytes());
    assert_eq!(sent.status, 403);
}

#[test]
fn a_message_is_written_once_however_often_its_request_is_sent() {
    let app = TestApp::start();
    let send = || {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "table-7"),
        ];
        app.send(
            "POST",
            "/api/messages",
            &headers,
            br#"{"message": "hello"}"#,
        )
    };
    let (first, again) = (send(), send());
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.json()["link"], again.json()["link"]);
}

#[test]
fn a_style_stands_in_the_picture_and_one_that_no_phone_would_read_is_refused_at_once() {
    let app = TestApp::start();
    let told = write(
        &app,
        &json!({"message": "hello", "style": {"dark": "#123456"}}),
    );
    let svg = app.get(&format!("{}?format=svg", path(&told, "picture_url")));
    assert!(svg.text().contains("#123456"));
    let pale = json!({"message": "hello", "style": {"dark": "#eeeeee"}});
    app.post_json("/api/messages", pale.to_string())
        .problem(422, "style_unscannable");
}

#[test]
fn previews_and_prefetching_read_nothing_and_the_manage_link_says_so() {
    let app = TestApp::start();
    let told = write(&app, &json!({"message": "hello", "max_opens": 1}));
    let (link, manage) = (path(&told, "link"), path(&told, "manage_url"));
    let curious = [
        ("accept", "text/html"),
        ("sec-purpose", "prefetch"),
        ("user-agent", "WhatsApp/2.23"),
    ];
    for method in ["GET", "HEAD"] {
        for path in [&link, &manage] {
            assert_eq!(app.send(method, path, &curious, b"").status, 200);
        }
    }
    assert_eq!(app.get(&manage).json()["read"], false);
    assert_eq!(app.open(link.trim_start_matches('/'), None).status, 200);
    assert_eq!(app.get(&manage).json()["read"], true);
}

#[test]
fn a_message_with_a_pin_is_read_with_it_and_reading_is_counted() {
    let app = TestApp::start();
    let told = write(&app, &json!({"message": "hello", "pin_auto": true}));
    let (pin, manage) = (told["pin"].as_str().unwrap(), path(&told, "manage_url"));
    let token = path(&told, "link").trim_start_matches('/').to_owned();
    app.open(&token, Some("0000")).problem(403, "pin_incorrect");
    assert_eq!(app.get(&manage).json()["read"], false);
    let opened = app.open(&token, Some(pin));
    assert_eq!(opened.json(), json!({"message": "hello"}));
    assert_eq!(app.get(&manage).json()["read"], true);
}

#[test]
fn a_manage_link_tells_until_an_hour_after_the_end_and_then_that_it_has_ended() {
    let app = TestApp::start();
    let told = write(&app, &json!({"message": "hello", "expires_in": 3600}));
    let manage = path(&told, "manage_url");
    app.app.clock.step(3_600 + 120);
    assert_eq!(app.get(&manage).json()["state"], "expired");
    assert!(!app.get_as(&manage, "text/html").text().contains("<form"));
    app.app.clock.step(3_600);
    app.get(&manage).problem(410, "token_expired");
}

#[test]
fn what_a_visitor_wrote_does_not_lead_to_a_host_of_the_block_lists() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let list = folder.path().join("malware.txt");
    std::fs::write(&list, "evil.example\n").expect("writable");
    let files = json!([list.to_str().expect("UTF-8")]).to_string();
    let app = TestApp::with(&[("PAGES__MESSAGE", "open"), ("LINKS__BLOCK_LISTS", &files)]);
    let text = "https://www.evil.example/a https://evil.example:8443/a https://evil.example./a https://good.example/b";
    let told = write(&app, &json!({"message": text}));
    let page = app.get_as(&path(&told, "link"), "text/html");
    let html = page.text();
    assert!(html.contains("https://www.evil.example/a"), "{html}");
    assert!(
        !html.contains("href=\"https://www.evil.example/a"),
        "{html}"
    );
    assert!(html.contains("href=\"https://good.example/b"), "{html}");
}
