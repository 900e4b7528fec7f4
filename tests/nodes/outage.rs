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
    let (usual, stopped, slow) = match full() {
        true => (15, 30, 30),
        false => (1, 3, 8),
    };
    let [usual, stopped, slow] = [usual, stopped, slow].map(Duration::from_secs);
    let mut site = Site::behind_wire(&[]);
    let mut mint = site.mint();
    let load = Load {
        plain: mint.plain(),
        codes: mint.limited(if full() { 100_000 } else { 10_000 }, 1),
        next: AtomicUsize::new(0),
        phase: AtomicUsize::new(0),
        seen: Mutex::new(vec![Seen::default(); OVER]),
    };
    let holders = [site.passing_client(), site.client()].map(|client| (client, true));
    let others = [(); 4].map(|()| (site.client(), false));
    let nodes = [0, 1, 2].map(|node| site.at_node(node));
    let memory_before = site.memory_mib();
    let recoveries = thread::scope(|scope| {
        for (client, looks) in holders.iter().chain(&others) {
            let load = &load;
            scope.spawn(move || match looks {
                true => load.look(client),
                false => load.open(client),
            });
        }
        let wire = site.wire.as_ref().unwrap();
        thread::sleep(usual);
        load.next_phase();
        site.cluster.stop();
        load.next_phase();
        thread::sleep(stopped);
        load.next_phase();
        site.cluster.start_again();
        let after_the_stop = load.recovery(&nodes);
        load.next_phase();
        thread::sleep(usual);
        wire.delay(Duration::from_secs(2));
        load.next_phase();
        thread::sleep(slow);
        load.next_phase();
        wire.delay(Duration::ZERO);
        let after_being_slow = load.recovery(&nodes);
        load.next_phase();
        thread::sleep(usual);
        load.next_phase();
        [after_the_stop, after_being_slow]
    });
    let memory_after = site.memory_mib();
    let seen = load.seen.into_inner().unwrap();
    for (name, seen) in PHASES.iter().zip(&seen) {
        println!(
            "database {name}: {} looks at a plain code, all 200, {}; opens of limited codes by status: {:?}",
            seen.plain.count(),
            seen.plain,
            seen.limited
        );
    }
    println!(
        "database: limited codes opened at all nodes {:.1} s after it was started, {:.1} s after it was fast again; \
         resident memory of the nodes {memory_before:?} MiB before, {memory_after:?} MiB after",
        recoveries[0].as_secs_f64(),
        recoveries[1].as_secs_f64()
    );
    for phase in USUAL {
        assert!(seen[phase].told(200) > 0, "{}", PHASES[phase]);
        assert_eq!(seen[phase].told(503), 0, "{}", PHASES[phase]);
    }
    assert_eq!(
        seen[STOPPED].told(200),
        0,
        "without a database nothing counts"
    );
    for phase in [STOPPED, SLOW] {
        assert!(
            seen[phase].told(503) > 0,
            "{}: nobody was told",
            PHASES[phase]
        );
    }
    if full() {
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

impl Seen {
    fn told(&self, status: u16) -> usize {
        self.limited.get(&status).copied().unwrap_or_default()
    }
}

/// What clients do, as often as people come and no more.
struct Load {
    plain: Code,
    codes: Vec<Code>,
    next: AtomicUsize,
    phase: AtomicUsize,
    seen: Mutex<Vec<Seen>>,
}

impl Load {
    fn phase(&self) -> usize {
        self.phase.load(Ordering::SeqCst)
    }

    fn next_phase(&self) {
        self.phase.fetch_add(1, Ordering::SeqCst);
    }

    /// Looks at the plain code again and again.
    fn look(&self, client: &Client) {
        while self.phase() < OVER {
            let (phase, begin) = (self.phase(), Instant::now());
            let reply = client.get(&format!("/{}", self.plain.digits));
            let reply = reply.expect("there is always an answer");
            assert_eq!(reply.status, 200, "{}: {reply:?}", PHASES[phase]);
            self.seen.lock().unwrap()[phase].plain.add(begin.elapsed());
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Opens one limited code after the other.
    fn open(&self, client: &Client) {
        while self.phase() < OVER {
            let phase = self.phase();
            let reply = client.open(&self.next_code().digits);
            let reply = reply.expect("there is always an answer");
            match reply.status {
                200 => {}
                503 => assert!(reply.retry_after.is_some(), "{reply:?}"),
                _ => panic!("{}: {reply:?}", PHASES[phase]),
            }
            if self.phase() == phase {
                let seen = &mut self.seen.lock().unwrap()[phase];
                *seen.limited.entry(reply.status).or_default() += 1;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// The time until a limited code opened at every node.
    fn recovery(&self, nodes: &[Client]) -> Duration {
        let begin = Instant::now();
        for node in nodes {
            eventually("limited codes open again", || {
                (node.open(&self.next_code().digits)?.status == 200).then_some(())
            });
        }
        begin.elapsed()
    }

    fn next_code(&self) -> &Code {
        &self.codes[self.next.fetch_add(1, Ordering::SeqCst)]
    }
}
