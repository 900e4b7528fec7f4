//! Frames of HTTP/2 (RFC 9113) as no client of good will sends them.

use std::io::{self, ErrorKind, Read as _, Write as _};

use super::{Certificates, Connection, INVOICE, SEAL};
use crate::fixture::{Server, eventually};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
/// One that no document names.
const UNKNOWN: u8 = 0xfa;

const END_STREAM: u8 = 0x1;
const END_HEADERS: u8 = 0x4;
const PADDED: u8 = 0x8;

/// `:method`, as the static table of HPACK has it (RFC 7541, appendix A).
const GET: u8 = 0x82;
const POST: u8 = 0x83;

/// Nothing of a connection ends it here by itself.
const PATIENT: [(&str, &str); 3] = [
    ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "300"),
    ("QRSEAL_SERVER__BODY_TIMEOUT_SECONDS", "300"),
    ("QRSEAL_SERVER__KEEP_ALIVE_SECONDS", "300"),
];

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("it is short");
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The head of a request for this path; other fields are literals that no table keeps.
fn head(method: u8, path: &str, flags: u8, stream: u32) -> Vec<u8> {
    let mut block = vec![method, 0x87];
    for (name, value) in [(4, path), (1, "localhost")] {
        block.extend([name, u8::try_from(value.len()).expect("it is short")]);
        block.extend(value.as_bytes());
    }
    // `content-type`, the 31st name of the static table.
    block.extend([0x0f, 0x10, 16]);
    block.extend(b"application/json");
    frame(HEADERS, flags | END_HEADERS, stream, &block)
}

/// A connection on which both sides have said how they would like it.
fn greeted(certificates: &Certificates, server: &Server, settings: &[u8]) -> Connection {
    let (mut connection, _) = certificates.connect_for(b"h2", server.address());
    let mut greeting = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    greeting.extend(frame(SETTINGS, 0, 0, settings));
    connection.write_all(&greeting).expect("it is sent");
    connection
}

/// Sends all of it, unless the server ends the connection before, and waits for its end.
fn assert_ended(connection: &mut Connection, bytes: &[u8], why: &str) {
    let _sent = connection.write_all(bytes);
    let ended = connection.read_to_end(&mut Vec::new());
    let ended = ended.map_err(|error| error.kind());
    // Not the client's own time limit.
    assert!(
        !matches!(ended, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
        "{why}: {ended:?}"
    );
}

/// How often requests and connections were refused for this reason.
fn refused(server: &Server, why: &str) -> usize {
    let metrics = server.get("/metrics", None);
    assert_eq!(metrics.status, 200);
    let start = format!("qrseal_http2_refused_total{{why=\"{why}\"}} ");
    let line = metrics.text().lines().find_map(|line| {
        let count = line.strip_prefix(&start)?;
        Some(count.parse().expect("a number"))
    });
    line.expect("it is counted from the start")
}

#[test]
fn pieces_of_nothing_and_frames_that_no_request_needs_end_a_connection() {
    let certificates = Certificates::new();
    let server = certificates.start(&PATIENT);
    for (many, why) in [
        (frame(DATA, 0, 1, b""), "small_pieces"),
        (frame(DATA, PADDED, 1, b"\x03\0\0\0"), "small_pieces"),
        (frame(PING, 0, 0, b"12345678"), "other_frames"),
        (frame(SETTINGS, 0, 0, b""), "other_frames"),
        (frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]), "other_frames"),
        (frame(UNKNOWN, 0, 0, b""), "other_frames"),
    ] {
        let before = refused(&server, why);
        let mut connection = greeted(&certificates, &server, b"");
        let mut all = head(POST, SEAL, 0, 1);
        all.extend(many.repeat(20_000));
        assert_ended(&mut connection, &all, why);
        assert_eq!(refused(&server, why), before + 1, "{many:?}");
    }
    assert_eq!(server.get("/healthz", None).status, 200);
}

