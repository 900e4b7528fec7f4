//! Many codes in the console: rows are checked, and become a file without a shell.
#![allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]

use std::io::Cursor;

use qrseal::store::Role;

use crate::accounts::person;
use crate::app::{Answer, TestApp};
use crate::batches::table;

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
