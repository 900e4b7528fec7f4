//! Dynamic links: codes that lead elsewhere.

use std::fs;

use qrseal::links::{ShowScans, report};
use qrseal::store::ScansOf;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::failing_store::Failure;
use crate::store_failures::failing_app;
use crate::stored::{path, record};

const BROWSER: &str = "text/html,application/xhtml+xml";
const DAY: u64 = 24 * 60 * 60;

/// A link with a key that issues.
fn make(app: &TestApp, body: &Value) -> Value {
    let answer = app.post_json("/api/links", body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn menu(app: &TestApp) -> Value {
    make(app, &json!({"target": "https://shop.example/menu"}))
}

fn at(link: &Value) -> String {
    format!("/api/links/{}", link["id"].as_str().unwrap())
}

fn change(app: &TestApp, link: &Value, body: &Value) -> Answer {
    let headers = [("content-type", "application/json")];
    app.send("PATCH", &at(link), &headers, body.to_string().as_bytes())
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap().to_owned()
}

fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status, 302, "{}", answer.text());
    answer.header("location").unwrap().to_owned()
}

#[test]
fn a_scan_is_sent_to_the_target_and_a_change_sends_the_same_print_elsewhere() {
    let app = TestApp::start();
    let link = menu(&app);
    assert_eq!(path(&link).len(), 1 + 42, "the smallest code there is");
    for method in ["GET", "HEAD"] {
        let scan = app.send(method, &path(&link), &[], b"");
        assert_eq!(leads_to(&scan), "https://shop.example/menu");
        assert_eq!(scan.header("cache-control").unwrap(), "no-store");
        assert_eq!(scan.header("referrer-policy").unwrap(), "no-referrer");
    }
    let changed = change(
        &app,
        &link,
        &json!({"target": "https://shop.example/winter"}),
    );
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(changed.header("etag").unwrap(), "\"2\"");
    assert_eq!(changed.json()["target"], "https://shop.example/winter");
    assert_eq!(
        leads_to(&app.get(&path(&link))),
        "https://shop.example/winter"
    );
    let query = format!(
        "/api/decrypt/qrcode-details?ctext={}",
        path(&link).trim_start_matches('/')
    );
    assert_eq!(leads_to(&app.get(&query)), "https://shop.example/winter");
}

#[test]
fn a_target_that_is_not_allowed_is_refused_with_its_pointer_when_made_and_when_changed() {
    let app = TestApp::start();
    let link = menu(&app);
    let own = link["link"].as_str().unwrap();
    let long = format!("https://shop.example/{}", "a".repeat(2_048));
    for (target, why) in [
        ("https://paypal.com@evil.example", "user name"),
        ("https://10.0.0.1", "IP address"),
        ("http://shop.example", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://printer.local/", "private network"),
        (own, "https://"),
        (long.as_str(), "2048"),
        ("", "missing"),
    ] {
        for (pointer, body) in [
            ("/target", json!({"target": target})),
            (
                "/fallback",
                json!({"target": "https://a.example", "fallback": target}),
            ),
            (
                "/rules/1/target",
                json!({"target": "https://a.example", "rules": [
                    {"device": "ios", "target": "https://b.example"},
                    {"language": "de", "target": target}
                ]}),
            ),
        ] {
            if target.is_empty() && pointer == "/fallback" {
                continue;
            }
            let refused = app.post_json("/api/links", body.to_string());
            assert_eq!(refused.status, 422, "{target}");
            let error = &refused.json()["errors"][0];
            assert_eq!(error["pointer"], pointer, "{error}");
            assert!(error["detail"].as_str().unwrap().contains(why), "{error}");
            if !target.is_empty() {
                let refused = change(&app, &link, &body);
                assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
            }
        }
    }
    assert_eq!(
        leads_to(&app.get(&path(&link))),
        "https://shop.example/menu"
    );
}

#[test]
fn our_own_codes_are_no_targets_but_the_message_page_is() {
    let app = TestApp::with(&[
        ("SERVER__PUBLIC_URL", "https://qr.example.com"),
        ("AUTH__ISSUING", "open"),
    ]);
    let to =
        |path: &str| json!({"target": format!("https://qr.example.com/{path}"), "expires_in": DAY});
    let code = to("207401192554475282741436360850911416714651").to_string();
    let refused = app.post_json("/api/links", code);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("this server itself"));
    make(&app, &to("message"));
}

