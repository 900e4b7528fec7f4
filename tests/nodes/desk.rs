//! The desk at several nodes: many scanners want the same codes, nodes die, and no visitor can be found where data lies.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::clients::{Client, Reply, together};
use crate::fixture::eventually;
use crate::full;
use crate::mint::{Code, SIGN_IN, TICKET};
use crate::random::Random;
use crate::site::{PATH, Site, start_again};
use crate::times::Times;

/// A list that lets every code in once, and codes.
struct Door {
    list: String,
    tickets: Vec<Code>,
    scanners: usize,
}

/// What a scanner was told of a code.
struct Told {
    asked: Value,
    ticket: usize,
    let_in: bool,
    /// Of the check-in's row.
    id: String,
    took: Duration,
    /// How often it asked again, since nobody could tell it.
    again: usize,
}

impl Door {
    fn of(site: &Site) -> Self {
        let (scanners, codes) = match full() {
            true => (64, 1_000),
            false => (16, 60),
        };
        let body = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
        let mut mint = site.mint();
        Self {
            list: made(site, &body),
            tickets: (0..codes).map(|_| mint.under(TICKET, "{}")).collect(),
            scanners,
        }
    }

    /// All tickets in the order in which a scanner sees them: a quarter of the scanners wants the same one at the same time.
    fn turns(&self, scanner: usize) -> impl Iterator<Item = usize> {
        let codes = self.tickets.len();
        (0..codes).map(move |turn| (turn + scanner % 4 * codes / 4) % codes)
    }

    fn asked(&self, scanner: usize, ticket: usize) -> Value {
        json!({
            "list": self.list,
            "token": self.tickets[ticket].digits,
            "check_in_id": format!("scan-{scanner:03}-{ticket:010}"),
        })
    }

    fn scan(&self, client: &Client, scanner: usize, ticket: usize) -> Told {
        let asked = self.asked(scanner, ticket);
        let begin = Instant::now();
        let (reply, again) = check_in_until_told(client, &asked);
        let took = begin.elapsed();
        let (let_in, id) = judged(&reply);
        Told {
            asked,
            ticket,
            let_in,
            id,
            took,
            again,
        }
    }

    /// Compares what scanners were told with each other and with what the list has.
    fn compare(&self, site: &Site, told: &[Told]) {
        let mut let_in = vec![0; self.tickets.len()];
        for told in told.iter().filter(|told| told.let_in) {
            let_in[told.ticket] += 1;
        }
        assert!(let_in.iter().all(|times| *times == 1), "{let_in:?}");
        let rows: BTreeSet<_> = told.iter().map(|told| told.id.as_str()).collect();
        assert_eq!(rows.len(), told.len(), "each scan has a row of its own");
        let issuer = site.issuer();
        let path = format!("/api/lists/{}", self.list);
        let counts = issuer.get(&path).unwrap().json()["counts"].clone();
        assert_eq!(counts["entries"], self.tickets.len(), "{counts}");
        let refusals = told.len() - self.tickets.len();
        assert_eq!(counts["refusals"], refusals, "{counts}");
        let answered: BTreeSet<_> = told
            .iter()
            .filter(|told| told.let_in)
            .map(|told| told.id.clone())
            .collect();
        assert_eq!(entries(&issuer, &path), answered);
    }
}

#[test]
fn of_many_scanners_at_three_nodes_one_lets_a_code_in_and_a_scan_that_is_sent_again_elsewhere_is_the_same()
 {
    let site = Site::start(&[]);
    let door = Door::of(&site);
    let begin = Instant::now();
    let told = together(door.scanners, |scanner| {
        let nodes = [0, 1, 2].map(|node| site.at_node(node));
        let scan = |(turn, ticket): (usize, usize)| {
            let node = (scanner + turn) % 3;
            let told = door.scan(&nodes[node], scanner, ticket);
            if turn % 5 == scanner % 5 {
                let (reply, _) = check_in_until_told(&nodes[(node + 1) % 3], &told.asked);
                assert_eq!(judged(&reply), (told.let_in, told.id.clone()));
            }
            told
        };
        let turns = door.turns(scanner).enumerate();
        turns.map(scan).collect::<Vec<_>>()
    });
    let time = begin.elapsed();
    let told: Vec<Told> = told.into_iter().flatten().collect();
    door.compare(&site, &told);
    report("desk at three nodes", &door, &told, time);
}

#[test]
fn while_nodes_die_no_entry_that_was_answered_is_lost_and_nobody_enters_twice() {
    let kills = if full() { 100 } else { 3 };
    let mut site = Site::start(&[]);
    let door = Door::of(&site);
    // A node dies after so many answers, in the middle of others.
    let every = door.tickets.len() * door.scanners / (kills + 1);
    let begin = Instant::now();
    let mut random = Random::from_seed(0xde5c);
    let Site {
        nodes,
        balancer,
        key,
        ..
    } = &mut site;
    let (door, balancer, key) = (&door, &*balancer, &*key);
    let (kill, asked) = mpsc::channel();
    let (told, killed) = thread::scope(|scope| {
        let scanning = scope.spawn(move || {
            let answers = AtomicUsize::new(0);
            together(door.scanners, |scanner| {
                let client = balancer.client(PATH).with_key(key);
                let scan = |ticket| {
                    let told = door.scan(&client, scanner, ticket);
                    let answered = answers.fetch_add(1, Ordering::SeqCst) + 1;
                    if answered.is_multiple_of(every) {
                        kill.send(()).expect("somebody kills");
                    }
                    told
                };
                door.turns(scanner).map(scan).collect::<Vec<_>>()
            })
        });
        // Nodes end with the thread that started them: this one.
        let mut killed = 0;
        for () in asked {
            let node = &mut nodes[random.below(3)];
            node.kill();
            start_again(node);
            killed += 1;
        }
        (scanning.join().unwrap(), killed)
    });
    let time = begin.elapsed();
    assert!(killed >= kills, "{killed}");
    let told: Vec<Told> = told.into_iter().flatten().collect();
    door.compare(&site, &told);
    let what = format!("desk with {killed} kills of nodes");
    report(&what, door, &told, time);
    // Asked once more, each entry is answered as it was.
    let node = site.at_node(0);
    for told in told.iter().filter(|told| told.let_in) {
        let (reply, _) = check_in_until_told(&node, &told.asked);
        assert_eq!(judged(&reply), (true, told.id.clone()));
    }
}

