//! Links in the console: made from a form, found, watched, changed by two at once, ended; and room for those of strangers.

use std::collections::HashSet;

use qrseal::store::{AuditId, AuditRow, NewLink, NewRecord, Role};
use qrseal::token::TokenId;
use serde_json::json;

use crate::accounts::{get, person, post};
use crate::app::{Answer, TestApp};

const LINKS: &str = "/console/links";

fn make(app: &TestApp, cookie: &str, fields: &[(&str, &str)]) -> String {
    let made = post(app, cookie, LINKS, fields);
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").unwrap().to_owned()
}

fn has(answer: &Answer, words: &[&str]) {
    for words in words {
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
    }
}

/// Scans the code of a link as a phone does.
fn scan(app: &TestApp, cookie: &str, page: &str) -> Answer {
    let id = page.rsplit('/').next().unwrap();
    let picture = get(app, cookie, &format!("/api/links/{id}/picture?format=png"));
    assert_eq!(picture.status, 200, "{}", picture.text());
    let text = qrseal::qr::read(&picture.body).unwrap();
    let path = text.rsplit('/').next().unwrap();
    let headers = [(
        "user-agent",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
    )];
    app.send("GET", &format!("/{path}"), &headers, b"")
}

#[test]
fn a_link_is_made_from_a_form_scanned_watched_changed_and_ended() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    let fields = [
        ("target", "https://shop.example/menu"),
        ("note", "table 7"),
        ("expires_in", "30d"),
        ("android", "https://shop.example/android"),
        ("form_id", "sixteen-letters-"),
    ];
    let page = make(&app, &ana, &fields);
    assert_eq!(make(&app, &ana, &fields), page, "the same form again");
    let list = get(&app, &ana, LINKS);
    has(
        &list,
        &["table 7", "https://shop.example/menu", "leads on", &page],
    );
    let other = get(&app, &ana, "/console/links?state=revoked");
    has(&other, &["There are none."]);
    let found = get(&app, &ana, "/console/links?note=table");
    has(&found, &[&page]);

    assert_eq!(
        scan(&app, &ana, &page).header("location"),
        Some("https://shop.example/menu")
    );
    app.wait(async |app| app.scan_counts.write(&*app.store).await.unwrap());
    let shown = get(&app, &ana, &page);
    has(
        &shown,
        &[
            "on Android",
            "class=\"ios\"",
            "/picture?format=svg",
            "account:1",
        ],
    );
    has(
        &get(&app, &ana, &format!("{page}?by=hour")),
        &["Scans by hour"],
    );
    let overview = get(&app, &ana, "/console");
    has(
        &overview,
        &[
            "<dt>Scans in seven days</dt><dd><bdi>0, and 1 by programs</bdi>",
            "<dt>Links that lead on</dt><dd><bdi>1</bdi>",
        ],
    );
    assert!(!overview.text().contains("Age of the key"), "for admins");

    let change = |target: &str, revision: &str| {
        let fields = [
            ("do", "change"),
            ("revision", revision),
            ("target", target),
            ("note", "table 8"),
        ];
        post(&app, &ana, &page, &fields)
    };
    let changed = change("https://shop.example/winter", "1");
    assert_eq!(changed.status, 200, "{}", changed.text());
    has(&changed, &["table 8", "https://shop.example/android"]);
    assert_eq!(
        scan(&app, &ana, &page).header("location"),
        Some("https://shop.example/winter")
    );
    let conflict = change("https://shop.example/spring", "1");
    assert_eq!(conflict.status, 412);
    has(
        &conflict,
        &[
            "meanwhile: it leads to https://shop.example/winter, its state is \u{201c}leads on\u{201d}. ",
            "You wanted it to lead to https://shop.example/spring, with the note \u{201c}table 8\u{201d}, to end as it does, and then \
             to lead nowhere.",
            "value=\"https://shop.example/spring\"",
        ],
    );
    let wrong = change("https://10.0.0.1/", "2");
    assert_eq!(wrong.status, 422);
    has(&wrong, &["id=\"change-target-error\" role=\"alert\">It "]);
    assert_eq!(
        change("https://shop.example/winter", "2").status,
        422,
        "as it was"
    );

    let press = |what: &str, revision: &str| {
        post(&app, &ana, &page, &[("do", what), ("revision", revision)])
    };
    has(&press("off", "2"), &["switched off", "Switch it on"]);
    has(&press("on", "3"), &["leads on"]);
    let ended = press("end", "4");
    has(&ended, &["ended for ever"]);
    assert!(!ended.text().contains("End the link for ever"));
    let headers = [("accept", "application/json")];
    let api = page.replace("/console/", "/api/");
    let gone = app.send(
        "GET",
        &format!("{api}/picture"),
        &[("cookie", &*ana), headers[0]],
        b"",
    );
    gone.problem(410, "token_revoked");
}

