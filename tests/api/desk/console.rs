//! Lists in the console: made from a form, watched, changed by two at once, given to staff, closed, deleted.

use qrseal::store::Role;
use serde_json::{Value, json};

use super::{entry, ticket};
use crate::accounts::{get, person, post};
use crate::app::{Answer, TestApp};

const LISTS: &str = "/console/lists";

/// The fields of the form for a list of tickets, and these.
fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("name", "Gala"),
        ("accept", "ticket"),
        ("where", ""),
        ("time_zone", "Europe/Berlin"),
        ("opens_at", ""),
        ("closes_at", ""),
        ("gates", ""),
        ("entries", "once"),
        ("exits", "off"),
        ("max_inside", ""),
        ("exit_all_at", "03:00"),
        ("people", ""),
        ("store", "times"),
        ("retention_days", "21"),
        ("assumed_stay_minutes", "120"),
    ];
    let is_given = |name: &str| more.iter().any(|(known, _)| *known == name);
    let usual = usual.into_iter().filter(|(name, _)| !is_given(name));
    usual.chain(more.iter().copied()).collect()
}

/// The page of a list that is made.
pub fn made(app: &TestApp, cookie: &str, more: &[(&str, &str)]) -> String {
    let made = post(app, cookie, LISTS, &form(more));
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").unwrap().to_owned()
}