#[test]
fn what_a_link_cannot_say_is_refused_with_its_pointer() {
    let app = TestApp::start();
    let target = "https://a.example/";
    for (body, pointer) in [
        (json!({"target": 7}), "/target"),
        (json!({"target": target, "rules": {}}), "/rules"),
        (json!({"target": target, "rules": [7]}), "/rules/0"),
        (
            json!({"target": target, "rules": [{"device": "ios"}]}),
            "/rules/0/target",
        ),
        (
            json!({"target": target, "rules": [{"target": target}]}),
            "/rules/0",
        ),
        (
            json!({"target": target, "rules": [{"device": "tv", "target": target}]}),
            "/rules/0/device",
        ),
        (
            json!({"target": target, "rules": [{"language": "deutsch", "target": target}]}),
            "/rules/0/language",
        ),
        (
            json!({"target": target, "rules": [{"from": "2027-01-02T00:00:00Z", "until": "2027-01-01T00:00:00Z", "target": target}]}),
            "/rules/0/from",
        ),
        (
            json!({"target": target, "rules": [{"until": "soon", "target": target}]}),
            "/rules/0/until",
        ),
        (
            json!({"target": target, "rules": [{"device": "ios", "target": target, "x": "y"}]}),
            "/rules/0/x",
        ),
        (
            json!({"target": target, "rules": vec![json!({"device": "ios", "target": target}); 21]}),
            "/rules",
        ),
        (
            json!({"target": target, "interstitial": "never"}),
            "/interstitial",
        ),
        (
            json!({"target": target, "forward_query": "yes"}),
            "/forward_query",
        ),
        (
            json!({"target": target, "not_before": "soon"}),
            "/not_before",
        ),
        (json!({"target": target, "max_opens": 1}), "/expires_in"),
        (json!({"target": target, "pin": "493817"}), "/expires_in"),
        (json!({"target": target, "note": "x".repeat(81)}), "/note"),
        (json!({"target": target, "payload": {}}), "/payload"),
        (json!({"target": target, "storage": "stored"}), "/storage"),
        (json!({"target": target, "ecl": "H"}), "/ecl"),
        (json!({}), "/target"),
    ] {
        let refused = app.post_json("/api/links", body.to_string());
        assert_eq!(refused.status, 422, "{body}: {}", refused.text());
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{body}");
    }
    let twice = app.post_json(
        "/api/links",
        r#"{"target":"https://a.example/","target":"https://b.example/"}"#,
    );
    assert!(twice.status == 422 || twice.status == 400);
}

#[test]
fn a_code_leads_each_device_and_language_to_its_own_place_and_a_weekend_to_another() {
    let app = TestApp::start();
    let now = app.app.now().as_secs();
    let time = |secs| qrseal::clock::rfc3339(qrseal::token::UnixTime::from_secs(secs));
    let link = make(
        &app,
        &json!({"target": "https://a.example/", "rules": [
            {"from": time(now + DAY), "until": time(now + 3 * DAY), "target": "https://weekend.example/"},
            {"device": "ios", "target": "https://ios.example/"},
            {"device": "android", "language": "de", "target": "https://android.example/de"},
            {"language": "de", "target": "https://de.example/"},
        ]}),
    );
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)";
    let pixel = "Mozilla/5.0 (Linux; Android 15; Pixel 9)";
    let scan = |agent, language| {
        let headers = [("user-agent", agent), ("accept-language", language)];
        leads_to(&app.send("GET", &path(&link), &headers, b""))
    };
    assert_eq!(scan(iphone, "de"), "https://ios.example/");
    assert_eq!(scan(pixel, "de-AT,en;q=0.5"), "https://android.example/de");
    assert_eq!(scan(pixel, "en,de;q=0.5"), "https://a.example/");
    assert_eq!(scan("curl/8", "de"), "https://de.example/");
    app.app.clock.step(DAY);
    assert_eq!(scan(iphone, "de"), "https://weekend.example/");
    app.app.clock.step(2 * DAY);
    assert_eq!(scan(iphone, "de"), "https://ios.example/");
}

