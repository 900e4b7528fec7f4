//! HTTP as its standards have it (RFC 9110, RFC 9112): what is malformed is refused and bounded, and what is behind it is
//! not answered.

use qrseal::token::Claims;

use crate::app::{TestApp, now};

/// The statuses of the answers on a connection of its own.
fn statuses(app: &TestApp, bytes: impl AsRef<[u8]>) -> Vec<u16> {
    let answers = app.raw(bytes.as_ref());
    answers
        .split("HTTP/1.")
        .skip(1)
        .map(|answer| answer[2..5].parse().unwrap())
        .collect()
}

fn get(path: &str, fields: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{fields}\r\n")
}

const LAST: &str = "Host: localhost\r\nConnection: close\r\n";

#[test]
fn a_host_that_cannot_be_one_is_refused_wherever_it_stands() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    for path in ["/healthz", &format!("/{digits}")] {
        for (host, status) in [
            ("localhost", 200),
            ("qr.example.com:8080", 200),
            ("[::1]:8080", 200),
            ("", 200),
            ("a b", 400),
            ("u@a", 400),
            ("a:99999x", 400),
            ("a:99999", 400),
            ("[::1", 400),
            ("a/b", 400),
        ] {
            let close = "Connection: close\r\n";
            let request = get(path, &format!("Host: {host}\r\n{close}"));
            assert_eq!(statuses(&app, request), [status], "{host}");
        }
        for (target, status) in [
            ("http://qr.example.com", 200),
            ("HTTPS://qr.example.com:443", 200),
            ("http://u@a", 400),
            ("ftp://qr.example.com", 400),
        ] {
            let request = get(&format!("{target}{path}"), LAST);
            assert_eq!(statuses(&app, request), [status], "{target}");
        }
    }
    let answer = app.send("GET", "/healthz", &[("host", "u@a")], b"");
    answer.problem(400, "malformed_request");
}

#[test]
fn trying_it_without_a_key_ends_where_a_proxy_or_another_name_may_be_in_front() {
    let app = TestApp::start();
    let issue = |target: &str, version: &str, fields: &str| {
        let body = r#"{"a":1}"#;
        let request = format!(
            "POST {target}/api/qrcode/encrypted-payload HTTP/{version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n{fields}\r\n{body}",
            body.len()
        );
        statuses(&app, request)
    };
    assert_eq!(issue("", "1.1", ""), [201]);
    assert_eq!(issue("http://127.0.0.1:8080", "1.1", ""), [201]);
    assert_eq!(issue("http://evil.example", "1.1", ""), [401]);
    assert_eq!(issue("", "1.0", ""), [401]);
    for sign in [
        "Via: 1.1 proxy",
        "X-Real-IP: 192.0.2.1",
        "CF-Connecting-IP: 192.0.2.1",
        "True-Client-IP: 192.0.2.1",
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "Forwarded: for=127.0.0.1",
    ] {
        assert_eq!(issue("", "1.1", &format!("{sign}\r\n")), [401], "{sign}");
    }
}

#[test]
fn nothing_is_answered_behind_a_request_that_closes_the_connection() {
    let app = TestApp::start();
    let kept = get("/healthz", "Host: localhost\r\n");
    let last = get("/healthz", LAST);
    let post = format!(
        "POST /api/qrcode HTTP/1.1\r\n{LAST}Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{{\"value\":\"x\"}}"
    );
    assert_eq!(statuses(&app, [&*kept, &kept, &last].concat()), [200; 3]);
    assert_eq!(statuses(&app, [&*last, &kept, &last].concat()), [200]);
    assert_eq!(statuses(&app, [&*kept, &post, &last].concat()), [200; 2]);
    let old = "GET /healthz HTTP/1.0\r\n\r\n";
    assert_eq!(statuses(&app, [old, &kept, &last].concat()), [200]);
}

