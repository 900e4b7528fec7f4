//! Limits: slow clients, and more requests than are taken.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use qrseal::pool::Kind;
use qrseal::token::Claims;
use tempfile::TempDir;

use crate::app::{TestApp, ago, keyring, new_store, now};
use crate::failing_store::{FailingStore, Failure};
use crate::held::limited;

const PAYLOAD: &str = "/api/qrcode/encrypted-payload";

fn open(app: &TestApp, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        let waited = [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind());
        assert!(!waited, "the connection is still open");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

const HALF_A_BODY: &[u8] = b"POST /api/tokens HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"pay";

#[test]
fn a_client_that_does_not_finish_its_headers_is_closed() {
    let app = TestApp::with(&[("SERVER__HEADER_TIMEOUT_SECONDS", "1")]);
    let answer = rest(open(&app, b"GET / HTTP/1.1\r\nhost: loc"));
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 408 "),
        "{answer}"
    );
}

#[test]
fn a_client_that_does_not_finish_its_body_gets_408() {
    let app = TestApp::with(&[("SERVER__BODY_TIMEOUT_SECONDS", "1")]);
    let mut stream = open(&app, HALF_A_BODY);
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 408");
}

#[test]
fn an_idle_connection_is_closed() {
    let app = TestApp::with(&[("SERVER__KEEP_ALIVE_SECONDS", "1")]);
    let answer = rest(open(
        &app,
        b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
    ));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn more_requests_of_a_kind_than_are_taken_get_503_and_leave_the_other_kinds_alone() {
    let folder = TempDir::new().unwrap();
    let store = FailingStore::before(new_store(&folder));
    let settings = [("SERVER__MAX_REQUESTS", "1"), ("AUTH__ISSUING", "open")];
    let app = TestApp::with_store(&settings, keyring(), Arc::clone(&store) as _);
    let key = app.api_key("issue,read");
    let code = format!("/{}", app.sealed("1", &Claims::default(), now()));
    let once = app.sealed("1", &limited(1), now());
    store.fail(1, Failure::Silence);
    let held = post(&once, r#"{"open_id":"0123456789abcdef"}"#);
    let _waiting = open(&app, held.as_bytes());
    while !store.has_failed() {
        std::thread::yield_now();
    }
    let answer = app.open(&once, None);
    answer.problem(503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), Some("5"));
    for path in ["/healthz", "/readyz", "/", "/generate_qr?data=1", &code] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    assert_eq!(app.post_json(PAYLOAD, "1").status, 201);
    let bearer = format!("Bearer {key}");
    let by_key = [
        ("authorization", &*bearer),
        ("content-type", "application/json"),
    ];
    assert_eq!(app.send("POST", PAYLOAD, &by_key, b"1").status, 201);
    assert_eq!(app.send("GET", "/api/tokens", &by_key, b"").status, 200);
}

fn post(digits: &str, body: &str) -> String {
    format!(
        "POST /{digits} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A request of which the server has read everything but most of its body.
fn half(app: &TestApp, path: &str, length: usize, begin: &[u8], headers: &str) -> TcpStream {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         expect: 100-continue\r\n{headers}\r\n"
    );
    let mut stream = open(app, head.as_bytes());
    let mut answer = [0; CONTINUE.len()];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, CONTINUE);
    stream.write_all(begin).unwrap();
    stream
}

const CONTINUE: &[u8; 25] = b"HTTP/1.1 100 Continue\r\n\r\n";

#[test]
fn requests_that_were_sent_by_half_take_no_permits() {
    let app = TestApp::with(&[("SERVER__MAX_REQUESTS", "1")]);
    let once = app.sealed("1", &limited(1), now());
    let _half: Vec<TcpStream> = [
        &*format!("/{once}"),
        "/api/tokens",
        "/api/qrcode",
        "/api/tokens/404142434445464748494a4b/revoke",
    ]
    .into_iter()
    .flat_map(|path| (0..3).map(move |_| path))
    .map(|path| half(&app, path, 100, b"{", ""))
    .collect();
    assert_eq!(app.post_json("/api/tokens", r#"{"payload":1}"#).status, 201);
    assert_eq!(app.post_json("/api/qrcode", r#"{"value":"1"}"#).status, 200);
    let revoke = "/api/tokens/404142434445464748494a4b/revoke";
    assert_eq!(app.send("POST", revoke, &[], b"").status, 200);
    assert_eq!(app.open(&once, None).status, 200);
}

#[test]
fn what_opens_nothing_is_answered_before_its_body_has_come() {
    let app = TestApp::start();
    let expired = app.sealed(
        "1",
        &Claims {
            expires_in: Some(60.try_into().unwrap()),
            ..Claims::default()
        },
        ago(3600),
    );
    for (digits, status) in [("0123", "404"), (&*expired, "410")] {
        let mut stream = open(
            &app,
            format!(
                "POST /{digits} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n"
            )
            .as_bytes(),
        );
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(head, *format!("HTTP/1.1 {status}").as_bytes());
    }
}

#[test]
fn each_route_takes_a_body_of_the_size_that_it_needs() {
    let app = TestApp::start();
    let once = app.sealed("1", &limited(1), now());
    let padded = |bytes: usize| {
        let mut body = r#"{"open_id":"0123456789abcdef"}"#.to_owned();
        body.push_str(&" ".repeat(bytes - body.len()));
        body
    };
    for (path, most) in [
        (&*format!("/{once}"), 1024),
        ("/api/decrypt/qrcode-details", 16 * 1024),
        ("/api/tokens/404142434445464748494a4b/revoke", 16 * 1024),
    ] {
        let problem = app.post_json(path, padded(most + 1));
        let problem = problem.problem(413, "payload_too_large");
        assert_eq!(problem["max_body_bytes"], most, "{path}");
    }
    assert_eq!(app.post_json(&format!("/{once}"), padded(1024)).status, 200);
}

#[test]
fn the_longest_pin_fits_into_the_smallest_body() {
    let app = TestApp::start();
    let pin = "\u{1F600}".repeat(63) + "1";
    let code = app.sealed_with_pin("1", &limited(1), &pin, now());
    let fields = [
        (
            "open_id",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ),
        ("pin", ""),
        ("pin_text", &pin),
    ];
    assert_eq!(app.submit(&format!("/{code}"), &fields).status, 200);
}

#[test]
fn bodies_on_their_way_have_a_budget_and_each_client_its_share() {
    let app = TestApp::with(&[
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
        ("SERVER__REQUEST_MEMORY_BYTES", "1048576"),
        ("LIMITS__MAX_BODY_BYTES", "65536"),
        ("LIMITS__MAX_STORED_BYTES", "65536"),
        ("LIMITS__MAX_LOGO_BYTES", "0"),
        ("AUTH__ISSUING", "open"),
    ]);
    let body = format!("[{}", " ".repeat(65_000));
    let from = |client: &str| {
        let headers = format!("x-forwarded-for: {client}\r\n");
        half(&app, PAYLOAD, body.len() + 1, body.as_bytes(), &headers)
    };
    // A share is three of these, as large as the largest form.
    let mut held: Vec<TcpStream> = (0..4).map(|_| from("192.0.2.1")).collect();
    assert_eq!(status(&mut held), [503]);
    let whole = |client: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("x-forwarded-for", client),
        ];
        app.send("POST", PAYLOAD, &headers, format!("{body}]").as_bytes())
    };
    let answer = whole("192.0.2.1");
    answer.problem(503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(whole("192.0.2.2").status, 201);
    assert_eq!(app.post_json(PAYLOAD, "1").status, 201, "small ones pass");
    drop(held);
}

/// The status of the only one of these that has an answer; it is taken out.
fn status(streams: &mut Vec<TcpStream>) -> Vec<u16> {
    for place in 0.. {
        let place = place % streams.len();
        let stream = &mut streams[place];
        stream
            .set_read_timeout(Some(Duration::from_millis(5)))
            .unwrap();
        let mut head = [0; 12];
        if stream.read_exact(&mut head).is_ok() {
            streams.remove(place);
            let text = std::str::from_utf8(&head).unwrap();
            return vec![text.split(' ').nth(1).unwrap().parse().unwrap()];
        }
    }
    Vec::new()
}

#[test]
fn the_257th_connection_of_a_client_is_refused_and_a_trusted_proxy_has_as_many_as_it_likes() {
    let app = TestApp::start();
    let _open: Vec<TcpStream> = (0..256).map(|_| open(&app, b"")).collect();
    let answer = rest(open(&app, b""));
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");

    let behind = TestApp::with(&[
        ("SERVER__MAX_CONNECTIONS_PER_CLIENT", "1"),
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
    ]);
    let _open: Vec<TcpStream> = (0..10).map(|_| open(&behind, b"")).collect();
    assert_eq!(behind.get("/healthz").status, 200);
}

#[test]
fn line_and_headers_are_bounded_and_whoever_sends_more_is_told() {
    let app = TestApp::start();
    let long = format!(
        "GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "1".repeat(60_000)
    );
    // A name of 64 KiB and one that does not end, too.
    let name = format!(
        "GET / HTTP/1.1\r\nhost: a\r\n{}: 1\r\n\r\n",
        "a".repeat(65_536)
    );
    let endless = format!("GET / HTTP/1.1\r\nhost: a\r\n{}", "a: b\r\n".repeat(10_000));
    for (head, status) in [(long, 414), (name, 400), (endless, 431)] {
        let answer = app.raw(head.as_bytes());
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}

#[test]
fn the_second_request_of_a_connection_has_to_end_too() {
    let app = TestApp::with(&[("SERVER__HEADER_TIMEOUT_SECONDS", "1")]);
    let first = b"GET /robots.txt HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let second = b"GET /robots.txt HTTP/1.1\r\nhost: loc";
    // In two parts, so that it is clear what belongs to the second.
    let mut stream = open(&app, first);
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).unwrap();
    stream.write_all(second).unwrap();
    rest(stream);
}

#[test]
fn many_requests_at_once_on_one_connection_are_answered_one_after_the_other() {
    let app = TestApp::start();
    let one = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let last = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let answers = app.raw(format!("{}{last}", one.repeat(2_000)).as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 200 ").count(), 2_001);
}

const STYLED: &str = r#"{"value":"1","module_shape":"dots","scale":4}"#;

#[test]
fn pictures_for_anybody_do_not_take_the_threads_of_whoever_has_an_api_key() {
    let app = TestApp::with(&[
        ("AUTH__ISSUING", "open"),
        ("SERVER__STYLE_THREADS", "1"),
        ("SERVER__STYLE_QUEUE", "1"),
    ]);
    let bearer = format!("Bearer {}", app.api_key("issue"));
    let by_key = [
        ("authorization", &*bearer),
        ("content-type", "application/json"),
    ];
    let styled = r#"{"payload":1,"style":{"module_shape":"dots"}}"#;
    let place = app.app.pool.permit(Kind::AnonymousPicture).unwrap();
    for (path, body) in [("/api/qrcode", STYLED), ("/api/tokens", styled)] {
        let answer = app.post_json(path, body);
        answer.problem(503, "temporarily_unavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    let issued = app.send("POST", "/api/tokens", &by_key, styled.as_bytes());
    assert_eq!(issued.status, 201);
    let drawn = app.send("POST", "/api/qrcode", &by_key, STYLED.as_bytes());
    assert_eq!(drawn.status, 200);
    drop(place);
    assert_eq!(app.post_json("/api/qrcode", STYLED).status, 200);
}

#[test]
fn what_is_drawn_for_anybody_counts_by_its_pixels() {
    let app = TestApp::with(&[
        ("AUTH__ISSUING", "open"),
        ("LIMITS__MAX_ANONYMOUS_STYLED_PIXELS", "65536"),
        ("LIMITS__STYLED_PIXELS_PER_MINUTE", "65536"),
    ]);
    let bearer = format!("Bearer {}", app.api_key("issue"));
    let by_key = [
        ("authorization", &*bearer),
        ("content-type", "application/json"),
    ];
    // 29 modules of 12 pixels are 121,104.
    let large = STYLED.replace('4', "12");
    let problem = app
        .post_json("/api/qrcode", &large)
        .problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/scale");
    // 13,456 pixels each, counted by 1,024.
    for _ in 0..4 {
        assert_eq!(app.post_json("/api/qrcode", STYLED).status, 200);
    }
    let answer = app.post_json("/api/qrcode", STYLED);
    assert_eq!(
        answer.problem(429, "rate_limited")["limit"],
        "styled-pixels"
    );
    assert_eq!(app.post_json("/api/qrcode", r#"{"value":"1"}"#).status, 200);
    let with_key = app.send("POST", "/api/qrcode", &by_key, large.as_bytes());
    assert_eq!(with_key.status, 200);
    app.app.clock.step(60);
    assert_eq!(app.post_json("/api/qrcode", STYLED).status, 200);
}

#[test]
fn what_is_drawn_for_an_api_key_counts_by_its_pixels_too() {
    let app = TestApp::with(&[("LIMITS__KEY_PIXELS_PER_MINUTE", "16777216")]);
    let [first, second] = ["issue", "read"].map(|scope| format!("Bearer {}", app.api_key(scope)));
    // 29 modules of 64 pixels are 3,444,736.
    let large = STYLED.replace('4', "64");
    let draw_at = |bearer: &str, body: &str| {
        let headers = [
            ("authorization", bearer),
            ("content-type", "application/json"),
        ];
        app.send("POST", "/api/qrcode", &headers, body.as_bytes())
    };
    let draw = |bearer: &str| draw_at(bearer, &large);
    for _ in 0..4 {
        assert_eq!(draw(&first).status, 200);
    }
    // What is left over, so that a slow machine does not get a fifth.
    for _ in 0..3 {
        assert_eq!(draw_at(&first, &STYLED.replace('4', "32")).status, 200);
    }
    let problem = draw(&first).problem(429, "rate_limited");
    assert_eq!(problem["limit"], "key-pixels");
    assert_eq!(draw(&second).status, 200, "another key has its own");
    app.app.clock.step(60);
    assert_eq!(draw(&first).status, 200);
}

#[test]
fn thirty_two_styled_codes_at_once_are_all_drawn() {
    let app = TestApp::start();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let issuing: Vec<_> = (0..32)
            .map(|_| scope.spawn(|| app.post_json("/api/qrcode", STYLED).status))
            .collect();
        issuing.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses, [200; 32]);
}
