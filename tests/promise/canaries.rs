//! What must stay secret, in words that nothing else says: looked for wherever the server writes.

use std::fs;

use qrseal::token::ParsedToken;
use serde_json::json;

use crate::clients::{Client, Reply, new_open_id};
use crate::fixture::Server;
use crate::mint::{Code, DOCUMENT, Mint, PIN};

const PAYLOAD: &str = "canary-payload-5a3e";
/// In the document of every code that is opened.
const TICKET: &str = "canary-ticket-5a3e";
const KEY: &str = "canary-idempotency-key-9e2b";
const WRONG_PIN: &str = "canaryPIN0000";

#[test]
fn no_secret_reaches_a_log_a_problem_or_the_store() {
    let server = Server::start_with(&[("QRSEAL_LOG__LEVEL", "trace")]);
    let client = Client::of(&server.url(""));
    assert!(DOCUMENT.contains(TICKET));
    let mut problems = Vec::new();
    let mut secrets: Vec<String> = [PAYLOAD, TICKET, PIN, WRONG_PIN, KEY]
        .map(str::to_owned)
        .into();
    let mut mint = Mint::of(&server.keyring());
    for Code { id, digits } in [mint.plain(), mint.one(1), mint.with_pin(3)] {
        let token = ParsedToken::parse_digits(&digits).unwrap();
        secrets.extend([digits.clone(), token.to_base64url()]);
        for pin in [None, Some(WRONG_PIN), Some(PIN), Some(PIN)] {
            let open_id = new_open_id();
            secrets.push(open_id.clone());
            let body = json!({"open_id": open_id, "pin": pin});
            problems.extend(client.post(&format!("/{digits}"), &body));
            problems.extend(client.get(&format!("/{digits}")));
            problems.extend(client.get(&format!("/{digits}0")));
            problems.extend(client.get(&format!("/api/decrypt/qrcode-details?ctext={digits}x")));
        }
        problems.extend(client.post(&format!("/api/tokens/{id}/revoke"), &json!({})));
        problems.extend(client.post(&format!("/{digits}"), &json!({"open_id": new_open_id()})));
        problems.extend(client.get(&format!("/api/tokens/{id}")));
    }
    // Requests with secrets in them, most of them wrong.
    let issued = client
        .post("/api/tokens", &json!({"payload": {"secret": PAYLOAD}}))
        .unwrap();
    assert_eq!(issued.status, 201, "{issued:?}");
    for body in [
        json!({"payload": {"secret": PAYLOAD}, "pin": PIN}),
        json!({"payload": PAYLOAD, "expires_in": PAYLOAD}),
        json!({"payload": PAYLOAD, "pin": {"pin": PIN}, "expires_in": 60}),
    ] {
        let refused = client.post("/api/tokens", &body).unwrap();
        assert_eq!(refused.status, 422, "{refused:?}");
        problems.push(refused);
    }
    let key = made_key(&server);
    secrets.push(key.clone());
    problems.extend(client.get(&format!("/no/such/place?{key}")));

    problems.retain(|reply: &Reply| reply.status >= 400);
    let kinds: std::collections::BTreeSet<_> = problems.iter().map(Reply::code).collect();
    assert!(kinds.len() >= 6, "{kinds:?}");
    let mut places: Vec<(String, Vec<u8>)> = problems
        .into_iter()
        .map(|reply| (format!("a problem {}", reply.code()), reply.body.into()))
        .collect();
    for entry in fs::read_dir(server.folder()).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("keyring.json") {
            places.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    server.wait_for_log(&["code=not_found"]);
    places.push(("the log".to_owned(), server.log().into()));
    for (place, bytes) in &places {
        for secret in &secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {place}");
        }
    }
    println!(
        "canaries: {} secrets in none of {} places ({} kinds of problems, the log at level trace, the store's files)",
        secrets.len(),
        places.len(),
        kinds.len()
    );
}

/// The text of a new API key.
fn made_key(server: &Server) -> String {
    let output = crate::fixture::qrseal()
        .args(["api-keys", "create", "--name", "canary", "--scope", "issue"])
        .current_dir(server.folder())
        .env("QRSEAL_KEYS__FILE", server.keyring())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace()
        .find(|word| word.starts_with("qrs_"))
        .unwrap_or_else(|| panic!("no key in {text}"))
        .to_owned()
}
