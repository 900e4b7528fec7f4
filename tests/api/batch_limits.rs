//! How many rows are taken at once and how fast, and batches that stand still or break off.
#![allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::batches::{CSV, QUERY, lines, table};

#[test]
fn rows_that_failed_before_no_more_were_taken_are_named_too() {
    let app = TestApp::with(&[("LIMITS__MAX_BATCH_ROWS", "10")]);
    let query = format!("{QUERY}&page=62x29");
    let rows = format!("Invoice No;Total\n{}", "R;much\n".repeat(12));
    let answer = app.send("POST", &query, &CSV, rows.as_bytes());
    // Twelve lines, of which so small a page has a few.
    let text = String::from_utf8_lossy(&answer.body);
    assert!(text.matches("/MediaBox").count() > 1, "{text}");
}

#[test]
fn no_more_rows_are_taken_than_are_configured_and_each_counts() {
    let app = TestApp::with(&[
        ("LIMITS__MAX_BATCH_ROWS", "20"),
        ("LIMITS__ISSUES_PER_DAY", "25"),
    ]);
    let answer = app.send("POST", QUERY, &CSV, table(22, 99).as_bytes());
    let found = lines(&answer);
    assert_eq!(found.len(), 21);
    assert_eq!(found[20]["end"]["error"]["code"], "payload_too_large");
    assert_eq!(found[20]["end"]["made"], 20);
    // Of the day's quota five are left.
    let rest = lines(&app.send(
        "POST",
        &format!("{QUERY}&first_row=15"),
        &CSV,
        table(22, 99).as_bytes(),
    ));
    let made = rest.iter().filter(|line| line["id"].is_string()).count();
    assert_eq!(
        (rest[0]["row"].as_u64(), made, rest.len()),
        (Some(15), 5, 9)
    );
    assert_eq!(rest[5]["error"]["code"], "rate_limited");
}

#[test]
fn a_row_that_fails_and_each_copy_count_against_the_rate_as_a_request_does() {
    for (query, rows) in [
        (QUERY.to_owned(), "Invoice No;Total\nR-1;much\nR-2;much\n"),
        (
            format!("{QUERY}&page=62x29&copies=2"),
            "Invoice No;Total\nR-1;2\n",
        ),
    ] {
        // The request is the first.
        let app = TestApp::with(&[("LIMITS__ISSUES_PER_MINUTE", "3")]);
        assert_eq!(
            app.send("POST", &query, &CSV, rows.as_bytes()).status,
            200,
            "{query}"
        );
        let next = app.post_json("/api/tokens", r#"{"payload":1}"#);
        assert_eq!(next.problem(429, "rate_limited")["limit"], "issues");
    }
}

#[test]
fn lines_that_are_blank_and_rows_that_are_passed_over_count_by_their_bytes() {
    let app = TestApp::with(&[("LIMITS__ISSUE_BYTES_PER_MINUTE", "1923072")]);
    let row = format!("{}\n", "x".repeat(999));
    let rows = format!("a\n{}{}", "\n".repeat(400_000), row.repeat(1_450));
    let answer = app.send(
        "POST",
        "/api/batches?first_row=10000000",
        &CSV,
        rows.as_bytes(),
    );
    assert_eq!(
        lines(&answer),
        [json!({"end": {"rows": 0, "made": 0, "failed": 0}})]
    );
    let large = format!(
        r#"{{"payload":"{}","storage":"stored"}}"#,
        "x".repeat(1_000_000)
    );
    let next = app.post_json("/api/tokens", &large);
    assert_eq!(next.problem(429, "rate_limited")["limit"], "issue-bytes");
}

#[test]
fn rows_times_copies_are_as_many_as_there_may_be_rows() {
    let app = TestApp::with(&[("LIMITS__MAX_BATCH_ROWS", "20")]);
    let pages = |copies: &str| {
        let query = format!("{QUERY}&page=62x29&copies={copies}");
        app.send("POST", &query, &CSV, table(3, 99).as_bytes())
    };
    // Two rows are on ten pages each, and the last page says that no more were read.
    let answer = pages("10");
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(text.matches("/MediaBox").count(), 21);
    let problem = pages("21").problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/copies");
}

/// A request whose body is sent as the test likes.
fn begun(app: &TestApp, query: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let head = format!(
        "POST {query} HTTP/1.1\r\nhost: {}\r\ncontent-type: text/csv\r\ncontent-length: {length}\r\n\r\n",
        app.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
fn a_row_is_answered_before_the_next_one_is_sent() {
    let app = TestApp::start();
    let parts = ["No\n1\n", "2\n3\n", "4\n"];
    let mut stream = begun(
        &app,
        "/api/batches",
        parts.iter().map(|part| part.len()).sum(),
    );
    let mut read = BufReader::new(stream.try_clone().unwrap());
    let mut next = |row: u64| loop {
        let mut line = String::new();
        assert_ne!(read.read_line(&mut line).unwrap(), 0, "row {row}");
        if let Ok(line) = serde_json::from_str::<Value>(&line)
            && line.is_object()
        {
            assert_eq!(line["row"], row);
            return;
        }
    };
    stream.write_all(parts[0].as_bytes()).unwrap();
    next(1);
    stream.write_all(parts[1].as_bytes()).unwrap();
    next(2);
    next(3);
    stream.write_all(parts[2].as_bytes()).unwrap();
    next(4);
}

#[test]
fn a_body_that_breaks_off_ends_the_answer_with_what_was_done() {
    let app = TestApp::start();
    let mut stream = begun(&app, "/api/batches", 1_000);
    stream.write_all(b"No\n1\n2\n3").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _reset = stream.read_to_string(&mut answer);
    assert!(
        answer.contains("\"row\":1") && answer.contains("\"row\":2"),
        "{answer}"
    );
    assert!(!answer.contains("\"row\":3"), "{answer}");
    let end = answer.lines().find(|line| line.starts_with("{\"end\""));
    let end: Value = serde_json::from_str(end.expect("a last line")).unwrap();
    assert_eq!(
        (&end["end"]["made"], &end["end"]["error"]["code"]),
        (&json!(2), &json!("malformed_request"))
    );
}

#[test]
fn a_reader_that_stops_reading_gives_its_place_back_in_time() {
    let app = TestApp::with(&[
        ("SERVER__BODY_TIMEOUT_SECONDS", "1"),
        ("LIMITS__ENABLED", "false"),
    ]);
    let query = format!("{QUERY}&output=zip&format=svg");
    let table = table(9_000, 99_999);
    let streams: Vec<TcpStream> = (0..2)
        .map(|_| {
            let mut stream = begun(&app, &query, table.len());
            let (mut writing, table) = (stream.try_clone().unwrap(), table.clone());
            // What the server does not take stays here.
            std::thread::spawn(move || writing.write_all(table.as_bytes()));
            let mut first = [0; 15];
            stream.read_exact(&mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200 OK");
            stream
        })
        .collect();
    let third = || app.send("POST", QUERY, &CSV, b"Invoice No;Total\n").status;
    assert_eq!(
        third(),
        503,
        "two of one client are as many as there may be"
    );
    let deadline = Instant::now() + Duration::from_secs(60);
    while third() == 503 {
        assert!(Instant::now() < deadline, "no place was given back");
    }
    let breaks_off = |mut stream: TcpStream| {
        let mut rest = Vec::new();
        let _reset = stream.read_to_end(&mut rest);
        !rest.ends_with(b"0\r\n\r\n")
    };
    assert!(
        streams.into_iter().any(breaks_off),
        "a part of a file does not look whole"
    );
}
