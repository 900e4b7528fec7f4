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

#[test]
fn a_typed_content_is_written_as_phones_expect_it() {
    let app = TestApp::start();
    for (content, text) in [
        (
            r#"{"wifi":{"ssid":"Guests; 2","password":"correct horse"}}"#,
            "WIFI:T:WPA;S:Guests\\; 2;P:correct horse;;",
        ),
        (
            r#"{"vcard":{"first_name":"Ada","last_name":"King","note":null}}"#,
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:King;Ada;;;\r\nFN:Ada King\r\nEND:VCARD\r\n",
        ),
        (r#"{"mecard":{"first_name":"Ada"}}"#, "MECARD:N:Ada;;"),
        (
            r#"{"epc_payment":{"name":"Ada","iban":"BE72000000001616","amount":"1"}}"#,
            "BCD\n002\n1\nSCT\n\nAda\nBE72000000001616\nEUR1.00",
        ),
        (
            r#"{"geo":{"latitude":48.2,"longitude":16.3}}"#,
            "geo:48.2,16.3",
        ),
        (
            r#"{"sms":{"number":"+49 30 1","text":"Hi"}}"#,
            "SMSTO:+49301:Hi",
        ),
        (
            r#"{"mailto":{"to":"a@example.com","subject":"Hi you"}}"#,
            "mailto:a@example.com?subject=Hi%20you",
        ),
        (
            r#"{"event":{"summary":"Fair","starts_at":"2026-05-01"}}"#,
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:20260501\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ),
    ] {
        let answer = app.post_json("/api/qrcode", content);
        assert_eq!(
            answer.status,
            200,
            "{content}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        assert_eq!(
            qrseal::qr::read(&answer.body).as_deref(),
            Ok(text),
            "{content}"
        );
    }
    // EPC069-12 wants level M, and no other; other short texts get more.
    let level = |content: &str| {
        let body = format!("{{\"format\":\"json\",{}", &content[1..]);
        app.post_json("/api/qrcode", body).json()["qr"]["ecl"].clone()
    };
    assert_eq!(
        level(r#"{"epc_payment":{"name":"A","iban":"BE72000000001616"}}"#),
        "M"
    );
    let other = r#"{"epc_payment":{"name":"A","iban":"BE72000000001616"},"ecl":"Q"}"#;
    let problem = app
        .post_json("/api/qrcode", other)
        .problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/ecl");
}

#[test]
fn a_code_says_one_thing_and_what_is_wrong_with_it_is_named() {
    let app = TestApp::start();
    for (body, pointer) in [
        (
            r#"{"value":"x","geo":{"latitude":1,"longitude":2}}"#,
            "/geo",
        ),
        (
            r#"{"geo":{"latitude":1,"longitude":2},"sms":{"number":"12"}}"#,
            "/sms",
        ),
        (
            r#"{"geo":{"latitude":1,"longitude":2},"geo":{"latitude":1,"longitude":2}}"#,
            "/geo",
        ),
        (r#"{"geo":null}"#, "/geo"),
        (r#"{"geo":"48,16"}"#, "/geo"),
        (r#"{"geo":{"latitude":91,"longitude":2}}"#, "/geo/latitude"),
        (r#"{"geo":{"latitude":1}}"#, "/geo/longitude"),
        (
            r#"{"geo":{"latitude":1,"longitude":2,"altitude":3}}"#,
            "/geo/altitude",
        ),
        (
            r#"{"wifi":{"ssid":"a","ssid":"b","password":"12345678"}}"#,
            "/wifi/ssid",
        ),
        (
            r#"{"epc_payment":{"name":"A","iban":"BE72000000001617"}}"#,
            "/epc_payment/iban",
        ),
        (r#"{"fax":{}}"#, "/fax"),
        (r#"{"wifi":{"ssid":"a"},"scale":0}"#, "/scale"),
    ] {
        let problem = app
            .post_json("/api/qrcode", body)
            .problem(422, "validation");
        assert_eq!(
            problem["errors"][0]["pointer"], pointer,
            "{body}: {problem}"
        );
    }
}