#[test]
fn a_link_has_a_time_before_which_and_after_which_it_leads_nowhere_or_to_its_fallback() {
    let app = TestApp::start();
    let now = app.app.now().as_secs();
    let from = qrseal::clock::rfc3339(qrseal::token::UnixTime::from_secs(now + DAY));
    let link = |fallback: Value| {
        make(
            &app,
            &json!({"target": "https://a.example/", "not_before": from, "expires_in": 2 * DAY, "fallback": fallback}),
        )
    };
    let (plain, kind) = (link(Value::Null), link(json!("https://over.example/")));
    let early = app.get(&path(&plain));
    assert_eq!((early.status, code(&early)), (403, "not_yet".to_owned()));
    assert_eq!(early.json()["not_before"], from);
    let page = app.get_as(&path(&plain), BROWSER);
    assert!(page.text().contains("It leads somewhere from"));
    app.app.clock.step(DAY);
    assert_eq!(leads_to(&app.get(&path(&plain))), "https://a.example/");
    app.app.clock.step(DAY + 120);
    let late = app.get(&path(&plain));
    assert_eq!(
        (late.status, code(&late)),
        (410, "token_expired".to_owned())
    );
    assert_eq!(leads_to(&app.get(&path(&kind))), "https://over.example/");

    let revived = change(&app, &plain, &json!({"expires_in": "1d"}));
    assert_eq!(revived.status, 200, "{}", revived.text());
    assert_eq!(revived.json()["state"], "active");
    assert_eq!(leads_to(&app.get(&path(&plain))), "https://a.example/");
    let endless = change(&app, &plain, &json!({"expires_in": null}));
    assert_eq!(endless.json()["expires_at"], Value::Null);
    assert_eq!(record(&app, plain["id"].as_str().unwrap()).expires_at, None);
}

#[test]
fn a_link_is_switched_off_and_on_and_ended_for_ever() {
    let app = TestApp::start();
    let link = menu(&app);
    let off = change(&app, &link, &json!({"enabled": false, "note": "closed"}));
    assert_eq!(off.json()["state"], "disabled");
    let scan = app.get(&path(&link));
    assert_eq!(
        (scan.status, code(&scan)),
        (410, "link_disabled".to_owned())
    );
    let page = app.get_as(&path(&link), BROWSER);
    assert!(page.text().contains("This code leads nowhere now"));
    assert_eq!(change(&app, &link, &json!({"enabled": true})).status, 200);
    assert_eq!(
        leads_to(&app.get(&path(&link))),
        "https://shop.example/menu"
    );
    let seen = app.get(&at(&link));
    assert_eq!(seen.json()["note"], "closed");
    assert_eq!(seen.json()["revision"], 3);

    for _ in 0..2 {
        assert_eq!(app.send("DELETE", &at(&link), &[], b"").status, 204);
    }
    let scan = app.get(&path(&link));
    assert_eq!(
        (scan.status, code(&scan)),
        (410, "token_revoked".to_owned())
    );
    let dead = change(&app, &link, &json!({"expires_in": "1d"}));
    assert_eq!(
        (dead.status, code(&dead)),
        (410, "token_revoked".to_owned())
    );
    assert_eq!(app.get(&at(&link)).json()["state"], "revoked");
    assert_eq!(app.get(&format!("{}/picture", at(&link))).status, 410);
    let unknown = app.get("/api/links/0123456789abcdef01234567");
    assert_eq!(code(&unknown), "token_not_recognised");
}

#[test]
fn two_who_change_at_once_do_not_overwrite_each_other() {
    let app = TestApp::start();
    let link = menu(&app);
    let send = |tag: &str, target: &str| {
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        let body = json!({ "target": target }).to_string();
        app.send("PATCH", &at(&link), &headers, body.as_bytes())
    };
    assert_eq!(send("\"1\"", "https://one.example/").status, 200);
    let late = send("\"1\"", "https://two.example/");
    assert_eq!(
        (late.status, code(&late)),
        (412, "revision_conflict".to_owned())
    );
    assert_eq!(late.json()["revision"], 2);
    assert_eq!(send("*", "https://three.example/").status, 200);
    assert_eq!(leads_to(&app.get(&path(&link))), "https://three.example/");
}

