//! Sealing: what comes back, in which form, and that it opens.

use crate::app::TestApp;

const PAYLOAD: &str = "/api/qrcode/encrypted-payload";
const INVOICE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;

#[test]
fn an_invoice_becomes_a_png_and_its_link_shows_the_invoice() {
    let app = TestApp::start();
    let sealed = app.post_json(PAYLOAD, INVOICE);
    assert_eq!(sealed.status, 201);
    assert_eq!(sealed.header("content-type"), Some("image/png"));
    assert_eq!(sealed.header("cache-control"), Some("no-store"));
    let picture = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(picture.path(), &sealed.body).unwrap();
    let link = qrseal::qr::read(&sealed.body).expect("our own reader reads it");
    assert_eq!(sealed.header("location"), Some(link.as_str()));
    let opened = app.get(&sealed.link_path());
    assert_eq!(opened.status, 200);
    assert_eq!(opened.header("content-type"), Some("application/json"));
    assert_eq!(opened.text(), INVOICE);
}

#[test]
fn numbers_strings_and_the_order_of_members_come_back_as_they_were() {
    let app = TestApp::start();
    for (sent, opened) in [
        (
            r#" { "b" : 12.50 , "a" : [ 1e400, 123456789012345678901234567890, -0.0 ] } "#,
            r#"{"b":12.50,"a":[1e400,123456789012345678901234567890,-0.0]}"#,
        ),
        (
            "\"caf\\u00e9 \\/ \\ud83d\\ude00 😀\"",
            "\"caf\\u00e9 \\/ \\ud83d\\ude00 😀\"",
        ),
        ("null", "null"),
        ("0", "0"),
        ("[]", "[]"),
        ("\r\n\ttrue ", "true"),
    ] {
        let sealed = app.post_json(PAYLOAD, sent);
        assert_eq!(sealed.status, 201, "{sent}");
        assert_eq!(app.get(&sealed.link_path()).text(), opened);
    }
}

#[test]
fn a_picture_and_an_id_come_together() {
    use base64::Engine as _;

    let app = TestApp::start();
    let sealed = app.post_json(PAYLOAD, INVOICE);
    assert_eq!(sealed.header("content-type"), Some("image/png"));
    let id = sealed.header("token-id").unwrap().to_owned();
    assert!(id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));

    let body = format!(r#"{{"payload":{INVOICE},"include":"png,svg"}}"#);
    let sealed = app.post_json("/api/tokens", body);
    let answer = sealed.json();
    assert_eq!(sealed.header("token-id"), answer["id"].as_str());
    let uri = answer["qr"]["png"].as_str().unwrap();
    let png = uri.strip_prefix("data:image/png;base64,").unwrap();
    let png = base64::engine::general_purpose::STANDARD
        .decode(png)
        .unwrap();
    let link = qrseal::qr::read(&png).expect("our own reader reads it");
    assert_eq!(answer["link"], link);
    let svg = answer["qr"]["svg"].as_str().unwrap();
    assert!(svg.starts_with("data:image/svg+xml;base64,"));

    // Asking for it makes the answer JSON; a picture has no room for another.
    let drawn = app.post_json("/api/qrcode", r#"{"value":"x","include":"svg"}"#);
    assert!(drawn.json()["qr"]["svg"].is_string());
    assert!(drawn.json()["qr"].get("png").is_none());
    for query in ["include=png&format=png", "include=gif", "include=png,png"] {
        let problem = app
            .post_json(&format!("{PAYLOAD}?{query}"), INVOICE)
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], "/include", "{query}");
    }
}

#[test]
fn a_document_that_looks_like_an_envelope_is_sealed_only_on_purpose() {
    let app = TestApp::start();
    let envelope = r#"{"payload":{"id":1},"max_opens":1,"pin":"493817"}"#;
    let problem = app.post_json(PAYLOAD, envelope).problem(422, "validation");
    assert!(problem["detail"].as_str().unwrap().contains("/api/tokens"));
    assert!(!problem.to_string().contains("493817"));
    let sealed = app.post_json(&format!("{PAYLOAD}?literal=1"), envelope);
    assert_eq!(app.get(&sealed.link_path()).text(), envelope);
    for document in [
        r#"{"payload":{"id":1}}"#,
        r#"{"payload":{"id":1},"max_opens":1,"total":7}"#,
        r#"{"data":{"payload":1,"pin":"493817"}}"#,
        r#"["payload","pin"]"#,
        r#"{"max_opens":1,"pin":"493817"}"#,
    ] {
        assert_eq!(app.post_json(PAYLOAD, document).status, 201, "{document}");
    }
    app.get("/generate_qr?data=x&literal=1")
        .problem(422, "validation");
}

#[test]
fn each_sealing_makes_another_token() {
    let app = TestApp::start();
    let links: std::collections::HashSet<_> = (0..20)
        .map(|_| app.post_json(PAYLOAD, INVOICE).link_path())
        .collect();
    assert_eq!(links.len(), 20);
}