#[test]
fn a_body_that_is_not_divided_as_its_head_says_is_refused_and_nothing_is_answered_behind_it() {
    let app = TestApp::start();
    let send = |chunks: &str| {
        let head = "POST /api/qrcode/encrypted-payload HTTP/1.1\r\nHost: localhost\r\n\
            Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        statuses(&app, format!("{head}{chunks}{}", get("/healthz", LAST)))
    };
    assert_eq!(
        send("7;a=\"b\"\r\n{\"a\":1}\r\n0\r\nTrailer: x\r\n\r\n"),
        [201, 200]
    );
    for chunks in [
        "z\r\n{\"a\":1}\r\n0\r\n\r\n".to_owned(),
        "ffffffffffffffffff\r\n".to_owned(),
        "7\r\n{\"a\":1}0\r\n\r\n".to_owned(),
        format!("7;{}\r\n{{\"a\":1}}\r\n0\r\n\r\n", "x".repeat(100_000)),
        format!("7\r\n{{\"a\":1}}\r\n0\r\n{}\r\n", "a: b\r\n".repeat(20_000)),
        "7\r\n{\"a\":1}\r\n0\r\nno trailer\r\n\r\n".to_owned(),
    ] {
        assert_eq!(send(&chunks), [400], "{}", &chunks[..chunks.len().min(40)]);
    }
}

