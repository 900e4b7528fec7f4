//! Many codes at once over HTTP: rows in, codes out, both as they come.
#![allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]

use std::io::{BufRead as _, BufReader, Cursor, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use qrseal::store::Role;
use serde_json::{Value, json};

use crate::accounts::person;
use crate::app::{Answer, TestApp};
use crate::failing_store::Failure;
use crate::store_failures::failing_app;

const CSV: [(&str, &str); 1] = [("content-type", "text/csv")];
const NDJSON: [(&str, &str); 1] = [("content-type", "application/x-ndjson")];

fn lines(answer: &Answer) -> Vec<Value> {
    let lines = answer.text().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A table of so many rows, of which one is broken.
fn table(rows: usize, broken: usize) -> String {
    let mut table = "Invoice No;Total\n".to_owned();
    for row in 1..=rows {
        let total = if row == broken {
            "much".to_owned()
        } else {
            format!("{row},50")
        };
        table.push_str(&format!("R-{row};{total}\n"));
    }
    table
}

const QUERY: &str = "/api/batches?map=id%3DInvoice%20No&map=amount:number%3DTotal&decimal=comma";

#[test]
fn each_row_is_answered_in_its_order_and_a_bad_one_stops_no_other() {
    let app = TestApp::start();
    for broken in [1, 25, 50] {
        let answer = app.send("POST", QUERY, &CSV, table(50, broken).as_bytes());
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("application/x-ndjson"))
        );
        assert_eq!(answer.header("x-accel-buffering"), Some("no"));
        let lines = lines(&answer);
        assert_eq!(lines.len(), 51);
        for (row, line) in (1..=50).zip(&lines) {
            assert_eq!(
                (&line["row"], &line["line"]),
                (&json!(row), &json!(row + 1))
            );
            if row == broken {
                assert_eq!(line["error"]["code"], "validation");
                assert!(
                    line["error"]["detail"]
                        .as_str()
                        .unwrap()
                        .starts_with("amount: must be a number")
                );
                continue;
            }
            let digits = line["link"].as_str().unwrap().rsplit('/').next().unwrap();
            let opened = app.get_as(&format!("/{digits}"), "application/json");
            assert_eq!(
                opened.text(),
                format!("{{\"id\":\"R-{row}\",\"amount\":{row}.50}}")
            );
        }
        assert_eq!(
            lines[50],
            json!({"end": {"rows": 50, "made": 49, "failed": 1}})
        );
    }
}

#[test]
fn envelopes_say_for_each_row_what_it_is_and_a_pin_is_told_with_it() {
    let app = TestApp::start();
    let rows = concat!(
        r#"{"payload":{"a":1},"max_opens":1,"expires_in":"2h"}"#,
        "\n\n",
        r#"{"payload":{"a":2},"max_opens":1}"#,
        "\n",
        r#"{"payload":[3],"pin_auto":true,"expires_in":3600}"#,
        "\n",
        r#"{"payload":4,"storage":"stored","expires_in":"1d","note":"four"}"#,
    );
    let answer = app.send("POST", "/api/batches", &NDJSON, rows.as_bytes());
    let lines = lines(&answer);
    assert_eq!(
        lines[1]["error"]["detail"],
        "expires_in: is needed with max_opens and with a PIN"
    );
    assert_eq!(lines[2]["line"], 4);
    let pin = lines[2]["pin"].as_str().unwrap();
    let digits = |line: &Value| {
        line["link"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(app.open(&digits(&lines[2]), Some(pin)).text(), "[3]");
    assert_eq!(app.open(&digits(&lines[0]), None).text(), r#"{"a":1}"#);
    assert_eq!(app.open(&digits(&lines[0]), None).status, 410);
    assert_eq!(lines[3]["storage"], "stored");
    assert_eq!(
        app.get("/api/tokens?note=four").json()["receipts"][0]["id"],
        lines[3]["id"]
    );
}

#[test]
fn a_zip_file_has_the_pictures_and_what_became_of_each_row() {
    let app = TestApp::start();
    let query = format!("{QUERY}&output=zip&name=%7B%7Bid%7D%7D&format=svg");
    let answer = app.send("POST", &query, &CSV, table(30, 7).as_bytes());
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/zip"))
    );
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.body)).unwrap();
    assert_eq!(archive.len(), 30);
    let mut text = String::new();
    archive
        .by_name("R-8.svg")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.starts_with("<svg"));
    let table = archive.by_name("results.csv").unwrap();
    let mut table = csv::Reader::from_reader(table);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[7][4]), (30, "R-8.svg"));
    assert!(rows[6][5].starts_with("amount: must be a number"));
}

