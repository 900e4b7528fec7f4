//! Dynamic links on several nodes: what a change promises, what is counted, and what goes on while the database is away.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::clients::{new_open_id, together};
use crate::full;
use crate::site::Site;

/// Makes a link; its path to scan, and its path in the API.
fn make(site: &Site, body: &Value) -> (String, String) {
    let made = site.issuer().post("/api/links", body).unwrap();
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let digits = made["link"].as_str().unwrap().rsplit('/').next().unwrap();
    let id = made["id"].as_str().unwrap();
    (format!("/{digits}"), format!("/api/links/{id}"))
}

#[test]
fn sixty_four_clients_see_the_old_or_the_new_target_and_after_two_seconds_the_new_one_only() {
    let turns = if full() { 20 } else { 2 };
    let site = Site::start(&[("LIMITS__ENABLED", "false")]);
    let (path, api) = make(&site, &json!({"target": "https://shop.example/0"}));
    let nodes = [0, 1, 2].map(|node| site.at_node(node));
    // The turn whose change was answered, and of that which is two seconds old.
    let (changing, settled) = (AtomicU64::new(0), AtomicU64::new(0));
    let (over, scans) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 1..=turns {
                changing.store(turn, Ordering::SeqCst);
                let body = json!({"target": format!("https://shop.example/{turn}")});
                let node = usize::try_from(turn % 3).unwrap();
                let changer = site.at_node(node).with_key(&site.key);
                let changed = changer.patch(&api, &body).unwrap();
                assert_eq!(changed.status, 200, "{changed:?}");
                // The two seconds of the promise.
                thread::sleep(Duration::from_secs(2));
                settled.store(turn, Ordering::SeqCst);
            }
            over.store(true, Ordering::SeqCst);
        });
        together(64, |client| {
            while !over.load(Ordering::SeqCst) {
                let least = settled.load(Ordering::SeqCst);
                let scan = nodes[client % 3].get(&path).unwrap();
                let most = changing.load(Ordering::SeqCst);
                assert_eq!(scan.status, 302, "{scan:?}");
                let turn = scan.location.rsplit('/').next().unwrap();
                let turn: u64 = turn.parse().unwrap();
                assert!(
                    (least..=most).contains(&turn),
                    "{least} <= {turn} <= {most}"
                );
                scans.fetch_add(1, Ordering::SeqCst);
            }
        });
    });
    // What each node gathers is written each second; nothing was killed, so nothing is missing.
    let issuer = site.issuer();
    let scans = scans.load(Ordering::SeqCst);
    crate::fixture::eventually("every scan is counted", || {
        let told = issuer.get(&format!("{api}/scans"))?.json();
        let counted = told["total"]["bots"].as_u64()? + told["total"]["other"].as_u64()?;
        assert!(counted <= scans);
        (counted == scans).then_some(())
    });
    println!("links: {scans} scans by 64 clients of three nodes, {turns} changes; all counted");
}

#[test]
fn a_link_that_opens_once_opens_once_however_many_press_its_button() {
    let links = if full() { 1_000 } else { 20 };
    let site = Site::start(&[("LIMITS__ENABLED", "false")]);
    let mut opened = 0;
    for _ in 0..links {
        let body = json!({"target": "https://pay.example/", "max_opens": 1, "expires_in": 3_600});
        let (path, _) = make(&site, &body);
        let clients = if full() { 64 } else { 12 };
        let passed = together(clients, |client| {
            let body = json!({"open_id": new_open_id()});
            let reply = site.at_node(client % 3).post(&path, &body).unwrap();
            match reply.status {
                200 => 1,
                _ => {
                    assert_eq!(reply.code(), "token_used_up", "{reply:?}");
                    0
                }
            }
        });
        let passed: u64 = passed.iter().sum();
        assert_eq!(passed, 1);
        opened += passed;
    }
    println!("links: {links} that open once, pressed by many at three nodes: {opened} opens");
}

#[test]
fn while_the_database_is_away_links_that_were_scanned_go_on_at_once_and_others_are_told_to_come_back()
 {
    let away = Duration::from_secs(if full() { 30 } else { 3 });
    let mut site = Site::start(&[]);
    let (known, _) = make(&site, &json!({"target": "https://known.example/"}));
    let (other, _) = make(&site, &json!({"target": "https://other.example/"}));
    let node = site.at_node(0);
    assert_eq!(node.get(&known).unwrap().status, 302);
    site.cluster.stop();
    let stopped = Instant::now();
    let (mut scans, mut longest) = (0, Duration::ZERO);
    while stopped.elapsed() < away {
        let began = Instant::now();
        let scan = node.get(&known).unwrap();
        longest = longest.max(began.elapsed());
        assert_eq!(
            (scan.status, scan.location.as_str()),
            (302, "https://known.example/")
        );
        scans += 1;
        thread::sleep(Duration::from_millis(20));
    }
    let waits = node.get(&other).unwrap();
    assert_eq!(
        (waits.status, waits.code().as_str()),
        (503, "temporarily_unavailable")
    );
    assert!(waits.retry_after.is_some());
    site.cluster.start_again();
    crate::fixture::eventually("the other link leads on again", || {
        (node.get(&other)?.status == 302).then_some(())
    });
    println!(
        "links: database away for {away:?}: {scans} scans of a known link, the longest {longest:?}"
    );
}
