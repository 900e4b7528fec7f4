//! `qrseal keys rotate`: the keys of three nodes change under load, and every code opens at every node.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::clients::Client;
use crate::full;
use crate::site::Site;

const SENDERS: u32 = 20;

#[test]
fn no_request_fails_while_keys_are_rotated() {
    let (rotations, per_second) = match full() {
        true => (10, 500),
        false => (2, 60),
    };
    let site = Site::start(&[("QRSEAL_KEYS__RELOAD_SECONDS", "1")]);
    let load = Load {
        sent: AtomicUsize::new(0),
        over: AtomicBool::new(false),
        failed: Mutex::default(),
        issued: Mutex::default(),
    };
    let begin = Instant::now();
    thread::scope(|scope| {
        for number in 0..SENDERS {
            // Past nginx, so that each request is answered by the node that is asked.
            let nodes = [0, 1, 2].map(|node| site.at_node(node));
            let (load, pause) = (&load, Duration::from_secs(1) * SENDERS / per_second);
            scope.spawn(move || load.send(&nodes, number, pause));
        }
        for rotation in 1..=rotations {
            let said = site.command(&["keys", "rotate"]);
            let words = format!("Slot {rotation} seals new tokens");
            assert!(said.contains(&words), "{said}");
        }
        load.over.store(true, Ordering::SeqCst);
    });
    let seconds = begin.elapsed().as_secs_f64();
    let (sent, failed) = (load.sent.into_inner(), load.failed.into_inner().unwrap());
    let sent_per_second = f64::from(u32::try_from(sent).unwrap()) / seconds;
    println!(
        "rotations: {rotations} over three nodes in {seconds:.0} s, {sent} requests ({sent_per_second:.0} a second), {} failed",
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(
        !full() || sent_per_second >= 450.0,
        "{sent_per_second:.0} requests a second are not the load that the promise is made for"
    );
    // What every key sealed opens at every node.
    let issued = load.issued.into_inner().unwrap();
    let links: BTreeSet<&String> = issued.iter().step_by(issued.len().div_ceil(300)).collect();
    for node in 0..3 {
        let client = site.at_node(node);
        for digits in &links {
            let reply = client.get(&format!("/{digits}")).expect("an answer");
            assert_eq!(reply.status, 200, "{reply:?}");
        }
    }
}

/// Requests at an even pace: a code is issued at one node and opened at another at once.
struct Load {
    sent: AtomicUsize,
    over: AtomicBool,
    failed: Mutex<Vec<String>>,
    issued: Mutex<Vec<String>>,
}

impl Load {
    fn send(&self, nodes: &[Client; 3], number: u32, pause: Duration) {
        // Not all at the same moment.
        let mut next = Instant::now() + pause * number / SENDERS;
        let mut digits: Option<String> = None;
        while !self.over.load(Ordering::SeqCst) {
            thread::sleep(next.saturating_duration_since(Instant::now()));
            next += pause;
            let turn = self.sent.fetch_add(1, Ordering::SeqCst);
            let client = &nodes[turn % 3];
            let (what, reply, expected) = match digits.take() {
                None => {
                    let body = json!({"payload": {"n": turn}});
                    ("POST to issue", client.post("/api/tokens", &body), 201)
                }
                Some(digits) => ("GET", client.get(&format!("/{digits}")), 200),
            };
            match reply {
                Some(reply) if reply.status == expected => {
                    if expected == 201 {
                        let link = reply.json()["link"].as_str().unwrap().to_owned();
                        let made = link.rsplit('/').next().unwrap().to_owned();
                        self.issued.lock().unwrap().push(made.clone());
                        digits = Some(made);
                    }
                }
                reply => self
                    .failed
                    .lock()
                    .unwrap()
                    .push(format!("{what}: {reply:?}")),
            }
        }
    }
}
