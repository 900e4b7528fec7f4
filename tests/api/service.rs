//! Health, documentation and logs.

use crate::app::{Answer, TestApp, now};
use qrseal::token::Claims;

#[test]
fn the_server_says_that_it_lives_and_is_ready() {
    let app = TestApp::start();
    for path in ["/healthz", "/readyz"] {
        let answer = app.get(path);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["status"], "ok");
        assert_eq!(answer.json()["version"], env!("CARGO_PKG_VERSION"));
    }
    assert_eq!(app.get("/readyz").json()["degraded"], serde_json::json!([]));
}

#[test]
fn strangers_hear_whether_the_server_is_ready_and_not_why() {
    let app = TestApp::not_ready();
    let stranger = [("x-forwarded-for", "203.0.113.1")];
    let ask = |headers: &[(&str, &str)]| app.send("GET", "/readyz", headers, b"");
    let told = |answer: &Answer| answer.text().contains("have not been read yet");
    assert!(told(&ask(&[])) && !told(&ask(&stranger)));
    ask(&stranger).problem(503, "temporarily_unavailable");
    app.refresh();
    let elsewhere = [("host", "qr.example.com")];
    for headers in [stranger, elsewhere] {
        let answer = ask(&headers).json();
        assert_eq!(
            (&answer["status"], answer.get("degraded")),
            (&"ok".into(), None)
        );
    }
    for (scopes, may) in [("read", true), ("issue", false)] {
        let key = format!("Bearer {}", app.api_key(scopes));
        let answer = ask(&[stranger[0], ("authorization", &key)]).json();
        assert_eq!(answer.get("degraded").is_some(), may, "{scopes}");
    }
}

#[test]
fn swagger_ui_is_there_with_and_without_the_slash() {
    let app = TestApp::start();
    let bare = app.get("/swagger-ui");
    assert_eq!(bare.status, 308);
    assert_eq!(bare.header("location"), Some("/swagger-ui/"));
    let page = app.get("/swagger-ui/");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("swagger-ui"));
    assert!(
        app.get("/swagger-ui/swagger-initializer.js")
            .text()
            .contains("/api-docs/openapi.json")
    );
    assert_eq!(app.get("/swagger-ui/swagger-ui-bundle.js").status, 200);
}

#[test]
fn swagger_ui_is_compressed_and_kept_by_the_hash_of_its_files() {
    let app = TestApp::start();
    let page = app.get("/swagger-ui/").text().to_owned();
    let names: Vec<&str> = page
        .split('"')
        .filter_map(|part| part.strip_prefix("./"))
        .collect();
    assert!(names.len() >= 5, "{page}");
    for name in names {
        assert!(name.contains("?v="), "{name}");
        let path = format!("/swagger-ui/{name}");
        let plain = app.get(&path);
        assert_eq!(plain.status, 200);
        assert_eq!(
            plain.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        let gzip = app.send(
            "GET",
            &path,
            &[("accept-encoding", "br;q=1, gzip;q=0.5")],
            b"",
        );
        assert_eq!(gzip.header("content-encoding"), Some("gzip"));
        assert_eq!(gzip.header("vary"), Some("Accept-Encoding"));
        assert!(gzip.header("etag") != plain.header("etag"));
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*gzip.body), &mut content)
            .unwrap();
        assert!(content == plain.body, "{name}");
    }
    let path = "/api-docs/openapi.json";
    let description = app.get(path);
    assert_eq!(
        description.header("cache-control"),
        Some("public, no-cache")
    );
    assert_eq!(description.header("content-encoding"), None);
    let gzip = app.send("GET", path, &[("accept-encoding", "gzip")], b"");
    assert!(gzip.body.len() * 5 < description.body.len());
    let known = [("if-none-match", description.header("etag").unwrap())];
    assert_eq!(app.send("GET", path, &known, b"").status, 304);
    let refused = app.send("GET", path, &[("accept-encoding", "gzip;q=0")], b"");
    assert_eq!(refused.header("content-encoding"), None);
}

#[test]
fn a_server_that_is_to_show_little_has_no_description_and_no_link_to_it() {
    let app = TestApp::with(&[("DOCS__SWAGGER", "false"), ("AUTH__ISSUING", "open")]);
    for path in [
        "/swagger-ui",
        "/swagger-ui/",
        "/swagger-ui/swagger-ui-bundle.js",
        "/api-docs/openapi.json",
    ] {
        app.get(path).problem(404, "not_found");
    }
    for path in ["/", "/problems/"] {
        let page = app.get_as(path, "text/html");
        assert_eq!(page.status, 200);
        assert!(
            !page.text().contains("swagger") && !page.text().contains("openapi"),
            "{path}"
        );
    }
}

