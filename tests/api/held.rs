//! Codes that count their opens: what a GET shows, what a POST costs, and how a code ends.

use qrseal::audit::By;
use qrseal::principal::Principal;
use qrseal::revoking::{RevokeToken, revoke};
use qrseal::token::{Claims, ExpiresIn, TokenId};
use serde_json::json;

use crate::app::{Answer, TestApp, now};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const DOCUMENT: &str = r#"{"ticket":"canary-7","seat":"12C"}"#;

/// Opens so often within an hour.
pub fn limited(max_opens: u32) -> Claims {
    Claims {
        expires_in: Some(ExpiresIn::try_from(3600).unwrap()),
        max_opens: Some(max_opens.try_into().unwrap()),
        ..Claims::default()
    }
}

fn left(answer: &Answer) -> Option<&str> {
    answer.header("qrseal-opens-left")
}

#[test]
fn a_get_says_what_is_needed_and_changes_nothing() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(2), now());
    for _ in 0..3 {
        for path in [
            format!("/{digits}"),
            format!("/api/decrypt/qrcode-details?ctext={digits}"),
            format!("/api/decrypt/qrcode-details?ctext={digits}&download=1"),
        ] {
            let problem = app.get(&path).problem(403, "open_required");
            assert_eq!(problem["requires"], json!(["open_id"]));
            assert_eq!(problem["opens_left"], 2);
            assert!(problem["expires_at"].is_string());
            assert_eq!(app.send("HEAD", &path, &[], b"").status, 403);
            let page = app.get_as(&path, HTML);
            assert_eq!(page.status, 200);
            assert!(page.text().contains("2 of 2"), "{}", page.text());
            assert!(!page.text().contains("canary"));
            assert_eq!(
                app.send("HEAD", &path, &[("accept", HTML)], b"").status,
                200
            );
        }
    }
    assert_eq!(left(&app.open(&digits, None)), Some("1"));
}

#[test]
fn a_code_opens_as_often_as_it_says_and_then_says_when_it_was_used() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(2), now());
    for expected in ["1", "0"] {
        let answer = app.open(&digits, None);
        assert_eq!((answer.status, answer.text()), (200, DOCUMENT));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(left(&answer), Some(expected));
    }
    let problem = app.open(&digits, None).problem(410, "token_used_up");
    let at: jiff::Timestamp = problem["last_opened_at"].as_str().unwrap().parse().unwrap();
    assert!((at.as_second() - i64::try_from(now().as_secs()).unwrap()).abs() < 60);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .starts_with("It was last opened on ")
    );
    app.get(&format!("/{digits}")).problem(410, "token_used_up");
    let page = app.get_as(&format!("/{digits}"), HTML);
    assert_eq!(page.status, 410);
    for words in [
        "It was last opened on ",
        "whoever gave you the code can make a new one",
    ] {
        assert!(page.text().contains(words), "{words}");
    }
}

#[test]
fn a_phone_that_lost_the_answer_gets_it_again_for_two_minutes() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(1), now());
    let open_id = "the-same-phone-again";
    for _ in 0..3 {
        let answer = app.open_as(&digits, open_id, None);
        assert_eq!((answer.status, answer.text()), (200, DOCUMENT));
        assert_eq!(left(&answer), Some("0"));
    }
    app.open_as(&digits, "another-phone-entirely", None)
        .problem(410, "token_used_up");
    app.app.clock.step(115);
    assert_eq!(app.open_as(&digits, open_id, None).status, 200);
    app.app.clock.step(10);
    app.open_as(&digits, open_id, None)
        .problem(410, "token_used_up");
    // The same words mean nothing for another code.
    let other = app.sealed(DOCUMENT, &limited(1), now());
    assert_eq!(left(&app.open_as(&other, open_id, None)), Some("0"));
}

#[test]
fn the_browser_that_opened_a_code_gets_it_again_when_it_comes_back() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(1), now());
    let path = format!("/{digits}");
    let opened = app.submit(&path, &[("open_id", "abcdefghijklmnop")]);
    assert_eq!(opened.status, 200);
    let cookie = opened.header("set-cookie").unwrap();
    for part in ["Max-Age=120", "Path=/", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    let cookie = format!("other=1; {}", cookie.split(';').next().unwrap());
    let back = |path: &str| {
        let headers = [("accept", HTML), ("cookie", &*cookie)];
        app.send("GET", path, &headers, b"")
    };
    let page = back(&path);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("You have just opened this code"));
    assert!(page.text().contains("abcdefghijklmnop") && !page.text().contains("canary"));
    let again = app.submit(&path, &[("open_id", "abcdefghijklmnop")]);
    assert!(again.status == 200 && again.text().contains("canary-7"));
    // Another browser, another code, and two minutes later.
    assert_eq!(app.get_as(&path, HTML).status, 410);
    let other = app.sealed(DOCUMENT, &limited(1), now());
    assert!(
        back(&format!("/{other}"))
            .text()
            .contains("This code can be opened only once")
    );
    app.app.clock.step(125);
    let page = back(&path);
    assert_eq!(page.status, 410);
    let text = page.text();
    assert!(text.find("If that was you").unwrap() < text.find("somebody else").unwrap());
    // A program has its open_id and needs no cookie.
    let program = app.open(&other, None);
    assert_eq!(program.header("set-cookie"), None);
}