#[test]
fn no_visitor_can_be_found_in_the_files_of_the_database_or_a_log() {
    let site = Site::start(&[
        ("QRSEAL_LOG__REQUESTS", "true"),
        ("QRSEAL_LOG__LEVEL", "trace"),
    ]);
    let list = made(
        &site,
        &json!({"name": "canary-list-7d1f", "accepts": [{"profile": "sign-in"}], "store": "visit"}),
    );
    let mut mint = site.mint();
    let issuer = site.issuer();
    for visitor in 0..20 {
        let document = json!({
            "name": format!("Canary-Visitor-7d1f {visitor}"),
            "phone": format!("+49 30 7d1f{visitor:04}"),
            "email": format!("canary-visitor-7d1f-{visitor}@mail.example"),
        });
        let code = mint.under(SIGN_IN, &document.to_string());
        let mut asked = json!({"list": list, "token": code.digits,
            "check_in_id": format!("visit-{visitor:012}")});
        let (reply, _) = check_in_until_told(&issuer, &asked);
        assert_eq!(reply.status, 201, "{reply:?}");
        assert!(reply.body.contains("Canary-Visitor"), "{reply:?}");
        asked["check_in_id"] = json!(format!("again-{visitor:012}"));
        let (let_in, _) = judged(&check_in_until_told(&issuer, &asked).0);
        assert!(!let_in);
    }
    let asked = json!({"from": "2026-01-01T00:00:00Z", "until": "2036-01-01T00:00:00Z",
        "reason": "case 12"});
    let path = format!("/api/lists/{list}/presence");
    let there = issuer.post(&path, &asked).unwrap();
    assert!(there.body.contains("canary-visitor-7d1f-19"), "{there:?}");

    site.cluster.sql("CHECKPOINT");
    let data = site.cluster.data();
    assert!(has(&data, "canary-list-7d1f"), "what is no secret is found");
    let log = site.balancer.path("access.log");
    for secret in ["visitor-7d1f", "30 7d1f"] {
        assert!(!has(&data, secret), "{secret} is in the database");
        assert!(!has(&log, secret), "{secret} is in nginx's log");
        for node in &site.nodes {
            let found = node.log().to_lowercase().contains(secret);
            assert!(!found, "{secret} is in the log of a node");
        }
    }
    println!("desk: 20 visitors in no file of PostgreSQL, and in no log of three nodes at trace");
}

/// Whether a text is in a file or in one below a folder, however it is written.
fn has(place: &Path, text: &str) -> bool {
    let mut grep = Command::new("grep");
    grep.env("LC_ALL", "C")
        .args(["-rqaiF", "-e", text])
        .arg(place);
    match grep.status().expect("grep runs").code() {
        Some(0) => true,
        Some(1) => false,
        other => panic!("grep in {}: {other:?}", place.display()),
    }
}

/// Makes a list; its id.
fn made(site: &Site, body: &Value) -> String {
    let made = site.issuer().post("/api/lists", body).unwrap();
    assert_eq!(made.status, 201, "{made:?}");
    made.json()["id"].as_str().unwrap().to_owned()
}

/// Checks a code in. Whoever gets no answer, or one that says to ask again, does so with the same `check_in_id`. The answer,
/// and how often that was.
fn check_in_until_told(client: &Client, asked: &Value) -> (Reply, usize) {
    let mut again = 0;
    let reply = eventually("an answer that tells", || {
        let reply = client.post("/api/check-ins", asked);
        let told = reply.filter(|reply| !matches!(reply.status, 502..=504));
        again += usize::from(told.is_none());
        told
    });
    (reply, again)
}

/// Whether a code was let in, and the id of the row that says so; a code that was not must have been in already.
fn judged(reply: &Reply) -> (bool, String) {
    let told = match reply.status {
        201 => reply.json()["id"].clone(),
        _ => {
            assert_eq!(reply.code(), "already_redeemed", "{reply:?}");
            reply.json()["check_in"].clone()
        }
    };
    (reply.status == 201, told.as_str().unwrap().to_owned())
}

/// The ids of all entries of a list.
fn entries(issuer: &Client, path: &str) -> BTreeSet<String> {
    let mut entries = BTreeSet::new();
    let mut next = String::new();
    loop {
        let page = format!("{path}/check-ins?outcome=let_in&limit=500{next}");
        let page = issuer.get(&page).unwrap().json();
        let rows = page["check_ins"].as_array().unwrap();
        entries.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return entries,
        }
    }
}

fn report(what: &str, door: &Door, told: &[Told], time: Duration) {
    let mut times = Times::default();
    for told in told {
        times.add(told.took);
    }
    println!(
        "{what}: {} scanners, {} codes, {} scans, {} let in, asked again {} times, {:.0} scans a second, {times}",
        door.scanners,
        door.tickets.len(),
        times.count(),
        told.iter().filter(|told| told.let_in).count(),
        told.iter().map(|told| told.again).sum::<usize>(),
        f64::from(u32::try_from(told.len()).unwrap()) / time.as_secs_f64(),
    );
}