#[test]
fn a_pdf_of_labels_names_the_rows_that_are_not_on_them() {
    let app = TestApp::start();
    let query = format!("{QUERY}&sheet=avery-l7160&line=%7B%7Bid%7D%7D");
    for (broken, pages) in [(99, 2), (7, 3)] {
        let answer = app.send("POST", &query, &CSV, table(30, broken).as_bytes());
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("application/pdf"))
        );
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(text.matches("/MediaBox").count(), pages);
        assert!(text.ends_with("%%EOF\n"));
    }
}

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
fn what_the_store_said_is_for_the_log_and_not_in_the_results() {
    let (app, failing, _folder) = failing_app();
    let mut told = 0;
    for nth in 1..=6 {
        failing.fail(nth, Failure::Unavailable);
        let query = "/api/batches?output=zip&storage=stored&expires_in=1d";
        let answer = app.send("POST", query, &CSV, b"a\n1\n");
        if answer.status != 200 {
            continue;
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(answer.body)).unwrap();
        let mut table = String::new();
        let mut results = archive.by_name("results.csv").unwrap();
        results.read_to_string(&mut table).unwrap();
        assert!(!table.contains("a test took it away"), "{table}");
        told += usize::from(table.contains("Not available right now"));
    }
    assert!(told > 0);
}

#[test]
fn links_are_made_too() {
    let app = TestApp::start();
    let rows = "target\nhttps://shop.example/a\nhttp://127.0.0.1/\n";
    let answer = app.send(
        "POST",
        "/api/batches?kind=link&note=shelf",
        &CSV,
        rows.as_bytes(),
    );
    let lines = lines(&answer);
    assert!(
        lines[1]["error"]["detail"]
            .as_str()
            .unwrap()
            .starts_with("target: ")
    );
    let listed = app.get("/api/links?note=shelf").json();
    assert_eq!(
        (
            &listed["links"][0]["id"],
            listed["links"].as_array().unwrap().len()
        ),
        (&lines[0]["id"], 1)
    );
}

