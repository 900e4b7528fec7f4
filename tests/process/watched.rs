//! What watches a running server: metrics, and what `/readyz` says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use super::fixture::{Server, eventually, new_folder};
use super::{INVOICE, start_and_fail};

#[test]
fn metrics_count_what_happened_and_no_label_is_a_strangers_word() {
    let server = Server::start_with(&[("QRSEAL_METRICS__LISTEN", "127.0.0.1:0")]);
    let digits = server.seal(INVOICE);
    assert_eq!(server.get(&format!("/{digits}"), None).status, 200);
    assert_eq!(server.get("/a-strangers-word", None).status, 404);
    assert_eq!(server.get("/12345", None).status, 404);
    let link = r#"{"target": "https://shop.example/", "not_before": "2099-01-01T00:00:00Z"}"#;
    let link = server.post_json("/api/links", link).json();
    let scanned = server.digits_of(link["link"].as_str().expect("a link"));
    assert_eq!(server.get(&format!("/{scanned}"), None).status, 403);
    let text = scrape(listener(&server));
    for line in [
        r#"qrseal_http_requests_total{method="GET",route="/{digits}",status="200",code=""} 1"#,
        r#"qrseal_opens_total{outcome="opened"} 1"#,
        r#"qrseal_opens_total{outcome="token_not_recognised"} 1"#,
        r#"qrseal_http_requests_total{method="GET",route="(none)",status="404",code="not_found"} 1"#,
        r#"qrseal_link_scans_total{outcome="led_on"} 0"#,
        r#"qrseal_link_scans_total{outcome="not_yet"} 1"#,
        r#"qrseal_keyring_keys{state="primary"} 1"#,
        "qrseal_ready 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(text.contains("qrseal_http_request_duration_seconds_bucket"));
    assert!(text.contains("qrseal_store_transaction_duration_seconds_bucket"));
    assert!(!text.contains("stranger") && !text.contains(&digits));
}

#[test]
fn metrics_on_the_public_address_take_a_key_that_may_read() {
    let server = Server::start();
    let made = server.command(
        "api-keys",
        &["create", "--name", "watch", "--scope", "read"],
    );
    let key = made
        .split_whitespace()
        .find(|word| word.starts_with("qrs_"))
        .expect("a key");
    eventually("the key is known", || {
        (server.get("/metrics", None).status == 401).then_some(())
    });
    let answer = server.get_with("/metrics", &[("authorization", &format!("Bearer {key}"))]);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    assert!(answer.text().contains("qrseal_build_info"));
}

#[test]
fn metrics_without_a_key_are_refused_on_an_address_that_anybody_may_reach() {
    for address in ["0.0.0.0:9464", "[::]:9464", "192.0.2.1:9464"] {
        let output = start_and_fail(&new_folder(), &[("QRSEAL_METRICS__LISTEN", address)]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.contains("metrics.listen") || said.contains("QRSEAL_METRICS__LISTEN"),
            "{said}"
        );
        assert!(said.contains("API key whose scope is read"), "{said}");
    }
}

#[test]
fn no_stranger_grows_the_number_of_series() {
    let server = Server::start_with(&[("QRSEAL_METRICS__LISTEN", "127.0.0.1:0")]);
    let address = listener(&server);
    // One of each kind is known already.
    odd_requests(&server, 0);
    let before = series(&scrape(address));
    assert!(before.len() > 20, "{before:?}");
    for number in 1..60 {
        odd_requests(&server, number);
    }
    let after = series(&scrape(address));
    let grown: Vec<_> = after.difference(&before).collect();
    assert!(grown.is_empty(), "{grown:?}");
}

/// Requests in which everything that a client may choose is chosen, each time otherwise.
fn odd_requests(server: &Server, number: u32) {
    let host = server.address();
    let digits = 10_000_000 + u64::from(number) * 1_003;
    // As long each time, so that each round is answered alike.
    let number = format!("{number:02}");
    for (line, more) in [
        (format!("GET /odd-{number}"), String::new()),
        (format!("GET /{digits}"), String::new()),
        (format!("GET /api/tokens/{digits:024x}"), String::new()),
        (
            format!("GET /api/links/odd{number}/scans?by=odd{number}"),
            String::new(),
        ),
        (format!("GET /problems/odd-{number}"), String::new()),
        (format!("GET /swagger-ui/odd-{number}.js"), String::new()),
        (format!("GET /manage/odd{number}"), String::new()),
        (format!("GET /pictures/odd{number}"), String::new()),
        (format!("GET /metrics?odd={number}"), String::new()),
        (format!("GET /generate_qr?odd{number}=1"), String::new()),
        (format!("ODD{number} /"), String::new()),
        (format!("ODD{number} /api/links"), String::new()),
        (format!("DELETE /odd/{number}"), String::new()),
        (
            format!("GET http://odd-{number}.example/healthz"),
            String::new(),
        ),
        (
            "GET /healthz".to_owned(),
            format!("request-id: odd{number}\r\nuser-agent: odd{number}\r\n"),
        ),
        (
            "GET /healthz".to_owned(),
            format!("x-forwarded-for: odd{number}\r\nforwarded: for=odd{number}\r\n"),
        ),
        (
            "GET /healthz".to_owned(),
            format!("authorization: Bearer odd{number}\r\ncookie: odd{number}=1\r\n"),
        ),
        (
            "POST /api/qrcode".to_owned(),
            format!("content-type: odd/{number}\r\ncontent-length: 0\r\n"),
        ),
        (
            "POST /api/check-ins".to_owned(),
            format!("idempotency-key: odd{number}\r\ncontent-length: 0\r\n"),
        ),
    ] {
        let mut connection = TcpStream::connect(host).expect("the server takes connections");
        write!(
            connection,
            "{line} HTTP/1.1\r\nhost: odd-{number}.example\r\nconnection: close\r\n{more}\r\n"
        )
        .expect("it is sent");
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).expect("it is answered");
        assert!(answer.starts_with(b"HTTP/1.1 "), "{line}");
    }
}

