//! Limits: slow clients, and more requests than are taken.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use qrseal::token::Claims;

use crate::app::{TestApp, now};

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
    let _reset = stream.read_to_end(&mut answer);
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
    let app = TestApp::with(&[
        ("SERVER__MAX_REQUESTS", "1"),
        ("SERVER__BODY_TIMEOUT_SECONDS", "20"),
    ]);
    let code = format!("/{}", app.sealed("1", &Claims::default(), now()));
    let busy = open(&app, HALF_A_BODY);
    // The one place of its kind is taken as soon as the server has read the headers.
    let issue = || app.post_json("/api/tokens", r#"{"payload":1}"#);
    let answer = (0..1000)
        .map(|_| issue())
        .find(|answer| answer.status == 503)
        .expect("the server sees the request in work");
    answer.problem(503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), Some("5"));
    for path in ["/healthz", "/readyz", "/", "/generate_qr?data=1", &code] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    drop(busy);
    let back = (0..1000)
        .map(|_| issue())
        .any(|answer| answer.status == 201);
    assert!(back, "the place is given back when its client goes");
}
