//! Certificates that cannot be used, and others that take their place.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{Certificates, INVOICE, LONG_AGO, TWO_DAYS, text};
use crate::fixture::{eventually, new_folder, qrseal};

#[test]
fn a_certificate_that_cannot_be_used_keeps_the_server_from_starting_and_is_named() {
    let certificates = Certificates::new();
    certificates.issue("other", &TWO_DAYS);
    certificates.issue("expired", &LONG_AGO);
    let file = |name: &str, text: &str| {
        let path = certificates.path(name);
        fs::write(&path, text).expect("writable");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("it is ours");
    };
    let pem = fs::read_to_string(certificates.path("first.crt")).expect("it is there");
    file("half.pem", &pem[..pem.len() / 2]);
    file("garbled.pem", &pem.replacen("MII", "MI!", 1));
    file(
        "short.pem",
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
    );
    file("large.pem", &"#".repeat(70_000));
    file(
        "locked.pem",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    fs::copy(
        certificates.path("first.key"),
        certificates.path("open.key"),
    )
    .expect("it is there");
    fs::set_permissions(certificates.path("open.key"), Permissions::from_mode(0o644))
        .expect("ours");
    for (certificate, key, words) in [
        ("first.crt", "", "server.tls.key names no file"),
        ("", "first.key", "server.tls.certificate names no file"),
        (
            "first.crt",
            "other.key",
            "other.key does not fit the first certificate",
        ),
        (
            "expired.crt",
            "expired.key",
            "expired.crt expired at 2020-02-01T00:00:00Z",
        ),
        ("first.crt", "missing.key", "cannot read server.tls.key"),
        (
            "missing.crt",
            "first.key",
            "cannot read server.tls.certificate",
        ),
        (".", "first.key", "is not a regular file"),
        ("half.pem", "first.key", "half.pem cannot be used"),
        ("garbled.pem", "first.key", "garbled.pem cannot be used"),
        ("short.pem", "first.key", "short.pem cannot be used"),
        (
            "large.pem",
            "first.key",
            "large.pem has more than 65536 bytes",
        ),
        ("first.key", "first.key", "first.key holds no certificate"),
        ("first.crt", "half.pem", "half.pem cannot be used"),
        ("first.crt", "locked.pem", "locked.pem is encrypted"),
        ("first.crt", "open.key", "is 0644"),
    ] {
        let path = |name: &str| match name {
            "" => String::new(),
            name => text(&certificates.path(name)).to_owned(),
        };
        let said = refused(&[
            ("QRSEAL_SERVER__TLS__CERTIFICATE", &path(certificate)),
            ("QRSEAL_SERVER__TLS__KEY", &path(key)),
        ]);
        assert!(said.contains(words), "{certificate} {key}: {said}");
    }
    let (certificate, key) = (
        certificates.path("first.crt"),
        certificates.path("first.key"),
    );
    let said = refused(&[("QRSEAL_SERVER__TLS__CERTIFICATE", &pem)]);
    assert!(
        said.contains("must name a file") && !said.contains("BEGIN"),
        "{said}"
    );
    let said = refused(&[
        ("QRSEAL_SERVER__TLS__CERTIFICATE", text(&certificate)),
        ("QRSEAL_SERVER__TLS__KEY", text(&key)),
        ("QRSEAL_SERVER__PUBLIC_URL", "http://127.0.0.1:9"),
    ]);
    assert!(
        said.contains("server.public_url must begin with https://"),
        "{said}"
    );
}

/// What a server says that does not start.
fn refused(settings: &[(&str, &str)]) -> String {
    let folder = new_folder();
    let Output { status, stderr, .. } = qrseal()
        .arg("serve")
        .current_dir(folder.path())
        .env("QRSEAL_SERVER__LISTEN", "127.0.0.1:0")
        .env("QRSEAL_KEYS__FILE", folder.path().join("keyring.json"))
        .envs(settings.iter().copied())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert_eq!(status.code(), Some(1), "{said}");
    said
}

#[test]
fn what_cannot_be_used_changes_nothing_of_a_running_server_and_is_said() {
    let certificates = Certificates::new();
    certificates.issue("second", &TWO_DAYS);
    certificates.issue("expired", &LONG_AGO);
    let server = certificates.start(&[]);
    assert_eq!(server.get("/readyz", None).json()["status"], "ok");
    let first = certificates.der("first.crt");

    certificates.use_one("expired");
    server.wait_for_log(&["could not be reloaded", "expired at 2020-02-01"]);
    let degraded = || {
        let ready = server.get("/readyz", None);
        assert_eq!(ready.status, 200);
        ready.json()["degraded"][0]["part"] == "certificate"
    };
    eventually("it is said", || degraded().then_some(()));
    assert!(certificates.connect(server.address()).1 == first);

    fs::write(certificates.path("key.pem"), "no key").expect("writable");
    server.wait_for_log(&["could not be reloaded", "holds no private key"]);
    assert!(degraded());
    assert!(certificates.connect(server.address()).1 == first);

    certificates.use_one("second");
    server.wait_for_log(&["the certificate was reloaded"]);
    eventually("it is whole again", || {
        (server.get("/readyz", None).json()["status"] == "ok").then_some(())
    });
    assert!(certificates.connect(server.address()).1 == certificates.der("second.crt"));
}

#[test]
fn a_certificate_is_replaced_under_load_without_a_failed_request() {
    let certificates = Certificates::new();
    certificates.issue("second", &TWO_DAYS);
    let server = certificates.start(&[]);
    let digits = server.seal(INVOICE);
    let trusted = ureq::tls::RootCerts::new_with_certs(&[ureq::tls::Certificate::from_pem(
        &fs::read(certificates.path("ca.crt")).expect("it is there"),
    )
    .expect("openssl wrote it")]);
    let (over, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let url = server.url(&format!("/{digits}"));
    thread::scope(|scope| {
        let ended = Ended(&over);
        for kept_connections in [0, 0, 1, 1] {
            let tls = ureq::tls::TlsConfig::builder()
                .root_certs(trusted.clone())
                .build();
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .tls_config(tls)
                .max_idle_connections(kept_connections)
                .timeout_global(Some(Duration::from_secs(20)))
                .build()
                .into();
            let (over, answered, url) = (&over, &answered, &url);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let answer = agent.get(url).header("accept", "application/json").call();
                    let text = answer
                        .expect("each is answered")
                        .body_mut()
                        .read_to_string()
                        .expect("to its end");
                    assert_eq!(text, INVOICE);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let more = |than: usize| {
            eventually("requests are answered", || {
                (answered.load(Ordering::Relaxed) > than + 20).then_some(())
            });
        };
        more(0);
        certificates.use_one("second");
        server.wait_for_log(&["the certificate was reloaded"]);
        more(answered.load(Ordering::Relaxed));
        drop(ended);
    });
    assert!(certificates.connect(server.address()).1 == certificates.der("second.crt"));
}

/// Ends the load, also where the test fails.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