#[test]
fn requests_that_are_taken_back_again_and_again_end_a_connection() {
    let certificates = Certificates::new();
    let server = certificates.start(&PATIENT);
    let mut connection = greeted(&certificates, &server, b"");
    let taken_back = (0..200).take_while(|number| {
        let stream = 2 * number + 1;
        let mut asked = head(POST, SEAL, 0, stream);
        asked.extend(frame(PING, 0, 0, b"12345678"));
        let reset = frame(RST_STREAM, 0, stream, &[0, 0, 0, 8]);
        // Answered, the second says that the server has the first.
        connection.write_all(&asked).is_ok()
            && next_of(PING, &mut connection).is_ok()
            && connection.write_all(&reset).is_ok()
    });
    assert!((100..200).contains(&taken_back.count()));
    assert_eq!(refused(&server, "resets"), 1);
}

#[test]
fn a_body_in_small_pieces_is_read_to_its_end() {
    let certificates = Certificates::new();
    let server = certificates.start(&PATIENT);
    let mut connection = greeted(&certificates, &server, b"");
    let document = format!(r#"{{"note":"{}"}}"#, "n".repeat(48_000));
    let pieces: Vec<_> = document.as_bytes().chunks(40).collect();
    // So many may wait, all of them together may not; they are half of the window, so that the server says when they were read.
    let (first, rest) = pieces.split_at(820);
    assert!(first.len() < 1024 && pieces.len() > 1024);
    let sent = |pieces: &[&[u8]]| -> Vec<u8> {
        let frames = pieces.iter().flat_map(|piece| frame(DATA, 0, 1, piece));
        frames.collect()
    };
    let mut all = head(POST, SEAL, 0, 1);
    all.extend(sent(first));
    connection.write_all(&all).expect("it is sent");
    next_of(WINDOW_UPDATE, &mut connection).expect("they were read");
    let mut all = sent(rest);
    all.extend(frame(DATA, END_STREAM, 1, b""));
    connection.write_all(&all).expect("it is sent");
    next_of(HEADERS, &mut connection).expect("an answer");
    assert_eq!(refused(&server, "small_pieces"), 0);
}

#[test]
fn a_body_that_nobody_wants_is_taken_in_small_pieces_too() {
    let certificates = Certificates::new();
    let server = certificates.start(&PATIENT);
    let mut connection = greeted(&certificates, &server, b"");
    // Twice so many are more than may wait; once so many are half of the window, so that the server says when they were taken.
    let pieces = frame(DATA, 0, 1, &[b'n'; 40]).repeat(820);
    let mut all = head(POST, "/nothing", 0, 1);
    all.extend(&pieces);
    connection.write_all(&all).expect("it is sent");
    next_of(WINDOW_UPDATE, &mut connection).expect("they were taken");
    let mut all = pieces;
    all.extend(frame(DATA, END_STREAM, 1, b""));
    all.extend(frame(PING, 0, 0, b"12345678"));
    let _sent = connection.write_all(&all);
    next_of(PING, &mut connection).expect("the connection goes on");
    assert_eq!(refused(&server, "small_pieces"), 0);
}

#[test]
fn a_client_that_asks_and_never_reads_is_left() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "1"),
        ("QRSEAL_SERVER__KEEP_ALIVE_SECONDS", "300"),
    ]);
    // SETTINGS_INITIAL_WINDOW_SIZE: all that is asked for may be sent.
    let mut connection = greeted(&certificates, &server, &[0, 4, 0x7f, 0xff, 0xff, 0xff]);
    let mut all = frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0, 0, 0]);
    for number in 0..32 {
        all.extend(head(
            GET,
            "/api-docs/openapi.json",
            END_STREAM,
            2 * number + 1,
        ));
    }
    connection.write_all(&all).expect("it is sent");
    eventually("the server leaves", || {
        (refused(&server, "stalled") == 1).then_some(())
    });
}

#[test]
fn a_greeting_is_followed_by_a_request_or_the_connection_ends() {
    let certificates = Certificates::new();
    let server = certificates.start(&[
        ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "1"),
        ("QRSEAL_SERVER__KEEP_ALIVE_SECONDS", "300"),
    ]);
    let mut connection = greeted(&certificates, &server, b"");
    assert_ended(&mut connection, b"", "nothing is asked for");
}

#[test]
fn who_has_not_greeted_does_not_keep_a_server_that_ends() {
    let certificates = Certificates::new();
    let mut server = certificates.start(&[
        ("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "300"),
        ("QRSEAL_SERVER__SHUTDOWN_TIMEOUT_SECONDS", "300"),
    ]);
    let _silent = certificates.connect_for(b"h2", server.address());
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().code(), Some(0), "{}", server.log());
}

