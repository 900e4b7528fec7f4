//! What clients get: versions, links, pages, bodies of any size, and what our own commands say.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::{Certificates, INVOICE, SEAL};
use crate::fixture::qrseal;

#[test]
fn https_is_spoken_by_every_version_and_links_pages_and_cookies_follow() {
    let certificates = Certificates::new();
    let server = certificates.start(&[]);
    let made = certificates.curl(&[
        "--http2",
        "-H",
        "content-type: application/json",
        "-d",
        INVOICE,
        "-D",
        "-",
        "-o",
        "/dev/null",
        &server.url(SEAL),
    ]);
    assert!(made.starts_with("HTTP/2 201"), "{made}");
    let link = made
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .expect("a link")
        .trim();
    assert!(link.starts_with(&format!("https://{}/", server.address())));
    for (arguments, version) in [
        (&["--http2", "--tlsv1.3"][..], "2"),
        (&["--http2", "--tls-max", "1.2"], "2"),
        (&["--http1.1", "--tlsv1.3"], "1.1"),
        (&["--http1.1", "--tls-max", "1.2"], "1.1"),
        (&["--no-alpn"], "1.1"),
    ] {
        let asked = [
            "-w",
            "\n%{http_version}",
            "-H",
            "accept: application/json",
            link,
        ];
        let answer = certificates.curl(&[arguments, &asked].concat());
        let (body, spoken) = answer.rsplit_once('\n').expect("two lines");
        assert_eq!((body, spoken), (INVOICE, version), "{arguments:?}");
    }
    for version in ["--http2", "--http1.1"] {
        let head = certificates.curl(&[version, "-I", "-H", "accept: text/html", link]);
        assert!(
            head.contains("strict-transport-security: max-age="),
            "{head}"
        );
        assert!(
            head.contains("content-length: ") && head.contains("date: "),
            "{head}"
        );
        let page = certificates.curl(&[version, "-H", "accept: text/html", &server.url("/")]);
        assert!(page.contains("<html"), "{page}");
    }
    // Nothing else is spoken there.
    let mut plain = TcpStream::connect(server.address()).expect("the server takes connections");
    write!(plain, "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").expect("it is sent");
    let mut answer = Vec::new();
    let _reset = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));
}

#[test]
fn large_bodies_pass_both_ways_over_http_2() {
    let certificates = Certificates::new();
    let server = certificates.start(&[]);
    let document = format!(r#"{{"text":"{}"}}"#, "long ".repeat(100_000));
    let body = certificates.path("document.json");
    fs::write(&body, &document).expect("writable");
    let made = certificates.curl(&[
        "--http2",
        "-H",
        "content-type: application/json",
        "--data-binary",
        &format!("@{}", body.display()),
        "-D",
        "-",
        "-o",
        "/dev/null",
        &server.url(&format!("{SEAL}?storage=stored&expires_in=1h")),
    ]);
    let link = made
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap_or_else(|| panic!("{made}"));
    let shown = certificates.curl(&["--http2", "-H", "accept: application/json", link.trim()]);
    assert!(
        shown == document,
        "{} bytes of {}",
        shown.len(),
        document.len()
    );
}

#[test]
fn the_health_check_and_the_check_of_the_installation_know_of_the_certificate() {
    let certificates = Certificates::new();
    let server = certificates.start(&[]);
    let (certificate, key) = (
        certificates.path("certificate.pem"),
        certificates.path("key.pem"),
    );
    let command = |name: &str| {
        qrseal()
            .arg(name)
            .env("QRSEAL_SERVER__LISTEN", server.address().to_string())
            .env("QRSEAL_SERVER__TLS__CERTIFICATE", &certificate)
            .env("QRSEAL_SERVER__TLS__KEY", &key)
            .env("QRSEAL_KEYS__FILE", server.keyring())
            .output()
            .expect("it runs")
    };
    let healthy = command("healthcheck");
    assert_eq!(
        (healthy.status.code(), &*healthy.stdout),
        (Some(0), &b"ready\n"[..])
    );
    let checked = command("check");
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(said.contains("it fits its key, and ends"), "{said}");
}

#[test]
fn a_body_needs_a_media_type_whether_a_field_announces_it_or_not() {
    let certificates = Certificates::new();
    let server = certificates.start(&[]);
    let url = server.url("/api/tokens/0123456789abcdef01234567/revoke");
    for (version, body, expected) in [
        ("--http2", "{}", "415"),
        ("--http1.1", "{}", "415"),
        ("--http2", "", "200"),
        ("--http1.1", "", "200"),
    ] {
        let mut asked = vec![version, "-X", "POST", "-o", "/dev/null"];
        asked.extend(["-w", "%{http_code}", &url]);
        let file = certificates.path("body");
        fs::write(&file, body).expect("writable");
        let file = format!("@{}", file.display());
        if !body.is_empty() {
            asked.extend(["-H", "content-type:", "--data-binary", &file]);
            if version == "--http2" {
                // It needs none.
                asked.extend(["-H", "content-length:"]);
            }
        }
        assert_eq!(certificates.curl(&asked), expected, "{version} {body}");
    }
}

#[test]
fn whoever_still_sends_when_the_answer_is_there_hears_it() {
    let certificates = Certificates::new();
    let server = certificates.start(&[]);
    let file = certificates.path("body");
    fs::write(&file, vec![b'1'; 3_000_000]).expect("writable");
    let file = format!("@{}", file.display());
    // The first is answered at its head, the second is one that reads no body.
    for (path, expected) in [("/api/tokens", "413"), ("/healthz", "405")] {
        let url = server.url(path);
        for version in ["--http2", "--http1.1"].repeat(5) {
            let mut asked = vec![version, "-X", "POST", "-o", "/dev/null"];
            asked.extend(["-H", "content-type: application/json"]);
            asked.extend(["-w", "%{http_code}", "--data-binary", &file, &url]);
            assert_eq!(certificates.curl(&asked), expected, "{version} {path}");
        }
    }
}