#[test]
fn every_documented_operation_answers_and_its_examples_are_taken() {
    let app = TestApp::start();
    let description = app.get("/api-docs/openapi.json").json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let example = &description["components"]["schemas"]["ListEnvelope"]["examples"][0];
    let list = app.post_json("/api/lists", example.to_string());
    assert_eq!(list.status, 201, "{}", list.text());
    let list = list.json()["id"].as_str().unwrap().to_owned();
    // The list goes when everything else was asked of it.
    for last in [false, true] {
        for (path, method, operation) in operations(&description) {
            if last != (path == "/api/lists/{id}" && method == "delete") {
                continue;
            }
            let id = match path.starts_with("/api/lists/") {
                true => &*list,
                false => "404142434445464748494a4b",
            };
            let target = path
                .replace("{digits}", "0123")
                .replace("{code}", "validation")
                .replace("{pass}", "1")
                .replace("{id}", id);
            let content = &operation["requestBody"]["content"]["application/json"];
            let bodies = examples(&description, path, method, content);
            let answers: Vec<_> = match method {
                "post" if !bodies.is_empty() => bodies
                    .iter()
                    .map(|body| app.post_json(&target, body.to_string()))
                    .collect(),
                "put" | "patch" => {
                    let headers = [("content-type", "application/json")];
                    let method = method.to_uppercase();
                    let put = |body: &serde_json::Value| {
                        app.send(&method, &target, &headers, body.to_string().as_bytes())
                    };
                    bodies.iter().map(put).collect()
                }
                "get" => vec![app.get(&target)],
                "post" if path == "/api/batches" => {
                    let contents = operation["requestBody"]["content"].as_object().unwrap();
                    let send = |(media_type, content): (&String, &serde_json::Value)| {
                        let rows = content["example"].as_str().unwrap();
                        let headers = [("content-type", media_type.as_str())];
                        app.send("POST", &target, &headers, rows.as_bytes())
                    };
                    contents.iter().map(send).collect()
                }
                method => {
                    assert!(
                        operation.get("requestBody").is_none(),
                        "{path} has an example"
                    );
                    vec![app.send(&method.to_uppercase(), &target, &[], b"")]
                }
            };
            let documented = operation["responses"].as_object().unwrap();
            for answer in answers {
                assert!(
                    documented.contains_key(&answer.status.to_string()),
                    "{method} {path}: {}",
                    answer.status
                );
                assert!(
                    answer.status < 300
                    || method == "get"
                    // The examples' tokens are another keyring's.
                    || operation["tags"][0] == "Messages" && answer.status == 404
                    || path.contains("{id}") && id != list && matches!(answer.status, 404 | 422)
                    || operation["tags"][0] == "Open" && answer.status == 404
                    || path == "/api/check-ins" && answer.status == 404
                    // There is no such account.
                    || path == "/api/lists/{id}/staff" && answer.status == 422
                    // Its time is over, or more than a month away.
                    || path == "/api/lists/{id}/passes" && answer.status == 422
                    || path.contains("{pass}") && answer.status == 404,
                    "{method} {path}: {}",
                    answer.text()
                );
            }
        }
    }
}

/// The bodies that the description gives as examples of an operation.
fn examples(
    description: &serde_json::Value,
    path: &str,
    method: &str,
    content: &serde_json::Value,
) -> Vec<serde_json::Value> {
    let schema = |name: &str| {
        let examples = &description["components"]["schemas"][name]["examples"];
        examples.as_array().unwrap().clone()
    };
    match path {
        "/api/qrcode/encrypted-payload" => vec![content["example"].clone()],
        "/api/tokens" => schema("TokenEnvelope"),
        "/api/messages" => schema("MessageEnvelope"),
        "/api/messages/reports" => schema("ReportEnvelope"),
        "/api/qrcode" => {
            let examples = content["examples"].as_object().unwrap();
            examples
                .values()
                .map(|example| example["value"].clone())
                .collect()
        }
        "/api/links" => schema("LinkEnvelope"),
        "/api/check-ins" => schema("CheckInEnvelope"),
        "/api/lists" if method == "post" => schema("ListEnvelope"),
        "/api/lists/{id}" if method == "patch" => schema("ListEdits"),
        "/api/lists/{id}/staff" => schema("StaffEnvelope"),
        "/api/lists/{id}/passes" if method == "post" => schema("PassEnvelope"),
        "/api/lists/{id}/presence" => schema("PresenceEnvelope"),
        "/api/links/{id}" => schema("LinkEdits"),
        "/api/tokens/{id}/revoke" => schema("RevocationEnvelope"),
        "/api/tokens/{id}/payload" => schema("RevisionEnvelope"),
        "/{digits}" if method == "post" => schema("OpenRequest"),
        "/api/decrypt/qrcode-details" if method == "post" => schema("OpenTokenRequest"),
        _ => Vec::new(),
    }
}

