//! Events before a receiver that somebody else's library verifies: none is lost, whatever happens to the server and the receiver.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

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

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
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

/// What a receiver does that it should not.
enum Manner {
    /// It takes a message and never answers.
    Silent,
    /// It closes without an answer.
    Closing,
    /// It answers this.
    Says(String),
}

/// Such a receiver, on a port of its own for as long as the test runs.
struct BadReceiver {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl BadReceiver {
    fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it has one").port();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                counted.fetch_add(1, Ordering::SeqCst);
                match &manner {
                    Manner::Silent => held.push(stream),
                    Manner::Closing => drop(stream),
                    Manner::Says(answer) => {
                        // Until the server closes: it may be gone already.
                        let _gone = stream
                            .write_all(answer.as_bytes())
                            .and_then(|()| io::copy(&mut stream, &mut io::sink()));
                    }
                }
            }
        });
        Self { port, asked }
    }

    fn says(status: &str, headers: &str) -> Self {
        let end = "content-length: 0\r\nconnection: close\r\n\r\n";
        Self::start(Manner::Says(format!("HTTP/1.1 {status}\r\n{headers}{end}")))
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn start(receiver: &Receiver) -> Server {
    start_for(&receiver.url(), &[])
}

/// A server that tells these receivers.
fn start_for(targets: &str, more: &[(&str, &str)]) -> Server {
    let settings = [
        ("QRSEAL_EVENTS__TARGETS", targets),
        ("QRSEAL_EVENTS__SECRET", SECRET),
    ];
    Server::start_with(&[&settings, more].concat())
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
fn what_failed_arrives_in_its_order_by_the_schedule_alone_and_through_no_proxy() {
    let receiver = Receiver::start(true);
    // There is none: whoever asked it would deliver nothing.
    let proxy = "http://127.0.0.1:1";
    let proxies = ["ALL_PROXY", "HTTP_PROXY", "http_proxy"].map(|name| (name, proxy));
    let server = start_for(&receiver.url(), &proxies);
    let (digits, _) = issue(&server, 4);
    for number in 0..4 {
        assert_eq!(open(&server, &digits, number), 200);
    }
    // The third message fails, and the next ones wait behind it.
    server.wait_for_log(&["was not delivered", "it answered 500"]);
    let got = eventually("all is told", || {
        Some(receiver.got()).filter(|got| got.len() == 5)
    });
    let opens: Vec<_> = got
        .iter()
        .map(|(_, body)| body["data"]["opens"].as_u64().expect("a number"))
        .collect();
    assert_eq!(opens, [1, 2, 3, 4, 4]);
    eventually("nothing waits any more", || {
        waiting(&server).is_empty().then_some(())
    });
}

/// How many events wait or were given up.
fn waiting(server: &Server) -> Vec<String> {
    let listed = server.command("events", &["list", "--limit", "1000", "--json"]);
    listed.lines().map(str::to_owned).collect()
}

#[test]
fn receivers_that_are_silent_redirect_close_or_fail_hold_up_nobody_else() {
    let good = Receiver::start(false);
    let elsewhere = BadReceiver::says("204 No Content", "");
    let bad = [
        BadReceiver::start(Manner::Silent),
        BadReceiver::start(Manner::Closing),
        BadReceiver::says("500 Internal Server Error", ""),
        BadReceiver::says(
            "307 Temporary Redirect",
            &format!("location: {}\r\n", elsewhere.url()),
        ),
    ];
    let mut targets: Vec<_> = bad.iter().map(BadReceiver::url).collect();
    targets.push(good.url());
    let mut server = start_for(&targets.join(","), &[]);
    let (digits, id) = issue(&server, 2);
    for number in 0..2 {
        assert_eq!(open(&server, &digits, number), 200);
    }
    server.command("tokens", &["revoke", &id]);
    eventually("who does well is told", || {
        (good.got().len() == 4).then_some(())
    });
    for receiver in &bad {
        eventually("each is asked", || (receiver.asked() > 0).then_some(()));
    }
    for words in ["it answered 500", "it answered 307"] {
        server.wait_for_log(&["was not delivered", words]);
    }
    assert_eq!(elsewhere.asked(), 0, "nobody follows a redirect");
    eventually("what failed waits", || {
        (waiting(&server).len() == 4 * bad.len()).then_some(())
    });
    let (digits, _) = issue(&server, 1);
    assert_eq!(open(&server, &digits, 9), 200);
    server.signal("TERM");
    assert!(server.wait_for_exit().success());
}

#[test]
fn a_full_outbox_drops_the_oldest_events_counts_them_and_holds_up_no_open() {
    const OPENS: u32 = 130;
    let away = "http://127.0.0.1:1/hook";
    let more = [
        ("QRSEAL_EVENTS__OUTBOX", "100"),
        ("QRSEAL_METRICS__LISTEN", "127.0.0.1:0"),
    ];
    let server = start_for(away, &more);
    let (digits, _) = issue(&server, OPENS);
    for number in 0..OPENS {
        let number = usize::try_from(number).expect("it is small");
        assert_eq!(open(&server, &digits, number), 200);
    }
    let left = eventually("the outbox is within its bounds", || {
        Some(waiting(&server)).filter(|waiting| waiting.len() == 100)
    });
    let last = left.last().expect("there are some");
    assert!(last.contains("token.used_up"), "the newest stay: {last}");
    server.wait_for_log(&["the outbox of events is full"]);
    let log = server.wait_for_log(&["metrics: http://", "/metrics"]);
    let (_, rest) = log.split_once("metrics: http://").expect("it is said");
    let address = rest.split('/').next().expect("an address");
    let metrics = format!("http://{address}/metrics");
    eventually("what was dropped is counted", || {
        let mut answer = ureq::get(&metrics).call().expect("it answers");
        let text = answer.body_mut().read_to_string().expect("text");
        text.contains(r#"qrseal_events_total{outcome="dropped"} 31"#)
            .then_some(())
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
        // What the receiver's failures put off is tried again at once.
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
