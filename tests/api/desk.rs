//! The desk: lists, and codes that are shown at them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

use qrseal::store::Role;
use qrseal::token::{ClaimValue, Claims};
use serde_json::{Value, json};

use crate::accounts::person;
use crate::app::{Answer, TestApp, keyring, now};

/// The numbers of two shipped profiles.
const TICKET: u32 = 4;
const VOUCHER: u32 = 5;

/// A ticket of this event for so many, good for a day.
fn ticket(app: &TestApp, event: &str, guests: u64) -> String {
    let document = json!({"event": event, "name": "Ana Sousa", "guests": guests});
    app.sealed(&document.to_string(), &of(TICKET), now())
}

fn of(profile: u32) -> Claims {
    Claims {
        profile: Some(ClaimValue::try_from(profile).unwrap()),
        expires_in: Some(86_400.try_into().unwrap()),
        ..Claims::default()
    }
}

fn list(app: &TestApp, members: &Value) -> String {
    let mut list = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
    for (name, value) in members.as_object().unwrap() {
        list[name] = value.clone();
    }
    let made = app.post_json("/api/lists", list.to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

/// A request to let a code in, new each time.
fn entry(list: &str, token: &str) -> Value {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    json!({"list": list, "token": token, "check_in_id": format!("scan-{number:016}")})
}

fn exit(list: &str, token: &str) -> Value {
    let mut asked = entry(list, token);
    asked["kind"] = json!("exit");
    asked
}

fn scan(app: &TestApp, asked: &Value) -> Answer {
    app.post_json("/api/check-ins", asked.to_string())
}

fn send(app: &TestApp, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    let by = format!("Bearer {key}");
    let headers = [
        ("authorization", by.as_str()),
        ("content-type", "application/json"),
    ];
    match body {
        Value::Null => app.send(method, path, &headers[..1], b""),
        body => app.send(method, path, &headers, body.to_string().as_bytes()),
    }
}

#[test]
fn a_ticket_lets_in_once_and_the_second_scan_says_when_where_and_who() {
    let app = TestApp::start();
    let list = list(&app, &json!({"gates": ["north", "south"]}));
    let ticket = ticket(&app, "gala", 1);
    let mut first = entry(&list, &ticket);
    first["gate"] = json!("north");
    let told = scan(&app, &first);
    assert_eq!(told.status, 201, "{}", told.text());
    let told = told.json();
    assert_eq!(
        (&told["outcome"], &told["people"]),
        (&json!("let_in"), &json!(1))
    );
    assert_eq!(
        (&told["gate"], &told["inside"]),
        (&json!("north"), &Value::Null)
    );
    let shown = told["display"]["fields"].to_string();
    assert!(shown.contains("Ana Sousa"), "{shown}");

    let again = scan(&app, &entry(&list, &ticket));
    let problem = again.problem(409, "already_redeemed");
    assert_eq!(problem["entered_at"], told["at"]);
    assert_eq!(
        (&problem["gate"], &problem["made_by"]),
        (&json!("north"), &json!("local"))
    );
    assert!(problem["display"].to_string().contains("Ana Sousa"));

    let shown = app.get(&format!("/api/lists/{list}")).json();
    assert_eq!(shown["counts"]["entries"], 1);
    assert_eq!(shown["counts"]["refusals"], 1);
    assert_eq!(shown["by_gate"][1]["gate"], "north");
    let mut elsewhere = entry(&list, &ticket);
    elsewhere["gate"] = json!("west");
    scan(&app, &elsewhere).problem(422, "validation");
}

#[test]
fn a_code_is_taken_as_link_digits_or_text_with_what_readers_put_around_it() {
    let app = TestApp::start();
    let list = list(&app, &json!({"entries": "many"}));
    let digits = ticket(&app, "gala", 1);
    for text in [
        digits.clone(),
        format!("https://qr.example.com/codes/{digits}"),
        format!(" \"HTTPS://QR.EXAMPLE.COM/{digits}\"\r\n"),
    ] {
        let told = scan(&app, &entry(&list, &text));
        assert_eq!(told.status, 201, "{text}: {}", told.text());
    }
    for text in [
        "https://example.com/",
        "WIFI:S:guest;;",
        "4006381333931",
        &digits[1..],
        "x",
        "/",
    ] {
        let problem = scan(&app, &entry(&list, text)).problem(404, "token_not_recognised");
        assert_eq!(problem["display"], Value::Null, "{text}");
    }
}

#[test]
fn what_a_list_does_not_take_is_not_shown_and_not_counted() {
    let app = TestApp::start();
    let gala = json!({"accepts": [
        {"profile": "ticket", "where": {"/event": "gala", "/guests": 2}},
        {"profile": "voucher"},
    ]});
    let list = list(&app, &gala);
    let foreign = [
        ticket(&app, "ball", 2),
        ticket(&app, "gala", 3),
        app.sealed("[1]", &of(TICKET), now()),
        app.sealed(r#"{"event":"gala","guests":2}"#, &of(VOUCHER + 1), now()),
        app.sealed(r#"{"event":"gala","guests":2}"#, &Claims::default(), now()),
    ];
    for token in &foreign {
        let problem = scan(&app, &entry(&list, token)).problem(422, "not_on_list");
        assert_eq!(problem["display"], Value::Null);
    }
    for token in [
        ticket(&app, "gala", 2),
        app.sealed("{}", &of(VOUCHER), now()),
    ] {
        assert_eq!(scan(&app, &entry(&list, &token)).status, 201);
    }
}

#[test]
fn staff_only_codes_open_at_the_desk_and_nowhere_else() {
    let app = TestApp::start();
    let list = list(&app, &json!({}));
    let claims = Claims {
        staff_only: true,
        ..of(TICKET)
    };
    let token = app.sealed(r#"{"name":"Ana Sousa"}"#, &claims, now());
    assert!(!app.get(&format!("/{token}")).text().contains("Ana"));
    let told = scan(&app, &entry(&list, &token));
    assert!(told.text().contains("Ana Sousa"), "{}", told.text());
}

#[test]
fn families_go_in_and_out_and_no_more_than_there_is_room_for() {
    let app = TestApp::start();
    let list = list(
        &app,
        &json!({"exits": "on", "max_inside": 5, "people": "/guests"}),
    );
    let (family, couple, one) = (
        ticket(&app, "gala", 4),
        ticket(&app, "gala", 2),
        ticket(&app, "gala", 1),
    );
    assert_eq!(scan(&app, &entry(&list, &family)).json()["inside"], 4);
    let full = scan(&app, &entry(&list, &couple)).problem(422, "list_full");
    assert_eq!(full["inside"], 4);
    assert_eq!(scan(&app, &entry(&list, &one)).json()["inside"], 5);
    scan(&app, &entry(&list, &family)).problem(409, "already_redeemed");
    let out = scan(&app, &exit(&list, &family)).json();
    assert_eq!(
        (&out["outcome"], &out["people"]),
        (&json!("let_out"), &json!(4))
    );
    assert_eq!(
        (&out["inside"], &out["no_entry"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(scan(&app, &entry(&list, &family)).json()["inside"], 5);
    let stranger = scan(&app, &exit(&list, &couple)).json();
    assert_eq!(
        (&stranger["outcome"], &stranger["no_entry"]),
        (&json!("let_out"), &json!(true))
    );
    for nonsense in [0, 51] {
        scan(&app, &entry(&list, &ticket(&app, "gala", nonsense))).problem(422, "not_on_list");
    }
    assert_eq!(app.get(&format!("/api/lists/{list}")).json()["inside"], 5);
}

#[test]
fn an_exit_is_not_refused_for_an_ended_code_or_a_closed_list() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on"}));
    let (expired, revoked) = (ticket(&app, "gala", 1), ticket(&app, "gala", 1));
    for token in [&expired, &revoked] {
        assert_eq!(scan(&app, &entry(&list, token)).status, 201);
    }
    scan(&app, &entry(&list, &revoked)).problem(409, "already_redeemed");
    let rows = app.get(&format!("/api/lists/{list}/check-ins")).json();
    let id = rows["check_ins"][0]["token_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let ended = app.post_json(&format!("/api/tokens/{id}/revoke"), "{}");
    assert!(ended.status < 300, "{}", ended.text());
    let closed = json!({"closes_at": "2020-01-01T00:00:00Z"}).to_string();
    let path = format!("/api/lists/{list}");
    let json = [("content-type", "application/json")];
    assert_eq!(
        app.send("PATCH", &path, &json, closed.as_bytes()).status,
        200
    );
    scan(&app, &entry(&list, &ticket(&app, "gala", 1))).problem(422, "outside_window");
    let left = scan(&app, &exit(&list, &revoked)).json();
    assert_eq!(left["no_entry"], false);
    assert_eq!(left["display"], Value::Null, "a revoked code says nothing");
    app.app.clock.step(2 * 86_400);
    // The night let the other out; its exit is no error.
    let late = scan(&app, &exit(&list, &expired));
    assert_eq!(late.json()["outcome"], "let_out", "{}", late.text());
    assert_eq!(app.get(&path).json()["inside"], 0);
}

#[test]
fn whoever_is_inside_leaves_a_list_that_takes_their_codes_no_more() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on"}));
    let (guest, stranger) = (ticket(&app, "gala", 1), ticket(&app, "gala", 1));
    assert_eq!(scan(&app, &entry(&list, &guest)).status, 201);
    let path = format!("/api/lists/{list}");
    let json = [("content-type", "application/json")];
    let vouchers = json!({"accepts": [{"profile": "voucher"}]}).to_string();
    let changed = app.send("PATCH", &path, &json, vouchers.as_bytes());
    assert_eq!(changed.status, 200, "{}", changed.text());
    scan(&app, &exit(&list, &stranger)).problem(422, "not_on_list");
    let left = scan(&app, &exit(&list, &guest));
    assert_eq!(left.status, 201, "{}", left.text());
    let left = left.json();
    assert_eq!(
        (&left["outcome"], &left["inside"], &left["display"]),
        (&json!("let_out"), &json!(0), &Value::Null)
    );
    for outside in [exit(&list, &guest), entry(&list, &guest)] {
        scan(&app, &outside).problem(422, "not_on_list");
    }
}

#[test]
fn nobody_reads_a_limited_code_at_a_desk_without_an_open_of_it() {
    let app = TestApp::start();
    let closed = json!({"exits": "on", "closes_at": "2020-01-01T00:00:00Z"});
    let list = list(&app, &closed);
    let claims = Claims {
        max_opens: Some(ClaimValue::MIN),
        ..of(TICKET)
    };
    let limited = app.sealed(r#"{"name":"Ana Sousa"}"#, &claims, now());
    for told in [
        scan(&app, &entry(&list, &limited)),
        scan(&app, &exit(&list, &limited)),
    ] {
        assert!(!told.text().contains("Ana Sousa"), "{}", told.text());
    }
    let plain = ticket(&app, "gala", 1);
    let told = scan(&app, &entry(&list, &plain));
    assert!(told.text().contains("Ana Sousa"), "staff judge by it");
}

#[test]
fn whether_a_list_lets_out_stays_as_it_was_made() {
    let app = TestApp::start();
    let list = list(&app, &json!({}));
    let path = format!("/api/lists/{list}");
    let json = [("content-type", "application/json")];
    let changed = app.send("PATCH", &path, &json, br#"{"exits":"on"}"#);
    let problem = changed.problem(422, "validation");
    assert!(problem.to_string().contains("/exits"), "{problem}");
    let same = app.send("PATCH", &path, &json, br#"{"exits":"off"}"#);
    assert_eq!(same.status, 200, "{}", same.text());
}

#[test]
fn an_ended_code_is_refused_as_an_open_of_it_is() {
    let app = TestApp::start();
    let list = list(&app, &json!({}));
    let (expired, revoked) = (ticket(&app, "gala", 1), ticket(&app, "gala", 1));
    let first = scan(&app, &entry(&list, &revoked)).json();
    let path = format!("/api/tokens/{}/revoke", first["token_id"].as_str().unwrap());
    app.post_json(&path, r#"{"reason":"stolen"}"#);
    let problem = scan(&app, &entry(&list, &revoked)).problem(410, "token_revoked");
    assert!(problem["revoked_at"].is_string());
    app.app.clock.step(2 * 86_400);
    let asked = entry(&list, &expired);
    let problem = scan(&app, &asked).problem(410, "token_expired");
    assert!(problem["expired_at"].is_string());
    let replayed = scan(&app, &asked).problem(410, "token_expired");
    assert_eq!(replayed["check_in"], problem["check_in"]);
}

#[test]
fn a_limited_code_spends_one_open_at_the_door_and_a_spent_one_stays_outside() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on"}));
    let claims = Claims {
        max_opens: Some(ClaimValue::MIN),
        ..of(TICKET)
    };
    let (fresh, spent) = (
        app.sealed("{}", &claims, now()),
        app.sealed("{}", &claims, now()),
    );
    assert_eq!(scan(&app, &entry(&list, &fresh)).status, 201);
    assert_eq!(scan(&app, &exit(&list, &fresh)).status, 201);
    assert_eq!(
        scan(&app, &entry(&list, &fresh)).status,
        201,
        "the open is the list's own"
    );
    app.open(&fresh, None).problem(410, "token_used_up");
    assert_eq!(app.open(&spent, None).status, 200);
    scan(&app, &entry(&list, &spent)).problem(410, "token_used_up");
}

#[test]
fn a_pin_is_asked_for_and_its_tries_are_counted() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on"}));
    let token = app.sealed_with_pin(r#"{"name":"Ana Sousa"}"#, &of(TICKET), "493817", now());
    let mut asked = entry(&list, &token);
    let problem = scan(&app, &asked).problem(403, "open_required");
    assert_eq!(problem["requires"], json!(["pin"]));
    asked["pin"] = json!("000001");
    let problem = scan(&app, &asked).problem(403, "pin_incorrect");
    assert_eq!(problem["attempts_left"], 4);
    asked["pin"] = json!("493817");
    scan(&app, &asked).problem(409, "idempotency_conflict");
    for _ in 0..2 {
        asked["check_in_id"] = entry(&list, &token)["check_in_id"].clone();
        let told = scan(&app, &asked);
        assert_eq!(told.status, 201, "{}", told.text());
        assert!(told.text().contains("Ana Sousa"));
        assert_eq!(
            scan(&app, &exit(&list, &token)).status,
            201,
            "whoever leaves needs no PIN"
        );
    }
    // The right one forgave the wrong one.
    asked["check_in_id"] = entry(&list, &token)["check_in_id"].clone();
    asked["pin"] = json!("000001");
    assert_eq!(
        scan(&app, &asked).problem(403, "pin_incorrect")["attempts_left"],
        4
    );
}

#[test]
fn the_same_scan_counts_once_and_an_undone_one_says_so() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on"}));
    let token = ticket(&app, "gala", 1);
    let asked = entry(&list, &token);
    let first = scan(&app, &asked);
    let again = scan(&app, &asked);
    assert_eq!(
        (again.status, again.header("idempotent-replayed")),
        (201, Some("true"))
    );
    assert_eq!(again.json(), first.json());
    let mut other = asked.clone();
    other["token"] = json!(ticket(&app, "gala", 2));
    scan(&app, &other).problem(409, "idempotency_conflict");

    let path = format!("/api/check-ins/{}", asked["check_in_id"].as_str().unwrap());
    for _ in 0..2 {
        let undone = app.send("DELETE", &path, &[], b"");
        assert_eq!(undone.status, 200, "{}", undone.text());
        assert!(undone.json()["undone_at"].is_string());
    }
    let told = scan(&app, &asked);
    assert_eq!(
        (told.status, &told.json()["outcome"]),
        (200, &json!("undone"))
    );
    assert_eq!(told.json()["inside"], 0);
    assert_eq!(scan(&app, &entry(&list, &token)).status, 201);
    app.send("DELETE", &path.replace("scan", "none"), &[], b"")
        .problem(404, "not_found");
    let audit = app.get("/api/audit?verb=undo").json();
    assert_eq!(audit["rows"].as_array().map(Vec::len), Some(1), "{audit}");
}

#[test]
fn a_list_is_checked_as_a_whole_and_every_fault_has_its_pointer() {
    let app = TestApp::start();
    for (members, pointer) in [
        (json!({"accepts": []}), "/accepts"),
        (
            json!({"accepts": [{"profile": "no-such"}]}),
            "/accepts/0/profile",
        ),
        (
            json!({"accepts": [{"profile": "ticket", "where": {"event": 1}}]}),
            "/accepts/0/where",
        ),
        (
            json!({"accepts": [{"profile": "ticket", "where": {"/event": [1]}}]}),
            "/accepts/0/where",
        ),
        (
            json!({"accepts": [{"profile": "ticket", "when": {}}]}),
            "/accepts/0",
        ),
        (json!({"name": " Gala"}), "/name"),
        (json!({"name": ""}), "/name"),
        (json!({"time_zone": "Europe/Nowhere"}), "/time_zone"),
        (json!({"time_zone": "../../etc/passwd"}), "/time_zone"),
        (json!({"opens_at": "tomorrow"}), "/opens_at"),
        (
            json!({"opens_at": "2026-11-27T18:00", "closes_at": "2026-11-27T18:00"}),
            "/closes_at",
        ),
        (json!({"entries": "twice"}), "/entries"),
        (json!({"exits": 1}), "/exits"),
        (json!({"exit_all_at": "24:00"}), "/exit_all_at"),
        (json!({"max_inside": 300}), "/max_inside"),
        (json!({"exits": "on", "max_inside": 0}), "/max_inside"),
        (json!({"people": "guests"}), "/people"),
        (json!({"retention_days": 0}), "/retention_days"),
        (json!({"gates": ["a", "a"]}), "/gates/1"),
        (json!({"gates": ["\u{7}"]}), "/gates/0"),
        (json!({"colour": "red"}), "/colour"),
    ] {
        let mut list = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
        for (name, value) in members.as_object().unwrap() {
            list[name] = value.clone();
        }
        let problem = app
            .post_json("/api/lists", list.to_string())
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{list}");
    }
    app.post_json("/api/lists", r#"{"name":"Gala"}"#)
        .problem(422, "validation");
    app.post_json("/api/lists", "{")
        .problem(400, "invalid_json");
}

#[test]
fn a_list_is_made_once_by_one_key_changed_with_its_revision_and_deleted() {
    let app = TestApp::start();
    let body = json!({
        "name": "Gala", "accepts": [{"profile": "ticket"}], "time_zone": "Europe/Berlin",
        "opens_at": "2026-11-27T18:00", "retention_days": 7,
    });
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "gala"),
    ];
    let make = |body: &Value| app.send("POST", "/api/lists", &headers, body.to_string().as_bytes());
    let made = make(&body);
    assert_eq!(
        made.json()["opens_at"],
        "2026-11-27T17:00:00Z",
        "{}",
        made.text()
    );
    let again = make(&body);
    assert_eq!(again.json()["id"], made.json()["id"]);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    make(&json!({"name": "Ball", "accepts": [{"profile": "ticket"}]}))
        .problem(409, "idempotency_conflict");

    let path = format!("/api/lists/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(app.get(&path).header("etag"), Some("\"1\""));
    let change = |tag: &str, body: &Value| {
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        app.send("PATCH", &path, &headers, body.to_string().as_bytes())
    };
    let changed = change(
        "\"1\"",
        &json!({"entries": "once_a_day", "retention_days": null}),
    );
    assert_eq!(
        (changed.status, changed.header("etag")),
        (200, Some("\"2\""))
    );
    let changed = changed.json();
    assert_eq!(
        (&changed["entries"], &changed["retention_days"]),
        (&json!("once_a_day"), &json!(21))
    );
    assert_eq!(changed["time_zone"], "Europe/Berlin", "the rest stays");
    let conflict = change("\"1\"", &json!({"name": "Ball"})).problem(412, "revision_conflict");
    assert_eq!(conflict["revision"], 2);
    assert_eq!(app.get("/api/lists").json()["lists"][0]["name"], "Gala");
    let verbs = |app: &TestApp| {
        let rows = app.get("/api/audit?what=list").json();
        let rows = rows["rows"].as_array().unwrap().iter();
        let mut verbs: Vec<_> = rows
            .map(|row| row["verb"].as_str().unwrap().to_owned())
            .collect();
        verbs.sort();
        verbs
    };
    assert_eq!(app.send("DELETE", &path, &[], b"").status, 204);
    assert_eq!(verbs(&app), ["change", "create", "delete"]);
    app.get(&path).problem(404, "not_found");
    let id = path.rsplit('/').next().unwrap();
    scan(&app, &entry(id, &ticket(&app, "gala", 1))).problem(404, "not_found");
}

#[test]
fn keys_and_scanners_work_at_the_lists_that_they_were_given() {
    let app = TestApp::with(&[("SERVER__PUBLIC_URL", "https://qr.example.com")]);
    let (office, gate, other) = (
        app.api_key("lists,check"),
        app.api_key("check"),
        app.api_key("lists,check"),
    );
    let body = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
    let made = send(&app, &office, "POST", "/api/lists", &body);
    assert_eq!(made.status, 201, "{}", made.text());
    let list = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/lists/{list}");
    let token = ticket(&app, "gala", 1);
    let check = |key: &str| send(&app, key, "POST", "/api/check-ins", &entry(&list, &token));
    for key in [&gate, &other] {
        check(key).problem(403, "forbidden");
        send(&app, key, "GET", &path, &Value::Null).problem(403, "forbidden");
    }
    let staff = json!({"api_keys": [2]});
    send(&app, &other, "PUT", &format!("{path}/staff"), &staff).problem(403, "forbidden");
    send(&app, &gate, "PUT", &format!("{path}/staff"), &staff).problem(403, "forbidden");
    let given = send(&app, &office, "PUT", &format!("{path}/staff"), &staff);
    assert_eq!(given.json()["staff"], json!(["key:2"]), "{}", given.text());
    let told = check(&gate);
    assert_eq!(told.status, 201, "{}", told.text());
    assert_eq!(
        send(&app, &gate, "GET", "/api/lists", &Value::Null).json()["lists"][0]["id"],
        list
    );
    let of_others = send(&app, &other, "GET", "/api/lists", &Value::Null).json();
    assert_eq!(of_others["lists"], json!([]));
    // Staff see what they did themselves, and undo it; the list's maker sees and undoes all.
    let id = told.json()["id"].as_str().unwrap().to_owned();
    let row = format!("/api/check-ins/{id}");
    assert_eq!(send(&app, &gate, "GET", &row, &Value::Null).status, 200);
    assert_eq!(send(&app, &office, "GET", &row, &Value::Null).status, 200);
    send(&app, &other, "GET", &row, &Value::Null).problem(404, "not_found");
    send(&app, &other, "DELETE", &row, &Value::Null).problem(404, "not_found");
    send(
        &app,
        &gate,
        "GET",
        &format!("{path}/check-ins"),
        &Value::Null,
    )
    .problem(403, "forbidden");
    app.app.clock.step(16 * 60);
    send(&app, &gate, "DELETE", &row, &Value::Null).problem(403, "forbidden");
    assert_eq!(
        send(&app, &office, "DELETE", &row, &Value::Null).status,
        200
    );
}

#[test]
fn a_scanner_works_at_the_lists_that_were_given_and_a_manager_at_all() {
    let app = TestApp::start();
    let list = list(&app, &json!({}));
    let token = ticket(&app, "gala", 1);
    let (eva, account) = person(&app, "eva", Role::Scanner);
    let (max, _) = person(&app, "max", Role::Manager);
    let page = |cookie: &str| {
        let headers = [
            ("cookie", cookie),
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        app.send(
            "POST",
            "/api/check-ins",
            &headers,
            entry(&list, &token).to_string().as_bytes(),
        )
    };
    page(&eva).problem(403, "forbidden");
    assert_eq!(page(&max).status, 201, "a manager works everywhere");
    let staff = json!({"accounts": [account.id.0]}).to_string();
    let headers = [
        ("cookie", max.as_str()),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    let given = app.send(
        "PUT",
        &format!("/api/lists/{list}/staff"),
        &headers,
        staff.as_bytes(),
    );
    assert_eq!(given.status, 200, "{}", given.text());
    page(&eva).problem(409, "already_redeemed");
}

#[test]
fn without_script_the_page_says_what_came_of_a_code_in_its_title_and_asks_for_the_pin() {
    let app = TestApp::start();
    let list = list(&app, &json!({}));
    let (max, _) = person(&app, "max", Role::Manager);
    let page = crate::accounts::get(&app, &max, &format!("/desk?list={list}"));
    assert!(
        page.text().contains("required autofocus"),
        "{}",
        page.text()
    );
    let send = |token: &str, pin: &str| {
        let asked = entry(&list, token);
        let id = asked["check_in_id"].as_str().unwrap();
        let fields = [
            ("list", &*list),
            ("token", token),
            ("check_in_id", id),
            ("pin", pin),
        ];
        crate::accounts::post(&app, &max, "/desk", &fields)
    };
    let plain = ticket(&app, "gala", 1);
    for (status, title) in [(200, "<title>Let in - "), (409, "<title>Already let in - ")] {
        let told = send(&plain, "");
        assert_eq!(told.status, status);
        assert!(told.text().contains(title), "{}", told.text());
        assert!(told.text().contains("role=\"alert\""));
    }
    let locked = app.sealed_with_pin(r#"{"name":"Ana Sousa"}"#, &of(TICKET), "493817", now());
    let asks = send(&locked, "");
    assert_eq!(asks.status, 403);
    let pin = asks.text().split("id=\"pin\"").nth(1).unwrap();
    let pin = pin.split('>').next().unwrap();
    assert!(pin.contains("autofocus"), "{pin}");
    assert_eq!(asks.text().matches("autofocus").count(), 1);
    assert!(send(&locked, "493817").text().contains("Ana Sousa"));
}

#[test]
fn the_table_of_check_ins_has_times_of_the_place_and_no_formula() {
    let app = TestApp::start();
    let name = "=HYPERLINK(\"http://evil\")";
    let list = list(
        &app,
        &json!({"name": name, "time_zone": "Asia/Kolkata", "gates": ["@door"]}),
    );
    let mut asked = entry(&list, &ticket(&app, "gala", 1));
    asked["gate"] = json!("@door");
    assert_eq!(scan(&app, &asked).status, 201);
    scan(&app, &entry(&list, "nonsense"));
    let path = format!("/api/lists/{list}/check-ins");
    let table = app.get_as(&path, "text/csv");
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let lines: Vec<_> = table.text().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(
        lines[1].contains("+05:30,\"'=HYPERLINK(\"\"http://evil\"\")\",\"'@door\",entry,let_in,1,"),
        "{lines:?}"
    );
    assert_eq!(
        app.get(&format!("{path}?format=csv&outcome=let_in"))
            .text()
            .lines()
            .count(),
        2
    );
    let page = app.get(&format!("{path}?limit=1")).json();
    assert_eq!(page["check_ins"][0]["outcome"], "token_not_recognised");
    let next = page["next_cursor"].as_str().unwrap();
    let page = app.get(&format!("{path}?limit=1&cursor={next}")).json();
    assert_eq!(
        (&page["check_ins"][0]["outcome"], &page["next_cursor"]),
        (&json!("let_in"), &Value::Null)
    );
    app.get(&format!("{path}?format=xml"))
        .problem(422, "validation");
}

#[test]
fn at_three_in_the_morning_everybody_is_out_and_after_its_days_a_check_in_is_forgotten() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on", "retention_days": 2}));
    let claims = Claims {
        expires_in: Some((60 * 86_400).try_into().unwrap()),
        ..of(TICKET)
    };
    let token = app.sealed("{}", &claims, now());
    let path = format!("/api/lists/{list}");
    scan(&app, &entry(&list, &token));
    assert_eq!(app.get(&path).json()["inside"], 1);
    app.app.clock.step(86_400);
    // Though no job ran, the next scan is judged as if it had.
    assert_eq!(scan(&app, &entry(&list, &token)).status, 201);
    let rows = app.get(&format!("{path}/check-ins")).json();
    assert_eq!(
        (
            &rows["check_ins"][1]["automatic"],
            &rows["check_ins"][1]["kind"]
        ),
        (&json!(true), &json!("exit"))
    );
    let tidy = || app.wait(async |app| qrseal::desk::tidy(&*app.store, app.now()).await.unwrap());
    app.app.clock.step(86_400);
    tidy();
    assert_eq!(app.get(&path).json()["inside"], 0);
    app.app.clock.step(10 * 86_400);
    assert!(tidy().rows > 0);
    assert_eq!(
        app.get(&format!("{path}/check-ins")).json()["check_ins"],
        json!([])
    );
    assert_eq!(app.get(&path).json()["counts"]["entries"], 2);
}

#[test]
fn scanners_let_each_code_in_once() {
    let full = std::env::var("TORTURE").is_ok_and(|size| size == "full");
    let (scanners, codes) = if full { (64, 1_000) } else { (8, 50) };
    let app = TestApp::start();
    let list = Arc::new(list(&app, &json!({"exits": "on"})));
    let tickets: Vec<_> = (0..codes).map(|_| ticket(&app, "gala", 1)).collect();
    let barrier = Barrier::new(scanners);
    let let_in: usize = std::thread::scope(|scope| {
        let scanners: Vec<_> = (0..scanners)
            .map(|scanner| {
                let (app, list, tickets, barrier) = (&app, Arc::clone(&list), &tickets, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let turn = tickets.iter().cycle().skip(scanner * 6).take(tickets.len());
                    turn.filter(|code| match scan(app, &entry(&list, code)).status {
                        201 => true,
                        409 => false,
                        status => panic!("{status}"),
                    })
                    .count()
                })
            })
            .collect();
        scanners
            .into_iter()
            .map(|scanner| scanner.join().unwrap())
            .sum()
    });
    assert_eq!(let_in, codes);
    let counts = app.get(&format!("/api/lists/{list}")).json();
    assert_eq!(
        (&counts["inside"], &counts["counts"]["refusals"]),
        (&json!(codes), &json!(codes * (scanners - 1)))
    );
}

#[test]
fn a_profile_under_which_anyone_may_issue_takes_a_word_and_issued_codes_are_shown_by_their_profile()
{
    let open = r#"
        number = 40
        issue = ["anyone"]
        title = { en = "Day visitor", de = "Tagesgast" }
        schema = { type = "object" }
        [page]
        rest = "hide"
        fields = [ { pointer = "/who", label = { en = "Name", de = "Name" }, emphasis = true } ]
    "#;
    let (app, _folder) = crate::profiles::with_profiles(&[("visitor", open)], &[]);
    let mut asked = json!({"name": "Door", "accepts": [{"profile": "visitor"}]});
    let refused = app
        .post_json("/api/lists", asked.to_string())
        .problem(422, "validation");
    assert_eq!(refused["errors"][0]["pointer"], "/accepts/0/profile");
    asked["accept_public"] = json!(true);
    let made = app.post_json("/api/lists", asked.to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    let list = made.json()["id"].as_str().unwrap().to_owned();
    let envelope = json!({"payload": {"who": "Ana Sousa", "secret": 1}, "profile": "visitor"});
    let issued = app.post_json("/api/tokens", envelope.to_string());
    assert_eq!(issued.status, 201, "{}", issued.text());
    let link = issued.json()["link"].as_str().unwrap().to_owned();
    let headers = [
        ("content-type", "application/json"),
        ("accept-language", "de"),
    ];
    let told = app.send(
        "POST",
        "/api/check-ins",
        &headers,
        entry(&list, &link).to_string().as_bytes(),
    );
    let fields = json!([{"label": "Name", "value": "Ana Sousa", "emphasis": true}]);
    let told = told.json();
    assert_eq!(
        (&told["display"]["title"], &told["display"]["fields"]),
        (&json!("Tagesgast"), &fields),
        "{told}"
    );
}

/// A list that keeps visits, and a visitor who is in.
fn visited(app: &TestApp, members: &Value) -> (String, Value) {
    let mut asked = json!({
        "name": "Friday", "accepts": [{"profile": "sign-in"}], "store": "visit", "retention_days": 21,
        "time_zone": "Europe/Berlin",
    });
    for (name, value) in members.as_object().unwrap() {
        asked[name] = value.clone();
    }
    let made = app.post_json("/api/lists", asked.to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    let list = made.json()["id"].as_str().unwrap().to_owned();
    let document = r#"{"name":"=Ana Sousa","phone":"+49 30 1234567","email":"ana@example.com"}"#;
    let claims = Claims {
        expires_in: Some((60 * 86_400).try_into().unwrap()),
        ..of(SIGN_IN)
    };
    let token = app.sealed(document, &claims, now());
    let told = scan(app, &entry(&list, &token));
    assert_eq!(told.status, 201, "{}", told.text());
    (list, told.json())
}

const SIGN_IN: u32 = 3;

/// Who was there between two times, in seconds from now.
fn ask(app: &TestApp, list: &str, from: i64, until: i64, accept: &str) -> Answer {
    let now = i64::try_from(app.app.now().as_secs()).unwrap();
    ask_between(app, list, now + from, now + until, accept)
}

fn ask_between(app: &TestApp, list: &str, from: i64, until: i64, accept: &str) -> Answer {
    let time = |secs: i64| jiff::Timestamp::from_second(secs).unwrap().to_string();
    let body = json!({"from": time(from), "until": time(until), "reason": "case 4711"});
    let headers = [("content-type", "application/json"), ("accept", accept)];
    app.send(
        "POST",
        &format!("/api/lists/{list}/presence"),
        &headers,
        body.to_string().as_bytes(),
    )
}

#[test]
fn who_was_there_is_told_with_a_reason_and_as_a_table_without_formulas() {
    let app = TestApp::start();
    let (list, _) = visited(&app, &json!({"assumed_stay_minutes": 60}));
    let told = ask(&app, &list, -600, 600, "application/json");
    assert_eq!(told.status, 200, "{}", told.text());
    let told = told.json();
    assert_eq!(told["people"], 1);
    assert!(
        told["present"][0]["display"]
            .to_string()
            .contains("+49 30 1234567"),
        "{told}"
    );
    let table = ask(&app, &list, -600, 600, "text/csv").text().to_owned();
    assert!(
        table.contains("'=Ana Sousa") && table.contains("'+49 30 1234567"),
        "{table}"
    );
    app.app.clock.step(7_200);
    let later = ask(&app, &list, -600, 600, "application/json").json();
    assert_eq!(
        later["present"],
        json!([]),
        "nobody stays longer than an hour"
    );
    assert_eq!(
        ask(&app, &list, -7_100, 0, "application/json").json()["people"],
        1
    );
    let audit = app.get("/api/audit?verb=presence").json();
    assert_eq!(audit["rows"][0]["details"]["reason"], "case 4711");
    assert_eq!(audit["rows"].as_array().unwrap().len(), 4);
    let path = format!("/api/lists/{list}/presence");
    let unreasoned =
        json!({"from": "2026-11-27T12:00:00Z", "until": "2026-11-27T13:00:00Z", "reason": ""});
    app.post_json(&path, unreasoned.to_string())
        .problem(422, "validation");
    let backwards =
        json!({"from": "2026-11-27T13:00:00Z", "until": "2026-11-27T12:00:00Z", "reason": "why"});
    app.post_json(&path, backwards.to_string())
        .problem(422, "validation");
}

#[test]
fn whoever_is_let_out_was_there_until_then() {
    let app = TestApp::start();
    // The hour at which the list lets everybody out is far.
    let far = format!("{:02}:00", (now().as_secs() / 3_600 + 12) % 24);
    let (list, told) = visited(&app, &json!({"exits": "on", "exit_all_at": far}));
    let rows = app.get(&format!("/api/lists/{list}/check-ins")).json();
    assert_eq!(rows["check_ins"][0]["id"], told["id"]);
    app.app.clock.step(600);
    assert_eq!(
        ask(&app, &list, -60, 60, "application/json").json()["people"],
        1,
        "inside still"
    );
    let other = app.sealed(r#"{"name":"Rui"}"#, &of(SIGN_IN), now());
    assert_eq!(scan(&app, &entry(&list, &other)).status, 201);
    app.app.clock.step(600);
    let left = scan(&app, &exit(&list, &other)).json();
    assert_eq!(left["no_entry"], false);
    let left: jiff::Timestamp = left["at"].as_str().unwrap().parse().unwrap();
    let since = |secs| {
        let from = left.as_second() + secs;
        ask_between(&app, &list, from, from + 60, "application/json").json()["people"].clone()
    };
    assert_eq!(since(-1), 2, "there until then");
    assert_eq!(since(1), 1, "and no longer");
    // Undone, nobody was there.
    let path = format!("/api/check-ins/{}", told["id"].as_str().unwrap());
    assert_eq!(app.send("DELETE", &path, &[], b"").status, 200);
    assert_eq!(
        ask(&app, &list, 1, 60, "application/json").json()["people"],
        0
    );
}

#[test]
fn a_visit_is_shown_to_those_who_may_erased_and_gone_after_its_days() {
    let app = TestApp::start();
    let (list, told) = visited(&app, &json!({}));
    let path = format!("/api/check-ins/{}", told["id"].as_str().unwrap());
    assert!(app.get(&path).text().contains("ana@example.com"));
    let looked = app.get("/api/audit?verb=presence").json();
    assert_eq!(looked["rows"].as_array().unwrap().len(), 1, "{looked}");
    assert_eq!(looked["rows"][0]["details"]["list"], list);
    for _ in 0..2 {
        assert_eq!(
            app.send("DELETE", &format!("{path}/visit"), &[], b"")
                .status,
            204
        );
    }
    assert!(!app.get(&path).text().contains("ana@example.com"));
    let after = ask(&app, &list, -600, 600, "application/json").json();
    assert_eq!(
        (&after["people"], &after["present"][0]["display"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(
        app.get("/api/audit?verb=erase_visit").json()["rows"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let (list, told) = visited(&app, &json!({}));
    let path = format!("/api/check-ins/{}", told["id"].as_str().unwrap());
    let tidy = || app.wait(async |app| qrseal::desk::tidy(&*app.store, app.now()).await.unwrap());
    app.app.clock.step(21 * 86_400 - 60);
    tidy();
    assert!(app.get(&path).text().contains("ana@example.com"));
    app.app.clock.step(120);
    assert!(tidy().rows > 0);
    app.get(&path).problem(404, "not_found");
    let store = &app.app.store;
    let slot = app.app.keyring.load().primary().slot();
    assert_eq!(
        app.wait(async |_| store.count_visits(slot).await.unwrap()),
        0
    );
    assert_eq!(
        app.get(&format!("/api/lists/{list}")).json()["counts"]["entries"],
        1
    );
}

#[test]
fn a_key_without_the_scope_is_told_of_no_visit() {
    let app = TestApp::with(&[("SERVER__PUBLIC_URL", "https://qr.example.com")]);
    let key = app.api_key("lists,check");
    let body = json!({"name": "Friday", "accepts": [{"profile": "ticket"}], "store": "visit"});
    let list = send(&app, &key, "POST", "/api/lists", &body).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let told = send(
        &app,
        &key,
        "POST",
        "/api/check-ins",
        &entry(&list, &ticket(&app, "gala", 1)),
    );
    assert_eq!(told.status, 201, "{}", told.text());
    let path = format!("/api/check-ins/{}", told.json()["id"].as_str().unwrap());
    let (admin, _) = person(&app, "ada", Role::Admin);
    // The cookie's name, where the address has HTTPS.
    let admin = admin.replace("qrseal-session", "__Host-qrseal");
    let shown = app.send("GET", &path, &[("cookie", admin.as_str())], b"");
    assert!(shown.text().contains("Ana Sousa"), "{}", shown.text());
    let shown = send(&app, &key, "GET", &path, &Value::Null);
    assert_eq!(shown.status, 200);
    assert!(!shown.text().contains("Ana Sousa"), "{}", shown.text());
    send(&app, &key, "DELETE", &format!("{path}/visit"), &Value::Null).problem(403, "forbidden");
    let asked =
        json!({"from": "2026-11-27T12:00:00Z", "until": "2036-11-27T13:00:00Z", "reason": "why"});
    send(
        &app,
        &key,
        "POST",
        &format!("/api/lists/{list}/presence"),
        &asked,
    )
    .problem(403, "forbidden");
}

#[test]
fn visits_move_to_another_key_and_in_the_store_no_name_can_be_found() {
    let two_keys = || {
        let mut keyring = keyring();
        let new = keyring
            .add(
                qrseal::token::Secret::from([8; 32]),
                qrseal::token::TOKEN_EPOCH,
            )
            .unwrap();
        (keyring, new)
    };
    let app = TestApp::with_keyring(&[], two_keys().0);
    let (list, _) = visited(&app, &json!({}));
    let old = app.app.keyring.load().primary().slot();
    let count = |slot| app.wait(async |app| app.store.count_visits(slot).await.unwrap());
    assert_eq!(count(old), 1);
    let (mut rotated, new) = two_keys();
    rotated.promote(new).unwrap();
    app.app.keyring.store(Arc::new(rotated));
    let done = app.wait(async |app| {
        qrseal::desk::reseal_visits(&*app.store, &app.keyring.load(), |_| {})
            .await
            .unwrap()
    });
    assert_eq!((done.moved, done.unreadable), (1, 0));
    assert_eq!((count(old), count(new)), (0, 1));
    let told = ask(&app, &list, -600, 600, "application/json");
    assert!(told.text().contains("Ana Sousa"));
    let files = std::fs::read_dir(app.folder_path()).unwrap();
    let files: Vec<_> = files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    let is_there = |text: &str| {
        let in_file = |file: &Vec<u8>| file.windows(text.len()).any(|part| part == text.as_bytes());
        files.iter().any(in_file)
    };
    assert!(is_there("Friday"), "the list's name is no secret");
    for secret in ["Ana Sousa", "1234567", "ana@example.com"] {
        assert!(!is_there(secret), "{secret} is in the store");
    }
}