#[test]
fn a_payment_link_opens_once_and_tells_where_on_its_page() {
    let app = TestApp::start();
    let link = make(
        &app,
        &json!({"target": "https://pay.example/4711?sum=12", "max_opens": 1, "expires_in": DAY}),
    );
    let program = app.get(&path(&link));
    assert_eq!(
        (program.status, code(&program)),
        (403, "open_required".to_owned())
    );
    let page = app.get_as(&path(&link), BROWSER);
    let page = page.text();
    assert!(
        page.contains("This code can be opened only once") && page.contains("Show where it leads")
    );
    assert!(
        !page.contains("pay.example"),
        "nobody is told before the button"
    );

    let form = [("open_id", "abcdefghijklmnop")];
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", BROWSER),
    ];
    let opened = app.send("POST", &path(&link), &headers, body.as_bytes());
    assert_eq!(opened.status, 200, "no redirect out of a form");
    let html = opened.text();
    assert!(
        html.contains("href=\"https://pay.example/4711?sum=12\""),
        "{html}"
    );
    assert!(html.contains("https://<strong>pay.example</strong>/4711?sum=12"));
    assert_eq!(opened.header("qrseal-opens-left").unwrap(), "0");

    let again = json!({"open_id": "qrstuvwxyzabcdef"}).to_string();
    let used = app.post_json(&path(&link), again);
    assert_eq!(
        (used.status, code(&used)),
        (410, "token_used_up".to_owned())
    );
    let shown = app.get(&at(&link)).json();
    assert_eq!(
        (&shown["state"], &shown["opens"]),
        (&json!("used_up"), &json!(1))
    );
    let dead = change(&app, &link, &json!({"expires_in": "1d"}));
    assert_eq!(code(&dead), "token_used_up");
}

#[test]
fn a_pin_is_a_gate_that_a_change_does_not_open() {
    let app = TestApp::start();
    let link = make(
        &app,
        &json!({"target": "https://a.example/", "pin": "493817", "expires_in": DAY}),
    );
    let open = |pin: &str| {
        let body = json!({"open_id": "abcdefghijklmnop", "pin": pin});
        app.post_json(&path(&link), body.to_string())
    };
    assert_eq!(code(&open("493818")), "pin_incorrect");
    let passed = open("493817");
    assert_eq!(passed.json()["target"], "https://a.example/");

    let without = change(&app, &link, &json!({"target": "https://b.example/"}));
    assert_eq!(without.status, 422);
    assert_eq!(without.json()["errors"][0]["pointer"], "/pin");
    assert_eq!(change(&app, &link, &json!({"note": "gate 2"})).status, 200);
    let changed = change(
        &app,
        &link,
        &json!({"target": "https://b.example/", "pin": "604913"}),
    );
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(code(&open("493817")), "pin_incorrect");
    assert_eq!(open("604913").json()["target"], "https://b.example/");
    let no_end = change(&app, &link, &json!({"expires_in": null, "pin": "604913"}));
    assert_eq!(no_end.json()["errors"][0]["pointer"], "/expires_in");
}