#[test]
fn the_form_of_the_answer_is_chosen_by_format_then_accept_then_the_route() {
    let app = TestApp::start();
    for (query, accept, expected) in [
        ("", "*/*", "image/png"),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png"),
        ("", "image/svg+xml", "image/svg+xml"),
        ("", "application/json", "application/json"),
        ("", "text/plain", "text/plain; charset=utf-8"),
        ("?format=svg", "application/json", "image/svg+xml"),
        ("?format=json", "image/png", "application/json"),
        ("?format=txt", "*/*", "text/plain; charset=utf-8"),
        ("?format=png", "application/json", "image/png"),
    ] {
        let headers = [("content-type", "application/json"), ("accept", accept)];
        let answer = app.send(
            "POST",
            &format!("{PAYLOAD}{query}"),
            &headers,
            INVOICE.as_bytes(),
        );
        assert_eq!(answer.status, 201);
        assert_eq!(
            answer.header("content-type"),
            Some(expected),
            "{query} {accept}"
        );
        assert_eq!(answer.header("vary"), Some("Accept"));
    }
}

#[test]
fn an_envelope_is_answered_with_what_is_known_about_the_token() {
    let app = TestApp::start();
    let body = format!(
        r##"{{"payload": {INVOICE}, "expires_in": 3600, "max_opens": null, "style": {{"ecl": "Q", "scale": 3, "dark": "#102030"}}}}"##
    );
    let answer = app.post_json("/api/tokens", body);
    assert_eq!(answer.status, 201);
    let issued = answer.json();
    assert_eq!(issued["link"].as_str(), answer.header("location"));
    assert_eq!(issued["id"].as_str().unwrap().len(), 24);
    assert_eq!(issued["qr"]["ecl"], "Q");
    assert_eq!(
        issued["qr"]["modules"],
        issued["qr"]["version"].as_u64().unwrap() * 4 + 17
    );
    assert_eq!(issued["payload_bytes"], INVOICE.len());
    assert!(issued["max_opens"].is_null());
    let issued_at: jiff::Timestamp = issued["issued_at"].as_str().unwrap().parse().unwrap();
    let expires_at: jiff::Timestamp = issued["expires_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(issued_at.as_second() % 60, 0);
    assert!((3600..=3660).contains(&(expires_at.as_second() - issued_at.as_second())));
    let token = issued["token"].as_str().unwrap();
    let opened = app.get(&format!("/api/decrypt/qrcode-details?ctext={token}"));
    assert_eq!(opened.text(), INVOICE);
    assert_eq!(app.get(&answer.link_path()).text(), INVOICE);
}

#[test]
fn an_envelope_can_be_answered_with_the_picture() {
    let app = TestApp::start();
    let answer = app.post_json("/api/tokens", r#"{"payload":[1],"format":"svg"}"#);
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
    assert!(answer.text().starts_with("<svg"));
}

#[test]
fn scale_quiet_zone_and_level_shape_the_picture() {
    let app = TestApp::start();
    let side = |query: &str| {
        let answer = app.post_json(&format!("{PAYLOAD}{query}"), "[1]");
        assert_eq!(
            answer.status,
            201,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        let picture = image::load_from_memory(&answer.body).unwrap();
        assert_eq!(picture.width(), picture.height());
        picture.width()
    };
    let modules = (
        side("?scale=1&quiet_zone=0&ecl=L"),
        side("?scale=1&quiet_zone=0&ecl=H"),
    );
    assert!(modules.0 < modules.1);
    assert_eq!(side("?scale=7&quiet_zone=2&ecl=L"), 7 * (modules.0 + 4));
    assert_eq!(side("?ecl=L"), 8 * (modules.0 + 8));
}

#[test]
fn links_begin_with_the_configured_url_whatever_the_request_says() {
    let settings = [
        ("SERVER__PUBLIC_URL", "https://qr.example.com/codes/"),
        ("AUTH__ISSUING", "open"),
    ];
    let app = TestApp::with(&settings);
    let headers = [
        ("content-type", "application/json"),
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
    ];
    let answer = app.send("POST", PAYLOAD, &headers, INVOICE.as_bytes());
    let link = answer.header("location").unwrap();
    let digits = link
        .strip_prefix("https://QR.EXAMPLE.COM/codes/")
        .expect(link);
    assert!(digits.bytes().all(|digit| digit.is_ascii_digit()));
    // Behind a proxy that takes the path off, and behind one that does not.
    assert_eq!(app.get(&format!("/{digits}")).text(), INVOICE);
    assert_eq!(app.get(&format!("/codes/{digits}")).text(), INVOICE);
    let page = app.get_as("/codes/", "text/html");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("/codes/assets/"));
    assert_eq!(
        app.get("/codes/api-docs/openapi.json").json()["servers"][0]["url"],
        "/codes"
    );
    assert_eq!(app.get("/codesx").status, 404);
}

#[test]
fn the_query_form_of_links_opens_too() {
    let app = TestApp::with(&[("LINK__FORM", "query")]);
    let answer = app.post_json(PAYLOAD, INVOICE);
    let link = url::Url::parse(answer.header("location").unwrap()).unwrap();
    assert_eq!(link.path(), "/api/decrypt/qrcode-details");
    let target = format!("{}?{}", link.path(), link.query().unwrap());
    assert_eq!(app.get(&target).text(), INVOICE);
}