#[test]
fn a_repeat_is_checked_like_the_first_open() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(1), now());
    let open_id = "the-same-phone-again";
    assert_eq!(app.open_as(&digits, open_id, None).status, 200);
    revoke_as_issuer(&app, &digits);
    let problem = app
        .open_as(&digits, open_id, None)
        .problem(410, "token_revoked");
    assert_eq!(problem["by_holder"], false);
    assert!(problem["revoked_at"].is_string());
    assert!(!problem.to_string().contains("the reason"), "{problem}");
    app.get(&format!("/{digits}")).problem(410, "token_revoked");
}

#[test]
fn a_plain_code_can_be_revoked_too() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &Claims::default(), now());
    assert_eq!(app.get(&format!("/{digits}")).status, 200);
    revoke_as_issuer(&app, &digits);
    app.get(&format!("/{digits}")).problem(410, "token_revoked");
}

#[test]
fn a_code_that_expired_says_so_before_its_opens_are_looked_at() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(1), now());
    app.app.clock.step(3600 + 2 * 60);
    app.open(&digits, None).problem(410, "token_expired");
    app.get(&format!("/{digits}")).problem(410, "token_expired");
}

#[test]
fn a_plain_code_answers_a_post_like_a_get() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &Claims::default(), now());
    let answer = app.open(&digits, None);
    assert_eq!((answer.status, answer.text()), (200, DOCUMENT));
    assert_eq!(left(&answer), None);
    let page = app.submit(&format!("/{digits}"), &[("open_id", "sixteen-letters-")]);
    assert!(page.text().contains("canary-7"));
}

#[test]
fn the_api_takes_the_token_in_the_body_in_either_text_form() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(2), now());
    let bytes = qrseal::token::digits::decode(&digits).unwrap();
    let route = "/api/decrypt/qrcode-details";
    for ctext in [digits.clone(), qrseal::token::base64url::encode(&bytes)] {
        let open_id = format!("{:0>24}", ctext.len());
        let body = json!({"open_id": open_id, "ctext": ctext}).to_string();
        let answer = app.post_json(route, &body);
        assert_eq!((answer.status, answer.text()), (200, DOCUMENT));
    }
    let lost = json!({"open_id": "sixteen-letters-", "ctext": "0123456789"}).to_string();
    app.post_json(route, &lost)
        .problem(404, "token_not_recognised");
    app.post_json(route, r#"{"open_id":"sixteen-letters-"}"#)
        .problem(422, "validation");
    // In the query it is what a GET takes.
    let query = format!("{route}?ctext={digits}");
    app.post_json(&query, r#"{"open_id":"sixteen-letters-"}"#)
        .problem(422, "validation");
}

#[test]
fn what_a_post_does_not_understand_it_refuses_and_nothing_is_spent() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(1), now());
    let path = format!("/{digits}");
    for body in [
        "{}",
        r#"{"open_id":"short"}"#,
        r#"{"open_id":"sixteen letters!"}"#,
        r#"{"open_id":17}"#,
        r#"{"open_id":"sixteen-letters-","open_id":"sixteen-letters-"}"#,
        r#"{"open_id":"sixteen-letters-","remember":true}"#,
        r#"{"open_id":"sixteen-letters-","ctext":"IA"}"#,
        r#"{"open_id":"sixteen-letters-","pin":493817}"#,
        "[]",
    ] {
        app.post_json(&path, body).problem(422, "validation");
    }
    app.post_json(&path, "{").problem(400, "invalid_json");
    app.send("POST", &path, &[], b"open_id=sixteen-letters-")
        .problem(415, "unsupported_media_type");
    app.send("PUT", &path, &[], b"")
        .problem(405, "method_not_allowed");
    let refused = app.send("PUT", &path, &[], b"");
    assert_eq!(refused.header("allow"), Some("GET, HEAD, POST"));
    assert_eq!(left(&app.open(&digits, None)), Some("0"));
}

#[test]
fn a_form_of_another_site_opens_nothing() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(1), now());
    let json = ("content-type", "application/json");
    let body = br#"{"open_id":"sixteen-letters-"}"#;
    for (path, headers) in [
        (format!("/{digits}"), vec![("sec-fetch-site", "cross-site")]),
        (format!("/{digits}"), vec![("sec-fetch-site", "same-site")]),
        (
            format!("/{digits}"),
            vec![("origin", "https://evil.example")],
        ),
        (
            "/api/decrypt/qrcode-details".to_owned(),
            vec![("sec-fetch-site", "cross-site"), ("origin", "null")],
        ),
    ] {
        let headers: Vec<_> = headers.into_iter().chain([json]).collect();
        app.send("POST", &path, &headers, body)
            .problem(403, "cross_site");
    }
    for headers in [
        vec![("sec-fetch-site", "same-origin"), ("origin", "null")],
        vec![("sec-fetch-site", "none")],
        vec![("origin", "null")],
    ] {
        let headers: Vec<_> = headers.into_iter().chain([json]).collect();
        let answer = app.send("POST", &format!("/{digits}"), &headers, body);
        assert_eq!(answer.status, 200);
    }
}

