//! What must stay secret, in words that nothing else says: looked for wherever the server writes.

use std::fs;

use qrseal::keys;
use qrseal::token::{ParsedStoredToken, ParsedToken};
use serde_json::json;
use sqlx::Connection as _;

use crate::clients::{Client, Reply, new_open_id};
use crate::fixture::Server;
use crate::mint::{Code, DOCUMENT, Mint, PIN, SIGN_IN, stored};

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

/// What two visitors say: one whose visit is kept, and one whose visit is erased.
const VISITORS: [[&str; 3]; 2] = [
    [
        "Canary-Kept-8b2e",
        "+49 30 5508826001",
        "canary-kept-8b2e@mail.example",
    ],
    [
        "Canary-Erased-8b2e",
        "+49 30 5508826002",
        "canary-erased-8b2e@mail.example",
    ],
];

#[test]
fn no_visitor_can_be_found_in_the_store_a_log_a_metric_or_a_backup() {
    let server = Server::start_with(&[
        ("QRSEAL_LOG__LEVEL", "trace"),
        ("QRSEAL_METRICS__LISTEN", "127.0.0.1:0"),
    ]);
    let client = Client::of(&server.url(""));
    let list =
        json!({"name": "canary-list-8b2e", "accepts": [{"profile": "sign-in"}], "store": "visit"});
    let list = client.post("/api/lists", &list).unwrap().json();
    let list = list["id"].as_str().unwrap();
    let mut mint = Mint::of(&server.keyring());
    let mut ids = Vec::new();
    let codes = VISITORS.map(|[name, phone, email]| {
        let document = json!({"name": name, "phone": phone, "email": email});
        mint.under(SIGN_IN, &document.to_string()).digits
    });
    for (code, [name, _, email]) in codes.iter().zip(VISITORS) {
        let mut asked = json!({"list": list, "token": code, "check_in_id": new_open_id()});
        let path = format!("/api/check-ins/{}", asked["check_in_id"].as_str().unwrap());
        // In, taken back, in again, and once too often.
        for (expected, taken_back) in [(201, true), (201, false), (409, false)] {
            let reply = client.post("/api/check-ins", &asked).unwrap();
            assert_eq!(reply.status, expected, "{reply:?}");
            assert!(reply.body.contains(name), "staff see who it is: {reply:?}");
            if taken_back {
                assert_eq!(client.delete(&path).unwrap().status, 200);
            } else {
                ids.extend(reply.json()["id"].as_str().map(str::to_owned));
            }
            asked["check_in_id"] = json!(new_open_id());
        }
        // What the visitor said where something else belongs.
        for (member, status) in [("token", 404), ("kind", 422), ("check_in_id", 422)] {
            let mut wrong = asked.clone();
            wrong[member] = json!(email);
            let refused = client.post("/api/check-ins", &wrong).unwrap();
            assert_eq!(refused.status, status, "{refused:?}");
        }
    }
    let rows = format!("/api/lists/{list}/check-ins");
    let paths: Vec<_> = ids
        .iter()
        .map(|id| format!("/api/check-ins/{id}"))
        .collect();
    let erased = client.delete(&format!("{}/visit", paths[1])).unwrap();
    assert_eq!(erased.status, 204, "{erased:?}");
    for (path, [.., email], is_kept) in [
        (&paths[0], VISITORS[0], true),
        (&paths[1], VISITORS[1], false),
    ] {
        let shown = client.get(path).unwrap();
        assert_eq!(shown.body.contains(email), is_kept, "{shown:?}");
    }
    let asked = json!({"from": "2026-01-01T00:00:00Z", "until": "2036-01-01T00:00:00Z",
        "reason": "case 12"});
    let presence = format!("/api/lists/{list}/presence");
    for accept in ["application/json", "text/csv"] {
        let headers = [("accept", accept)];
        let there = client.post_with(&presence, &asked, &headers).unwrap();
        assert!(there.body.contains(VISITORS[0][1]), "{there:?}");
        assert_eq!(client.get_with(&rows, &headers).unwrap().status, 200);
    }
    assert_eq!(client.get("/api/audit").unwrap().status, 200);
    assert_eq!(client.get("/the/end").unwrap().status, 404);

    back_up(&server);
    let mut places = vec![("every value of the store".to_owned(), dumped(&server))];
    for entry in fs::read_dir(server.folder()).unwrap() {
        let path = entry.unwrap().path();
        places.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    let log = server.wait_for_log(&["metrics: http://"]);
    let (_, address) = log.split_once("metrics: ").unwrap();
    let address = address.split("/metrics").next().unwrap();
    let metrics = Client::of(address).get("/metrics").unwrap().body;
    assert!(metrics.contains("qrseal_check_ins_total"), "{metrics}");
    places.push(("the metrics".to_owned(), metrics.into()));
    server.wait_for_log(&["code=not_found"]);
    places.push(("the log".to_owned(), server.log().into()));
    for (_, bytes) in &mut places {
        bytes.make_ascii_lowercase();
    }
    let having = |text: &str| {
        let text = text.to_lowercase();
        let has = |bytes: &[u8]| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        let having = places.iter().filter(|(_, bytes)| has(bytes));
        having.map(|(place, _)| place.as_str()).collect::<Vec<_>>()
    };
    // The name of the list is no secret: it is in each form of the store, and would be found.
    assert!(having("canary-list-8b2e").len() >= 3);
    for secret in VISITORS.concat() {
        assert_eq!(having(secret), [""; 0], "{secret}");
    }
    println!(
        "canaries: names, phones and mails of {} visitors in none of {} places",
        VISITORS.len(),
        places.len()
    );
}

/// What a logical backup of the running server's store has: every value of every table.
fn dumped(server: &Server) -> Vec<u8> {
    let url = format!("sqlite:{}", server.folder().join("qrseal.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'";
        let columns: Vec<(String, String)> =
            sqlx::query_as(columns).fetch_all(&mut conn).await.unwrap();
        assert!(columns.len() > 50, "{columns:?}");
        let mut dump = Vec::new();
        for (table, column) in columns {
            let values = format!(
                r#"SELECT CAST("{column}" AS BLOB) FROM "{table}" WHERE "{column}" IS NOT NULL"#
            );
            let values = sqlx::query_scalar(sqlx::AssertSqlSafe(values));
            let values: Vec<Vec<u8>> = values.fetch_all(&mut conn).await.unwrap();
            dump.extend(values.into_iter().flat_map(|value| [value, vec![b'\n']].concat()));
        }
        conn.close().await.unwrap();
        dump
    })
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