/// Path, method and operation of each that is described.
fn operations(
    description: &serde_json::Value,
) -> impl Iterator<Item = (&str, &str, &serde_json::Value)> {
    let paths = description["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

#[test]
fn the_committed_description_is_the_generated_one() {
    let committed = include_str!("../../openapi/openapi.json");
    assert!(
        committed == qrseal::http::description(),
        "openapi/openapi.json is out of date: run `cargo run -- openapi > openapi/openapi.json`"
    );
}

#[test]
fn each_request_gets_a_line_with_its_route_and_never_its_token() {
    let app = TestApp::start();
    let digits = app.sealed("[\"canary\"]", &Claims::default(), now());
    app.get(&format!("/{digits}"));
    app.get(&format!("/api/decrypt/qrcode-details?ctext={digits}"));
    app.get("/0123456789");
    app.post_json("/api/qrcode/encrypted-payload?scale=3", "[\"canary\"]");
    app.get("/secret-path-canary");
    let log = app.log();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let routes: Vec<_> = lines
        .iter()
        .map(|line| line["route"].as_str().unwrap())
        .collect();
    assert_eq!(
        routes,
        [
            "/{digits}",
            "/api/decrypt/qrcode-details",
            "/{digits}",
            "/api/qrcode/encrypted-payload",
            "(none)"
        ]
    );
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[0]["token_id"].as_str().unwrap().len(), 24);
    assert_eq!(lines[0]["token_id"], lines[1]["token_id"]);
    assert!(
        lines[2].get("token_id").is_none(),
        "what is not authentic has no id"
    );
    assert_eq!(lines[2]["code"], "token_not_recognised");
    assert!(lines[3]["token_id"].is_string());
    assert!(!log.contains("canary"));
    assert!(!log.contains(&digits[..40]));
}

#[test]
fn a_problem_its_line_and_its_header_share_an_id() {
    let app = TestApp::start();
    let answer = app.get("/nothing");
    let problem = answer.problem(404, "not_found");
    let id = problem["request_id"].as_str().unwrap();
    assert_eq!(answer.header("request-id"), Some(id));
    assert!(app.log().contains(id));
}

#[test]
fn a_request_is_called_what_it_says_unless_that_could_be_something_else() {
    const ID: &str = "5f3c9a60-1b2d-4c8e-9f10-aabbccddeeff";
    let app = TestApp::start();
    let digits = app.sealed("[1]", &Claims::default(), now());
    let get = |path: &str, headers: &[(&str, &str)]| app.send("GET", path, headers, b"");
    for path in [&format!("/{digits}"), "/healthz", "/nothing"] {
        let answer = get(path, &[("request-id", ID)]);
        assert_eq!(answer.header("request-id"), Some(ID), "{path}");
        let line: serde_json::Value =
            serde_json::from_str(app.log().lines().last().unwrap()).unwrap();
        assert_eq!(line["request_id"], ID, "{path}");
    }
    let told: serde_json::Value = get("/nothing", &[("request-id", ID)]).json();
    assert_eq!(told["request_id"], ID);
    assert_eq!(get("/healthz", &[]).header("request-id"), None);
    for given in [
        &["canary-of-a-stranger"][..],
        &["abcdef00\",\"level\":\"canary"],
        &["00112233445566778899"],
        &[ID, "00000000-1b2d-4c8e-9f10-aabbccddeeff"],
    ] {
        let headers: Vec<_> = given.iter().map(|id| ("request-id", *id)).collect();
        let answer = get("/nothing", &headers);
        let id = answer.problem(404, "not_found")["request_id"].clone();
        assert_eq!(answer.header("request-id"), id.as_str());
        assert!(!given.contains(&id.as_str().unwrap()), "{given:?}");
    }
    assert!(!app.log().contains("canary") && !app.log().contains("00112233445566778899"));
}
