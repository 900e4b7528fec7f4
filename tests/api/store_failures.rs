//! A store that fails at any one of its calls: the request gets 503 and no payload, and asking again gets what it would have
//! got. `TORTURE=full` tries every call; else some.

use std::process::Command;
use std::sync::Arc;

use qrseal::store::{self, Store};
use qrseal::token::{Claims, ExpiresIn, ParsedToken, TokenId};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{Answer, TestApp, keyring, now};
use crate::failing_store::{FailingStore, Failure};
use crate::held::limited;
use crate::stored::{issue as stored, path};

const DOCUMENT: &str = r#"{"ticket":"canary-7"}"#;
const PIN: &str = "493817";
const HTML: &str = "text/html";

/// A request, and what it is to get.
struct Step {
    what: &'static str,
    ask: Box<dyn Fn(&TestApp) -> Answer>,
    status: u16,
    code: Option<&'static str>,
}

#[test]
fn whichever_call_fails_nothing_is_shown_that_was_not_counted_and_nothing_is_lost() {
    let (calls, step) = match std::env::var_os("TORTURE") {
        Some(_) => (60, 1),
        None => (40, 10),
    };
    let mut failed = [0; 3];
    let mut made = 0;
    for (offset, failure) in Failure::ALL.into_iter().enumerate() {
        for nth in (1 + offset % step..=calls).step_by(step) {
            let (fails, all) = run(u64::try_from(nth).unwrap(), failure);
            failed[offset] += usize::from(fails);
            made = made.max(all);
        }
    }
    println!(
        "failing store: a scenario of {made} calls; the 1st to the {calls}th failed in three ways, {failed:?} times"
    );
    assert!(failed.iter().all(|failed| *failed > 0), "{failed:?}");
}

/// Runs the scenario with its nth call failing; whether it did, and how many calls were made.
fn run(nth: u64, failure: Failure) -> (bool, u64) {
    let (app, failing, _folder) = failing_app();
    let (first, then) = (stored_scenario(&app), scenario(&app));
    failing.fail(nth, failure);
    for step in first.iter().chain(&then) {
        let had_failed = failing.has_failed();
        let mut answer = (step.ask)(&app);
        let failed_here = failing.has_failed() && !had_failed;
        if failed_here && answer.status == 503 {
            // What the store said is for the log only.
            assert!(!answer.text().contains("test"), "{}", answer.text());
            assert!(answer.header("retry-after").is_some());
            assert!(!answer.text().contains("canary"), "{}", answer.text());
            answer = (step.ask)(&app);
        }
        let at = format!(
            "{} with call {nth} failing as {failure:?}: {answer:?}",
            step.what
        );
        assert_eq!(answer.status, step.status, "{at}");
        match step.code {
            Some(code) => assert_eq!(answer.json()["code"], code, "{at}"),
            None => assert!(answer.status < 400, "{at}"),
        }
        assert_eq!(
            answer.text().contains("canary"),
            step.what.contains("opens"),
            "{at}"
        );
    }
    (failing.has_failed(), failing.calls())
}

#[test]
fn a_panic_tells_no_secret() {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store_failures::panicking_server"])
        .args(["--ignored", "--nocapture"])
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let written = [child.stdout, child.stderr].concat();
    let written = String::from_utf8_lossy(&written);
    assert!(written.contains("a store that panics"), "{written}");
    for secret in ["canary", PIN, "secret-open-id-1"] {
        assert!(!written.contains(secret), "{secret} in {written}");
    }
    // A token is a run of digits that is longer than any number or address.
    let longest = written.split(|letter: char| !letter.is_ascii_digit());
    assert!(longest.map(str::len).max() < Some(40), "{written}");
}

#[test]
#[ignore = "its output is what another test looks at"]
fn panicking_server() {
    let (app, failing, _folder) = failing_app();
    let digits = app.sealed_with_pin(DOCUMENT, &limited(2), PIN, now());
    failing.fail(1, Failure::Panic);
    let body = json!({"open_id": "secret-open-id-1", "pin": PIN}).to_string();
    let request = format!(
        "POST /{digits} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        app.address,
        body.len()
    );
    // The connection breaks: there is no answer to look at.
    let answer = app.raw(request.as_bytes());
    assert!(!answer.contains("canary"), "{answer}");
}

/// A server whose store can be made to fail, and where the store is.
pub fn failing_app() -> (TestApp, Arc<FailingStore>, TempDir) {
    let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new());
    let folder = folder.unwrap();
    let url = format!("sqlite://{}/qrseal.db", folder.path().display());
    let failing = FailingStore::before(store::connect(&url, true).unwrap());
    let app = TestApp::with_store(&[], keyring(), Arc::clone(&failing) as Arc<dyn Store>);
    (app, failing, folder)
}

/// What becomes of stored codes.
fn stored_scenario(app: &TestApp) -> Vec<Step> {
    let stored = stored(app, &json!({"max_opens": 1, "expires_in": 3600}));
    let id = stored["id"].as_str().unwrap();
    let digits = &path(&stored)[1..];
    let [first, second] = ["client-1-sixteen", "client-2-sixteen"];
    vec![
        issue_as("storing", "twice", json!({"storage": "stored"})),
        issue_as(
            "storing the same again",
            "twice",
            json!({"storage": "stored"}),
        ),
        issue_as("remembering", "thrice", json!({"note": "table 7"})),
        get("a GET of a stored code", format!("/{digits}"), 403).code("open_required"),
        replace("replacing", &stored),
        open("a stored code opens", digits, first, None, 200),
        open("a used-up stored code", digits, second, None, 410).code("token_used_up"),
        send("DELETE", "deleting", format!("/api/tokens/{id}"), 204),
        open("a deleted code", digits, first, None, 410).code("token_revoked"),
    ]
}

