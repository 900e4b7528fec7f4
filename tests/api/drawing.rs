//! Plain codes.

use crate::app::TestApp;

#[test]
fn a_plain_code_says_its_text() {
    let app = TestApp::start();
    for text in [
        "https://example.com/menu?table=4",
        "héllo wörld",
        "日本語",
        "12345",
    ] {
        let body = serde_json::json!({ "value": text }).to_string();
        let posted = app.post_json("/api/qrcode", body);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("data", text)
            .finish();
        let got = app.get(&format!("/generate_qr?{query}"));
        for answer in [posted, got] {
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some("image/png"));
            assert_eq!(qrseal::qr::read(&answer.body).unwrap(), text);
        }
    }
}

#[test]
fn options_and_forms_are_those_of_sealing() {
    let app = TestApp::start();
    let answer = app.post_json("/api/qrcode", r#"{"value":"x","ecl":"H","format":"json"}"#);
    assert_eq!(answer.json()["qr"]["ecl"], "H");
    let answer = app.get_as(
        "/generate_qr?data=x&scale=2&dark=%23102030",
        "image/svg+xml",
    );
    assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
    assert!(answer.text().contains("#102030"));
    for path in [
        "/generate_qr",
        "/generate_qr?data=",
        "/generate_qr?data=x&data=y",
        "/generate_qr?data=x&expires_in=60",
        "/generate_qr?data=x&scale=0",
    ] {
        app.get(path).problem(422, "validation");
    }
    for (body, pointer) in [
        ("{}", "/value"),
        (r#"{"value":""}"#, "/value"),
        (r#"{"value":7}"#, "/value"),
        (r#"{"value":null}"#, "/value"),
        (r#"{"value":"\ud800"}"#, "/value"),
        (r#"{"value":"x","expires_in":60}"#, "/expires_in"),
        (r#"{"value":"x","scale":"8"}"#, "/scale"),
    ] {
        let problem = app
            .post_json("/api/qrcode", body)
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
}

#[test]
fn the_largest_symbol_is_full_at_the_standards_numbers() {
    let app = TestApp::start();
    let draw = |text: String| {
        app.post_json(
            "/api/qrcode",
            serde_json::json!({"value": text, "ecl": "L", "scale": 1}).to_string(),
        )
    };
    assert_eq!(draw("1".repeat(7089)).status, 200);
    assert_eq!(draw("a".repeat(2953)).status, 200);
    let problem = draw("1".repeat(7090)).problem(422, "qr_capacity");
    assert_eq!(problem["available_bits"], 23_648);
    draw("a".repeat(2954)).problem(422, "qr_capacity");
}
