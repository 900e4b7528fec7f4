//! Who was at a list, asked in the console; what is kept of one visitor, and its end.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use qrseal::store::Role;
use serde_json::Value;

use super::console::{check_in, has, id_of, made};
use super::{entry, of};
use crate::accounts::{PASSWORD, get, person, post};
use crate::app::{Answer, TestApp, now};

/// The number of the shipped profile.
const SIGN_IN: u32 = 3;

/// A list in Berlin that keeps visits, and the entry of a visitor.
fn visited(app: &TestApp, cookie: &str) -> (String, String) {
    let page = made(app, cookie, &[("accept", "sign-in"), ("store", "visit")]);
    let document = r#"{"name":"=Ana Sousa","phone":"+49 30 1234567","email":"ana@example.com"}"#;
    let token = app.sealed(document, &of(SIGN_IN), now());
    let told = check_in(app, cookie, &entry(id_of(&page), &token));
    assert_eq!(told.status, 201, "{}", told.text());
    let row = told.json()["id"].as_str().unwrap().to_owned();
    (page, format!("/console/check-ins/{row}"))
}

/// So many seconds from now, as a clock in Berlin shows it.
fn there(app: &TestApp, secs: i64) -> String {
    let now = i64::try_from(app.app.now().as_secs()).unwrap();
    let time = Timestamp::from_second(now + secs).unwrap();
    let there = time.to_zoned(TimeZone::get("Europe/Berlin").unwrap());
    there.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn ask(app: &TestApp, cookie: &str, page: &str, more: &[(&str, &str)]) -> Answer {
    let (from, until) = (there(app, -60), there(app, 60));
    let fields = [
        ("from", from.as_str()),
        ("until", &until),
        ("reason", "case 4711"),
    ];
    let is_given = |name: &str| more.iter().any(|(known, _)| *known == name);
    let fields = fields.into_iter().filter(|(name, _)| !is_given(name));
    let fields: Vec<_> = fields.chain(more.iter().copied()).collect();
    post(app, cookie, &format!("{page}/presence"), &fields)
}

/// The rows of the audit log with this verb.
fn audited(app: &TestApp, cookie: &str, verb: &str) -> Vec<Value> {
    let rows = get(app, cookie, &format!("/api/audit?verb={verb}")).json();
    rows["rows"].as_array().unwrap().clone()
}

#[test]
fn who_was_there_is_asked_with_a_reason_and_shown_ready_to_print() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (mia, _) = person(&app, "mia", Role::Manager);
    let (page, row) = visited(&app, &mia);
    let form = get(&app, &mia, &format!("{page}/presence"));
    has(&form, &["type=\"datetime-local\"", "Europe/Berlin", "Why"]);
    for (field, value, error) in [
        ("reason", "", "It must say why"),
        ("reason", "\u{7}why", "It must be 1 to 200 characters"),
        ("from", "", "It must be a time"),
        ("from", "soon", "It must be a time"),
        ("until", "2020-01-01T00:00", "It must be after the time"),
    ] {
        let wrong = ask(&app, &mia, &page, &[(field, value)]);
        assert_eq!(wrong.status, 422, "{field} {value}");
        has(&wrong, &[&format!("id=\"presence-{field}-error\""), error]);
    }
    assert_eq!(audited(&app, &ana, "presence").len(), 0, "nothing was told");

    let told = ask(&app, &mia, &page, &[]);
    assert_eq!(told.status, 200, "{}", told.text());
    has(
        &told,
        &[
            "=Ana Sousa",
            "+49 30 1234567",
            "ana@example.com",
            "case 4711",
            "<dt>People</dt><dd><bdi>1</bdi>",
            "data-print",
            &row,
        ],
    );
    let table = ask(&app, &mia, &page, &[("format", "csv")]);
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    has(&table, &["'=Ana Sousa", "'+49 30 1234567"]);
    let (from, until) = (there(&app, 3_600), there(&app, 7_201));
    let later = [("from", from.as_str()), ("until", &until)];
    app.app.clock.step(7_200);
    has(
        &ask(&app, &mia, &page, &[("from", &there(&app, 10))]),
        &["Nobody was there."],
    );
    has(&ask(&app, &mia, &page, &later), &["=Ana Sousa"]);
    let rows = audited(&app, &ana, "presence");
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0]["details"]["reason"], "case 4711");
    assert_eq!(rows[0]["principal"], "account:2");
}

#[test]
fn what_is_kept_of_a_visitor_is_shown_and_erased_and_that_they_entered_stays() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (mia, _) = person(&app, "mia", Role::Manager);
    let (page, row) = visited(&app, &mia);
    let send = |fields: &[(&str, &str)]| post(&app, &mia, &row, fields);
    let before = get(&app, &mia, &row);
    has(&before, &["let in", &page, "Show what is kept"]);
    let unsure = send(&[("do", "erase")]);
    has(&unsure, &["id=\"erase-sure-error\""]);
    let without = send(&[("do", "show"), ("reason", "x")]);
    has(&without, &["id=\"show-reason-error\"", "It must say why"]);
    assert_eq!((unsure.status, without.status), (422, 422));
    for answer in [&before, &unsure, &without] {
        assert!(!answer.text().contains("Ana Sousa"), "{}", answer.text());
    }
    assert_eq!(audited(&app, &ana, "presence").len(), 0);
    let shown = send(&[("do", "show"), ("reason", "case 4711")]);
    assert_eq!(shown.status, 200, "{}", shown.text());
    has(&shown, &["=Ana Sousa", "+49 30 1234567", "let in"]);
    let rows = audited(&app, &ana, "presence");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["details"]["reason"], "case 4711");
    app.app.clock.step(11 * 60);
    let erase = [("do", "erase"), ("sure", "1")];
    has(&send(&erase), &["This takes your password once more."]);
    let erased = send(&[&erase[..], &[("your_password", PASSWORD)]].concat());
    assert_eq!(erased.status, 200, "{}", erased.text());
    has(
        &erased,
        &["Nothing of what the code says is kept any more.", "let in"],
    );
    assert!(!erased.text().contains("=Ana Sousa"));
    assert_eq!(audited(&app, &ana, "erase_visit").len(), 1);
    let told = ask(&app, &mia, &page, &[("from", &there(&app, -3_600))]);
    has(
        &told,
        &["nothing is kept", "<dt>People</dt><dd><bdi>1</bdi>"],
    );

    has(
        &send(&[("do", "undo")]),
        &["The check-in is undone.", "<dt>Undone</dt>"],
    );
    let other = get(&app, &mia, "/console/check-ins/404142434445464748494a4b");
    assert_eq!(other.status, 404);
}
