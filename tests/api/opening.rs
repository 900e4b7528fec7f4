//! Opening: who gets what, and why a code is dead.

use qrseal::token::{Claims, ExpiresIn, Keyring, Secret, UnixTime};

use crate::app::{TestApp, ago, keyring, now};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn both_routes(digits: &str) -> [String; 2] {
    [
        format!("/{digits}"),
        format!("/api/decrypt/qrcode-details?ctext={digits}"),
    ]
}

#[test]
fn a_browser_gets_a_page_and_a_program_gets_the_json() {
    let app = TestApp::start();
    let digits = app.sealed(
        r#"{"invoiceNumber":"INV-1","total":12.50}"#,
        &Claims::default(),
        now(),
    );
    for path in both_routes(&digits) {
        let page = app.get_as(&path, HTML);
        assert_eq!(page.status, 200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert!(page.text().contains("Invoice number"));
        assert!(page.text().contains("12.50"));
        let json = app.get(&path);
        assert_eq!(json.header("content-type"), Some("application/json"));
        assert_eq!(json.text(), r#"{"invoiceNumber":"INV-1","total":12.50}"#);
    }
}

#[test]
fn the_document_can_be_saved_as_a_file() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    let path = format!("/api/decrypt/qrcode-details?ctext={digits}&download=1");
    let answer = app.get_as(&path, HTML);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"document.json\"")
    );
    assert_eq!(answer.text(), "[1]");
}

#[test]
fn other_query_parameters_are_ignored() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    for path in both_routes(&digits) {
        let join = if path.contains('?') { '&' } else { '?' };
        let answer = app.get(&format!("{path}{join}utm_source=mail&fbclid=x"));
        assert_eq!(answer.status, 200);
    }
}

#[test]
fn a_link_opens_with_what_people_and_programs_put_behind_it() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    let issued = app.post_json("/api/tokens", r#"{"payload":[1]}"#).json();
    let token = issued["token"].as_str().unwrap();
    let limited = Claims {
        max_opens: Some(1.try_into().unwrap()),
        ..expiring(3600)
    };
    let limited = app.sealed("[2]", &limited, now());
    for behind in [
        ".",
        ",",
        "/",
        "!",
        ")",
        "%20",
        "%E2%80%8B",
        "%3E",
        "%22",
        "%E2%80%9D.",
        "%0A",
    ] {
        let by_query = format!("/api/decrypt/qrcode-details?ctext={token}{behind}");
        for path in [format!("/{digits}{behind}"), by_query] {
            let answer = app.get(&path);
            assert_eq!((answer.status, answer.text()), (200, "[1]"), "{path}");
        }
        let held = app.get(&format!("/{limited}{behind}"));
        held.problem(403, "open_required");
    }
    let first = digits.as_bytes()[0];
    for path in [
        format!("/{digits}&fbclid=x"),
        format!("/{digits}&utm_source=mail&utm_medium=x"),
        format!("/%{first:02X}{}", &digits[1..]),
        format!("/%{first:02x}{}.", &digits[1..]),
    ] {
        assert_eq!(app.get(&path).text(), "[1]", "{path}");
    }
    let opened = app.open(&format!("{limited}."), None);
    assert_eq!((opened.status, opened.text()), (200, "[2]"));
    let body = serde_json::json!({"open_id": "abcdefghijklmnop", "ctext": format!("{token},")});
    let opened = app.post_json("/api/decrypt/qrcode-details", body.to_string());
    assert_eq!((opened.status, opened.text()), (200, "[1]"));
    // The log has the route and no token.
    assert!(!app.log().contains(&digits[..20]));
}

#[test]
fn what_begins_as_a_link_and_does_not_open_is_a_code_and_no_lost_address() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    for behind in ["x", "%FF", "/x", "%20x", ".5", "%2"] {
        let path = format!("/{digits}{behind}");
        app.get(&path).problem(404, "token_not_recognised");
        let page = app.get_as(&path, HTML);
        assert_eq!(page.status, 404);
        assert!(page.text().contains("Scan the whole code again"), "{path}");
        assert!(!page.text().contains("start page"), "{path}");
    }
    app.get("/2026x").problem(404, "not_found");
}

