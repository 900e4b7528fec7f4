//! The database's machine dies, and its synchronous standby takes over: what was answered holds, and nothing counts twice.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::full;
use crate::races::{Wanted, race, wanted};
use crate::site::Site;

#[test]
fn no_answered_open_is_lost_or_doubled_when_a_standby_takes_over() {
    let rounds = if full() { 10 } else { 1 };
    let (mut site, mut free_port) = Site::with_two_databases();
    let mut mint = site.mint();
    let mut all: Vec<Wanted> = Vec::new();
    let mut asked_again = 0;
    for round in 1..=rounds {
        let standby = site.cluster.synchronous_standby(free_port);
        // Five clients for each code, which would let seven open it: every one of them must count exactly once.
        let codes = wanted(&mut mint, &[(10_000, 7, 5)]);
        let enough = AtomicBool::new(false);
        let (mut away, mut again) = (Duration::ZERO, 0);
        thread::scope(|scope| {
            let racing = scope.spawn(|| race(&site.balancer, &codes, &enough));
            thread::sleep(Duration::from_secs(1));
            let begin = Instant::now();
            site.cluster.kill();
            standby.promote();
            away = begin.elapsed();
            thread::sleep(Duration::from_secs(2));
            enough.store(true, Ordering::SeqCst);
            again = racing.join().unwrap();
        });
        // The next standby takes the place of the one that died.
        free_port = site.cluster.port();
        site.cluster = standby;
        let opened: usize = codes.iter().map(Wanted::opens).sum();
        println!(
            "failover {round}: {opened} opens answered, {again} times asked again, {:.1} s without a database",
            away.as_secs_f64()
        );
        asked_again += again;
        all.extend(codes);
    }
    let opened: usize = all.iter().map(Wanted::opens).sum();
    let codes =
        crate::races::compare_with_receipts(&site, &all, |answered, opens| answered == opens);
    println!(
        "failover: {rounds} times; {opened} opens of {codes} codes were answered, {asked_again} times after asking again: \
         each is in the ledger of the last standby, once"
    );
}
