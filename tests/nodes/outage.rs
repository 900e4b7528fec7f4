//! The database is stopped, or slow: plain codes do not notice, the others are told to come back.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::clients::Client;
use crate::fixture::eventually;
use crate::full;
use crate::mint::Code;
use crate::site::Site;
use crate::times::Times;

/// What happens, one after the other. What a client asks in one phase and is answered in the next counts for none.
const PHASES: [&str; 9] = [
    "usual",
    "stopping",
    "stopped",
    "starting",
    "usual again",
    "slow",
    "recovering",
    "usual at last",
    "over",
];
const USUAL: [usize; 3] = [0, 4, 7];
const STOPPED: usize = 2;
const SLOW: usize = 5;
const OVER: usize = 8;

/// What clients saw in one phase.
#[derive(Default, Clone)]
struct Seen {
    plain: Times,
    /// Opens of limited codes: how many were answered with what.
    limited: BTreeMap<u16, usize>,
}

#[test]
fn with_the_database_stopped_or_slow_plain_codes_open_and_the_others_are_told_to_come_back() {
    let (usual, trouble) = match full() {
        true => (Duration::from_secs(15), Duration::from_secs(30)),
        false => (Duration::from_secs(1), Duration::from_secs(3)),
    };
    let mut site = Site::behind_wire(&[]);
    let mut mint = site.mint();
    let plain = mint.plain();
    let codes = mint.limited(if full() { 100_000 } else { 10_000 }, 1);
    let next = AtomicUsize::new(0);
    let phase = AtomicUsize::new(0);
    let seen: Mutex<Vec<Seen>> = Mutex::new(vec![Seen::default(); OVER]);
    let clients: Vec<(Client, bool)> = (0..8)
        .map(|number| match number % 4 {
            0 => (site.passing_client(), true),
            1 => (site.client(), true),
            _ => (site.client(), false),
        })
        .collect();
    let probes: Vec<Client> = (0..3).map(|node| site.at_node(node)).collect();
    let memory_before = site.memory_mib();
    let mut recoveries = Vec::new();
    thread::scope(|scope| {
        for (client, opens_plain) in clients {
            let (plain, codes, next, phase, seen) = (&plain, &codes, &next, &phase, &seen);
            scope.spawn(move || {
                while phase.load(Ordering::SeqCst) < OVER {
                    let before = phase.load(Ordering::SeqCst);
                    let begin = Instant::now();
                    let reply = match opens_plain {
                        true => client.get(&format!("/{}", plain.digits)),
                        false => client.open(&codes[next.fetch_add(1, Ordering::SeqCst)].digits),
                    };
                    let reply = reply.expect("there is always an answer");
                    let during = phase.load(Ordering::SeqCst) == before;
                    let mut seen = seen.lock().unwrap();
                    if opens_plain {
                        assert_eq!(reply.status, 200, "{}: {reply:?}", PHASES[before]);
                        seen[before].plain.add(begin.elapsed());
                    } else {
                        match reply.status {
                            200 => {}
                            503 => assert!(reply.retry_after.is_some(), "{reply:?}"),
                            _ => panic!("{reply:?}"),
                        }
                        if during {
                            *seen[before].limited.entry(reply.status).or_default() += 1;
                        }
                    }
                    drop(seen);
                    // As often as people come, and no more.
                    thread::sleep(Duration::from_millis(2));
                }
            });
        }
        let next_phase = || phase.fetch_add(1, Ordering::SeqCst);
        let wire = site.wire.as_ref().unwrap();
        thread::sleep(usual);
        next_phase();
        site.cluster.stop();
        next_phase();
        thread::sleep(trouble);
        next_phase();
        site.cluster.start_again();
        recoveries.push(recovery(&probes, &codes, &next));
        next_phase();
        thread::sleep(usual);
        wire.delay(Duration::from_secs(2));
        next_phase();
        thread::sleep(trouble);
        next_phase();
        wire.delay(Duration::ZERO);
        recoveries.push(recovery(&probes, &codes, &next));
        next_phase();
        thread::sleep(usual);
        next_phase();
    });
    let seen = seen.into_inner().unwrap();
    for (name, seen) in PHASES.iter().zip(&seen) {
        println!(
            "database {name}: {} plain opens, all 200, {}; opens of limited codes by status: {:?}",
            seen.plain.count(),
            seen.plain,
            seen.limited
        );
    }
    let memory_after = site.memory_mib();
    println!(
        "database: limited codes opened at all nodes {:.1} s after it was started, {:.1} s after it was fast again; \
         resident memory of the nodes {memory_before:?} MiB before, {memory_after:?} MiB after",
        recoveries[0].as_secs_f64(),
        recoveries[1].as_secs_f64()
    );
    let told = |phase: usize, status| seen[phase].limited.get(&status).copied().unwrap_or(0);
    for phase in USUAL {
        assert!(
            told(phase, 200) > 0 && told(phase, 503) == 0,
            "{}",
            PHASES[phase]
        );
    }
    assert!(
        told(STOPPED, 200) == 0 && told(STOPPED, 503) > 0,
        "without a database nothing counts"
    );
    if full() {
        assert!(told(SLOW, 503) > 0, "nobody was told to come back");
        let usual = seen[0].plain.within(99);
        for phase in [STOPPED, SLOW] {
            let now = seen[phase].plain.within(99);
            assert!(
                now < usual * 2,
                "{}: p99 {now:?} against {usual:?}",
                PHASES[phase]
            );
        }
        for recovery in recoveries {
            assert!(recovery < Duration::from_secs(5), "{recovery:?}");
        }
        for (before, after) in memory_before.iter().zip(&memory_after) {
            assert!(*after < before + 16, "{before} MiB became {after} MiB");
        }
    }
}

/// The time until a limited code opened at every node.
fn recovery(nodes: &[Client], codes: &[Code], next: &AtomicUsize) -> Duration {
    let begin = Instant::now();
    for node in nodes {
        eventually("limited codes open again", || {
            let code = &codes[next.fetch_add(1, Ordering::SeqCst)];
            (node.open(&code.digits)?.status == 200).then_some(())
        });
    }
    begin.elapsed()
}
