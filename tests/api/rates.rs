//! Rate limits and quotas: who asks too much is told so, and when to come back; nobody else notices.

use qrseal::token::Claims;

use crate::app::{Answer, TestApp, now};
use crate::held::limited;

const PAYLOAD: &str = "/api/qrcode/encrypted-payload";
const CODE: &str = "rate_limited";

fn plain(app: &TestApp) -> String {
    format!("/{}", app.sealed("[1]", &Claims::default(), now()))
}

/// A GET as from this client, through a proxy that is trusted.
fn from(app: &TestApp, client: &str, path: &str) -> Answer {
    app.send("GET", path, &[("x-forwarded-for", client)], b"")
}

#[test]
fn a_client_that_opens_too_much_is_told_when_to_come_back_and_then_goes_on() {
    let app = TestApp::with(&[("LIMITS__OPENS_PER_MINUTE", "3")]);
    let path = plain(&app);
    for _ in 0..3 {
        assert_eq!(app.get(&path).status, 200);
    }
    let answer = app.get(&path);
    assert_eq!(answer.problem(429, CODE)["limit"], "opens");
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some("\"opens\";q=3;w=60")
    );
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(
        answer.header("ratelimit"),
        Some(&*format!("\"opens\";r=0;t={wait}"))
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let page = app.get_as(&path, "text/html");
    assert_eq!(page.status, 429);
    assert!(page.text().contains("Too many requests"), "{}", page.text());
    app.app.clock.step(wait);
    assert_eq!(app.get(&path).status, 200);
    app.get(&path).problem(429, CODE);
}

#[test]
fn every_way_to_open_counts_and_a_post_is_refused_before_it_spends_anything() {
    let app = TestApp::with(&[("LIMITS__OPENS_PER_MINUTE", "3")]);
    let digits = app.sealed("[1]", &limited(2), now());
    app.open(&digits, None);
    let query = format!("/api/decrypt/qrcode-details?ctext={digits}");
    app.get(&query).problem(403, "open_required");
    let body = format!(r#"{{"open_id":"0123456789abcdef","ctext":"{digits}"}}"#);
    let by_body = || app.post_json("/api/decrypt/qrcode-details", &body);
    assert_eq!(by_body().header("qrseal-opens-left"), Some("0"));
    by_body().problem(429, CODE);
    app.open(&digits, None).problem(429, CODE);
    app.get(&query).problem(429, CODE);
}

#[test]
fn a_look_at_a_code_counts_once_whatever_it_is_and_whoever_looks() {
    let app = TestApp::with(&[("LIMITS__OPENS_PER_MINUTE", "6")]);
    let (path, held) = (plain(&app), app.sealed("[1]", &limited(1), now()));
    assert_eq!(app.get(&path).status, 200);
    assert_eq!(app.send("HEAD", &path, &[], b"").status, 200);
    assert_eq!(app.get_as(&path, "text/html").status, 200);
    app.get(&format!("/{held}")).problem(403, "open_required");
    assert_eq!(app.get_as(&format!("/{held}"), "text/html").status, 200);
    app.get("/0123").problem(404, "token_not_recognised");
    app.get(&path).problem(429, CODE);
}

#[test]
fn what_is_not_recognised_has_a_budget_of_its_own_and_what_is_goes_on() {
    let app = TestApp::with(&[("LIMITS__UNRECOGNISED_PER_MINUTE", "4")]);
    let path = plain(&app);
    app.get("/0123").problem(404, "token_not_recognised");
    app.get("/api/decrypt/qrcode-details?ctext=x")
        .problem(404, "token_not_recognised");
    app.get("/api/decrypt/qrcode-details")
        .problem(404, "token_not_recognised");
    app.open("0123", None).problem(404, "token_not_recognised");
    for answer in [app.get("/0123"), app.open("0123", None)] {
        assert_eq!(answer.problem(429, CODE)["limit"], "unrecognised");
    }
    assert_eq!(app.get(&path).status, 200);
}

#[test]
fn a_client_may_have_so_many_pins_looked_at_whatever_codes_they_are_for() {
    let app = TestApp::with(&[("LIMITS__PIN_TRIES_PER_MINUTE", "2")]);
    let codes: Vec<String> = (0..3)
        .map(|_| app.sealed_with_pin("[1]", &limited(1), "493817", now()))
        .collect();
    for digits in &codes[..2] {
        app.open(digits, Some("493818"))
            .problem(403, "pin_incorrect");
    }
    let answer = app.open(&codes[2], Some("493817"));
    assert_eq!(answer.problem(429, CODE)["limit"], "pin-tries");
    app.app.clock.step(30);
    let answer = app.open(&codes[2], Some("493817"));
    assert_eq!(answer.status, 200, "no try and no open was spent");
}

#[test]
fn clients_are_told_apart_by_what_trusted_proxies_say_and_by_nothing_else() {
    let app = TestApp::with(&[
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
        ("LIMITS__OPENS_PER_MINUTE", "2"),
    ]);
    let path = plain(&app);
    // One IPv6 network is one client; what stands left of the address is the client's own invention.
    for client in ["2001:db8:1:2::1", "203.0.113.9, 2001:db8:1:2:ffff::2"] {
        assert_eq!(from(&app, client, &path).status, 200);
    }
    from(&app, "2001:db8:1:2::3", &path).problem(429, CODE);
    assert_eq!(from(&app, "2001:db8:1:3::1", &path).status, 200);
    assert_eq!(from(&app, "192.0.2.1", &path).status, 200);

    let direct = TestApp::with(&[("LIMITS__OPENS_PER_MINUTE", "5")]);
    let path = plain(&direct);
    let limited = (0..1000_u16)
        .map(|number| format!("198.51.{}.{}", number / 256, number % 256))
        .filter(|invented| from(&direct, invented, &path).status == 429)
        .count();
    assert!(limited >= 990, "{limited}");
}

#[test]
fn issuing_is_limited_by_api_key_wherever_it_is_used_from() {
    let app = TestApp::with(&[
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
        ("LIMITS__ISSUES_PER_MINUTE", "2"),
    ]);
    let (one, other) = (app.api_key("issue"), app.api_key("issue"));
    let issue = |key: &str, client: &str| {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", &*bearer),
            ("content-type", "application/json"),
            ("x-forwarded-for", client),
        ];
        app.send("POST", PAYLOAD, &headers, b"[1]")
    };
    assert_eq!(issue(&one, "192.0.2.1").status, 201);
    assert_eq!(issue(&one, "192.0.2.2").status, 201);
    let answer = issue(&one, "192.0.2.3");
    assert_eq!(answer.problem(429, CODE)["limit"], "issues");
    assert_eq!(issue(&other, "192.0.2.3").status, 201);
    assert!(answer.header("location").is_none());
}

