//! The desk at several nodes: many scanners want the same codes, nodes die, and no visitor can be found where data lies.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::clients::{Client, together};
use crate::door::{Door, Told, check_in, judged, new_list};
use crate::fixture::eventually;
use crate::full;
use crate::mint::SIGN_IN;
use crate::random::Random;
use crate::site::{PATH, Site, start_again};
use crate::times::Times;

/// So many scanners, and so many codes for each.
fn size() -> (usize, usize) {
    match full() {
        true => (64, 1_000),
        false => (16, 60),
    }
}

/// What a scanner was told, in the end.
struct Scanned {
    told: Told,
    took: Duration,
    /// How often it asked again, since nobody could tell it.
    again: usize,
}

/// Scans a ticket until there is an answer that tells.
fn scan(door: &Door, client: &Client, scanner: usize, ticket: usize) -> Scanned {
    let begin = Instant::now();
    let mut again = 0;
    let told = eventually("an answer that tells", || {
        let told = door.scan(client, scanner, ticket);
        again += usize::from(told.is_none());
        told
    });
    Scanned {
        told,
        took: begin.elapsed(),
        again,
    }
}

#[test]
fn of_many_scanners_at_three_nodes_one_lets_a_code_in_and_a_scan_that_is_sent_again_elsewhere_is_the_same()
 {
    let (scanners, codes) = size();
    let site = Site::start(&[]);
    let door = Door::of(&site.issuer(), &mut site.mint(), codes);
    let begin = Instant::now();
    let scanned = together(scanners, |scanner| {
        let nodes = [0, 1, 2].map(|node| site.at_node(node));
        let next = |(turn, ticket): (usize, usize)| {
            let node = (scanner + turn) % 3;
            let scanned = scan(&door, &nodes[node], scanner, ticket);
            if turn % 5 == scanner % 5 {
                let elsewhere = scan(&door, &nodes[(node + 1) % 3], scanner, ticket);
                let [one, other] = [&scanned, &elsewhere].map(|scanned| &scanned.told);
                assert_eq!((one.let_in, &one.id), (other.let_in, &other.id));
            }
            scanned
        };
        let turns = door.turns(scanner).enumerate();
        turns.map(next).collect::<Vec<_>>()
    });
    let told = report("desk at three nodes", scanners, scanned, begin.elapsed());
    door.compare(&site.issuer(), &told);
}

#[test]
fn while_nodes_die_no_entry_that_was_answered_is_lost_and_nobody_enters_twice() {
    let kills = if full() { 100 } else { 3 };
    let (scanners, codes) = size();
    let mut site = Site::start(&[]);
    let door = Door::of(&site.issuer(), &mut site.mint(), codes);
    // A node dies after so many answers, in the middle of others.
    let every = codes * scanners / (kills + 1);
    let begin = Instant::now();
    let mut random = Random::from_seed(0xde5c);
    let Site {
        nodes,
        balancer,
        key,
        ..
    } = &mut site;
    let (of_door, balancer, key) = (&door, &*balancer, &*key);
    let (kill, asked) = mpsc::channel();
    let (scanned, killed) = thread::scope(|scope| {
        let scanning = scope.spawn(move || {
            let answers = AtomicUsize::new(0);
            together(scanners, |scanner| {
                let client = balancer.client(PATH).with_key(key);
                let next = |ticket| {
                    let scanned = scan(of_door, &client, scanner, ticket);
                    let answered = answers.fetch_add(1, Ordering::SeqCst) + 1;
                    if answered.is_multiple_of(every) {
                        kill.send(()).expect("somebody kills");
                    }
                    scanned
                };
                of_door.turns(scanner).map(next).collect::<Vec<_>>()
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
    assert!(killed >= kills, "{killed}");
    let what = format!("desk with {killed} kills of nodes");
    let told = report(&what, scanners, scanned, begin.elapsed());
    door.compare(&site.issuer(), &told);
    Door::ask_again(&site.at_node(0), &told);
}

#[test]
fn no_visitor_can_be_found_in_the_files_of_the_database_or_a_log() {
    let site = Site::start(&[
        ("QRSEAL_LOG__REQUESTS", "true"),
        ("QRSEAL_LOG__LEVEL", "trace"),
    ]);
    let issuer = site.issuer();
    let list = new_list(
        &issuer,
        &json!({"name": "canary-list-7d1f", "accepts": [{"profile": "sign-in"}], "store": "visit"}),
    );
    let mut mint = site.mint();
    for visitor in 0..20 {
        let document = json!({
            "name": format!("Canary-Visitor-7d1f {visitor}"),
            "phone": format!("+49 30 55087219{visitor:02}"),
            "email": format!("canary-visitor-7d1f-{visitor}@mail.example"),
        });
        let code = mint.under(SIGN_IN, &document.to_string());
        let mut asked = json!({"list": list, "token": code.digits,
            "check_in_id": format!("visit-{visitor:012}")});
        let reply = check_in(&issuer, &asked).unwrap();
        assert_eq!(reply.status, 201, "{reply:?}");
        assert!(reply.body.contains("Canary-Visitor"), "{reply:?}");
        asked["check_in_id"] = json!(format!("again-{visitor:012}"));
        let (let_in, _) = judged(&check_in(&issuer, &asked).unwrap());
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
    for secret in ["visitor-7d1f", "30 55087219"] {
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

/// Prints how it went; what scanners were told.
fn report(what: &str, scanners: usize, scanned: Vec<Vec<Scanned>>, time: Duration) -> Vec<Told> {
    let (mut times, mut again, mut told) = (Times::default(), 0, Vec::new());
    for scanned in scanned.into_iter().flatten() {
        times.add(scanned.took);
        again += scanned.again;
        told.push(scanned.told);
    }
    println!(
        "{what}: {scanners} scanners, {} scans, {} let in, asked again {again} times, {:.0} scans a second, {times}",
        told.len(),
        told.iter().filter(|told| told.let_in).count(),
        f64::from(u32::try_from(told.len()).unwrap()) / time.as_secs_f64(),
    );
    told
}
