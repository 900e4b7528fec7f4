//! What must stay secret, in words that nothing else says: looked for wherever the server writes.

use std::fs;

use qrseal::keys;
use qrseal::token::{ParsedStoredToken, ParsedToken};
use serde_json::json;
use sqlx::Connection as _;

use crate::clients::{Client, Reply, new_open_id};
use crate::fixture::Server;
use crate::mint::{Code, DOCUMENT, Mint, PIN, stored};

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
    let base = server.url("");
    let stored = |options| stored(&base, "", 1, &options).pop().unwrap();
    let (open, held) = (
        stored(json!({})),
        stored(json!({"max_opens": 3, "pin": PIN})),
    );
    let mut binary = Vec::new();
    for Code { digits, .. } in [&open, &held] {
        let token = ParsedStoredToken::parse(digits).unwrap();
        let token = token
            .recognise(&keys::load(&keys::KeyringFile::plain(server.keyring())).unwrap())
            .unwrap();
        secrets.push(token.to_base64url());
        binary.push(token.as_bytes()[1..13].to_vec());
    }
    for code in [mint.plain(), mint.one(1), mint.with_pin(3), open, held] {
        let Code { id, digits } = code;
        secrets.push(digits.clone());
        if let Ok(token) = ParsedToken::parse_digits(&digits) {
            secrets.push(token.to_base64url());
        }
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
    for storage in ["inline", "stored"] {
        let body = json!({"payload": {"secret": PAYLOAD}, "storage": storage, "codec": "raw"});
        let once = format!("{KEY}-{storage}");
        let issued = client.post_once("/api/tokens", &once, &body).unwrap();
        assert_eq!(issued.status, 201, "{issued:?}");
        if storage == "stored" {
            let issued = issued.json();
            let path = format!("/api/tokens/{}/payload", issued["id"].as_str().unwrap());
            let next = json!({"token": issued["token"], "payload": {"again": PAYLOAD}});
            let replaced = client.put(&path, &next).unwrap();
            assert_eq!(replaced.status, 200, "{replaced:?}");
        }
    }
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
    back_up(&server);
    for entry in fs::read_dir(server.folder()).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("keyring.json") {
            places.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    server.wait_for_log(&["code=not_found"]);
    places.push(("the log".to_owned(), server.log().into()));
    for (place, bytes) in &places {
        let texts = secrets.iter().map(String::as_bytes);
        for secret in texts.chain(binary.iter().map(Vec::as_slice)) {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{} is in {place}", secret.escape_ascii());
        }
    }
    println!(
        "canaries: {} secrets in none of {} places ({} kinds of problems, the log at level trace, the store's files and a backup)",
        secrets.len() + binary.len(),
        places.len(),
        kinds.len()
    );
}

/// A backup of the running server's store, beside it.
fn back_up(server: &Server) {
    let folder = server.folder();
    let url = format!("sqlite:{}", folder.join("qrseal.db").display());
    let backup = folder.join("backup.db").display().to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let copied = sqlx::query("VACUUM INTO $1").bind(backup);
        copied.execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    });
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