/// Every endpoint that needs the store, and one that does not.
fn scenario(app: &TestApp) -> Vec<Step> {
    let plain = app.sealed(DOCUMENT, &Claims::default(), now());
    let twice = app.sealed(DOCUMENT, &limited(2), now());
    let revoked = app.sealed(DOCUMENT, &limited(2), now());
    let destroyed = app.sealed(DOCUMENT, &limited(2), now());
    let for_an_hour = Claims {
        expires_in: Some(ExpiresIn::try_from(3600).unwrap()),
        ..Claims::default()
    };
    let with_pin = app.sealed_with_pin(DOCUMENT, &for_an_hour, PIN, now());
    let [id_of_twice, id_of_revoked, id_of_pin] =
        [&twice, &revoked, &with_pin].map(|digits| id(digits));
    let receipt = format!("/api/tokens/{id_of_twice}");
    vec![
        get("a plain code opens", format!("/{plain}"), 200),
        issue("issuing"),
        issue("issuing the same again"),
        get("a GET of a limited code", format!("/{twice}"), 403).code("open_required"),
        page("the page of a limited code", format!("/{twice}")),
        open(
            "the first client opens",
            &twice,
            "client-1-sixteen",
            None,
            200,
        ),
        open(
            "the first client opens again",
            &twice,
            "client-1-sixteen",
            None,
            200,
        ),
        get("the receipt", receipt.clone(), 200),
        open(
            "a wrong PIN",
            &with_pin,
            "client-1-sixteen",
            Some("508173"),
            403,
        )
        .code("pin_incorrect"),
        open(
            "the right PIN opens",
            &with_pin,
            "client-1-sixteen",
            Some(PIN),
            200,
        ),
        open(
            "the second client opens",
            &twice,
            "client-2-sixteen",
            None,
            200,
        ),
        open("a third client", &twice, "client-3-sixteen", None, 410).code("token_used_up"),
        get("a list of receipts", "/api/tokens".to_owned(), 200),
        send("DELETE", "erasing", format!("{receipt}/opens"), 204),
        send(
            "POST",
            "resetting the PIN",
            format!("/api/tokens/{id_of_pin}/pin-reset"),
            204,
        ),
        send(
            "POST",
            "revoking",
            format!("/api/tokens/{id_of_revoked}/revoke"),
            200,
        ),
        open("a revoked code", &revoked, "client-1-sixteen", None, 410).code("token_revoked"),
        open(
            "a code about to be destroyed opens",
            &destroyed,
            "client-1-sixteen",
            None,
            200,
        ),
        destroy("destroying", &destroyed),
        open(
            "a destroyed code",
            &destroyed,
            "client-2-sixteen",
            None,
            410,
        )
        .code("token_revoked"),
        get("a plain code opens", format!("/{plain}"), 200),
        counts("the receipt in the end", receipt, 2),
        counts(
            "the receipt of the code with a PIN in the end",
            format!("/api/tokens/{id_of_pin}"),
            1,
        ),
    ]
}

impl Step {
    fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }
}

fn step(what: &'static str, status: u16, ask: impl Fn(&TestApp) -> Answer + 'static) -> Step {
    Step {
        what,
        ask: Box::new(ask),
        status,
        code: None,
    }
}

fn get(what: &'static str, path: String, status: u16) -> Step {
    step(what, status, move |app| app.get(&path))
}

/// With an idempotency key, so that it must be remembered.
fn issue(what: &'static str) -> Step {
    issue_as(what, "once", json!({"max_opens": 1, "expires_in": 3600}))
}

fn issue_as(what: &'static str, key: &'static str, mut body: Value) -> Step {
    body["payload"] = json!([1]);
    step(what, 201, move |app| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        app.send("POST", "/api/tokens", &headers, body.to_string().as_bytes())
    })
}

/// A new document for a stored code.
fn replace(what: &'static str, issued: &Value) -> Step {
    let path = format!("/api/tokens/{}/payload", issued["id"].as_str().unwrap());
    let payload: Value = serde_json::from_str(DOCUMENT).unwrap();
    let body = json!({"token": issued["token"], "payload": payload}).to_string();
    step(what, 200, move |app| {
        let headers = [("content-type", "application/json")];
        app.send("PUT", &path, &headers, body.as_bytes())
    })
}

fn page(what: &'static str, path: String) -> Step {
    step(what, 200, move |app| {
        app.send("GET", &path, &[("accept", HTML)], b"")
    })
}

fn send(method: &'static str, what: &'static str, path: String, status: u16) -> Step {
    step(what, status, move |app| app.send(method, &path, &[], b""))
}

fn open(
    what: &'static str,
    digits: &str,
    open_id: &'static str,
    pin: Option<&'static str>,
    status: u16,
) -> Step {
    let path = format!("/{digits}");
    step(what, status, move |app| {
        let body = json!({"open_id": open_id, "pin": pin});
        app.post_json(&path, body.to_string())
    })
}

fn destroy(what: &'static str, digits: &str) -> Step {
    let path = format!("/{digits}");
    step(what, 200, move |app| {
        app.submit(
            &path,
            &[("open_id", "client-1-sixteen"), ("destroy", "yes")],
        )
    })
}

/// A receipt that says so many opens.
fn counts(what: &'static str, path: String, opens: u64) -> Step {
    step(what, 200, move |app| {
        let answer = app.get(&path);
        if answer.status == 200 {
            assert_eq!(answer.json()["opens"], opens, "{}", answer.text());
            assert_eq!(answer.json()["pin_tries"], 0, "{}", answer.text());
        }
        answer
    })
}

fn id(digits: &str) -> TokenId {
    ParsedToken::parse(digits).unwrap().id()
}