#[test]
fn every_answer_on_a_token_route_has_the_headers_that_keep_it_private() {
    let app = TestApp::start();
    let good = app.sealed("[1]", &Claims::default(), now());
    let expired = app.sealed("[1]", &expiring(60), ago(600));
    for digits in [good.as_str(), expired.as_str(), "0123456789"] {
        for path in both_routes(digits) {
            for accept in ["*/*", HTML] {
                let answer = app.get_as(&path, accept);
                let varies = match accept == HTML {
                    true => "Accept, Accept-Language",
                    false => "Accept",
                };
                for (name, expected) in [
                    ("cache-control", "no-store"),
                    ("referrer-policy", "no-referrer"),
                    ("x-robots-tag", "noindex, nofollow, noarchive, nosnippet"),
                    ("x-content-type-options", "nosniff"),
                    ("vary", varies),
                ] {
                    assert_eq!(answer.header(name), Some(expected), "{path} {accept}");
                }
                let page = accept == HTML;
                let policy = answer.header("content-security-policy").unwrap();
                for part in ["default-src 'none'", "frame-ancestors 'none'"] {
                    assert!(policy.contains(part), "{policy}");
                }
                assert!(!policy.contains("unsafe"), "{policy}");
                assert_eq!(policy.contains("form-action 'self'"), page, "{policy}");
                for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
                    assert_eq!(answer.header(name), page.then_some("same-origin"), "{path}");
                }
                let features = answer.header("permissions-policy");
                assert_eq!(
                    features.is_some_and(|list| list.contains("camera=()")),
                    page
                );
            }
        }
    }
}

#[test]
fn a_code_that_is_not_recognised_gets_one_answer_whatever_is_wrong_with_it() {
    let app = TestApp::start();
    let good = app.sealed("[1]", &Claims::default(), now());
    let mut flipped = good.clone().into_bytes();
    flipped[40] = if flipped[40] == b'1' { b'2' } else { b'1' };
    let flipped = String::from_utf8(flipped).unwrap();
    let other = Keyring::with_first_key("another-audience", Secret::from([9; 32]), now()).unwrap();
    let other = TestApp::with_keyring(&[], other).sealed("[1]", &Claims::default(), now());
    let not_json = app.sealed("{", &Claims::default(), now());
    let mut bodies = std::collections::HashSet::new();
    for digits in [
        "0",
        "0123456789",
        &flipped,
        &other,
        &not_json,
        &good[1..],
        &good[..good.len() - 1],
    ] {
        for path in both_routes(digits) {
            let mut problem = app.get(&path).problem(404, "token_not_recognised");
            assert!(problem.get("detail").is_none());
            problem.as_object_mut().unwrap().remove("request_id");
            bodies.insert(problem.to_string());
        }
    }
    assert_eq!(bodies.len(), 1);
}

#[test]
fn the_query_route_takes_either_text_form_once() {
    let app = TestApp::start();
    let issued = app.post_json("/api/tokens", r#"{"payload":[1]}"#).json();
    let token = issued["token"].as_str().unwrap();
    let route = "/api/decrypt/qrcode-details";
    assert_eq!(app.get(&format!("{route}?ctext={token}")).status, 200);
    for query in [
        String::new(),
        "?".to_owned(),
        "?ctext=".to_owned(),
        format!("?ctext={token}&ctext={token}"),
        format!("?CTEXT={token}"),
        format!("?ctext={token}%ff"),
        format!("?ctext={token}.x"),
        "?ctext=%ff%fe".to_owned(),
    ] {
        app.get(&format!("{route}{query}"))
            .problem(404, "token_not_recognised");
    }
}

#[test]
fn an_expired_code_says_when_it_ended() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &expiring(60), ago(600));
    for path in both_routes(&digits) {
        let problem = app.get(&path).problem(410, "token_expired");
        let at: jiff::Timestamp = problem["expired_at"].as_str().unwrap().parse().unwrap();
        assert!(at.as_second() < i64::try_from(now().as_secs()).unwrap());
        let page = app.get_as(&path, HTML);
        assert_eq!(page.status, 410);
        assert!(page.text().contains("expired"));
    }
}

#[test]
fn a_code_of_a_disabled_key_is_retired_and_of_a_destroyed_key_not_recognised() {
    let rotated = || {
        let mut keyring = keyring();
        let first = keyring.primary().slot();
        let second = keyring.add(Secret::from([7; 32]), now()).unwrap();
        keyring.promote(second).unwrap();
        (keyring, first)
    };
    let digits = TestApp::start().sealed("[1]", &Claims::default(), now());
    let app = TestApp::with_keyring(&[], rotated().0);
    assert_eq!(app.get(&format!("/{digits}")).status, 200);
    let (mut disabled, first) = rotated();
    disabled.disable(first).unwrap();
    app.app.keyring.store(std::sync::Arc::new(disabled));
    app.get(&format!("/{digits}")).problem(410, "key_retired");
    let (mut destroyed, first) = rotated();
    destroyed.disable(first).unwrap();
    destroyed.destroy(first).unwrap();
    app.app.keyring.store(std::sync::Arc::new(destroyed));
    app.get(&format!("/{digits}"))
        .problem(404, "token_not_recognised");
}

