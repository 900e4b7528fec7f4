//! Codes that are shown: who is let in and out, who is not, and what staff see.

use qrseal::store::Role;
use qrseal::token::{ClaimValue, Claims, Codec};
use serde_json::{Value, json};

use super::{TICKET, VOUCHER, entry, exit, list, of, scan, ticket};
use crate::accounts::person;
use crate::app::{TestApp, now};

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
    assert_eq!(problem.get("made_by_name"), None);
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
fn who_leaves_with_a_code_whose_samples_are_missing_is_let_out() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on"}));
    // There is no set 9.
    let ticket = app.sealed_as(Codec::Mix3, &[9, 1, 2, 3], &of(TICKET), now());
    let problem = scan(&app, &entry(&list, &ticket)).problem(503, "temporarily_unavailable");
    assert_eq!(problem["missing_sample_set"], 9);
    let left = scan(&app, &exit(&list, &ticket));
    assert_eq!(left.json()["outcome"], "let_out", "{}", left.text());
    assert_eq!(left.json()["display"], Value::Null);
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
fn staff_bring_a_code_from_its_own_page_to_a_list_and_nothing_is_checked_before_they_say_so() {
    let app = TestApp::start();
    let gala = list(&app, &json!({"accepts": [{"profile": "sign-in"}]}));
    let visitor = json!({"name": "Ana Sousa", "phone": "112"});
    let body = json!({"payload": visitor, "profile": "sign-in"});
    let made = app.post_json("/api/tokens", body.to_string()).json();
    let link = made["link"].as_str().unwrap();
    let token = link.rsplit('/').next().unwrap();
    let shown = app.get_as(&format!("/{token}"), "text/html");
    let form = shown.text().split("action=\"/desk\"").nth(1).unwrap();
    assert!(form.contains(&format!("name=\"token\" value=\"{token}\"")));

    let stranger = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
    ];
    let body = format!("token={token}");
    let sent = app.send("POST", "/desk", &stranger, body.as_bytes());
    assert_eq!(
        (sent.status, sent.header("location")),
        (303, Some("/sign-in"))
    );

    let (max, _) = person(&app, "max", Role::Manager);
    let post = |fields: &[(&str, &str)]| crate::accounts::post(&app, &max, "/desk", fields);
    let typed = format!("value=\"{token}\"");
    let entries = || app_list(&app, &max, &gala)["counts"]["entries"].clone();
    let brought = post(&[("token", token)]);
    assert_eq!(brought.status, 200);
    let text = brought.text();
    assert!(
        text.contains("id=\"scan\"") && text.contains(&typed),
        "{text}"
    );
    assert!(!text.contains("Ana"), "it is not checked yet");
    let headers = [
        ("cookie", max.as_str()),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    let other = json!({"name": "Other", "accepts": [{"profile": "ticket"}]}).to_string();
    let other = app
        .send("POST", "/api/lists", &headers, other.as_bytes())
        .json();
    let other = other["id"].as_str().unwrap().to_owned();
    let brought = post(&[("token", token)]);
    let text = brought.text();
    assert!(
        !text.contains("id=\"scan\""),
        "which list is to be said: {text}"
    );
    for id in [&gala, &other] {
        assert!(
            text.contains(&format!("name=\"list\" value=\"{id}\"")),
            "{text}"
        );
    }
    let chosen = post(&[("token", token), ("list", &gala)]);
    assert!(chosen.text().contains(&typed), "{}", chosen.text());
    assert_eq!(entries(), 0);
    let asked = entry(&gala, token);
    let id = asked["check_in_id"].as_str().unwrap();
    let check = [("token", token), ("list", &*gala), ("check_in_id", id)];
    assert!(post(&check).text().contains("Ana Sousa"));
    assert_eq!(entries(), 1);
}

/// A list, as somebody who has signed in sees it.
fn app_list(app: &TestApp, cookie: &str, list: &str) -> Value {
    let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
    app.send("GET", &format!("/api/lists/{list}"), &headers, b"")
        .json()
}
