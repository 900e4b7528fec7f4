use proptest::prelude::*;

use super::*;

/// What is passed on of `bytes`, which arrive in pieces of this size, and whether a malformed body ended it.
fn passed(bytes: &[u8], piece: usize) -> (Vec<u8>, bool) {
    let mut framing = Framing::default();
    let mut out = Vec::new();
    for piece in bytes.chunks(piece) {
        let mut piece = piece.to_vec();
        let kept = framing.pass(&mut piece);
        out.extend_from_slice(&piece[..kept]);
    }
    (out, framing.is_broken())
}

/// The same, however the bytes arrive.
fn passed_anyhow(bytes: &[u8]) -> (Vec<u8>, bool) {
    let whole = passed(bytes, bytes.len().max(1));
    for piece in [1, 2, 7, 64] {
        assert_eq!(passed(bytes, piece), whole, "in pieces of {piece}");
    }
    whole
}

const GET: &str = "GET /0123 HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn messages_of_every_kind_pass_as_they_are() {
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\r\n\r\n";
    let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n\
        A;name=\"value\"\r\n0123456789\r\n3 ; x\r\nabc\r\n000\r\nTrailer: x\r\n\r\n";
    let bare = "\r\n\nGET / HTTP/1.1\nHost: a\n\n";
    let kept = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    let all = [GET, post, chunked, bare, GET, kept, GET, post].concat();
    assert_eq!(passed_anyhow(all.as_bytes()), (all.into_bytes(), false));
}

#[test]
fn nothing_passes_behind_a_request_that_closes_the_connection() {
    for last in [
        "GET / HTTP/1.1\r\nHost: a\r\nconnection: foo,  CLOSE\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    ] {
        let bytes = [GET, last, GET].concat();
        let expected = [GET, last].concat().into_bytes();
        assert_eq!(passed_anyhow(bytes.as_bytes()), (expected, false), "{last}");
    }
}

#[test]
fn what_the_parser_refuses_or_takes_for_another_protocol_passes_to_its_end() {
    for head in [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let bytes = [head, "no chunk", GET].concat();
        assert_eq!(passed_anyhow(bytes.as_bytes()), (bytes.into_bytes(), false));
    }
}

#[test]
fn a_target_is_cut_where_the_parser_could_take_no_more() {
    for (length, expected) in [
        (MAX_TARGET_BYTES - 1, MAX_TARGET_BYTES),
        (MAX_TARGET_BYTES, MAX_TARGET_BYTES),
        (200_000, MAX_TARGET_BYTES),
    ] {
        let line = |digits: usize| format!("GET /{} HTTP/1.1\r\n", "1".repeat(digits));
        let rest = format!("Host: a\r\n\r\n{GET}");
        let (out, broken) = passed(format!("{}{rest}", line(length)).as_bytes(), 8192);
        assert!(!broken);
        assert!(out == format!("{}{rest}", line(expected - 1)).into_bytes());
    }
}

#[test]
fn what_has_no_end_is_refused_and_nothing_passes_behind_it() {
    let head = |fields: &str| format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}");
    for (bytes, most) in [
        (head(&"n".repeat(100_000)), 9_000),
        (head(&format!("{}: x\r\n\r\n", "n".repeat(65_536))), 9_000),
        (
            head(&format!("Connection: {}\r\n\r\n", "x,".repeat(1_000))),
            9_000,
        ),
        (format!("GET /{}", "1".repeat(2 << 20)), 33_000),
    ] {
        let (out, _) = passed(format!("{bytes}{GET}").as_bytes(), 8192);
        assert_eq!(out.last(), Some(&0));
        assert!(out.len() <= most, "{}", out.len());
    }
    // A name of a usual length, and a long value, are no trouble.
    let fine = head(&format!(
        "{}: {}\r\n\r\n",
        "n".repeat(256),
        "v".repeat(9_000)
    ));
    assert_eq!(passed_anyhow(fine.as_bytes()), (fine.into_bytes(), false));
}

#[test]
fn a_malformed_body_ends_where_it_is_malformed() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (good, bad) in [
        ("", "x\r\n".to_owned()),
        ("", "\r\n".to_owned()),
        ("", "-1\r\n".to_owned()),
        ("", "0x1\r\n".to_owned()),
        ("", "10000000000000000\r\n".to_owned()),
        ("", "1\nx".to_owned()),
        ("1\r\na", "b\r\n0\r\n\r\n".to_owned()),
        ("1\r\na\r\n", "\r\n".to_owned()),
        ("1;", "x\u{1}\r\n".to_owned()),
        ("1;", "x".repeat(9_000)),
        ("0\r\n", " folded: x\r\n\r\n".to_owned()),
        ("0\r\n", "no colon\r\n\r\n".to_owned()),
        ("0\r\n", "a: b\r\n".repeat(2_000)),
    ] {
        let bytes = format!("{head}{good}{bad}{GET}");
        let (out, broken) = passed_anyhow(bytes.as_bytes());
        assert!(broken, "{bad:?}");
        assert!(out.starts_with(format!("{head}{good}").as_bytes()));
        assert!(!out.ends_with(GET.as_bytes()) && bytes.as_bytes().starts_with(&out));
    }
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        parts in prop::collection::vec(
            prop_oneof![
                Just("GET / HTTP/1.1\r\n"), Just("POST /x HTTP/1.0\r\n"), Just("CONNECT a:1 HTTP/1.1\n"),
                Just("Host: a\r\n"), Just("Connection: close\r\n"), Just("Connection: keep-alive, x\n"),
                Just("Content-Length: 5\r\n"), Just("Content-Length: x\r\n"), Just("Transfer-Encoding: chunked\r\n"),
                Just("Upgrade: websocket\r\n"), Just("\r\n"), Just("\n"), Just("5\r\nhello\r\n"), Just("0\r\n\r\n"),
                Just("a"), Just(":"), Just(";x"), Just("\0"), Just("\r"), Just(" "),
            ],
            0..24,
        ),
        piece in 1_usize..40,
    ) {
        let bytes = parts.concat().into_bytes();
        let whole = passed(&bytes, bytes.len().max(1));
        prop_assert_eq!(&passed(&bytes, piece), &whole);
        prop_assert!(whole.0.len() <= bytes.len());
    }
}
