//! Codes in the console, found again by a photo and by the time at which something happened.

use qrseal::qr::{Level, Style, Symbol, png};
use qrseal::store::Role;

use crate::accounts::{get, person};
use crate::app::{Answer, TestApp};

const CODES: &str = "/console/codes";

fn picture_of(text: &str) -> Vec<u8> {
    let symbol = Symbol::encode(text, Level::Medium).unwrap();
    png(&symbol, &Style::default()).unwrap()
}

fn send_photo(app: &TestApp, cookie: &str, site: &str, photo: &[u8]) -> Answer {
    let mut body = b"--b0\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\n".to_vec();
    body.extend_from_slice(photo);
    body.extend_from_slice(b"\r\n--b0--\r\n");
    let headers = [
        ("cookie", cookie),
        ("accept", "text/html"),
        ("content-type", "multipart/form-data; boundary=b0"),
        ("sec-fetch-site", site),
    ];
    app.send("POST", CODES, &headers, &body)
}

/// The id and the link of a code.
fn issued(app: &TestApp, cookie: &str) -> (String, String) {
    let headers = [
        ("cookie", cookie),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    let body = br#"{"payload":{"seat":7},"max_opens":2,"expires_in":"1d"}"#;
    let issued = app.send("POST", "/api/tokens", &headers, body);
    assert_eq!(issued.status, 201, "{}", issued.text());
    let issued = issued.json();
    let text = |name: &str| issued[name].as_str().unwrap().to_owned();
    (text("id"), text("link"))
}

#[test]
fn a_code_is_found_by_a_photo_of_it() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    let (id, link) = issued(&app, &ana);
    let own = "same-origin";
    let found = send_photo(&app, &ana, own, &picture_of(&link));
    let page = format!("{CODES}/{id}");
    assert_eq!(
        (found.status, found.header("location")),
        (303, Some(page.as_str())),
        "{}",
        found.text()
    );
    assert_eq!(get(&app, &ana, &page).status, 200);
    for (photo, words) in [
        (Vec::new(), "No photo was chosen"),
        (
            b"no picture".to_vec(),
            "This is neither a PNG nor a JPEG picture",
        ),
        (
            picture_of("https://example.org/1"),
            "The QR code in it is none of this server.",
        ),
    ] {
        let wrong = send_photo(&app, &ana, own, &photo);
        assert_eq!(wrong.status, 422, "{words}");
        let beside = format!("id=\"photo-photo-error\" role=\"alert\">{words}");
        assert!(wrong.text().contains(&beside), "{}", wrong.text());
    }
    let announced = format!(
        "POST {CODES} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {ana}\r\nsec-fetch-site: same-origin\r\n\
         content-type: multipart/form-data; boundary=b0\r\ncontent-length: 4194305\r\n\r\n"
    );
    let large = app.raw(announced.as_bytes());
    assert!(large.starts_with("HTTP/1.1 413 "), "{large}");
    let foreign = send_photo(&app, &ana, "cross-site", &picture_of(&link));
    assert_eq!(foreign.status, 403);
}

#[test]
fn codes_are_found_by_when_something_happened_to_them() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    let (id, _) = issued(&app, &ana);
    let found = |query: &str| {
        let page = get(&app, &ana, &format!("{CODES}?{query}"));
        assert_eq!(page.status, 200);
        page.text().to_owned()
    };
    let since = "since=2020-01-01T00%3A00";
    assert!(found(since).contains(&id));
    let none = found(&format!("{since}&until=2020-01-02T00%3A00%3A30"));
    assert!(none.contains("There are none.") && none.contains("value=\"2020-01-02T00:00:30\""));
    assert!(found("until=soon").contains("id=\"search-until-error\""));
}
