//! What `deploy/nginx.conf` does with requests, and what it writes about them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

use crate::balancer::{Balancer, NAME};
use crate::clients::{Client, new_open_id};
use crate::mint::DOCUMENT;
use crate::port::free_port;
use crate::site::{PATH, Site, start_again};

/// What takes the place of a node: it notes what it was asked, and answers as a test wants.
struct Stand {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stand {
    /// `answer` is written as it is, and the connection closed.
    fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", free_port())).unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Some(request) = read_request(&stream) {
                    notes.lock().unwrap().push(request);
                    // Whoever asked may be gone.
                    let _written = (&stream).write_all(answer.as_bytes());
                }
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The head of a request, after its body was read too.
fn read_request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (reader.read_line(&mut head).ok()? > 0).then_some(())?;
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length:").nth(1).map_or(0, |rest| {
        rest.lines().next().unwrap().trim().parse().unwrap()
    });
    reader.read_exact(&mut vec![0; length]).ok()?;
    Some(head)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
const AWAY: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const BAD_GATEWAY: &str =
    "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
/// Closes the connection without an answer, as a node does that dies.
const DIES: &str = "";

fn open(client: &Client) -> crate::clients::Reply {
    client
        .post("/0123", &json!({"open_id": new_open_id()}))
        .unwrap()
}

#[test]
fn a_get_is_asked_again_elsewhere_and_a_post_that_was_sent_is_not() {
    for answer in [DIES, BAD_GATEWAY] {
        let (bad, good) = (Stand::answering(answer), Stand::answering(OK));
        let balancer = Balancer::before(&[bad.address, good.address]);
        let client = balancer.client("");
        for _ in 0..8 {
            assert_eq!(client.get("/0123").unwrap().status, 200);
        }
        assert!(!bad.asked().is_empty(), "both are asked");

        let (bad, good) = (Stand::answering(answer), Stand::answering(OK));
        let balancer = Balancer::before(&[bad.address, good.address]);
        let client = balancer.client("");
        let replies: Vec<_> = (0..8).map(|_| open(&client)).collect();
        let failed = replies.iter().filter(|reply| reply.status != 200).count();
        assert_eq!(failed, bad.asked().len(), "each that failed was sent once");
        assert_eq!(good.asked().len(), 8 - failed);
        assert!(failed > 0, "both are asked");
        for reply in replies.iter().filter(|reply| reply.status != 200) {
            match answer {
                // Its own answer, which is the last word.
                BAD_GATEWAY => assert_eq!(reply.status, 502),
                _ => {
                    assert_eq!((reply.status, reply.retry_after), (503, Some(1)));
                    assert_eq!(reply.code(), "temporarily_unavailable");
                }
            }
        }
    }
}

#[test]
fn a_post_goes_to_another_node_if_the_first_takes_no_connection() {
    let nobody = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let good = Stand::answering(OK);
    let balancer = Balancer::before(&[nobody, good.address]);
    for _ in 0..8 {
        assert_eq!(open(&balancer.client("")).status, 200);
    }
    assert_eq!(good.asked().len(), 8);
}

#[test]
fn an_answer_of_503_is_an_answer_and_takes_no_node_out() {
    let nodes = [Stand::answering(AWAY), Stand::answering(AWAY)];
    let balancer = Balancer::before(&[nodes[0].address, nodes[1].address]);
    let client = balancer.client("");
    for _ in 0..20 {
        let reply = client.get("/0123").unwrap();
        assert_eq!(
            (reply.status, reply.retry_after),
            (503, Some(7)),
            "the node's own words"
        );
    }
    let asked = nodes.iter().map(|node| node.asked().len());
    assert_eq!(
        asked.collect::<Vec<_>>(),
        [10, 10],
        "each once, and in turn"
    );
}

#[test]
fn with_no_node_at_all_people_get_a_page_and_programs_a_problem() {
    let nobody = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let balancer = Balancer::before(&[nobody]);
    for _ in 0..4 {
        let reply = balancer.client("").get("/0123").unwrap();
        assert_eq!((reply.status, reply.retry_after), (503, Some(1)));
        assert_eq!(reply.code(), "temporarily_unavailable");
        let page = balancer
            .client("")
            .get_with("/0123", &[("accept", "text/html,*/*;q=0.8")]);
        let page = page.unwrap();
        assert_eq!(page.status, 503);
        assert!(page.body.starts_with("<!doctype html>"), "{page:?}");
    }
}

