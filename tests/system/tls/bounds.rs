//! What a client may take: time for its handshake, connections, requests at once; and what it has when the server ends.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::{Certificates, INVOICE, SEAL, in_runtime, post};
use crate::fixture::{Server, eventually};

#[test]
fn a_handshake_that_never_ends_is_ended_and_counts_as_a_connection_of_its_client() {
    let certificates = Certificates::new();
    let server = certificates.start(&[("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "1")]);
    // The first bytes of a ClientHello.
    for said in [&b""[..], b"\x16\x03\x01\x02\x00\x01\x00"] {
        let mut silent =
            TcpStream::connect(server.address()).expect("the server takes connections");
        silent
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a limit can be set");
        silent.write_all(said).expect("it is sent");
        let ended = silent.read_to_end(&mut Vec::new());
        // Not the client's own time limit.
        assert!(ended.is_ok(), "{ended:?}");
    }
    let server = certificates.start(&[
        ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "300"),
        ("QRSEAL_SERVER__MAX_CONNECTIONS_PER_CLIENT", "3"),
    ]);
    let silent = || TcpStream::connect(server.address()).expect("the server takes connections");
    // The one that asked whether the server is ready may have counted when these came.
    let mut others = vec![silent(), silent(), silent()];
    eventually("one more is turned away", || {
        let mut more = silent();
        more.set_read_timeout(Some(Duration::from_millis(500)))
            .expect("a limit can be set");
        let ended = more.read_to_end(&mut Vec::new());
        let waits = ended.map_err(|error| error.kind());
        match waits {
            Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                others.push(more);
                None
            }
            _ => Some(()),
        }
    });
    drop(others);
    eventually("there is room again", || {
        let url = server.url("/healthz");
        let asked = Command::new("curl")
            .args(["-s", "-k", &url])
            .output()
            .expect("curl runs");
        asked.status.success().then_some(())
    });
}

#[test]
fn requests_of_http_2_are_bounded_as_those_of_http_1_1_are() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_SERVER__MAX_CONNECTIONS_PER_CLIENT", "3"),
        ("QRSEAL_SERVER__BODY_TIMEOUT_SECONDS", "300"),
    ]);
    in_runtime(async {
        let requests = certificates.connect_http_2(server.address()).await;
        let mut waiting = Vec::new();
        // The connection, and two requests beside the first.
        for _ in 0..3 {
            let mut requests = requests.clone().ready().await.expect("it goes on");
            let (answer, body) = requests
                .send_request(post(&server, SEAL), false)
                .expect("sent");
            waiting.push((answer, body));
        }
        let mut requests = requests.ready().await.expect("it goes on");
        let get = http::Request::get(server.url("/healthz"))
            .body(())
            .expect("a request");
        let (answer, _) = requests.send_request(get, true).expect("sent");
        let answer = answer.await.expect("an answer");
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers()["retry-after"], "1");
        for (answer, mut body) in waiting {
            body.send_data(Bytes::from_static(INVOICE.as_bytes()), true)
                .expect("sent");
            assert_eq!(answer.await.expect("an answer").status(), 201);
        }

        let mut requests = requests.ready().await.expect("it goes on");
        let large = http::Request::get(server.url("/healthz"))
            .header("x-large", "x".repeat(33_000))
            .body(())
            .expect("a request");
        let (answer, _) = requests.send_request(large, true).expect("sent");
        // It is told, or not read to its end.
        match answer.await {
            Ok(answer) => assert_eq!(answer.status(), 431),
            Err(error) => assert!(error.is_reset() || error.is_go_away(), "{error}"),
        }
    });
}

#[test]
fn all_requests_of_http_2_together_are_no_more_than_connections() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_SERVER__MAX_CONNECTIONS", "8"),
        ("QRSEAL_SERVER__WORKERS", "1"),
        ("QRSEAL_SERVER__BODY_TIMEOUT_SECONDS", "300"),
        ("QRSEAL_SERVER__TRUSTED_PROXIES", "127.0.0.2"),
    ]);
    in_runtime(async {
        let mut requests = certificates.connect_http_2(server.address()).await;
        let mut waiting = Vec::new();
        // The first is its connection's.
        for _ in 0..9 {
            requests = requests.ready().await.expect("it goes on");
            let sent = requests.send_request(post(&server, SEAL), false);
            waiting.push(sent.expect("sent"));
        }
        requests = requests.ready().await.expect("it goes on");
        let get = http::Request::get(server.url("/healthz"))
            .body(())
            .expect("a request");
        let (answer, _) = requests.send_request(get, true).expect("sent");
        assert_eq!(answer.await.expect("an answer").status(), 503);
        let (answer, mut body) = waiting.remove(0);
        body.send_data(Bytes::from_static(INVOICE.as_bytes()), true)
            .expect("sent");
        assert_eq!(answer.await.expect("an answer").status(), 201);
        drop(waiting);
    });
}

#[test]
fn a_body_that_waits_behind_a_proxy_keeps_no_other_waiting() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_SERVER__TRUSTED_PROXIES", "127.0.0.2"),
        ("QRSEAL_SERVER__BODY_TIMEOUT_SECONDS", "300"),
        ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "300"),
    ]);
    in_runtime(async {
        let mut requests = certificates.connect_http_2(server.address()).await;
        requests = requests.ready().await.expect("it goes on");
        let (slow, mut rows) = requests.send_request(batch(&server), false).expect("sent");
        rows.send_data(Bytes::from(ROW.repeat(40_000)), false)
            .expect("sent");
        // Nobody reads what it says, so that its rows are not read either.
        let _unread = slow.await.expect("an answer");
        requests = requests.ready().await.expect("it goes on");
        let (answer, mut body) = requests
            .send_request(post(&server, SEAL), false)
            .expect("sent");
        body.send_data(Bytes::from_static(INVOICE.as_bytes()), true)
            .expect("sent");
        let answer = tokio::time::timeout(Duration::from_secs(20), answer).await;
        let answer = answer.expect("it does not wait").expect("an answer");
        assert_eq!(answer.status(), 201);
    });
}