#[test]
fn what_cannot_begin_is_a_problem_and_not_an_answer_that_breaks_off() {
    let app = TestApp::start();
    let post = |query: &str, headers: &[(&str, &str)], body: &[u8]| {
        app.send("POST", &format!("/api/batches{query}"), headers, body)
    };
    let json = [("content-type", "application/json")];
    post("", &json, b"{}").problem(415, "unsupported_media_type");
    let packed = [CSV[0], ("content-encoding", "gzip")];
    post("", &packed, b"a\n1\n").problem(415, "unsupported_media_type");
    let charset = [("content-type", "text/csv; charset=klingon")];
    post("", &charset, b"a\n1\n").problem(415, "unsupported_media_type");
    for (query, body, told) in [
        ("?map=id%3DNo", &b"a\n1\n"[..], "there is no column"),
        ("?map=id", b"a\n1\n", "FIELD=COLUMN"),
        ("?map=id%3Da&map=id%3Da", b"a\n1\n", "filled twice"),
        ("", b"", "there are no rows"),
        (
            "?name=%7B%7Bb%7D%7D",
            b"a\n1\n",
            "is no field and no column",
        ),
        ("?name=a%2Fb", b"a\n1\n", "without /"),
        ("?output=pdf", b"a\n1\n", "takes sheet or page"),
        ("?sheet=herma", b"a\n1\n", "there is no sheet"),
        (
            "?sheet=avery-l7160&pin_auto=true&expires_in=1d",
            b"a\n1\n",
            "nobody would learn the PIN",
        ),
        ("?line=x", b"a\n1\n", "takes sheet or page"),
        ("?include=png", b"a\n1\n", "not for batches"),
        ("?colour=red", b"a\n1\n", "unknown"),
        ("?first_row=0", b"a\n1\n", "1 for the first"),
        (
            "?first_row=18446744073709551615",
            b"a\n1\n",
            "10000000 at most",
        ),
        ("?decimal=comma&decimal=comma", b"a\n1\n", "more than once"),
        ("?max_opens=1", b"a\n1\n", "expires_in"),
        ("?pin=493817", b"a\n1\n", "not in a URL"),
    ] {
        let problem = post(query, &CSV, body).problem(422, "validation");
        assert!(
            problem["detail"].as_str().unwrap().contains(told),
            "{query}: {problem}"
        );
    }
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

#[test]
fn rows_that_are_sent_again_with_the_same_key_are_the_same_codes() {
    let app = TestApp::start();
    let again = [CSV[0], ("idempotency-key", "batch-7")];
    let query = format!("{QUERY}&pin_auto=true&expires_in=1d");
    let first = lines(&app.send("POST", &query, &again, table(2, 99).as_bytes()));
    let second = lines(&app.send("POST", &query, &again, table(3, 99).as_bytes()));
    assert_eq!(first[..2], second[..2], "ids, links and PINs");
    assert!(second[2]["id"].is_string());
    let other = [CSV[0], ("idempotency-key", "batch-8")];
    let third = lines(&app.send("POST", &query, &other, table(1, 99).as_bytes()));
    assert_ne!(third[0]["id"], first[0]["id"]);
    assert_ne!(third[0]["key"], first[0]["key"]);
    let document = |columns: &str| {
        let table = format!("{columns}\n1;2\n");
        let line = &lines(&app.send("POST", "/api/batches", &again, table.as_bytes()))[0];
        let digits = line["link"].as_str().unwrap().rsplit('/').next().unwrap();
        let opened = app.get_as(&format!("/{digits}"), "application/json");
        opened.text().to_owned()
    };
    assert_eq!(document("a;b"), r#"{"a":"1","b":"2"}"#);
    assert_eq!(
        document("b;a"),
        r#"{"b":"1","a":"2"}"#,
        "other columns are other rows"
    );
    let longer = format!("{QUERY}&pin_auto=true&expires_in=2d");
    let changed = lines(&app.send("POST", &longer, &again, table(1, 99).as_bytes()));
    assert_eq!(changed[0]["error"]["code"], "idempotency_conflict");
}

#[test]
fn it_takes_the_right_to_issue() {
    let app = TestApp::start();
    let reads = app.api_key("read");
    let with = |key: &str| {
        [CSV[0], ("authorization", key)].map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let send = |headers: &[(String, String)]| {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        app.send("POST", "/api/batches", &headers, b"a\n1\n")
    };
    send(&with(&format!("Bearer {reads}"))).problem(403, "forbidden");
    app.send("POST", "/api/batches", &CSV, b"a\n1\n")
        .problem(401, "unauthorized");
    let issues = app.api_key("issue");
    assert_eq!(send(&with(&format!("Bearer {issues}"))).status, 200);
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

fn form(fields: &[(&str, &str)], rows: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--b0\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    body.extend(b"--b0\r\nContent-Disposition: form-data; name=\"rows\"; filename=\"r.csv\"\r\nContent-Type: text/csv\r\n\r\n");
    body.extend_from_slice(rows);
    body.extend(b"\r\n--b0--\r\n");
    body
}

fn send_form(app: &TestApp, cookie: &str, fields: &[(&str, &str)], rows: &[u8]) -> Answer {
    let headers = [
        ("cookie", cookie),
        ("accept", "text/html"),
        ("content-type", "multipart/form-data; boundary=b0"),
        ("origin", "null"),
        ("sec-fetch-site", "same-origin"),
    ];
    app.send("POST", "/console/batch", &headers, &form(fields, rows))
}

#[test]
fn a_look_at_more_rows_than_a_minute_has_waits_for_nothing_and_takes_nothing() {
    let app = TestApp::with(&[("LIMITS__ISSUES_PER_MINUTE", "2")]);
    let (cookie, _) = person(&app, "ana", Role::Issuer);
    let fields = [("map", "id=Invoice No"), ("what", "check")];
    let looked = send_form(&app, &cookie, &fields, table(30, 99).as_bytes());
    assert_eq!(looked.status, 200);
    assert!(looked.text().contains("Every row would be made"));
    let made = [("map", "id=Invoice No"), ("what", "zip")];
    let zip = send_form(&app, &cookie, &made, table(2, 99).as_bytes());
    let archive = zip::ZipArchive::new(Cursor::new(zip.body)).unwrap();
    assert_eq!(archive.len(), 3);
}

#[test]
fn labels_print_the_pins_that_are_drawn_or_the_row_is_refused() {
    let app = TestApp::start();
    let (cookie, _) = person(&app, "ana", Role::Issuer);
    let envelope = &br#"{"payload":1,"pin_auto":true,"expires_in":"1d"}"#[..];
    let auto = [("pin_auto", "true"), ("expires_in", "1d")];
    for (fields, rows, is_made) in [
        (vec![], envelope, false),
        (vec![("line", "{{row}}")], envelope, false),
        (vec![("line", "{{pin}}")], envelope, true),
        (vec![("caption", "{{pin}}")], envelope, true),
        (
            vec![("line", "{{row}}"), ("caption", "{{pin}}")],
            envelope,
            true,
        ),
        // The column of that name is printed, and no PIN.
        (
            [&[("line", "{{pin}}")][..], &auto].concat(),
            &b"pin\nx\n"[..],
            false,
        ),
        (
            [&[("line", "{{pin}}")][..], &auto].concat(),
            &b"a\nx\n"[..],
            true,
        ),
    ] {
        let asked = [&[("what", "check"), ("sheet", "avery-l7160")][..], &fields].concat();
        let page = send_form(&app, &cookie, &asked, rows);
        assert_eq!(page.status, 200, "{fields:?}: {}", page.text());
        let told = match is_made {
            true => "Every row would be made",
            false => "nobody would learn the PIN",
        };
        assert!(page.text().contains(told), "{fields:?}: {}", page.text());
    }
}

#[test]
fn people_check_their_rows_and_get_a_file_without_a_shell() {
    let app = TestApp::start();
    let (cookie, _) = person(&app, "ana", Role::Issuer);
    let send = |fields: &[(&str, &str)], rows: &[u8]| send_form(&app, &cookie, fields, rows);
    let page = app.send(
        "GET",
        "/console/batch",
        &[("cookie", &*cookie), ("accept", "text/html")],
        b"",
    );
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("enctype=\"multipart/form-data\"")
            && page.text().contains("Many codes")
    );

    let rows = table(30, 7);
    let map = ("map", "id=Invoice No\r\namount:number=Total");
    let looked = send(
        &[map, ("decimal", "comma"), ("what", "check")],
        rows.as_bytes(),
    );
    assert_eq!(looked.status, 200);
    assert!(
        looked.text().contains("Some rows would fail")
            && looked.text().contains("amount: must be a number")
    );
    assert!(
        looked.text().contains("amount:number=Total"),
        "what was typed is kept"
    );
    let zip = send(
        &[
            map,
            ("decimal", "comma"),
            ("what", "zip"),
            ("name", "{{id}}"),
        ],
        rows.as_bytes(),
    );
    assert_eq!(
        (zip.status, zip.header("content-type")),
        (200, Some("application/zip"))
    );
    assert_eq!(
        zip.header("content-disposition"),
        Some("attachment; filename=\"codes.zip\"")
    );
    let archive = zip::ZipArchive::new(Cursor::new(zip.body)).unwrap();
    assert_eq!(archive.len(), 30);
    let pdf = send(
        &[
            map,
            ("decimal", "comma"),
            ("what", "pdf"),
            ("sheet", "avery-5160"),
        ],
        rows.as_bytes(),
    );
    assert!(pdf.body.starts_with(b"%PDF"));
    // What they made stands under theirs.
    let codes = app.send(
        "GET",
        "/console/codes",
        &[("cookie", &*cookie), ("accept", "text/html")],
        b"",
    );
    assert!(codes.text().contains("account:"), "{}", codes.text());

    for (fields, rows, told) in [
        (
            &[map, ("what", "check")][..],
            &b"a\n1\n"[..],
            "there is no column",
        ),
        (&[("what", "zip")], b"", "No file was chosen"),
        (&[("what", "pdf")], b"a\n1\n", "takes sheet or page"),
    ] {
        let page = send(fields, rows);
        assert_eq!(page.status, 422);
        assert!(
            page.text().contains(told) && page.text().contains("Nothing was made"),
            "{}",
            page.text()
        );
    }
    let (scanner, _) = person(&app, "sam", Role::Scanner);
    let page = app.send(
        "GET",
        "/console/batch",
        &[("cookie", &*scanner), ("accept", "text/html")],
        b"",
    );
    assert_eq!(page.status, 403);
    let foreign = [
        ("cookie", &*cookie),
        ("content-type", "multipart/form-data; boundary=b0"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let body = form(&[("what", "zip")], b"a\n1\n");
    assert_eq!(
        app.send("POST", "/console/batch", &foreign, &body).status,
        403
    );
}
