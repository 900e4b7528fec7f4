//! What an open costs among few codes and among many, through one node and through several: the figures of `docs/scaling.md`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use qrseal::revoking::{RevocationList, refresh};
use qrseal::store::{self, LedgerToken, OpenOutcome, Store};
use qrseal::token::TokenId;

use crate::actors::{START, attempt, limited, wait};
use crate::cluster;

/// Clients that wait for their open at the same time, over all nodes.
const CLIENTS: usize = 64;

#[test]
fn on_postgres_a_code_opens_once_among_many_codes_and_through_several_nodes() {
    let (sizes, time): (&[u64], _) = match full() {
        true => (&[0, 100_000, 1_000_000], Duration::from_secs(5)),
        false => (&[0, 2_000], Duration::from_millis(100)),
    };
    let url = cluster::new_database();
    let nodes: Vec<Arc<dyn Store>> = (0..3)
        .map(|_| store::connect(&url, true).expect("a store"))
        .collect();
    let next = AtomicU64::new(0);
    let mut filled = 0;
    for size in sizes {
        fill(&url, filled, *size);
        filled = *size;
        for count in [1, 3] {
            let (begin, log) = (next.load(Ordering::Relaxed), log_position(&url));
            let rate = opens_a_second(&nodes[..count], &next, time);
            let opened = next.load(Ordering::Relaxed) - begin;
            println!(
                "PostgreSQL, {size} codes in the ledger, {count} nodes, {CLIENTS} clients: {rate:.0} opens a second, {} bytes \
                 of write-ahead log each",
                (log_position(&url) - log) / opened
            );
        }
        println!("bytes a code: {}", cluster::sql(&url, SIZES).trim_end());
    }
    // Every code of the race opened once, and opens no more through any node.
    for number in [0, next.load(Ordering::Relaxed) - 1] {
        let again = attempt(code(number), 2, START);
        let outcome = wait(nodes[2].count_open(again)).unwrap();
        assert!(matches!(outcome, OpenOutcome::UsedUp { .. }), "{outcome:?}");
    }
}

/// Bytes a code, with its indexes, of those that were opened once.
const SIZES: &str = "SELECT (pg_total_relation_size('tokens') + pg_total_relation_size('opens')) \
    / GREATEST(1, (SELECT count(*) FROM tokens))";

fn log_position(url: &str) -> u64 {
    let position = cluster::sql(url, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn");
    position.trim().parse().expect("a number")
}

#[test]
fn on_postgres_a_node_reads_every_revocation_and_keeps_it_in_memory() {
    let count = match full() {
        true => 1_000_000,
        false => 5_000,
    };
    let url = cluster::new_database();
    let store = store::connect(&url, true).expect("a store");
    cluster::sql(
        &url,
        &format!(
            "INSERT INTO tokens (id, opens, pin_tries, revocation, revoked_at, revoked_by_holder, updated_at) \
             SELECT substring(sha256(('filled ' || n)::bytea) from 1 for 12), 0, 0, n, {start}, 0, {start} \
             FROM generate_series(1, {count}) AS n",
            start = START.as_secs()
        ),
    );
    cluster::sql(
        &url,
        &format!("UPDATE counters SET value = {count} WHERE name = 'revocations'"),
    );
    let list = RevocationList::default();
    let (before, begin) = (resident_bytes(), Instant::now());
    wait(refresh(&*store, &list)).unwrap();
    println!(
        "PostgreSQL, {count} revocations: read in {:.1} s, {} bytes of memory each",
        begin.elapsed().as_secs_f64(),
        resident_bytes().saturating_sub(before) / count
    );
    let last = cluster::sql(
        &url,
        &format!("SELECT encode(id, 'hex') FROM tokens WHERE revocation = {count}"),
    );
    let last = last.trim().parse().expect("24 hex digits");
    assert!(list.find(last).unwrap().is_some());
    assert_eq!(list.find(code(1).id), Ok(None));
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    kib.and_then(|kib| kib.parse::<u64>().ok())
        .expect("a number")
        * 1024
}

/// Whether the numbers are those that are to be reported.
fn full() -> bool {
    std::env::var_os("TORTURE").is_some_and(|value| value == "full")
}

/// Adds codes that were opened once, numbered `from` to `to`, as opening them would have.
fn fill(url: &str, from: u64, to: u64) {
    cluster::sql(
        url,
        &format!(
            "WITH codes AS (SELECT substring(sha256(('filled ' || n)::bytea) from 1 for 12) AS id \
               FROM generate_series({from} + 1, {to}) AS n), \
             opened AS (INSERT INTO tokens (id, issued_at, expires_at, max_opens, opens, first_opened_at, last_opened_at, \
               pin_tries, updated_at) SELECT id, {start}, {start} + 86400, 1, 1, {start}, {start}, 0, {start} FROM codes) \
             INSERT INTO opens (token_id, number, open_id, opened_at, suspected_bot, erased) \
               SELECT id, 1, substring(id from 1 for 8), {start}, 0, 0 FROM codes",
            start = START.as_secs()
        ),
    );
    cluster::sql(url, "VACUUM ANALYZE tokens, opens");
}

/// A single-use code whose id is anywhere among the others, as a random one is.
fn code(number: u64) -> LedgerToken {
    let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    let mut id = [0xc0; 12];
    id[..8].copy_from_slice(&scattered);
    LedgerToken {
        id: TokenId::from(id),
        ..limited(0, 1)
    }
}

fn opens_a_second(nodes: &[Arc<dyn Store>], next: &AtomicU64, time: Duration) -> f64 {
    let begin = Instant::now();
    let opens: u32 = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let node = &nodes[client % nodes.len()];
                scope.spawn(move || {
                    let mut opens = 0;
                    while begin.elapsed() < time {
                        let token = code(next.fetch_add(1, Ordering::Relaxed));
                        let outcome = wait(node.count_open(attempt(token, 1, START)));
                        assert!(
                            matches!(outcome, Ok(OpenOutcome::Counted(_))),
                            "{outcome:?}"
                        );
                        opens += 1;
                    }
                    opens
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("a client does not panic"))
            .sum()
    });
    f64::from(opens) / begin.elapsed().as_secs_f64()
}