/// A row of a batch.
const ROW: &str = "{\"payload\":{\"id\":1}}\n";

fn batch(server: &Server) -> http::Request<()> {
    http::Request::post(server.url("/api/batches"))
        .header("content-type", "application/x-ndjson")
        .body(())
        .expect("a request")
}

#[test]
fn a_batch_that_is_answered_leaves_the_rest_of_its_rows_to_its_client() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_LIMITS__MAX_BATCH_ROWS", "1"),
        ("QRSEAL_SERVER__BODY_TIMEOUT_SECONDS", "300"),
    ]);
    in_runtime(async {
        let requests = certificates.connect_http_2(server.address()).await;
        let mut requests = requests.ready().await.expect("it goes on");
        let (answer, mut body) = requests.send_request(batch(&server), false).expect("sent");
        body.send_data(Bytes::from(ROW.repeat(3)), false)
            .expect("sent");
        let mut answer = answer.await.expect("an answer").into_body();
        while let Some(piece) = answer.data().await {
            let piece = match piece {
                Ok(piece) => piece,
                // What a server says that has answered and wants no more of the request (RFC 9113, 8.1).
                Err(error) if error.reason() == Some(h2::Reason::NO_ERROR) => break,
                Err(error) => panic!("it is whole: {error}"),
            };
            let room = answer.flow_control().release_capacity(piece.len());
            room.expect("it was taken");
        }
        let reset = std::future::poll_fn(|context| body.poll_reset(context));
        let reset = tokio::time::timeout(Duration::from_secs(20), reset).await;
        assert!(reset.is_ok(), "the server wants no more");
    });
}

#[test]
fn an_idle_connection_is_kept_for_its_time_and_ends_with_a_goodbye() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "1"),
        ("QRSEAL_SERVER__KEEP_ALIVE_SECONDS", "2"),
    ]);
    let (mut connection, _) = certificates.connect(server.address());
    let asked = Instant::now();
    write!(
        connection,
        "GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n",
        server.address()
    )
    .expect("it is sent");
    let mut answer = Vec::new();
    // An end without a goodbye is an error to this client.
    connection
        .read_to_end(&mut answer)
        .expect("the server says goodbye");
    assert!(answer.starts_with(b"HTTP/1.1 200 "));
    assert!(asked.elapsed() >= Duration::from_secs(2));
}

#[test]
fn requests_that_are_taken_back_leave_room_and_a_silent_connection_ends() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "1"),
        ("QRSEAL_SERVER__MAX_CONNECTIONS_PER_CLIENT", "8"),
    ]);
    in_runtime(async {
        let mut requests = certificates.connect_http_2(server.address()).await;
        for _ in 0..40 {
            requests = requests.ready().await.expect("it goes on");
            let (answer, mut body) = requests
                .send_request(post(&server, SEAL), false)
                .expect("sent");
            requests = requests.ready().await.expect("it goes on");
            let get = http::Request::get(server.url("/healthz"))
                .body(())
                .expect("a request");
            let (healthy, _) = requests.send_request(get, true).expect("sent");
            // Answered, it says that the server has what came before.
            assert_eq!(healthy.await.expect("an answer").status(), 200);
            body.send_reset(h2::Reason::CANCEL);
            assert!(answer.await.is_err());
        }
        drop(requests);
        let (ended, _requests) = certificates.greeted(server.address()).await;
        let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
        assert!(ended.is_ok(), "the server ends it");
    });
}

#[test]
fn sigterm_lets_requests_under_way_finish_over_tls_and_ends_with_zero() {
    let certificates = Certificates::new();
    let mut server = certificates.start(&[]);
    let (head, rest) = INVOICE.split_at(10);
    let (mut over_1, _) = certificates.connect(server.address());
    write!(
        over_1,
        "POST {SEAL} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        server.address(),
        INVOICE.len(),
    )
    .expect("the request's head is sent");
    let mut asked = [0; 25];
    over_1
        .read_exact(&mut asked)
        .expect("the server asks for the body");
    write!(over_1, "{head}").expect("the body's first part is sent");
    in_runtime(async {
        let mut requests = certificates.connect_http_2(server.address()).await;
        let (answer, mut body) = requests
            .send_request(post(&server, SEAL), false)
            .expect("sent");
        body.send_data(Bytes::from_static(head.as_bytes()), false)
            .expect("sent");
        // An answer to what came later says that the server has the first.
        requests = requests.ready().await.expect("it goes on");
        let get = http::Request::get(server.url("/healthz"))
            .body(())
            .expect("a request");
        let (healthy, _) = requests.send_request(get, true).expect("sent");
        assert_eq!(healthy.await.expect("an answer").status(), 200);

        server.signal("TERM");
        eventually("new connections are refused", || {
            let again = TcpStream::connect_timeout(&server.address(), Duration::from_secs(1));
            again.is_err().then_some(())
        });
        body.send_data(Bytes::from_static(rest.as_bytes()), true)
            .expect("sent");
        assert_eq!(answer.await.expect("an answer").status(), 201);
    });
    write!(over_1, "{rest}").expect("the body's second part is sent");
    let mut answer = Vec::new();
    let _how_it_ends = over_1.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 201 "));
    assert_eq!(server.wait_for_exit().code(), Some(0), "{}", server.log());
}