#[test]
fn what_is_wrong_with_a_new_link_stands_beside_its_field_and_a_pin_is_shown_once() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Admin);
    for (fields, expected) in [
        (&[("target", "")][..], "new-target-error"),
        (
            &[("target", "https://paypal.com@evil.example")],
            "new-target-error",
        ),
        (
            &[
                ("target", "https://a.example"),
                ("fallback", "http://b.example"),
            ],
            "new-fallback-error",
        ),
        (
            &[("target", "https://a.example"), ("max_opens", "0")],
            "new-max_opens-error",
        ),
        (
            &[("target", "https://a.example"), ("max_opens", "many")],
            "new-max_opens-error",
        ),
        (
            &[("target", "https://a.example"), ("expires_in", "soon")],
            "new-expires_in-error",
        ),
        (
            &[("target", "https://a.example"), ("note", &"n".repeat(81))],
            "new-note-error",
        ),
        (
            &[
                ("target", "https://a.example"),
                ("ios", "https://ok.example"),
                ("desktop", "javascript:1"),
            ],
            "new-desktop-error",
        ),
    ] {
        let refused = post(&app, &ana, LINKS, fields);
        assert_eq!(refused.status, 422, "{fields:?}: {}", refused.text());
        has(&refused, &[&format!("aria-describedby=\"{expected}\"")]);
        has(&refused, &[&format!("id=\"{expected}\"")]);
    }
    let fields = [
        ("target", "https://a.example"),
        ("pin_auto", "1"),
        ("max_opens", "2"),
    ];
    let made = post(&app, &ana, LINKS, &fields);
    assert_eq!(made.status, 201, "{}", made.text());
    has(&made, &["class=\"secret\"", "0 of 2", "asked for"]);
}

#[test]
fn a_refused_change_keeps_what_was_typed_beside_what_is_wrong_with_it_but_never_a_pin() {
    const PIN: &str = "70291463";
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    let fields = [("target", "https://a.example/"), ("pin_auto", "1")];
    let made = post(&app, &ana, LINKS, &fields);
    assert_eq!(made.status, 201, "{}", made.text());
    let id = &made.text().split("/console/links/").nth(1).unwrap()[..24];
    let page = format!("/console/links/{id}");
    let long = "n".repeat(81);
    for (name, value, field) in [
        ("target", "http://b.example/", "target"),
        ("note", &*long, "note"),
        ("expires_in", "soon", "expires_in"),
        ("fallback", "http://b.example/", "fallback"),
        ("pin", "1", "pin"),
        ("pin", "", "pin"),
    ] {
        let mut fields = vec![
            ("do", "change"),
            ("revision", "1"),
            ("target", "https://b.example/"),
            ("note", "kept"),
            ("fallback", "https://c.example/"),
            ("pin", PIN),
        ];
        // Of several fields of one name the last counts.
        fields.push((name, value));
        let refused = post(&app, &ana, &page, &fields);
        assert_eq!(refused.status, 422, "{name}: {}", refused.text());
        has(
            &refused,
            &[&format!("id=\"change-{field}-error\" role=\"alert\">It ")],
        );
        for kept in ["target", "note", "fallback"] {
            let sent = fields.iter().rfind(|(sent, _)| *sent == kept);
            let (_, sent) = sent.unwrap();
            let input = format!("name=\"{kept}\" type=\"text\" value=\"{sent}\"");
            has(&refused, &[&input]);
        }
        assert!(!refused.text().contains(PIN), "{name}");
    }
    let reason = "r".repeat(201);
    let refused = post(&app, &ana, &page, &[("do", "end"), ("reason", &reason)]);
    assert_eq!(refused.status, 422);
    has(
        &refused,
        &[
            "id=\"end-reason-error\" role=\"alert\">A reason has 1 to 200 characters on one line.<",
            &reason,
            "name=\"target\" type=\"text\" value=\"https://a.example/\"",
        ],
    );
}

#[test]
fn an_issuer_sees_its_own_links_and_a_manager_sees_all_and_changes_none() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    let (ben, _) = person(&app, "ben", Role::Issuer);
    let (eva, _) = person(&app, "eva", Role::Manager);
    let page = make(&app, &ana, &[("target", "https://shop.example/menu")]);
    has(&get(&app, &ben, LINKS), &["There are none."]);
    assert_eq!(get(&app, &ben, &page).status, 404);
    assert_eq!(post(&app, &ben, &page, &[("do", "end")]).status, 404);
    has(&get(&app, &eva, LINKS), &["shop.example"]);
    let seen = get(&app, &eva, &page);
    assert_eq!(seen.status, 200);
    for words in ["Change the link", "/picture", "Make the link"] {
        assert!(!seen.text().contains(words), "{words}");
    }
    assert_eq!(post(&app, &eva, &page, &[("do", "end")]).status, 403);
}