#[test]
fn a_code_for_staff_is_recognised_but_not_opened() {
    let app = TestApp::start();
    let staff = Claims {
        staff_only: true,
        ..Claims::default()
    };
    let limited = Claims {
        max_opens: Some(1.try_into().unwrap()),
        ..expiring(3600)
    };
    let both = Claims {
        staff_only: true,
        ..limited
    };
    for claims in [staff, both] {
        let digits = app.sealed("[\"canary\"]", &claims, now());
        for path in both_routes(&digits) {
            let answer = app.get(&path);
            answer.problem(403, "forbidden");
            assert!(!answer.text().contains("canary"));
            let page = app.get_as(&path, HTML);
            assert_eq!(page.status, 200);
            assert!(page.text().contains("Show this code at the desk"));
            assert!(!page.text().contains("canary"));
        }
        let answer = app.open(&digits, None);
        answer.problem(403, "forbidden");
        assert!(!answer.text().contains("canary"));
    }
}

#[test]
fn a_code_from_the_future_means_that_a_clock_is_wrong() {
    let app = TestApp::start();
    let ahead = UnixTime::from_secs(now().as_secs() + 900);
    let digits = app.sealed("[1]", &Claims::default(), ahead);
    app.get(&format!("/{digits}"))
        .problem(503, "temporarily_unavailable");
    let soon = UnixTime::from_secs(now().as_secs() + 120);
    let digits = app.sealed("[1]", &Claims::default(), soon);
    assert_eq!(app.get(&format!("/{digits}")).status, 200);
}

#[test]
fn a_dead_end_in_a_browser_is_a_page_with_the_next_step() {
    let app = TestApp::start();
    let page = app.get_as("/0123456789", HTML);
    assert_eq!(page.status, 404);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(page.text().contains("Scan the whole code again"));
    assert!(!page.text().contains("0123456789"));
}

#[test]
fn head_is_answered_like_get_without_the_body() {
    let app = TestApp::start();
    let digits = app.sealed("[1,2,3]", &Claims::default(), now());
    for path in both_routes(&digits) {
        let head = app.send("HEAD", &path, &[], b"");
        assert_eq!(head.status, 200);
        assert_eq!(head.header("content-type"), Some("application/json"));
        assert!(head.body.is_empty());
    }
}

#[test]
fn a_plain_code_gets_the_same_answer_by_whatever_way_it_is_asked_for() {
    let app = TestApp::start();
    let digits = app.sealed(r#"{"a":[1,2,3]}"#, &Claims::default(), now());
    let answer = |method: &str, path: String, headers: &[(&str, &str)]| {
        let mut answer = app.send(method, &path, headers, b"");
        answer.headers.retain(|(name, _)| name != "date");
        answer.headers.sort();
        (answer.status, answer.headers, answer.body)
    };
    let first = answer("GET", format!("/{digits}"), &[]);
    assert_eq!((first.0, &*first.2), (200, &br#"{"a":[1,2,3]}"#[..]));
    // With a query; by the other route; with a POST, which changes nothing.
    let query = format!("/{digits}?utm_source=mail");
    let details = format!("/api/decrypt/qrcode-details?ctext={digits}");
    for path in [query, details] {
        assert_eq!(answer("GET", path.clone(), &[]), first, "{path}");
    }
    let wants_json = [("accept", "application/json, */*;q=0.1")];
    assert_eq!(answer("GET", format!("/{digits}"), &wants_json), first);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let posted = app.send(
        "POST",
        &format!("/{digits}"),
        &form,
        b"open_id=0123456789abcdef",
    );
    assert_eq!((posted.status, posted.body), (first.0, first.2));
}

#[test]
fn the_log_has_a_line_for_every_way_to_ask_for_a_code() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    let path = format!("/{digits}");
    app.get(&path);
    app.send("HEAD", &path, &[], b"");
    app.get_as(&path, HTML);
    app.get(&format!("/api/decrypt/qrcode-details?ctext={digits}"));
    let log = app.log();
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.contains(r#""status":200"#))
        .collect();
    assert_eq!(lines.len(), 4, "{log}");
    for line in &lines {
        assert!(line.contains(r#""token_id":""#), "{line}");
    }
    assert!(
        lines[1].contains(r#""method":"HEAD","route":"/{digits}""#),
        "{log}"
    );
    assert!(!log.contains(&digits[..20]));
}

fn expiring(seconds: u64) -> Claims {
    Claims {
        expires_in: Some(ExpiresIn::try_from(seconds).unwrap()),
        ..Claims::default()
    }
}
