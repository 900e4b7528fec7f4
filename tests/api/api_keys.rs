//! Who may do what: API keys, their scopes, and when none is needed.

use qrseal::api_keys;
use qrseal::audit::By;
use qrseal::principal::Principal;

use crate::app::{TestApp, ago, now};

const EXPOSED: &[(&str, &str)] = &[("SERVER__PUBLIC_URL", "https://qr.example.com")];
const ID: &str = "404142434445464748494a4b";

/// The status of issuing, reading a receipt and revoking, with these headers.
fn statuses(app: &TestApp, headers: &[(&str, &str)]) -> [u16; 3] {
    let send = |method, path: &str| app.send(method, path, headers, b"").status;
    let json = [headers, &[("content-type", "application/json")]].concat();
    [
        app.send("POST", "/api/qrcode/encrypted-payload", &json, b"[1]")
            .status,
        send("GET", "/api/tokens"),
        send("POST", &format!("/api/tokens/{ID}/revoke")),
    ]
}

#[test]
fn on_a_machine_of_its_own_nobody_needs_a_key_until_the_first_one_is_made() {
    let app = TestApp::start();
    assert_eq!(statuses(&app, &[]), [201, 200, 200]);
    for from_elsewhere in [
        ("forwarded", "for=192.0.2.1"),
        ("x-forwarded-for", "192.0.2.1"),
        ("host", "qr.example.com"),
    ] {
        assert_eq!(statuses(&app, &[from_elsewhere]), [401, 401, 401]);
    }
    let key = app.api_key("issue,read:all,revoke:all");
    assert_eq!(statuses(&app, &[]), [401, 401, 401]);
    assert_eq!(statuses(&app, &[bearer(&key).as_pair()]), [201, 200, 200]);
}

#[test]
fn a_server_that_others_reach_takes_keys_only_and_opens_to_everyone() {
    let app = TestApp::with(EXPOSED);
    assert_eq!(statuses(&app, &[]), [401, 401, 401]);
    let key = app.api_key("issue,read:all,revoke:all");
    assert_eq!(statuses(&app, &[bearer(&key).as_pair()]), [201, 200, 200]);
    let digits = app.sealed("[1]", &qrseal::token::Claims::default(), now());
    assert_eq!(app.get(&format!("/{digits}")).status, 200);
}

#[test]
fn issuing_can_be_opened_to_everyone_and_nothing_else() {
    let open = [EXPOSED, &[("AUTH__ISSUING", "open")]].concat();
    let app = TestApp::with(&open);
    assert_eq!(statuses(&app, &[]), [201, 401, 401]);
    let stranger = ("authorization", "Bearer eyJhbGciOi.a.b");
    assert_eq!(
        statuses(&app, &[stranger]),
        [201, 401, 401],
        "what another gateway put there is ignored where no key is needed"
    );
    let wrong = format!("Bearer qrs_{}", "A".repeat(43));
    assert_eq!(
        statuses(&app, &[("authorization", &wrong)]),
        [401, 401, 401]
    );
}

#[test]
fn a_key_does_what_its_scopes_say() {
    let app = TestApp::with(EXPOSED);
    for (scopes, expected) in [
        ("issue", [201, 403, 403]),
        ("read", [403, 200, 403]),
        ("read:all", [403, 200, 403]),
        ("revoke", [403, 403, 403]),
        ("revoke:all", [403, 403, 200]),
        ("issue,revoke:all", [201, 403, 200]),
    ] {
        let key = app.api_key(scopes);
        assert_eq!(statuses(&app, &[bearer(&key).as_pair()]), expected);
    }
    let key = app.api_key("issue,read");
    let path = format!("/api/tokens/{ID}/pin-reset");
    let answer = app.send("POST", &path, &[bearer(&key).as_pair()], b"");
    let problem = answer.problem(403, "forbidden");
    assert_eq!(problem["missing_scope"], "revoke");
}

#[test]
fn a_key_that_is_unknown_disabled_or_expired_is_refused_and_says_why() {
    let app = TestApp::with(EXPOSED);
    let key = app.api_key("read");
    let refused = |credentials: &str| {
        let headers = [("authorization", credentials)];
        let answer = app.send("GET", "/api/tokens", &headers, b"");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        answer.problem(401, "unauthorized")["detail"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    for credentials in [
        "Bearer",
        "Bearer ",
        "Bearer qrs_",
        "Basic dXNlcjpwYXNz",
        &format!("Token {key}"),
        &format!("Bearer {key}A"),
        &format!("Bearer {}", key.to_uppercase()),
        &format!("Bearer qrs_{}", "A".repeat(43)),
    ] {
        let detail = refused(credentials);
        assert!(!detail.contains(&key), "{detail}");
    }
    let last = format!("bearer   {key}");
    let headers = [("authorization", last.as_str())];
    assert_eq!(app.send("GET", "/api/tokens", &headers, b"").status, 200);

    app.wait(async |app| {
        let keys = app.store.api_keys().await.unwrap();
        let keyring = app.keyring.load();
        let by = By::new(Principal::Cli, &keyring, [9; 24]);
        let disabled = api_keys::disable(&*app.store, keys[0].id, by, now()).await;
        assert!(disabled.unwrap());
    });
    app.refresh();
    assert!(refused(&last).contains("disabled"));
    let expired = app.api_key_made("read", Some(60), ago(61));
    assert!(refused(&format!("Bearer {expired}")).contains("expired"));
}

#[test]
fn the_last_use_of_a_key_is_noted_to_the_minute_and_the_key_is_nowhere() {
    let app = TestApp::with(EXPOSED);
    let key = app.api_key("read");
    app.send("GET", "/api/tokens", &[bearer(&key).as_pair()], b"");
    app.refresh();
    let record = app.wait(async |app| app.store.api_keys().await.unwrap().remove(0));
    let used = record.last_used_at.unwrap().as_secs();
    assert_eq!(used % 60, 0);
    assert!(now().as_secs() - used < 120);
    assert!(!format!("{record:?}").contains(&key[4..]));
    assert!(!app.log().contains(&key[4..]));
}

#[test]
fn without_a_key_another_sites_page_cannot_revoke() {
    let app = TestApp::start();
    for path in ["revoke", "pin-reset"] {
        let path = format!("/api/tokens/{ID}/{path}");
        let answer = app.send("POST", &path, &[("sec-fetch-site", "cross-site")], b"");
        answer.problem(403, "cross_site");
        let answer = app.send("POST", &path, &[("origin", "https://evil.example")], b"");
        answer.problem(403, "cross_site");
    }
}

#[test]
fn the_start_page_asks_for_a_key_where_issuing_needs_one() {
    let app = TestApp::start();
    let asks = |page: &crate::app::Answer| page.text().contains("name=\"api_key\"");
    assert!(!asks(&app.get_as("/", "text/html")));
    app.api_key("issue");
    let page = app.get_as("/", "text/html");
    assert!(page.status == 200 && asks(&page));
}

/// The header of a key.
pub fn bearer(key: &str) -> Header {
    Header(format!("Bearer {key}"))
}

pub struct Header(String);

impl Header {
    pub fn as_pair(&self) -> (&'static str, &str) {
        ("authorization", &self.0)
    }
}
