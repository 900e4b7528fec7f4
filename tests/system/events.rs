//! Events before a receiver that somebody else's library verifies: none is lost, whatever happens to the server and the receiver.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::fixture::{Server, eventually, new_folder};
use crate::tools;

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The receiver, which ends with this value.
struct Receiver {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Receiver {
    fn start(trouble: bool) -> Self {
        let folder = new_folder();
        let mut command: Command = tools::python("webhook_receiver.py");
        command.arg(SECRET).arg(folder.path().join("log"));
        if trouble {
            command.arg("trouble");
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the receiver starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped"))
            .read_line(&mut line)
            .expect("it says its port");
        Self {
            child,
            port: line.trim().parse().expect("a port"),
            folder,
        }
    }

    fn settings(&self) -> [(String, String); 2] {
        let url = format!("http://127.0.0.1:{}/hook", self.port);
        [
            ("QRSEAL_EVENTS__TARGETS".to_owned(), url),
            ("QRSEAL_EVENTS__SECRET".to_owned(), SECRET.to_owned()),
        ]
    }

    /// What it got, in its order: ids and messages.
    fn got(&self) -> Vec<(String, Value)> {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(!log.contains("REFUSED"), "{log}");
        log.split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
            .map(|line| {
                let (id, body) = line.trim_end().split_once(' ').expect("an id and a body");
                (id.to_owned(), serde_json::from_str(body).expect("JSON"))
            })
            .collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ended = (self.child.kill(), self.child.wait());
    }
}

fn start(receiver: &Receiver) -> Server {
    let settings = receiver.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    Server::start_with(&settings)
}

fn issue(server: &Server, max_opens: u32) -> (String, String) {
    let body = format!(r#"{{"payload": [1], "max_opens": {max_opens}, "expires_in": "1d"}}"#);
    let answer = server.post_json("/api/tokens", body);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let digits = server.digits_of(answer.header("location"));
    (
        digits,
        answer.json()["id"].as_str().expect("an id").to_owned(),
    )
}

fn open(server: &Server, digits: &str, number: usize) -> u16 {
    let body = format!(r#"{{"open_id": "event-{number:012}"}}"#);
    server.post_json(&format!("/{digits}"), body).status
}

#[test]
fn a_receiver_of_somebody_elses_making_verifies_what_it_gets_in_the_order_of_each_code() {
    let receiver = Receiver::start(false);
    let server = start(&receiver);
    let (digits, id) = issue(&server, 3);
    for number in 0..4 {
        let expected = if number < 3 { 200 } else { 410 };
        assert_eq!(open(&server, &digits, number), expected);
    }
    server.command("tokens", &["revoke", &id, "--reason", "private"]);
    let got = eventually("all is told", || {
        Some(receiver.got()).filter(|got| got.len() == 5)
    });
    let types: Vec<_> = got
        .iter()
        .map(|(_, body)| body["type"].as_str().expect("a type"))
        .collect();
    let opened = "token.opened";
    assert_eq!(
        types,
        [opened, opened, opened, "token.used_up", "token.revoked"]
    );
    for (number, (_, body)) in got.iter().enumerate().take(3) {
        assert_eq!(body["data"]["opens"], number + 1, "{body}");
        assert_eq!(body["data"]["token_id"], id.as_str());
    }
    assert!(
        !format!("{got:?}").contains("private"),
        "a reason is nobody's"
    );
    eventually("nothing waits any more", || {
        server.command("events", &["list"]).is_empty().then_some(())
    });
}

#[test]
fn no_event_is_lost_by_kills_of_the_server_and_failures_of_the_receiver() {
    let kills = match std::env::var_os("TORTURE").is_some_and(|value| value == "full") {
        true => 100,
        false => 5,
    };
    let receiver = Receiver::start(true);
    let mut server = start(&receiver);
    // By token: how often it was opened.
    let mut opened: BTreeMap<String, u64> = BTreeMap::new();
    let mut number = 0;
    for kill in 0..kills {
        let codes: Vec<_> = (0..3).map(|_| issue(&server, 2)).collect();
        for (digits, id) in &codes {
            for _ in 0..=kill % 2 {
                number += 1;
                assert_eq!(open(&server, digits, number), 200);
                *opened.entry(id.clone()).or_default() += 1;
            }
        }
        server.kill();
        server.start_again();
    }
    let wanted: BTreeSet<(String, String, u64)> = opened
        .iter()
        .flat_map(|(id, opens)| {
            let each = (1..=*opens).map(|n| ("token.opened".to_owned(), id.clone(), n));
            let last = (*opens == 2).then(|| ("token.used_up".to_owned(), id.clone(), 2));
            each.chain(last)
        })
        .collect();
    let told = || -> BTreeSet<(String, String, u64)> {
        let got = receiver.got();
        let text = |body: &Value, name: &str| body[name].as_str().unwrap_or_default().to_owned();
        got.iter()
            .map(|(_, body)| {
                let opens = body["data"]["opens"].as_u64().expect("a number");
                (text(body, "type"), text(&body["data"], "token_id"), opens)
            })
            .collect()
    };
    eventually("every event is there", || {
        // What failed is tried again at once.
        server.command("events", &["redeliver"]);
        (told() == wanted).then_some(())
    });
    // Of each code in its order, however often.
    let mut last: BTreeMap<String, u64> = BTreeMap::new();
    let got = receiver.got();
    let mut seen = BTreeSet::new();
    for (id, body) in got.iter().filter(|(id, _)| seen.insert(id.clone())) {
        let opens = body["data"]["opens"].as_u64().expect("a number");
        let token = body["data"]["token_id"].as_str().expect("an id").to_owned();
        let before = last.insert(token, opens).unwrap_or(0);
        assert!(before <= opens, "{id}: {body}");
    }
    println!(
        "events: {kills} kills, {} events, {} messages arrived, of which {} again",
        wanted.len(),
        got.len(),
        got.len() - wanted.len()
    );
}