#[test]
fn what_a_client_says_of_its_address_is_not_passed_on() {
    let node = Stand::answering(OK);
    let balancer = Balancer::before(&[node.address]);
    let forged = [
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-for", "10.0.0.1, 127.0.0.1"),
        ("forwarded", "for=203.0.113.9"),
        ("x-forwarded-proto", "gopher"),
    ];
    balancer.client("").get_with("/0123?a=b", &forged).unwrap();
    let asked = node.asked().pop().unwrap().to_lowercase();
    let lines_with =
        |name: &str| -> Vec<&str> { asked.lines().filter(|line| line.contains(name)).collect() };
    assert!(asked.starts_with("get /0123?a=b http/1.1\r\n"), "{asked}");
    assert_eq!(
        lines_with("forwarded"),
        ["x-forwarded-for: 127.0.0.1", "x-forwarded-proto: https"]
    );
    assert_eq!(
        lines_with("host:"),
        [format!("host: 127.0.0.1:{}", balancer.port())]
    );
}

#[test]
fn a_link_keeps_the_port_and_the_path_of_public_url_and_opens() {
    let site = Site::start(&[]);
    let begins = format!(
        "https://{}:{}{PATH}/",
        NAME.to_uppercase(),
        site.balancer.port()
    );
    let issued = site.issuer().post(
        "/api/qrcode/encrypted-payload?format=json",
        &json!({"seat": "12C"}),
    );
    let issued = issued.unwrap();
    assert_eq!(issued.status, 201);
    let digits = issued
        .location
        .strip_prefix(&begins)
        .unwrap_or_else(|| panic!("{issued:?}"));
    let token = site.issuer().post(
        "/api/tokens",
        &json!({"payload": 1, "max_opens": 2, "expires_in": 3600}),
    );
    let link = token.unwrap().json()["link"].as_str().unwrap().to_owned();
    let limited = link
        .strip_prefix(&begins)
        .unwrap_or_else(|| panic!("{link}"));

    let client = site.client();
    let opened = client.get(&format!("/{digits}")).unwrap();
    assert_eq!(
        (opened.status, opened.body.as_str()),
        (200, r#"{"seat":"12C"}"#)
    );
    // A page's own form, as a browser says it; and another site's.
    let ours = format!("https://{NAME}:{}", site.balancer.port());
    let body = json!({"open_id": new_open_id()});
    for (origin, status) in [(ours.as_str(), 200), ("https://example.com", 403)] {
        let reply = client.post_with(&format!("/{limited}"), &body, &[("origin", origin)]);
        assert_eq!(reply.unwrap().status, status, "{origin}");
    }
    let page = client
        .get_with(&format!("/{limited}"), &[("accept", "text/html")])
        .unwrap();
    assert_eq!(page.status, 200, "{page:?}");

    // The link itself, with HTTP/2 and without.
    for (version, told) in [("--http2", "2 200"), ("--http1.1", "1.1 200")] {
        let output = Command::new("curl")
            .args([version, "-s", "--max-time", "10", "-o", "/dev/null"])
            .args(["-w", "%{http_version} %{response_code}", "--cacert"])
            .arg(site.balancer.path("certificate.pem"))
            .arg("--connect-to")
            .arg(format!("::127.0.0.1:{}", site.balancer.port()))
            .arg(issued.location.to_lowercase())
            .output()
            .expect("curl is missing; to install it: tests/run install");
        assert_eq!(String::from_utf8_lossy(&output.stdout), told, "{output:?}");
    }
}

#[test]
fn a_body_may_be_as_large_as_a_node_takes_and_no_body_is_written_to_a_disk() {
    let site = Site::start(&[]);
    let issuer = site.issuer();
    for (bytes, status) in [
        (60_000, 201),
        (200_000, 413),
        (260_000, 413),
        (800_000, 413),
    ] {
        let reply = issuer
            .post("/api/tokens", &json!({"payload": "x".repeat(bytes)}))
            .unwrap();
        assert_eq!(reply.status, status, "{bytes}: {reply:?}");
        if status == 413 {
            assert_eq!(reply.code(), "payload_too_large", "{bytes}: {reply:?}");
        }
    }
    // Beyond nginx's own limit people get a page.
    let page = issuer.post_with(
        "/",
        &json!("x".repeat(2_200_000)),
        &[("accept", "text/html,*/*;q=0.8")],
    );
    let page = page.unwrap();
    assert_eq!(page.status, 413);
    assert!(page.body.starts_with("<!doctype html>"), "{page:?}");
    let files = site.balancer.written();
    assert!(
        files
            .iter()
            .all(|(_, bytes)| !bytes.windows(20).any(|part| part == [b'x'; 20]))
    );
}

#[test]
fn no_token_gets_into_a_log_whatever_goes_wrong() {
    let mut site = Site::start(&[("QRSEAL_LOG__REQUESTS", "true")]);
    let (plain, limited) = {
        let mut mint = site.mint();
        (mint.plain(), mint.one(3))
    };
    let mut secrets = vec![
        limited.digits.clone(),
        plain.digits.clone(),
        site.key.clone(),
    ];
    let token = qrseal::token::ParsedToken::parse_digits(&plain.digits).unwrap();
    secrets.push(token.to_base64url());
    let ask = |site: &Site| {
        let client = site.issuer();
        for code in [&plain.digits, &limited.digits] {
            for path in [
                format!("/{code}"),
                format!("/{code}x"),
                format!("/no/such/{code}/place"),
                format!("/api/decrypt/qrcode-details?ctext={code}"),
                format!("/api/decrypt/qrcode-details/?ctext={}", secrets[3]),
                format!("/{}", secrets[3]),
            ] {
                let referrer = [("referer", path.as_str()), ("user-agent", path.as_str())];
                let _answered = client.get_with(&path, &referrer);
                let _answered =
                    client.post_with(&path, &json!({"open_id": new_open_id()}), &referrer);
            }
        }
        // Malformed lines, too.
        for line in [
            "GET /D\r\n",
            "GET /D HTTP/9.9\r\n\r\n",
            "GET /D\0 HTTP/1.1\r\n\r\n",
            "D D D\r\n\r\n",
        ] {
            let mut stream = TcpStream::connect(site.balancer.plain_address()).unwrap();
            stream
                .write_all(line.replace('D', &plain.digits).as_bytes())
                .unwrap();
            stream.read_to_end(&mut Vec::new()).unwrap();
        }
    };
    ask(&site);
    let opened = site.client().get(&format!("/{}", plain.digits)).unwrap();
    assert_eq!((opened.status, opened.body.as_str()), (200, DOCUMENT));
    // One node dies, then the others; then all stand still and time out.
    for node in 0..3 {
        site.nodes[node].kill();
        ask(&site);
    }
    for node in &mut site.nodes {
        start_again(node);
    }
    for node in &site.nodes {
        node.signal("STOP");
    }
    thread::scope(|scope| {
        // A client that goes away while it waits is written about, too.
        for _ in 0..3 {
            scope.spawn(|| {
                let path = format!("/codes/{}", plain.digits);
                let mut stream = TcpStream::connect(site.balancer.plain_address()).unwrap();
                write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
            });
        }
    });
    for node in &site.nodes {
        node.signal("CONT");
    }
    ask(&site);
    let log = site.balancer.access_log();
    assert!(log.lines().count() > 100, "{log}");
    assert!(
        log.contains("route=/{digits}") && log.contains("node_status=502, 502"),
        "{log}"
    );
    let mut places = site.balancer.written();
    for node in &site.nodes {
        places.push(("a node's log".into(), node.log().into()));
    }
    for (place, bytes) in &places {
        for secret in &secrets {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {}", place.display());
        }
    }
    println!(
        "load balancer: {} requests logged, no token in any of {} files",
        log.lines().count(),
        places.len()
    );
}