#[test]
fn a_list_of_links_goes_on_where_its_page_ended() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    for number in 0..51 {
        let target = format!("https://shop.example/{number}");
        make(&app, &ana, &[("target", &target)]);
    }
    let first = get(&app, &ana, LINKS);
    let next = first
        .text()
        .split("href=\"/console/links?cursor=")
        .nth(1)
        .unwrap();
    let next = format!("/console/links?cursor={}", next.split('"').next().unwrap());
    let rows = |page: &Answer| page.text().matches("<td data-label=\"Leads to\">").count();
    assert_eq!((rows(&first), rows(&get(&app, &ana, &next))), (50, 1));
    has(
        &get(&app, &ana, "/console/links?cursor=nonsense"),
        &["There is no such page"],
    );
}

#[test]
fn ten_thousand_links_of_one_key_are_listed_page_by_page_each_once() {
    const LINKS: u64 = 10_000;
    let app = TestApp::start();
    let mine = app.api_key("issue,read");
    let other = app.api_key("issue,read");
    let bearer = |key: &str| format!("Bearer {key}");
    let [mine, other] = [bearer(&mine), bearer(&other)];
    let json = ("content-type", "application/json");
    let body = br#"{"target":"https://shop.example/menu"}"#;
    let make = |key: &str| {
        let headers = [json, ("authorization", key)];
        let made = app.send("POST", "/api/links", &headers, body);
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    };
    make(&other);
    let first: TokenId = make(&mine).parse().unwrap();
    // The others are copies of its row: to make them over HTTP would only take longer.
    app.wait(async |app| {
        let row = app.store.record(first).await.unwrap().unwrap();
        let link = row.link.unwrap();
        let copy = |number: u64| {
            let mut id = [0; 12];
            id[4..].copy_from_slice(&number.to_be_bytes());
            NewRecord {
                id: id.into(),
                kind: row.kind,
                slot: row.slot,
                issued_at: row.head.issued_at,
                expires_at: None,
                max_opens: None,
                record: row.record.clone().unwrap(),
                link: Some(NewLink {
                    token: link.token.clone(),
                    keep_expired_secs: 0,
                }),
                made_by: row.made_by,
                note: None,
                share: None,
                request: None,
                now: app.now(),
                audit: AuditRow {
                    happened_at: app.now(),
                    id: AuditId(id),
                    principal: "key:1".to_owned(),
                    verb: "issue".to_owned(),
                    what: "token".to_owned(),
                    what_id: number.to_string(),
                    slot: row.slot,
                    details: Vec::new(),
                },
            }
        };
        // So many that wait at once are committed together.
        for chunk in (1..LINKS).collect::<Vec<_>>().chunks(1_000) {
            let kept = chunk
                .iter()
                .map(|number| app.store.add_record(copy(*number)));
            for kept in kept.collect::<Vec<_>>() {
                assert!(kept.await.is_ok());
            }
        }
    });
    let (mut seen, mut cursor) = (HashSet::new(), String::new());
    loop {
        let path = format!("/api/links?limit=1000{cursor}");
        let page = app
            .send("GET", &path, &[("authorization", &*mine)], b"")
            .json();
        for link in page["links"].as_array().unwrap() {
            assert!(seen.insert(link["id"].as_str().unwrap().to_owned()));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), usize::try_from(LINKS).unwrap());
    let others = app
        .send("GET", "/api/links", &[("authorization", &*other)], b"")
        .json();
    assert_eq!(others["links"].as_array().unwrap().len(), 1);
}

#[test]
fn a_strangers_link_grows_no_further_than_their_share_of_the_room() {
    let app = TestApp::with(&[
        ("AUTH__ISSUING", "open"),
        ("LIMITS__STORED_BYTES_PER_CLIENT", "1200"),
    ]);
    let body = json!({"target": "https://a.example/", "expires_in": 3600});
    let made = app.post_json("/api/links", body.to_string()).json();
    let url = made["manage_url"].as_str().unwrap();
    let manage = format!("/manage/{}", url.split_once("/manage/").unwrap().1);
    let to = |length: usize| {
        let target = format!("https://a.example/{}", "a".repeat(length));
        app.post_form(&manage, &[("do", "target"), ("target", &target)])
    };
    assert_eq!(to(200).status, 200);
    let full = to(1_500);
    assert_eq!(full.status, 429, "{}", full.text());
    assert!(full.header("retry-after").is_some());
    assert_eq!(to(100).status, 200, "it may become smaller");
}