#[test]
fn a_host_that_looks_like_another_is_shown_before_anybody_goes_there() {
    let app = TestApp::start();
    let link = make(&app, &json!({"target": "https://p\u{430}ypal.com/login"}));
    assert!(
        link["warning"]
            .as_str()
            .unwrap()
            .contains("looks like paypal.com")
    );
    let page = app.get_as(&path(&link), BROWSER);
    assert_eq!(page.status, 200);
    let html = page.text();
    for part in [
        "<strong>paypal.com</strong>",
        "<strong>p\u{430}ypal.com</strong>",
        "https://<strong>xn--pypal-4ve.com</strong>/login",
        "href=\"https://xn--pypal-4ve.com/login\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let program = app.get(&path(&link)).json();
    assert_eq!(program["target"], "https://xn--pypal-4ve.com/login");
    assert_eq!(program["looks_like"], "paypal.com");
    let always = make(
        &app,
        &json!({"target": "https://a.example/", "interstitial": "always"}),
    );
    assert_eq!(app.get_as(&path(&always), BROWSER).status, 200);
}

#[test]
fn where_anybody_makes_links_hosts_that_are_not_trusted_are_shown_first() {
    let app = TestApp::with(&[
        ("AUTH__ISSUING", "open"),
        ("LINKS__TRUSTED_HOSTS", "[\"shop.example\"]"),
    ]);
    let made = |target: &str| {
        let body = json!({"target": target, "expires_in": DAY});
        make(&app, &body)
    };
    let trusted = made("https://www.shop.example/");
    assert_eq!(app.get_as(&path(&trusted), BROWSER).status, 302);
    let other = made("https://my-shop.example/");
    assert_eq!(app.get_as(&path(&other), BROWSER).status, 200);
    let for_ever = app.post_json(
        "/api/links",
        json!({"target": "https://a.example"}).to_string(),
    );
    assert_eq!(for_ever.json()["errors"][0]["pointer"], "/expires_in");
    app.api_key("read");
    for (method, place) in [("GET", at(&other)), ("GET", "/api/links".to_owned())] {
        assert_eq!(app.send(method, &place, &[], b"").status, 401);
    }
    assert_eq!(change(&app, &other, &json!({"enabled": false})).status, 401);
}

#[test]
fn the_query_of_a_scan_is_dropped_unless_it_is_to_be_forwarded() {
    let app = TestApp::start();
    let dropped = menu(&app);
    let scan = app.get(&format!("{}?utm=poster&x=1", path(&dropped)));
    assert_eq!(leads_to(&scan), "https://shop.example/menu");
    let forwarded = make(
        &app,
        &json!({"target": "https://shop.example/?x=2", "forward_query": true}),
    );
    let scan = app.get(&format!("{}?utm=poster&x=1", path(&forwarded)));
    assert_eq!(leads_to(&scan), "https://shop.example/?x=2&utm=poster");
}

#[test]
fn a_block_list_stops_links_when_they_are_made_changed_and_scanned() {
    let folder = tempfile::TempDir::new().unwrap();
    let list = folder.path().join("malware.txt");
    fs::write(&list, "0.0.0.0 evil.example\n").unwrap();
    let files = json!([list.to_str().unwrap()]).to_string();
    let app = TestApp::with(&[("LINKS__BLOCK_LISTS", &files)]);
    let body = json!({"target": "https://www.evil.example/"}).to_string();
    let refused = app.post_json("/api/links", body);
    assert_eq!(refused.status, 422);
    let error = refused.json()["errors"][0].clone();
    assert_eq!(error["pointer"], "/target");
    assert!(error["detail"].as_str().unwrap().contains("malware.txt"));
    assert!(!refused.text().contains(folder.path().to_str().unwrap()));

    let link = menu(&app);
    fs::write(&list, "0.0.0.0 evil.example\nshop.example\n").unwrap();
    app.app.link_policy.lists.look();
    app.app.link_policy.lists.look();
    let scan = app.get(&path(&link));
    assert_eq!(
        (scan.status, code(&scan)),
        (403, "target_blocked".to_owned())
    );
    let page = app.get_as(&path(&link), BROWSER);
    let page = page.text();
    assert!(page.contains("does not lead on") && !page.contains("shop.example"));
    let owner = app.get(&at(&link)).json();
    assert!(owner["blocked"].as_str().unwrap().contains("malware.txt"));
    let moved = change(&app, &link, &json!({"target": "https://b.example/"}));
    assert_eq!(moved.json()["blocked"], Value::Null);
    assert_eq!(leads_to(&app.get(&path(&link))), "https://b.example/");
}

#[test]
fn a_key_sees_and_changes_its_own_links_and_one_that_reads_or_revokes_all() {
    let app = TestApp::start();
    let (mine, other) = (app.api_key("issue"), app.api_key("issue"));
    let (reads, ends) = (app.api_key("read:all"), app.api_key("issue,revoke:all"));
    let send = |method: &str, path: &str, key: &str, body: &str| {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        app.send(method, path, &headers, body.as_bytes())
    };
    let target = json!({"target": "https://a.example/", "note": "table 7"}).to_string();
    let link = send("POST", "/api/links", &mine, &target).json();
    let place = at(&link);
    let off = json!({"enabled": false}).to_string();
    for (key, sees, changes) in [
        (&mine, 200, 200),
        (&other, 403, 403),
        (&reads, 200, 403),
        (&ends, 403, 200),
    ] {
        assert_eq!(send("GET", &place, key, "").status, sees);
        assert_eq!(send("PATCH", &place, key, &off).status, changes);
    }
    let listed = |key: &str, query: &str| {
        let page = send("GET", &format!("/api/links{query}"), key, "").json();
        page["links"].as_array().unwrap().len()
    };
    assert_eq!((listed(&mine, ""), listed(&other, "")), (1, 0));
    assert_eq!(listed(&reads, "?note=table&state=disabled"), 1);
    assert_eq!(listed(&reads, "?state=active"), 0);
    let picture = format!("{place}/picture");
    assert_eq!(send("GET", &picture, &reads, "").status, 403);
    let png = send("GET", &picture, &mine, "");
    assert_eq!(png.header("content-type").unwrap(), "image/png");
    assert_eq!(send("DELETE", &place, &other, "").status, 403);
    assert_eq!(send("DELETE", &place, &mine, "").status, 204);
}

#[test]
fn the_picture_drawn_again_has_the_same_link_in_any_style() {
    let app = TestApp::start();
    let link = menu(&app);
    let place = format!("{}/picture", at(&link));
    let png = app.get(&format!("{place}?scale=4"));
    let picture = qrseal::qr::read(&png.body).unwrap();
    assert_eq!(picture, link["link"].as_str().unwrap());
    let svg = app.get(&format!(
        "{place}?format=svg&module_shape=dots&dark=%23123c7a"
    ));
    assert!(svg.text().starts_with("<svg"), "{}", svg.text());
    assert_eq!(app.get(&format!("{place}?max_opens=1")).status, 422);
}

#[test]
fn a_request_that_is_sent_again_makes_no_second_link() {
    let app = TestApp::start();
    let body = json!({"target": "https://a.example/"}).to_string();
    let send = |body: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "poster-7"),
        ];
        app.send("POST", "/api/links", &headers, body.as_bytes())
    };
    let (first, again) = (send(&body), send(&body));
    assert_eq!(first.json()["link"], again.json()["link"]);
    assert_eq!(again.header("idempotent-replayed").unwrap(), "true");
    let other = json!({"target": "https://b.example/"}).to_string();
    assert_eq!(code(&send(&other)), "idempotency_conflict");
    assert_eq!(
        app.get("/api/links").json()["links"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn what_is_done_to_links_is_in_the_audit_log_and_no_target_is() {
    let app = TestApp::start();
    let link = menu(&app);
    change(
        &app,
        &link,
        &json!({"target": "https://secret.example/", "note": "x"}),
    );
    app.send("DELETE", &at(&link), &[], b"");
    let log = app.get("/api/audit").json();
    let verbs: Vec<_> = log["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["verb"].as_str().unwrap().to_owned())
        .collect();
    for verb in ["issue", "change", "revoke"] {
        assert!(verbs.iter().any(|known| known == verb), "{verbs:?}");
    }
    assert!(!log.to_string().contains("example"), "{log}");
}

/// What the store has counted of a link, people and bots.
fn counted(app: &TestApp, link: &Value) -> (u64, u64) {
    app.wait(async |app| app.scan_counts.write(&*app.store).await)
        .unwrap();
    let of = ScansOf::Link(link["id"].as_str().unwrap().parse().unwrap());
    let show = ShowScans::latest(of, app.app.now());
    let total = app.wait(async |app| report(&*app.store, show).await);
    let total = total.unwrap().total();
    (total.people(), total.bots)
}

#[test]
fn scans_are_counted_and_what_is_none_is_not() {
    let app = TestApp::start();
    let link = menu(&app);
    let phone = [
        (
            "user-agent",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)",
        ),
        ("accept-language", "de"),
    ];
    for _ in 0..5 {
        app.send("GET", &path(&link), &phone, b"");
    }
    app.send("HEAD", &path(&link), &phone, b"");
    let ahead = [phone[0], phone[1], ("sec-purpose", "prefetch")];
    app.send("GET", &path(&link), &ahead, b"");
    assert_eq!(counted(&app, &link).0, 5);
    let preview = [("user-agent", "WhatsApp/2.24")];
    app.send("GET", &path(&link), &preview, b"");
    assert_eq!(counted(&app, &link), (5, 1));
    change(&app, &link, &json!({"enabled": false}));
    app.send("GET", &path(&link), &phone, b"");
    assert_eq!(counted(&app, &link).0, 5);

    let once = make(
        &app,
        &json!({"target": "https://a.example/", "max_opens": 1, "expires_in": DAY, "fallback": "https://over.example/"}),
    );
    app.send("GET", &path(&once), &phone, b"");
    assert_eq!(
        counted(&app, &once).0,
        0,
        "looking at the button is no scan"
    );
    let body = json!({"open_id": "abcdefghijklmnop"}).to_string();
    let headers = [phone[0], phone[1], ("content-type", "application/json")];
    for _ in 0..2 {
        let opened = app.send("POST", &path(&once), &headers, body.as_bytes());
        assert_eq!(opened.status, 200);
    }
    assert_eq!(counted(&app, &once).0, 1, "the same open is one scan");
    let kind = make(
        &app,
        &json!({"target": "https://a.example/", "expires_in": DAY, "fallback": "https://over.example/"}),
    );
    app.app.clock.step(DAY + 120);
    app.send("GET", &path(&kind), &phone, b"");
    assert_eq!(
        counted(&app, &kind),
        (0, 0),
        "what is left of it is not counted"
    );
}

#[test]
fn scans_are_told_by_hour_and_day_as_json_csv_and_a_page_of_one_link_or_of_a_note() {
    let app = TestApp::start();
    let target = "https://a.example/";
    let one = make(&app, &json!({"target": target, "note": "poster north"}));
    let two = make(&app, &json!({"target": target, "note": "poster south"}));
    let phone = [
        ("user-agent", "Mozilla/5.0 (Linux; Android 15; Pixel 9)"),
        ("accept-language", "de"),
    ];
    for link in [&one, &two, &two] {
        app.send("GET", &path(link), &phone, b"");
    }
    counted(&app, &one);
    let place = format!("{}/scans", at(&one));
    let by_day = app.get(&place).json();
    assert_eq!(by_day["total"]["android"], 1);
    assert_eq!(by_day["by"], "day");
    assert_eq!(by_day["steps"].as_array().unwrap().len(), 1);
    assert_eq!(app.get(&format!("{place}?by=hour")).json()["by"], "hour");
    let csv = app.get(&format!("{place}?format=csv"));
    let text = csv.text();
    assert!(text.starts_with("at,device,bot,scans\r\n"), "{text}");
    assert!(text.trim_end().ends_with("Z,android,false,1"), "{text}");
    assert_eq!(app.get_as(&place, "text/csv").text(), text);
    let page = app.get_as(&place, BROWSER);
    assert!(page.text().contains("<svg") && page.text().contains("poster north"));
    let all = app.get("/api/links/scans?note=poster").json();
    assert_eq!(all["total"]["android"], 3);
    let south = app.get("/api/links/scans?note=south").json();
    assert_eq!(south["total"]["android"], 2);
    for (query, pointer) in [
        ("?by=week", "/by"),
        ("?from=soon", "/from"),
        ("?from=2026-01-01T00:00:00Z&by=hour", "/from"),
        ("?from=2999-01-01T00:00:00Z", "/from"),
        ("?format=xml", "/format"),
        ("?note=x", "/note"),
    ] {
        let refused = app.get(&format!("{place}{query}"));
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{query}");
    }
    assert_eq!(app.get("/api/links/scans").status, 422);
}

#[test]
fn whoever_makes_a_link_without_an_account_manages_it_with_a_link_of_their_own() {
    let app = TestApp::with(&[("AUTH__ISSUING", "open")]);
    let link = make(
        &app,
        &json!({"target": "https://a.example/", "expires_in": DAY}),
    );
    let url = link["manage_url"].as_str().unwrap();
    let manage = url.split_once("/manage/").unwrap().1;
    let manage = format!("/manage/{manage}");
    assert_eq!(app.get(&manage).json()["target"], "https://a.example/");
    let page = app.get_as(&manage, BROWSER);
    for part in [
        "value=\"https://a.example/\"",
        "Switch it off",
        "No scans yet",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let code_itself = path(&link);
    assert!(!page.text().contains(code_itself.trim_start_matches('/')));

    let target = [
        ("do", "target"),
        ("target", "https://b.example/"),
        ("revision", "1"),
    ];
    assert_eq!(app.post_form(&manage, &target).status, 200);
    assert_eq!(app.post_form(&manage, &target).status, 412);
    let bad = [("do", "target"), ("target", "https://10.0.0.1/")];
    assert_eq!(app.post_form(&manage, &bad).status, 422);
    let scan = app.get_as(&path(&link), BROWSER);
    assert!(scan.text().contains("<strong>b.example</strong>"));
    app.post_form(&manage, &[("do", "off")]);
    assert_eq!(code(&app.get(&path(&link))), "link_disabled");
    let on = json!({"enabled": true, "expires_in": "2d"}).to_string();
    assert_eq!(app.post_json(&manage, on).json()["state"], "active");
    let long = json!({"expires_in": "2y"}).to_string();
    assert_eq!(app.post_json(&manage, long).status, 422, "a year at most");
    app.app.clock.step(2 * DAY + 120);
    assert_eq!(app.get(&manage).json()["state"], "expired");
    app.post_form(&manage, &[("do", "end")]);
    assert_eq!(app.get(&manage).json()["state"], "revoked");
    assert_eq!(app.get("/manage/AAAA").status, 404);
    let mine = app.api_key("issue");
    let bearer = format!("Bearer {mine}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let body = json!({"target": "https://a.example/"}).to_string();
    let by_key = app.send("POST", "/api/links", &headers, body.as_bytes());
    assert!(by_key.json().get("manage_url").is_none());
}

#[test]
fn counts_wait_for_a_store_that_is_away_and_none_is_lost() {
    let (app, store, _folder) = failing_app();
    let link = menu(&app);
    for _ in 0..3 {
        app.get(&path(&link));
    }
    store.fail(1, Failure::Unavailable);
    let written = app.wait(async |app| app.scan_counts.write(&*app.store).await);
    assert!(written.is_err());
    assert_eq!(counted(&app, &link), (3, 0));
}

#[test]
fn a_link_that_was_scanned_just_now_leads_on_though_the_store_is_away_and_another_waits() {
    let (app, store, _folder) = failing_app();
    let (known, other) = (menu(&app), menu(&app));
    assert_eq!(app.get(&path(&known)).status, 302);
    store.fail(1, Failure::Unavailable);
    assert_eq!(app.get(&path(&known)).status, 302);
    let away = app.get(&path(&other));
    assert_eq!(
        (away.status, code(&away)),
        (503, "temporarily_unavailable".to_owned())
    );
    assert_eq!(app.get(&path(&other)).status, 302);
}

#[test]
fn a_document_is_no_link_and_a_link_no_document() {
    let app = TestApp::start();
    let document = crate::stored::issue(&app, &json!({}));
    assert_eq!(app.get(&at(&document)).status, 404);
    let body = json!({"enabled": false});
    assert_eq!(change(&app, &document, &body).status, 404);
    let link = menu(&app);
    let put = json!({"token": path(&link).trim_start_matches('/'), "payload": {}}).to_string();
    let place = format!("/api/tokens/{}/payload", link["id"].as_str().unwrap());
    let headers = [("content-type", "application/json")];
    let refused = app.send("PUT", &place, &headers, put.as_bytes());
    assert_eq!(refused.status, 422, "{}", refused.text());
}
