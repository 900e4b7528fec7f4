//! Bad input: the exact status, code and headers of everything in the table of errors that applies.

use crate::app::TestApp;

const PAYLOAD: &str = "/api/qrcode/encrypted-payload";

#[test]
fn bytes_that_are_no_utf_8_are_refused_where_they_would_become_text() {
    let app = TestApp::start();
    for (path, pointer) in [
        ("/generate_qr?data=caf%E9", "/data"),
        ("/generate_qr?data=x&caption=%C3%28", "/caption"),
        ("/generate_qr?data=x&%FF=1", "/\u{fffd}"),
        ("/api/tokens?state=%ED%A0%80", "/state"),
    ] {
        let problem = app.get(path).problem(422, "validation");
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .ends_with("is not UTF-8"),
            "{problem}"
        );
        assert!(
            problem["detail"].as_str().unwrap().starts_with(pointer),
            "{problem}"
        );
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = app.send("POST", "/", &form, b"payload=%7B%22a%22%3A%22caf%E9%22%7D");
    assert_eq!(answer.status, 422, "{answer:?}");
    let multipart = [("content-type", "multipart/form-data; boundary=x")];
    let body =
        b"--x\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n\"caf\xe9\"\r\n--x--\r\n";
    assert_eq!(app.send("POST", "/", &multipart, body).status, 422);
    for path in [
        "/api/tokens",
        "/api/qrcode",
        "/api/qrcode/encrypted-payload",
    ] {
        let answer = app.post_json(path, b"{\"payload\":\"caf\xe9\"}");
        answer.problem(400, "invalid_json");
    }
    assert_eq!(app.get("/generate_qr?data=caf%C3%A9").status, 200);
}

#[test]
fn a_body_that_is_not_json_is_told_where() {
    let app = TestApp::start();
    for (body, line, column) in [
        ("", 1, 1),
        ("{", 1, 2),
        ("{\"a\":1,}", 1, 8),
        ("{\n  \"a\": 01\n}", 2, 8),
        ("[1] 2", 1, 5),
        ("{\"a\":1,\n\"\\u0061\":2}", 2, 1),
        ("[\"\\ud800\"]", 1, 3),
        ("\u{feff}[]", 1, 1),
        ("NaN", 1, 1),
        ("'a'", 1, 1),
    ] {
        let problem = app.post_json(PAYLOAD, body).problem(400, "invalid_json");
        assert_eq!(
            (&problem["line"], &problem["column"]),
            (&line.into(), &column.into()),
            "{body}"
        );
    }
    app.post_json(PAYLOAD, [b'"', 0xff, b'"'])
        .problem(400, "invalid_json");
}

#[test]
fn an_envelope_counts_places_from_its_own_start() {
    let app = TestApp::start();
    let problem = app
        .post_json("/api/tokens", "{\"payload\":\n {\"a\":1,\"a\":2}}")
        .problem(400, "invalid_json");
    assert_eq!(
        (problem["line"].as_u64(), problem["column"].as_u64()),
        (Some(2), Some(9))
    );
    let problem = app
        .post_json("/api/tokens", "{\"payload\": {\"é\":\"\\ud800\"}}")
        .problem(400, "invalid_json");
    assert_eq!(
        (problem["line"].as_u64(), problem["column"].as_u64()),
        (Some(1), Some(19))
    );
    for body in ["", "{", "{\"payload\":1", "{\"payload\":1}x", "{payload:1}"] {
        app.post_json("/api/tokens", body)
            .problem(400, "invalid_json");
    }
}

#[test]
fn errors_repeat_nothing_of_the_document() {
    let app = TestApp::start();
    for body in [
        "{\"a\":\"canary\",\"a\":1}",
        "[\"canary",
        "{\"a\" \"canary\"}",
        "{\"payload\":{\"canary\":\"canary\",\"canary\":1}}",
        "{\"payload\":\"canary\",\"style\":\"canary\"}",
        "\"canary\"",
        "[\"canary\"]",
    ] {
        for path in [PAYLOAD, "/api/tokens", "/api/qrcode"] {
            let answer = app.post_json(path, body);
            if answer.status >= 400 {
                assert!(
                    !answer.text().contains("canary"),
                    "{path} {body}: {}",
                    answer.text()
                );
            }
        }
    }
    assert!(!app.log().contains("canary"));
}

