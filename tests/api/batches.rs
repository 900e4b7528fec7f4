//! Many codes at once over HTTP: rows in, codes out, both as they come.
#![allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]

use std::io::{Cursor, Read as _};

use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::failing_store::Failure;
use crate::store_failures::failing_app;

pub const CSV: [(&str, &str); 1] = [("content-type", "text/csv")];
const NDJSON: [(&str, &str); 1] = [("content-type", "application/x-ndjson")];

pub fn lines(answer: &Answer) -> Vec<Value> {
    let lines = answer.text().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A table of so many rows, of which one is broken.
pub fn table(rows: usize, broken: usize) -> String {
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

pub const QUERY: &str =
    "/api/batches?map=id%3DInvoice%20No&map=amount:number%3DTotal&decimal=comma";

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