#[test]
fn a_client_that_goes_on_asking_is_refused_when_the_server_ends_and_what_it_asked_before_is_answered()
 {
    let certificates = Certificates::new();
    let mut settings = PATIENT.to_vec();
    settings.push(("QRSEAL_SERVER__SHUTDOWN_TIMEOUT_SECONDS", "300"));
    let mut server = certificates.start(&settings);
    let mut connection = greeted(&certificates, &server, b"");
    let mut asked = head(POST, SEAL, 0, 1);
    asked.extend(head(GET, "/healthz", END_STREAM, 3));
    connection.write_all(&asked).expect("it is sent");
    next_of(HEADERS, &mut connection).expect("the server has both");
    server.signal("TERM");
    let mut streams = (5..).step_by(2);
    eventually("no more is answered", || {
        let more = head(GET, "/healthz", END_STREAM, streams.next()?);
        connection.write_all(&more).expect("it is sent");
        let answer = next_of_any(&[HEADERS, RST_STREAM], &mut connection).expect("an answer");
        // REFUSED_STREAM: it can be asked for again elsewhere.
        (answer == (RST_STREAM, vec![0, 0, 0, 7])).then_some(())
    });
    let rest = frame(DATA, END_STREAM, 1, INVOICE.as_bytes());
    connection.write_all(&rest).expect("it is sent");
    next_of(HEADERS, &mut connection).expect("an answer");
    assert_eq!(server.wait_for_exit().code(), Some(0), "{}", server.log());
}

#[test]
fn targets_that_are_none_are_refused() {
    let certificates = Certificates::new();
    let server = certificates.start(&PATIENT);
    let mut connection = greeted(&certificates, &server, b"");
    for (stream, target) in [(1, "healthz"), (3, "*"), (5, "?healthz")] {
        let asked = head(GET, target, END_STREAM, stream);
        connection.write_all(&asked).expect("it is sent");
        let (_, block) = next_of_any(&[HEADERS], &mut connection).expect("an answer");
        // `:status: 400`, the 12th field of the static table.
        assert_eq!(block.first(), Some(&0x8c), "{target}");
    }
    assert_eq!(refused(&server, "malformed"), 3);
}

#[test]
fn what_is_wrong_with_one_request_of_a_proxy_does_not_end_those_of_others() {
    let certificates = Certificates::new();
    for proxy in ["127.0.0.1", "192.0.2.1"] {
        let mut settings = PATIENT.to_vec();
        settings.push(("QRSEAL_SERVER__TRUSTED_PROXIES", proxy));
        let server = certificates.start(&settings);
        let mut connection = greeted(&certificates, &server, b"");
        let mut all = Vec::new();
        for number in 0..40 {
            // A field that no request has (RFC 9113, section 8.2.2).
            let block = [&[GET, 0x87, 0x84, 0, 10], &b"connection"[..], &[1, b'x']].concat();
            let flags = END_STREAM | END_HEADERS;
            all.extend(frame(HEADERS, flags, 2 * number + 1, &block));
        }
        all.extend(head(GET, "/healthz", END_STREAM, 101));
        let _sent = connection.write_all(&all);
        let answered = next_of(HEADERS, &mut connection);
        assert_eq!(answered.is_ok(), proxy == "127.0.0.1", "{answered:?}");
    }
}

/// Reads up to the next frame of this kind.
fn next_of(kind: u8, connection: &mut Connection) -> io::Result<()> {
    next_of_any(&[kind], connection)?;
    Ok(())
}

/// The next frame of one of these kinds, and what is in it.
fn next_of_any(kinds: &[u8], connection: &mut Connection) -> io::Result<(u8, Vec<u8>)> {
    loop {
        let mut head = [0; 9];
        connection.read_exact(&mut head)?;
        let [high, middle, low, came, ..] = head;
        let length = u32::from_be_bytes([0, high, middle, low]);
        let mut payload = vec![0; usize::try_from(length).expect("it is short")];
        connection.read_exact(&mut payload)?;
        if kinds.contains(&came) {
            return Ok((came, payload));
        }
    }
}