#[test]
fn the_bytes_of_bodies_have_a_rate_too() {
    let app = TestApp::with(&[
        ("LIMITS__MAX_BODY_BYTES", "2048"),
        ("LIMITS__MAX_STORED_BYTES", "2048"),
        ("LIMITS__MAX_LOGO_BYTES", "0"),
        ("LIMITS__ISSUE_BYTES_PER_MINUTE", "4096"),
    ]);
    let body = format!("[1{}]", " ".repeat(2000));
    for _ in 0..2 {
        assert_eq!(app.post_json(PAYLOAD, &body).status, 201);
    }
    let answer = app.post_json(PAYLOAD, &body);
    assert_eq!(answer.problem(429, CODE)["limit"], "issue-bytes");
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some("\"issue-bytes\";q=4096;qu=\"content-bytes\";w=60")
    );
}

#[test]
fn a_days_quota_of_requests_is_not_spent_by_answers_that_are_given_again() {
    let app = TestApp::with(&[("LIMITS__ISSUES_PER_DAY", "2")]);
    let once = |key: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        app.send("POST", PAYLOAD, &headers, b"[1]")
    };
    for _ in 0..3 {
        assert_eq!(once("a").status, 201);
    }
    assert_eq!(app.post_json("/api/tokens", r#"{"payload":1}"#).status, 201);
    let answer = once("b");
    assert_eq!(answer.problem(429, CODE)["limit"], "issues-per-day");
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some("\"issues-per-day\";q=2;w=86400")
    );
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&wait), "{wait}");
    assert_eq!(once("a").status, 201, "what was issued is still answered");
}

#[test]
fn a_days_quota_of_bytes_holds_for_the_page_as_for_the_api() {
    let app = TestApp::with(&[("LIMITS__ISSUE_BYTES_PER_DAY", "10")]);
    assert_eq!(app.post_json(PAYLOAD, "[1,2]").status, 201);
    let answer = app.post_json(PAYLOAD, "[1,2,3]");
    assert_eq!(answer.problem(429, CODE)["limit"], "issue-bytes-per-day");
    let page = app.post_form("/", &[("payload", "[1,2,3]")]);
    assert_eq!(page.status, 429);
    assert!(page.header("retry-after").is_some());
    assert!(page.text().contains("quota of the day"), "{}", page.text());
    assert_eq!(app.post_form("/", &[("payload", "[1,2]")]).status, 201);
}

#[test]
fn plain_codes_have_a_budget_of_their_own() {
    let app = TestApp::with(&[("LIMITS__DRAWINGS_PER_MINUTE", "2")]);
    assert_eq!(app.get("/generate_qr?data=1").status, 200);
    assert_eq!(app.post_json("/api/qrcode", r#"{"value":"1"}"#).status, 200);
    let answer = app.get("/generate_qr?data=1");
    assert_eq!(answer.problem(429, CODE)["limit"], "drawings");
    assert_eq!(app.post_json(PAYLOAD, "[1]").status, 201);
}

#[test]
fn limits_that_are_off_limit_nobody() {
    let app = TestApp::with(&[
        ("LIMITS__ENABLED", "false"),
        ("LIMITS__OPENS_PER_MINUTE", "1"),
        ("LIMITS__ISSUES_PER_DAY", "1"),
    ]);
    let path = plain(&app);
    for _ in 0..5 {
        assert_eq!(app.get(&path).status, 200);
        assert_eq!(app.post_json(PAYLOAD, "[1]").status, 201);
    }
}
