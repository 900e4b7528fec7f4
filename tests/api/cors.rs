//! Web apps of other origins.

use qrseal::token::{Claims, ExpiresIn};

use crate::app::{Answer, TestApp, now};

const APP: &str = "https://app.example.com";
const OTHERS: [&str; 4] = [
    "https://evil.example",
    "https://app.example.com.evil.example",
    "http://app.example.com",
    "null",
];

fn with_app() -> TestApp {
    TestApp::with(&[(
        "SERVER__CORS_ORIGINS",
        "http://localhost:3000, https://app.example.com",
    )])
}

fn preflight(app: &TestApp, path: &str, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
    ];
    app.send("OPTIONS", path, &headers, b"")
}

#[test]
fn a_web_app_that_is_named_may_ask_and_read_answers() {
    let app = with_app();
    let digits = app.sealed("[1]", &Claims::default(), now());
    let link = format!("/{digits}");
    for path in ["/api/tokens", &link, "/api/decrypt/qrcode-details"] {
        let answer = preflight(&app, path, APP);
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
        let methods = answer.header("access-control-allow-methods").unwrap();
        assert!(
            methods.contains("GET") && methods.contains("POST"),
            "{methods}"
        );
        let sent = answer.header("access-control-allow-headers").unwrap();
        for name in ["authorization", "content-type", "idempotency-key"] {
            assert!(sent.contains(name), "{sent}");
        }
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
    let origin = [("origin", APP), ("sec-fetch-site", "cross-site")];
    let issued = app.send(
        "POST",
        "/api/tokens",
        &[origin[0], origin[1], ("content-type", "application/json")],
        br#"{"payload":[1]}"#,
    );
    assert_eq!(issued.status, 201);
    for answer in [
        issued,
        app.send("GET", &link, &origin, b""),
        app.send("GET", "/nowhere", &origin, b""),
    ] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
        assert!(
            answer
                .headers
                .contains(&("vary".to_owned(), "Origin".to_owned()))
        );
        let read = answer.header("access-control-expose-headers").unwrap();
        assert!(
            read.contains("location") && read.contains("qrseal-opens-left"),
            "{read}"
        );
    }
}

#[test]
fn other_origins_may_not_and_without_a_list_nobody_may() {
    let digits = |app: &TestApp| app.sealed("[1]", &Claims::default(), now());
    let none = TestApp::start();
    let some = with_app();
    let refused = OTHERS.map(|origin| (&some, origin));
    for (app, origin) in refused.into_iter().chain([(&none, APP)]) {
        assert_eq!(
            preflight(app, "/api/tokens", origin).status,
            405,
            "{origin}"
        );
        let answer = app.send(
            "GET",
            &format!("/{}", digits(app)),
            &[("origin", origin)],
            b"",
        );
        assert_eq!(answer.status, 200);
        let told = |(name, _): &(String, String)| name.starts_with("access-control-");
        assert!(!answer.headers.iter().any(told), "{answer:?}");
    }
}

#[test]
fn a_form_of_a_named_web_app_opens_a_limited_code_and_of_another_one_does_not() {
    let app = with_app();
    let once = Claims {
        max_opens: Some(1.try_into().unwrap()),
        expires_in: Some(ExpiresIn::try_from(3600).unwrap()),
        ..Claims::default()
    };
    let path = format!("/{}", app.sealed("[1]", &once, now()));
    let open = |origin: &str| {
        let headers = [
            ("origin", origin),
            ("sec-fetch-site", "cross-site"),
            ("content-type", "application/json"),
        ];
        app.send(
            "POST",
            &path,
            &headers,
            br#"{"open_id":"abcdefghijklmnop"}"#,
        )
    };
    for other in OTHERS {
        open(other).problem(403, "cross_site");
    }
    let opened = open(APP);
    assert_eq!((opened.status, opened.text()), (200, "[1]"));
}