/// The names with labels of what is counted for requests.
fn series(text: &str) -> BTreeSet<String> {
    const FAMILIES: [&str; 5] = [
        "qrseal_http_",
        "qrseal_opens_",
        "qrseal_link_",
        "qrseal_codes_",
        "qrseal_check_ins_",
    ];
    text.lines()
        .filter(|line| FAMILIES.iter().any(|family| line.starts_with(family)))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn readyz_names_what_goes_on_with_what_it_had_before() {
    let folder = new_folder();
    let (list, profiles) = (folder.path().join("list"), folder.path().join("profiles"));
    fs::write(&list, "evil.example\n").expect("writable");
    fs::create_dir(&profiles).expect("writable");
    let server = Server::start_with(&[
        ("QRSEAL_KEYS__RELOAD_SECONDS", "1"),
        ("QRSEAL_METRICS__LISTEN", "127.0.0.1:0"),
        ("QRSEAL_LINKS__BLOCK_LISTS", list.to_str().expect("UTF-8")),
        ("QRSEAL_PROFILES__FOLDER", profiles.to_str().expect("UTF-8")),
    ]);
    let ready = server.get("/readyz", None).json();
    assert_eq!(
        (&ready["status"], ready["degraded"].as_array().map(Vec::len)),
        (&"ok".into(), Some(0))
    );

    let keyring = fs::read_to_string(server.keyring()).expect("the keyring can be read");
    fs::write(server.keyring(), "{}").expect("the keyring can be written");
    let no_list = (0..50).fold(String::new(), |mut text, number| {
        writeln!(text, "<p>{number}</p>").expect("a string takes all");
        text
    });
    fs::write(&list, no_list).expect("writable");
    fs::write(profiles.join("odd.toml"), "number =").expect("writable");
    eventually("all three are named", || {
        let ready = server.get("/readyz", None);
        assert_eq!(ready.status, 200);
        let ready = ready.json();
        let parts: Vec<_> = ready["degraded"]
            .as_array()?
            .iter()
            .filter_map(|part| part["part"].as_str())
            .collect();
        let all = parts == ["keyring", "block_lists", "profiles"];
        (all && ready["status"] == "degraded").then_some(())
    });
    let text = scrape(listener(&server));
    for line in [
        r#"qrseal_degraded{part="keyring"} 1"#,
        r#"qrseal_degraded{part="profiles"} 1"#,
        r#"qrseal_degraded{part="store"} 0"#,
        "qrseal_ready 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }

    fs::write(server.keyring(), keyring).expect("the keyring can be written");
    fs::write(&list, "worse.example\n").expect("writable");
    fs::remove_file(profiles.join("odd.toml")).expect("it is there");
    eventually("nothing is named any more", || {
        (server.get("/readyz", None).json()["status"] == "ok").then_some(())
    });
}

/// Where the server answers for metrics alone.
fn listener(server: &Server) -> SocketAddr {
    let log = server.wait_for_log(&["metrics: http://", "/metrics"]);
    let (_, rest) = log.split_once("metrics: http://").expect("it is said");
    let address = rest.split('/').next().expect("an address");
    address.parse().expect("an address")
}

/// What a listener for metrics answers.
fn scrape(address: SocketAddr) -> String {
    let mut connection = TcpStream::connect(address).expect("it listens");
    write!(
        connection,
        "GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )
    .expect("it takes a request");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("it answers");
    answer
}