#[test]
fn another_media_type_is_refused_before_the_body_is_read() {
    let app = TestApp::start();
    for path in [PAYLOAD, "/api/tokens", "/api/qrcode"] {
        for headers in [
            &[("content-type", "text/plain")][..],
            &[("content-type", "application/x-www-form-urlencoded")],
            &[("content-type", "")],
            &[
                ("content-type", "application/json"),
                ("content-encoding", "gzip"),
            ],
        ] {
            app.send("POST", path, headers, b"{}")
                .problem(415, "unsupported_media_type");
        }
    }
    let answer = app.raw(b"POST /api/tokens HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
    assert!(answer.starts_with("HTTP/1.1 415 "), "{answer}");
    for kind in [
        "application/json; charset=utf-8",
        "application/ld+json",
        "APPLICATION/JSON",
    ] {
        assert_eq!(
            app.send("POST", PAYLOAD, &[("content-type", kind)], b"[1]")
                .status,
            201
        );
    }
}

#[test]
fn too_much_is_413_whether_it_is_announced_or_not() {
    let app = TestApp::with(&[("LIMITS__MAX_BODY_BYTES", "70000")]);
    let document = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    // The body is within its limit, the document is not.
    let problem = app
        .post_json(PAYLOAD, document(65_537))
        .problem(413, "payload_too_large");
    assert!(problem["detail"].as_str().unwrap().contains("65536"));
    // White space does not count for the document, and does for the body.
    let spaced = format!("{}{}", " ".repeat(60_000), "[1]");
    assert_eq!(app.post_json(PAYLOAD, &spaced).status, 201);
    let problem = app
        .post_json(PAYLOAD, " ".repeat(70_001))
        .problem(413, "payload_too_large");
    assert_eq!(problem["max_body_bytes"], 70_000);
    let mut chunked = b"POST /api/qrcode/encrypted-payload HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..8 {
        chunked.extend_from_slice(b"4000\r\n");
        chunked.extend_from_slice(&[b' '; 0x4000]);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let answer = app.raw(&chunked);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("payload_too_large"));
}