#[test]
fn the_page_of_a_code_opens_it_with_one_button_and_no_script() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(2), now());
    let bytes = qrseal::token::digits::decode(&digits).unwrap();
    let ctext = qrseal::token::base64url::encode(&bytes);
    for path in [
        format!("/{digits}"),
        format!("/api/decrypt/qrcode-details?ctext={ctext}&utm_source=mail"),
    ] {
        let page = app.get_as(&path, HTML);
        let (action, fields) = form_of(page.text());
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let opened = app.submit(&action, &fields);
        assert_eq!(opened.status, 200, "{}", opened.text());
        assert!(opened.text().contains("canary-7"));
        assert_eq!(opened.header("cache-control"), Some("no-store"));
        // Loading the page again is the same open.
        let again = app.submit(&action, &fields);
        assert_eq!(left(&again), left(&opened));
        // What has no address of its own can be saved all the same.
        let file = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, DOCUMENT);
        assert!(opened.text().contains(&format!("base64,{file}\" download")));
        assert_eq!(
            opened.text().contains("cannot be opened again"),
            left(&opened) == Some("0")
        );
    }
    let other = app.submit(&format!("/{digits}"), &[("open_id", "another-open-id-")]);
    assert_eq!(other.status, 410);
    assert!(!other.text().contains("canary"));
}

#[test]
fn its_holder_can_destroy_a_limited_code_from_its_own_page() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(3), now());
    let path = format!("/{digits}");
    let id = ("open_id", "the-holder-of-it-");
    let opened = app.submit(&path, &[id]);
    assert!(opened.text().contains("I’m done, destroy it"));
    assert!(opened.text().contains("Destroy the code?"));
    assert_eq!(
        left(&app.open(&digits, None)),
        Some("1"),
        "nothing happened yet"
    );
    let (action, fields) = form_of(opened.text());
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let done = app.submit(&action, &fields);
    assert_eq!(done.status, 200);
    assert!(done.text().contains("The code is destroyed"));
    let problem = app.open(&digits, None).problem(410, "token_revoked");
    assert_eq!(problem["by_holder"], true);
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("Its holder destroyed it on "),
        "{detail}"
    );
    // Not even the open that is still repeatable.
    assert_eq!(app.submit(&path, &[id]).status, 410);
}

#[test]
fn a_plain_code_is_not_destroyed_by_whoever_has_it() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &Claims::default(), now());
    let path = format!("/{digits}");
    let refused = app.submit(
        &path,
        &[("open_id", "sixteen-letters-"), ("destroy", "yes")],
    );
    assert_eq!(refused.status, 422);
    assert_eq!(app.get(&path).status, 200);
}

#[test]
fn the_log_has_the_token_id_and_nothing_that_opens_anything() {
    let app = TestApp::start();
    let digits = app.sealed(DOCUMENT, &limited(1), now());
    let open_id = "log-canary-open-id";
    assert_eq!(app.open_as(&digits, open_id, None).status, 200);
    app.open_as(&digits, "another-canary-id", None)
        .problem(410, "token_used_up");
    app.get(&format!("/{digits}"));
    let log = app.log();
    let id = id_of(&digits).to_string();
    assert_eq!(log.matches(&id).count(), 3, "{log}");
    for secret in ["canary", &digits[..29]] {
        assert!(!log.contains(secret), "{log}");
    }
}

/// Where the one form of a page goes, and its hidden fields.
pub fn form_of(page: &str) -> (String, Vec<(String, String)>) {
    let attribute = |text: &str, name: &str| {
        let rest = text.split_once(&format!("{name}=\""))?.1;
        Some(rest.split('"').next()?.to_owned())
    };
    let form = page.split_once("<form ").expect("a form").1;
    let form = form.split_once("</form>").expect("the form ends").0;
    let fields = form
        .split("<input ")
        .skip(1)
        .filter(|input| input.starts_with("type=\"hidden\""))
        .map(|input| {
            (
                attribute(input, "name").expect("a name"),
                attribute(input, "value").expect("a value"),
            )
        })
        .collect();
    (attribute(form, "action").expect("an action"), fields)
}

/// The id in a token's text.
pub fn id_of(digits: &str) -> TokenId {
    let token = qrseal::token::ParsedToken::parse_digits(digits);
    token.expect("the digits of a token").id()
}

fn revoke_as_issuer(app: &TestApp, digits: &str) {
    let request = RevokeToken {
        id: id_of(digits),
        reason: Some("the reason".parse().unwrap()),
        by_holder: false,
        expires_at: None,
    };
    let revoked = actix_web::rt::System::new().block_on(revoke(
        &*app.app.store,
        &app.app.revocations,
        request,
        By::new(Principal::Cli, &app.app.keyring.load(), [9; 24]),
        now(),
    ));
    revoked.expect("the store works");
}