pub fn id_of(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

/// What the API says of the list of a page.
fn told(app: &TestApp, cookie: &str, page: &str) -> Value {
    let told = get(app, cookie, &format!("/api/lists/{}", id_of(page)));
    assert_eq!(told.status, 200, "{}", told.text());
    told.json()
}

fn says<const N: usize>(list: &Value, members: [(&str, Value); N]) {
    for (member, expected) in members {
        assert_eq!(list[member], expected, "{member}");
    }
}

/// Shows a code at a list, as somebody who has signed in.
pub fn check_in(app: &TestApp, cookie: &str, asked: &Value) -> Answer {
    let headers = [
        ("cookie", cookie),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    app.send(
        "POST",
        "/api/check-ins",
        &headers,
        asked.to_string().as_bytes(),
    )
}

pub fn has(answer: &Answer, words: &[&str]) {
    for words in words {
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
    }
}

/// The page puts the keyboard into this field, and into no other.
fn has_focus_on(page: &str, field: &str) {
    let (before, after) = page.split_once(" autofocus").unwrap();
    let focused = before.rsplit('<').next().unwrap();
    let name = format!("name=\"{field}\"");
    assert!(focused.contains(&name), "{field}: {focused}");
    assert!(!after.contains(" autofocus"), "{field}");
}

#[test]
fn what_is_wrong_with_a_list_stands_beside_its_field_and_no_list_is_made() {
    let app = TestApp::start();
    let (mia, _) = person(&app, "mia", Role::Manager);
    has(
        &get(&app, &mia, LISTS),
        &[
            "There are none.",
            "Ticket (ticket)",
            "value=\"ticket\" checked",
            "<a class=\"skip\" href=\"#main\">",
            "<main id=\"main\"",
        ],
    );
    for (field, value, error) in [
        ("name", "", "It must be 1 to 80 characters"),
        ("accept", "", "Tick one to 16 kinds"),
        (
            "accept",
            "no-such",
            "This server has no kind of code called no-such",
        ),
        ("where", "/event", "Line 1 has no sign ="),
        ("where", "voucher /event = 1", "Line 1 is about a kind"),
        ("time_zone", "Europe/Nowhere", "It must be a time zone"),
        ("opens_at", "tomorrow", "It must be a time"),
        ("entries", "twice", "It must be once"),
        ("max_inside", "300", "It takes exits"),
        ("roll_call", "staff", "It takes exits"),
        ("max_inside", "many", "It must be a whole number"),
        ("retention_days", "0", "It must be a whole number from 1"),
        ("gates", "north\r\nnorth", "Door 2 is there twice"),
    ] {
        let wrong = post(&app, &mia, LISTS, &form(&[(field, value)]));
        assert_eq!(wrong.status, 422, "{field} {value}");
        let beside = format!("id=\"new-{field}-error\" role=\"alert\">{error}");
        has(&wrong, &[&beside, "Europe/"]);
        has_focus_on(wrong.text(), field);
    }
    let backwards = [
        ("opens_at", "2026-11-27T20:00"),
        ("closes_at", "2026-11-27T19:00"),
    ];
    let wrong = post(&app, &mia, LISTS, &form(&backwards));
    has(
        &wrong,
        &[
            "after the time at which it opens",
            "value=\"2026-11-27T19:00\"",
        ],
    );
    has(&get(&app, &mia, LISTS), &["There are none."]);
}

#[test]
fn a_list_is_made_from_a_form_once_and_its_page_has_what_was_typed() {
    let app = TestApp::start();
    let (mia, _) = person(&app, "mia", Role::Manager);
    let fields = [
        ("where", "event = gala-2026\r\n/row = 7"),
        ("opens_at", "2026-11-27T18:00"),
        ("exits", "on"),
        ("max_inside", "300"),
        ("people", "guests"),
        ("gates", "north\r\n south \r\n"),
        ("roll_call", "staff"),
        ("store", "visit"),
        ("retention_days", "7"),
        ("form_id", "sixteen-letters-"),
    ];
    let page = made(&app, &mia, &fields);
    assert_eq!(made(&app, &mia, &fields), page, "the same form again");
    says(
        &told(&app, &mia, &page),
        [
            (
                "accepts",
                json!([{"profile": "ticket", "where": {"/event": "gala-2026", "/row": 7}}]),
            ),
            ("opens_at", json!("2026-11-27T17:00:00Z")),
            ("closes_at", Value::Null),
            ("exits", json!("on")),
            ("max_inside", json!(300)),
            ("people", json!("/guests")),
            ("gates", json!(["north", "south"])),
            ("store", json!("visit")),
            ("roll_call", json!("staff")),
            ("retention_days", json!(7)),
            ("made_by", json!("account:1")),
        ],
    );
    has(
        &get(&app, &mia, LISTS),
        &[
            &page,
            "Gala",
            "what codes say, 7 days",
            "value=\"Europe/Berlin\"",
        ],
    );
    has(
        &get(&app, &mia, &page),
        &[
            "/event = gala-2026\n/row = 7",
            "value=\"2026-11-27T18:00\"",
            "north\nsouth",
            &format!("/desk?list={}", id_of(&page)),
            "Nothing was counted yet.",
        ],
    );
}

#[test]
fn a_public_kind_of_code_takes_a_tick() {
    let open = r#"
        number = 40
        issue = ["anyone"]
        title = { en = "Day visitor" }
        schema = { type = "object" }
    "#;
    let (app, _folder) = crate::profiles::with_profiles(&[("visitor", open)], &[]);
    let (mia, _) = person(&app, "mia", Role::Manager);
    has(
        &get(&app, &mia, LISTS),
        &["Day visitor (visitor): anyone can make one"],
    );
    let fields = [("accept", "visitor")];
    let wrong = post(&app, &mia, LISTS, &form(&fields));
    assert_eq!(wrong.status, 422);
    has(&wrong, &["id=\"new-accept_public-error\"", "Tick this"]);
    let page = made(&app, &mia, &[fields[0], ("accept_public", "1")]);
    assert_eq!(told(&app, &mia, &page)["accept_public"], true);
}

#[test]
fn what_happens_at_a_list_is_counted_found_undone_and_saved_as_a_table() {
    let app = TestApp::start();
    let (mia, _) = person(&app, "mia", Role::Manager);
    let page = made(
        &app,
        &mia,
        &[("exits", "on"), ("people", "/guests"), ("gates", "north")],
    );
    let list = id_of(&page);
    let token = ticket(&app, "gala", 3);
    let mut asked = entry(list, &token);
    asked["gate"] = json!("north");
    let told = check_in(&app, &mia, &asked);
    assert_eq!(told.status, 201, "{}", told.text());
    check_in(&app, &mia, &entry(list, &token)).problem(409, "already_redeemed");
    let row = told.json()["id"].as_str().unwrap().to_owned();
    let shown = get(&app, &mia, &page);
    has(
        &shown,
        &[
            "<dt>People inside</dt><dd><bdi>3</bdi>",
            "north",
            "not let in: had entered before",
            &format!("/console/check-ins/{row}"),
        ],
    );
    has(
        &get(&app, &mia, LISTS),
        &["data-label=\"People inside\"><bdi>3"],
    );
    let found = |query: &str| get(&app, &mia, &format!("{page}?{query}"));
    let refused = found("outcome=already_redeemed");
    has(&refused, &["had entered before"]);
    assert!(!refused.text().contains(&row), "{}", refused.text());
    let link = format!("https%3A%2F%2Fqr.example.com%2F{token}");
    let by_link = found(&format!("code={link}"));
    has(&by_link, &[&row]);
    assert!(
        !by_link.text().contains(&token),
        "the page goes on with the id"
    );
    has(
        &found("code=404142434445464748494a4b"),
        &["There are none."],
    );
    has(&found("code=nonsense"), &["neither an id"]);

    let undo = || post(&app, &mia, &page, &[("do", "undo"), ("check_in", &row)]);
    has(
        &undo(),
        &[
            "The check-in is undone.",
            "<dt>People inside</dt><dd><bdi>0</bdi>",
            "undone at",
        ],
    );
    let refusal = app_row(&app, &mia, list, "already_redeemed");
    let wrong = post(&app, &mia, &page, &[("do", "undo"), ("check_in", &refusal)]);
    assert_eq!(wrong.status, 422);
    has(&wrong, &["Nobody was let in or out by it."]);

    let address = format!("/api/lists/{list}/check-ins?format=csv");
    has(&shown, &[&address]);
    let table = get(&app, &mia, &address);
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    assert!(table.text().contains(&row));
}

/// The id of the row with this outcome.
fn app_row(app: &TestApp, cookie: &str, list: &str, outcome: &str) -> String {
    let path = format!("/api/lists/{list}/check-ins?outcome={outcome}");
    let rows = get(app, cookie, &path).json();
    rows["check_ins"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn of_two_who_change_a_list_the_second_is_shown_both() {
    let app = TestApp::start();
    let (mia, _) = person(&app, "mia", Role::Manager);
    let page = made(&app, &mia, &[]);
    let change = |revision: &str, more: &[(&str, &str)]| {
        let fixed = [("do", "change"), ("revision", revision)];
        post(&app, &mia, &page, &[&fixed[..], &form(more)].concat())
    };
    let changed = change("1", &[("name", "Ball"), ("entries", "once_a_day")]);
    assert_eq!(changed.status, 200, "{}", changed.text());
    has(&changed, &["It is changed.", "<h1>Ball</h1>"]);
    let conflict = change("1", &[("name", "Feast")]);
    assert_eq!(conflict.status, 412);
    has(
        &conflict,
        &[
            "Somebody else has changed this list meanwhile",
            "data-label=\"It is now\"><bdi>Ball",
            "data-label=\"You wanted\"><bdi>Feast",
            "data-label=\"It is now\"><bdi>once a day",
            "value=\"Feast\"",
            "name=\"revision\" value=\"2\"",
        ],
    );
    let same = change("2", &[("name", "Ball"), ("entries", "once_a_day")]);
    assert_eq!(same.status, 422);
    has(&same, &["nothing was changed"]);
    let wrong = change("2", &[("gates", "\u{7}")]);
    assert_eq!(wrong.status, 422);
    has(&wrong, &["id=\"change-gates-error\" role=\"alert\">Door 1"]);
    // Another zone is another time, though the clock says the same.
    let times = [("opens_at", "2026-11-27T18:00")];
    assert_eq!(change("2", &times).status, 200);
    assert_eq!(told(&app, &mia, &page)["opens_at"], "2026-11-27T17:00:00Z");
    let moved = [times[0], ("time_zone", "Europe/Lisbon")];
    assert_eq!(change("3", &moved).status, 200);
    assert_eq!(told(&app, &mia, &page)["opens_at"], "2026-11-27T18:00:00Z");
}

#[test]
fn what_no_form_can_say_stays_when_the_rest_is_changed() {
    let app = TestApp::start();
    let (mia, _) = person(&app, "mia", Role::Manager);
    let accepts = json!([
        {"profile": "ticket", "where": {"/event": "a"}},
        {"profile": "ticket", "where": {"/event": "b"}},
    ]);
    let body = json!({"name": "Two", "accepts": accepts});
    let headers = [
        ("cookie", mia.as_str()),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    let list = app.send("POST", "/api/lists", &headers, body.to_string().as_bytes());
    let page = format!("{LISTS}/{}", list.json()["id"].as_str().unwrap());
    let shown = get(&app, &mia, &page);
    has(&shown, &["no form here can say"]);
    let fields = [
        ("do", "change"),
        ("revision", "1"),
        ("time_zone", "UTC"),
        ("name", "Both"),
    ];
    let changed = post(&app, &mia, &page, &form(&fields));
    assert_eq!(changed.status, 200, "{}", changed.text());
    let list = told(&app, &mia, &page);
    assert_eq!(
        (&list["name"], &list["accepts"]),
        (&json!("Both"), &accepts)
    );
}

#[test]
fn a_list_is_given_to_a_scanner_and_taken_away() {
    let app = TestApp::start();
    let (mia, _) = person(&app, "mia", Role::Manager);
    let (sam, scanner) = person(&app, "sam", Role::Scanner);
    app.api_key("check");
    app.api_key("issue");
    let page = made(&app, &mia, &[]);
    let shown = get(&app, &mia, &page);
    has(
        &shown,
        &["Nobody was given it yet.", "sam, scanner", "API key 1, "],
    );
    assert!(!shown.text().contains("API key 2, "), "it may not check");
    let who = format!("account:{}", scanner.id.0);
    let staff = |what: &str, who: &str, revision: &str| {
        let fields = [("do", what), ("who", who), ("revision", revision)];
        post(&app, &mia, &page, &fields)
    };
    let desk = || get(&app, &sam, "/desk").text().contains("Gala");
    assert!(!desk());
    has(
        &staff("give", &who, "1"),
        &["sam, scanner works at it from now on."],
    );
    assert!(desk());
    has(&staff("give", "key:1", "2"), &["API key 1, "]);
    assert_eq!(told(&app, &mia, &page)["staff"], json!([who, "key:1"]));
    let late = staff("take", &who, "2");
    assert_eq!(late.status, 412);
    has(&late, &["You wanted to take it away from sam, scanner."]);
    for nobody in ["account:1", "key:2", "account:77"] {
        let wrong = staff("give", nobody, "3");
        assert_eq!(wrong.status, 422, "{nobody}");
        has(&wrong, &["given to scanners"]);
    }
    has(&staff("take", &who, "3"), &["works at it no more."]);
    assert!(!desk());
}

#[test]
fn a_list_is_closed_opened_and_deleted_by_who_means_it() {
    let app = TestApp::start();
    let (mia, _) = person(&app, "mia", Role::Manager);
    let page = made(&app, &mia, &[]);
    let token = ticket(&app, "gala", 1);
    let send = |fields: &[(&str, &str)]| post(&app, &mia, &page, fields);
    let unsure = send(&[("do", "close"), ("revision", "1")]);
    assert_eq!(unsure.status, 422);
    has(&unsure, &["id=\"close-sure-error\""]);
    let closed = send(&[("do", "close"), ("revision", "1"), ("sure", "1")]);
    has(
        &closed,
        &["It is closed", "<dt>Now</dt><dd><bdi>closed</bdi>"],
    );
    check_in(&app, &mia, &entry(id_of(&page), &token)).problem(422, "outside_window");
    let late = send(&[("do", "open"), ("revision", "1")]);
    assert_eq!(late.status, 412);
    has(&late, &["You wanted to open it."]);
    has(
        &send(&[("do", "open"), ("revision", "2")]),
        &["It is open again."],
    );
    assert_eq!(
        check_in(&app, &mia, &entry(id_of(&page), &token)).status,
        201
    );

    let delete = [("do", "delete"), ("revision", "3"), ("sure", "1")];
    let unsure = send(&delete[..2]);
    assert_eq!(unsure.status, 422);
    has(&unsure, &["id=\"delete-sure-error\""]);
    app.app.clock.step(11 * 60);
    let asked = send(&delete);
    assert_eq!(asked.status, 422);
    has(&asked, &["This takes your password once more."]);
    let password = ("your_password", crate::accounts::PASSWORD);
    let deleted = send(&[&delete[..], &[password]].concat());
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    has(&deleted, &["The list Gala is deleted.", "There are none."]);
    assert_eq!(get(&app, &mia, &page).status, 404);
}