#[test]
fn too_deep_or_too_many_members_is_422() {
    let app = TestApp::start();
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(app.post_json(PAYLOAD, nested(32)).status, 201);
    app.post_json(PAYLOAD, nested(33))
        .problem(422, "json_too_deep");
    let envelope = |depth| format!("{{\"payload\":{}}}", nested(depth));
    assert_eq!(app.post_json("/api/tokens", envelope(32)).status, 201);
    app.post_json("/api/tokens", envelope(33))
        .problem(422, "json_too_deep");
    let members = |count: usize| {
        let members: Vec<_> = (0..count).map(|number| format!("\"{number}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    app.post_json(PAYLOAD, members(1001))
        .problem(422, "json_too_deep");
    app.post_json(PAYLOAD, "[".repeat(200_000))
        .problem(422, "json_too_deep");
}

#[test]
fn every_bad_option_is_named() {
    let app = TestApp::start();
    for (query, pointer) in [
        ("expires_in=59", "/expires_in"),
        ("expires_in=315360001", "/expires_in"),
        ("expires_in=99999999999999999999", "/expires_in"),
        ("expires_in=-60", "/expires_in"),
        ("expires_in=%2B60", "/expires_in"),
        ("expires_in=1x", "/expires_in"),
        ("expires_in=11y", "/expires_in"),
        ("ecl=X", "/ecl"),
        ("ecl=", "/ecl"),
        ("scale=0", "/scale"),
        ("scale=65", "/scale"),
        ("scale=1.5", "/scale"),
        ("quiet_zone=17", "/quiet_zone"),
        ("dark=red", "/dark"),
        ("dark=%23fff", "/dark"),
        ("dark=transparent", "/dark"),
        ("light=%23gggggg", "/light"),
        ("format=gif", "/format"),
        ("codec=brotli", "/codec"),
        ("scale=4&scale=4", "/scale"),
        ("colour=red", "/colour"),
        ("a/b~c=1", "/a~1b~0c"),
        ("max_opens=0", "/max_opens"),
        ("max_opens=1", "/expires_in"),
        ("pin=1234", "/pin"),
        ("profile=none", "/profile"),
    ] {
        let problem = app
            .post_json(&format!("{PAYLOAD}?{query}"), "[1]")
            .problem(422, "validation");
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{query}");
        assert_eq!(errors[0]["pointer"], pointer, "{query}");
    }
    let problem = app
        .post_json(&format!("{PAYLOAD}?scale=0&ecl=X&pin=1"), "[1]")
        .problem(422, "validation");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3);
}

#[test]
fn every_bad_field_of_an_envelope_is_named() {
    let app = TestApp::start();
    for (body, pointer) in [
        ("{}", "/payload"),
        (r#"{"payload":1,"payload":2}"#, "/payload"),
        (r#"{"payload":1,"expires_in":"3600"}"#, "/expires_in"),
        (r#"{"payload":1,"expires_in":3600.5}"#, "/expires_in"),
        (r#"{"payload":1,"expires_in":1e300}"#, "/expires_in"),
        (r#"{"payload":1,"expires_in":-60}"#, "/expires_in"),
        (r#"{"payload":1,"expires_in":[]}"#, "/expires_in"),
        (r#"{"payload":1,"style":[]}"#, "/style"),
        (r#"{"payload":1,"style":{"scale":"4"}}"#, "/style/scale"),
        (r#"{"payload":1,"style":{"ecl":1}}"#, "/style/ecl"),
        (
            r#"{"payload":1,"style":{"ecl":"M","ecl":"L"}}"#,
            "/style/ecl",
        ),
        (r#"{"payload":1,"style":{"format":"png"}}"#, "/style/format"),
        (r#"{"payload":1,"scale":4}"#, "/scale"),
        (r#"{"payload":1,"unknown":4}"#, "/unknown"),
        (r#"{"payload":1,"format":"\ud800"}"#, "/format"),
    ] {
        let problem = app
            .post_json("/api/tokens", body)
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
    for body in [
        r#"{"payload":1,"expires_in":6e1}"#,
        r#"{"payload":1,"style":{"scale":4.0,"ecl":null}}"#,
    ] {
        assert_eq!(app.post_json("/api/tokens", body).status, 201, "{body}");
    }
    for body in ["[]", "1", "null", "\"x\""] {
        app.post_json("/api/tokens", body)
            .problem(422, "validation");
    }
}

#[test]
fn what_fits_no_symbol_is_told_in_bits() {
    let app = TestApp::start();
    // Digits that no packing makes small.
    let noise: String = (0u64..)
        .map(|n| format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .take(400)
        .collect();
    let problem = app
        .post_json(PAYLOAD, format!("\"{noise}\""))
        .problem(422, "qr_capacity");
    let bits = |name: &str| problem[name].as_u64().unwrap();
    assert!(bits("needed_bits") > bits("available_bits"));
    assert_eq!(bits("available_bits"), 18_672);
    // What would do is said with numbers: no level would, a shorter document or the store would.
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("no level holds it"), "{detail}");
    assert!(detail.contains("storage=stored"), "{detail}");
    let stored = app.post_json(&format!("{PAYLOAD}?storage=stored"), format!("\"{noise}\""));
    assert_eq!(stored.status, 201);
    let problem = app
        .get(&format!("/generate_qr?ecl=H&data={}", &noise[..2_000]))
        .problem(422, "qr_capacity");
    // A plain code is not sealed, and its text is what the symbol says.
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("level M holds 18672"), "{detail}");
    assert!(!detail.contains("stored"), "{detail}");
    let drawn = app.get(&format!("/generate_qr?ecl=M&data={}", &noise[..2_000]));
    assert_eq!(drawn.status, 200);
}

#[test]
fn a_style_that_scanners_cannot_read_is_refused() {
    let app = TestApp::start();
    for query in [
        "dark=%23ffffff",
        "dark=%23ffffff&light=%23000000",
        "dark=%23aaaaaa",
        "light=%23111111",
    ] {
        app.post_json(&format!("{PAYLOAD}?{query}"), "[1]")
            .problem(422, "style_unscannable");
    }
    let answer = app.post_json(
        &format!("{PAYLOAD}?dark=%23102030&light=transparent"),
        "[1]",
    );
    assert_eq!(answer.status, 201);
}

#[test]
fn a_picture_has_at_most_4096_pixels_a_side() {
    let app = TestApp::start();
    let noise: String = (0u64..)
        .map(|n| format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .take(100)
        .collect();
    let problem = app
        .post_json(&format!("{PAYLOAD}?scale=64"), format!("\"{noise}\""))
        .problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/scale");
    assert!(
        problem["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("4096")
    );
}

#[test]
fn an_unknown_path_is_404_and_a_wrong_method_405() {
    let app = TestApp::start();
    for path in [
        "/nothing",
        "/api",
        "/api/",
        "/problems/nothing",
        "/assets/nothing.js",
        "/123x",
        "//1",
        "/swagger-ui/nothing",
        "/api/tokens/",
        "/api/tokens//revoke",
        "/api/tokens/0123/",
        "/api/tokens/0123/nothing",
    ] {
        app.get(path).problem(404, "not_found");
    }
    app.get("/%31").problem(404, "token_not_recognised");
    for (method, path, allow) in [
        ("GET", PAYLOAD, "POST"),
        ("PUT", "/api/tokens", "GET, HEAD, POST"),
        ("PUT", "/api/tokens/0123", "DELETE, GET, HEAD"),
        ("GET", "/api/tokens/0123/payload", "PUT"),
        ("GET", "/api/tokens/0123/opens", "DELETE"),
        ("GET", "/api/tokens/0123/revoke", "POST"),
        ("PUT", "/api/tokens/0123/pin-reset", "POST"),
        ("DELETE", "/api/qrcode", "POST"),
        ("PUT", "/0123", "GET, HEAD, POST"),
        ("OPTIONS", "/0123", "GET, HEAD, POST"),
        ("DELETE", "/api/decrypt/qrcode-details", "GET, HEAD, POST"),
        ("POST", "/generate_qr", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("PUT", "/", "GET, HEAD, POST"),
        ("BREW", "/", "GET, HEAD, POST"),
        ("PATCH", "/swagger-ui/", "GET, HEAD"),
        ("DELETE", "/problems/validation", "GET, HEAD"),
    ] {
        let answer = app.send(method, path, &[], b"");
        answer.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn issuing_without_a_key_is_for_this_machine_alone() {
    let app = TestApp::start();
    for headers in [
        &[("host", "qr.example.com")][..],
        &[("host", "localhost.example.com")],
        &[("x-forwarded-for", "127.0.0.1")],
        &[("x-forwarded-proto", "https")],
        &[("forwarded", "for=127.0.0.1")],
    ] {
        for path in [PAYLOAD, "/api/tokens"] {
            let mut headers = headers.to_vec();
            headers.push(("content-type", "application/json"));
            let answer = app.send("POST", path, &headers, b"{\"payload\":1}");
            answer.problem(401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
    let headers = [
        ("host", "localhost:1234"),
        ("content-type", "application/json"),
    ];
    assert_eq!(app.send("POST", PAYLOAD, &headers, b"1").status, 201);
}

#[test]
fn hostile_bytes_never_end_the_server() {
    let app = TestApp::start();
    for bytes in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET /\xff HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/tokens HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: -1\r\n\r\n",
        b"GET * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    ] {
        app.raw(bytes);
    }
    let many = format!(
        "GET /{} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        "1".repeat(20_000)
    );
    assert!(app.raw(many.as_bytes()).contains("token_not_recognised"));
    let headers = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n",
        "x: y\r\n".repeat(5_000)
    );
    assert!(app.raw(headers.as_bytes()).starts_with("HTTP/1.1 4"));
    assert_eq!(app.get("/healthz").status, 200);
}