#[test]
fn an_upgrade_is_answered_as_if_it_was_not_asked_for() {
    let app = TestApp::start();
    let fields = "Host: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n";
    let answer = app.raw(get("/healthz", fields).as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let head = answer
        .split("\r\n\r\n")
        .next()
        .unwrap()
        .to_ascii_lowercase();
    assert!(head.contains("\r\nconnection: close"), "{head}");
    assert!(!head.contains("upgrade"), "{head}");
}

#[test]
fn a_field_whose_name_does_not_end_is_refused_and_the_worker_goes_on() {
    // One worker, and permits for one request of each kind.
    let app = TestApp::with(&[("SERVER__MAX_REQUESTS", "3")]);
    for bytes in [1_000, 65_535, 65_536, 65_537, 100_000] {
        for _ in 0..3 {
            let field = format!("Host: localhost\r\n{}: x\r\n", "n".repeat(bytes));
            assert_eq!(statuses(&app, get("/healthz", &field)), [400], "{bytes}");
        }
    }
    assert_eq!(app.get("/healthz").status, 200);
    assert_eq!(app.post_json("/api/qrcode", r#"{"value":"x"}"#).status, 200);
}

#[test]
fn a_link_longer_than_an_address_may_be_says_how_its_token_is_opened() {
    let app = TestApp::start();
    for length in [24_000, 65_536, 131_072, 300_000] {
        let digits = "1".repeat(length);
        let answer = app.raw(get(&format!("/{digits}"), LAST).as_bytes());
        assert!(
            answer.starts_with("HTTP/1.1 414 "),
            "{length}: {answer:.80}"
        );
        assert!(answer.contains(r#""code":"uri_too_long""#), "{answer}");
        let page = format!("{LAST}Accept: text/html\r\n");
        let answer = app.raw(get(&format!("/{digits}"), &page).as_bytes());
        assert!(
            answer.starts_with("HTTP/1.1 414 "),
            "{length}: {answer:.80}"
        );
        assert!(answer.contains("/api/decrypt/qrcode-details"), "{answer}");
    }
}

#[test]
fn files_are_kept_for_a_year_only_under_the_address_of_their_content() {
    let app = TestApp::start();
    let page = app.get_as("/", "text/html");
    let address = page
        .text()
        .split('"')
        .find(|part| part.starts_with("/assets/qrseal.css?v="))
        .unwrap()
        .to_owned();
    let bare = address.split('?').next().unwrap();
    let cached = |path: &str| app.get(path).header("cache-control").unwrap().to_owned();
    assert_eq!(cached(&address), "public, max-age=31536000, immutable");
    for path in [
        bare,
        &format!("{bare}?v=00000000"),
        &format!("{address}&x=1"),
        "/favicon.ico",
    ] {
        assert_eq!(cached(path), "public, no-cache", "{path}");
    }
    let etag = app.get(&address).header("etag").unwrap().to_owned();
    for (known, status) in [
        (etag.clone(), 304),
        (format!("W/{etag}"), 304),
        (format!("\"x\", W/\"y\",{etag}"), 304),
        ("*".to_owned(), 304),
        ("\"x\"".to_owned(), 200),
        (etag.trim_matches('"').to_owned(), 200),
    ] {
        let answer = app.send("GET", &address, &[("if-none-match", &known)], b"");
        assert_eq!(answer.status, status, "{known}");
        assert_eq!(answer.header("etag"), Some(&*etag));
        assert_eq!(answer.body.is_empty(), status == 304);
    }
}

#[test]
fn who_wants_json_more_than_a_page_gets_json() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    for (accept, kind) in [
        ("application/json, text/html;q=0.5", "application/json"),
        ("application/json, text/html", "application/json"),
        ("text/html;q=0.5, */*", "application/json"),
        ("text/html, application/json", "text/html; charset=utf-8"),
        (
            "text/html;q=0.9, application/json;q=0.8",
            "text/html; charset=utf-8",
        ),
        (
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "text/html; charset=utf-8",
        ),
    ] {
        let answer = app.get_as(&format!("/{digits}"), accept);
        assert_eq!(answer.header("content-type"), Some(kind), "{accept}");
    }
}

#[test]
fn the_id_of_a_request_tells_nothing_of_the_ones_before_and_after() {
    let app = TestApp::start();
    let ids: Vec<u64> = (0..100)
        .map(|_| {
            let problem = app.get("/nowhere").problem(404, "not_found");
            u64::from_str_radix(problem["request_id"].as_str().unwrap(), 16).unwrap()
        })
        .collect();
    let near = |pair: &[u64]| pair[0].abs_diff(pair[1]) < 1 << 40;
    assert!(!ids.windows(2).any(near), "{ids:x?}");
}

#[test]
fn pages_of_a_server_behind_https_keep_browsers_there_and_no_others_do() {
    let digits = |app: &TestApp| app.sealed("[1]", &Claims::default(), now());
    let hsts = |app: &TestApp, path: &str, accept: &str| {
        let answer = app.get_as(path, accept);
        answer
            .header("strict-transport-security")
            .map(str::to_owned)
    };
    let app = TestApp::with(&[("SERVER__PUBLIC_URL", "https://qr.example.com")]);
    let path = format!("/{}", digits(&app));
    assert_eq!(
        hsts(&app, &path, "text/html").as_deref(),
        Some("max-age=31536000")
    );
    assert_eq!(
        hsts(&app, "/0123456789", "text/html").as_deref(),
        Some("max-age=31536000")
    );
    assert_eq!(hsts(&app, &path, "*/*"), None);
    let app = TestApp::with(&[("SERVER__PUBLIC_URL", "http://qr.example.com")]);
    assert_eq!(hsts(&app, &format!("/{}", digits(&app)), "text/html"), None);
}

#[test]
fn an_answer_to_a_program_has_no_headers_that_only_a_page_needs() {
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    let answer = app.get(&format!("/{digits}"));
    let mut names: Vec<&str> = answer.headers.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    let expected = [
        "cache-control",
        "content-length",
        "content-security-policy",
        "content-type",
        "date",
        "referrer-policy",
        "vary",
        "x-content-type-options",
        "x-robots-tag",
    ];
    assert_eq!(names, expected);
    // A picture with a logo shows it, also where a browser opens it by itself.
    let svg = app.get("/generate_qr?data=x&format=svg");
    let policy = svg.header("content-security-policy").unwrap();
    assert_eq!(
        policy,
        "default-src 'none'; img-src data:; frame-ancestors 'none'"
    );
}
