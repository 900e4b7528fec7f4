//! Programs that open links by themselves never spend an open and never see what is behind one.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::app::{TestApp, now};
use crate::held::{id_of, limited};

#[derive(Deserialize)]
struct Previewers {
    previewers: Vec<Previewer>,
}

#[derive(Deserialize)]
struct Previewer {
    name: String,
    methods: Vec<String>,
    suspected: bool,
    headers: BTreeMap<String, String>,
}

fn previewers() -> Vec<Previewer> {
    let text = include_str!("../vectors/previewers.json");
    let read: Previewers = serde_json::from_str(text).unwrap();
    assert!(read.previewers.len() >= 25);
    read.previewers
}

#[test]
fn previews_scanners_and_prefetchers_never_spend_an_open_nor_see_the_document() {
    let app = TestApp::start();
    let plain = app.sealed(r#"["canary"]"#, &limited(1), now());
    let pin = app.sealed_with_pin(r#"["canary"]"#, &limited(1), "493817", now());
    for previewer in previewers() {
        let headers: Vec<_> = previewer
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let methods = previewer.methods.iter().map(String::as_str);
        for method in methods.chain(["GET", "HEAD"]) {
            for digits in [&plain, &pin] {
                for path in [
                    format!("/{digits}"),
                    format!("/api/decrypt/qrcode-details?ctext={digits}&utm_source=mail"),
                ] {
                    let answer = app.send(method, &path, &headers, b"");
                    assert!(matches!(answer.status, 200 | 403), "{}", previewer.name);
                    assert!(!answer.text().contains("canary"), "{}", previewer.name);
                    assert!(!answer.text().contains("og:"), "{}", previewer.name);
                    assert_eq!(
                        answer.header("x-robots-tag"),
                        Some("noindex, nofollow, noarchive, nosnippet")
                    );
                }
            }
        }
    }
    for (digits, pin) in [(&plain, None), (&pin, Some("493817"))] {
        let answer = app.open(digits, pin);
        assert_eq!(answer.header("qrseal-opens-left"), Some("0"));
        assert_eq!(answer.text(), r#"["canary"]"#);
    }
}

#[test]
fn whoever_presses_the_button_is_told_from_a_person_where_that_can_be() {
    let app = TestApp::start();
    let suspected = |headers: &[(&str, &str)]| {
        let digits = app.sealed("[]", &limited(1), now());
        let mut sent = vec![("content-type", "application/x-www-form-urlencoded")];
        sent.extend_from_slice(headers);
        let path = format!("/{digits}");
        let answer = app.send("POST", &path, &sent, b"open_id=sixteen-letters-");
        assert_eq!(answer.status, 200);
        let receipt = app.app.store.receipt(id_of(&digits));
        let receipt = actix_web::rt::System::new().block_on(receipt).unwrap();
        receipt.expect("it was opened").opens_listed[0].suspected_bot
    };
    for previewer in previewers() {
        let headers: Vec<_> = previewer
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            suspected(&headers),
            previewer.suspected,
            "{}",
            previewer.name
        );
    }
    let language = ("accept-language", "de-DE,de;q=0.9");
    for agent in [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0",
        "curl/8.9.1",
        "python-requests/2.32.3",
    ] {
        assert!(!suspected(&[("user-agent", agent), language]), "{agent}");
    }
}
