//! The desk of one server: what was answered holds when it dies, and nobody waits long.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sqlx::Connection as _;

use crate::clients::{Client, together};
use crate::door::{Door, Told};
use crate::fixture::Server;
use crate::full;
use crate::kills::{check_integrity, end};
use crate::mint::Mint;
use crate::times::Times;

/// A server, and a list with so many codes.
fn desk(codes: usize) -> (Server, Door) {
    let server = Server::start();
    let mut mint = Mint::of(&server.keyring());
    let door = Door::of(&Client::of(&server.url("")), &mut mint, codes);
    (server, door)
}

#[test]
fn while_the_server_dies_no_entry_that_was_answered_is_lost_and_nobody_enters_twice() {
    let (kills, scanners, codes) = match full() {
        true => (100, 64, 1_000),
        false => (4, 8, 60),
    };
    let (mut server, door) = desk(codes);
    // What each scanner was told; it goes on with the next code, or asks again for the one that it was not told of.
    let told: Vec<Mutex<Vec<Told>>> = (0..scanners).map(|_| Mutex::default()).collect();
    let answered = AtomicUsize::new(0);
    let every = scanners * codes / (kills + 2);
    for life in 0..=kills {
        let dies_after = match life < kills {
            true => (life + 1) * every,
            false => usize::MAX,
        };
        let dead = AtomicBool::new(false);
        let (base, process) = (server.url(""), server.process_id());
        together(scanners, |scanner| {
            let client = Client::of(&base);
            let mut told = told[scanner].lock().unwrap();
            let left = door.turns(scanner).skip(told.len());
            for scanned in left.map_while(|ticket| door.scan(&client, scanner, ticket)) {
                told.push(scanned);
                let all = answered.fetch_add(1, Ordering::SeqCst) + 1;
                if all >= dies_after && !dead.swap(true, Ordering::SeqCst) {
                    end(process);
                }
            }
        });
        if life < kills {
            assert!(
                dead.load(Ordering::SeqCst),
                "scanners stop for nothing else"
            );
            server.kill();
            check_integrity(&server);
            server.start_again();
        }
    }
    let told = told.into_iter().flat_map(|told| told.into_inner().unwrap());
    let told: Vec<Told> = told.collect();
    assert_eq!(told.len(), scanners * codes);
    let client = Client::of(&server.url(""));
    door.compare(&client, &told);
    Door::ask_again(&client, &told);
    println!(
        "desk on SQLite: {scanners} scanners, {codes} codes, {} scans, {kills} times kill -9: each code let in once, every \
         answer on the list",
        told.len()
    );
}

#[test]
fn at_fifty_a_second_a_check_in_is_answered_soon() {
    const SCANNERS: usize = 4;
    let (check_ins, every) = match full() {
        true => (3_000, Duration::from_millis(20)),
        // One after the other.
        false => (100, Duration::ZERO),
    };
    let (server, door) = desk(check_ins);
    let bare = bare_statements(&server, check_ins);
    let base = server.url("");
    let begin = Instant::now();
    let took = together(SCANNERS, |scanner| {
        let client = Client::of(&base);
        let turns = (0_u32..).zip(0..check_ins);
        let mut took = Vec::new();
        for (turn, ticket) in turns.skip(scanner).step_by(SCANNERS) {
            // Whoever is kept waiting by the one before waits from when their turn was.
            let due = begin + every * turn;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let since = if every.is_zero() { Instant::now() } else { due };
            let told = door.scan(&client, scanner, ticket);
            took.push(since.elapsed());
            assert!(told.expect("an answer that tells").let_in);
        }
        took
    });
    let mut times = Times::default();
    for took in took.into_iter().flatten() {
        times.add(took);
    }
    println!(
        "desk on SQLite: {} check-ins over HTTP, {} ms apart: {times}; a bare statement on that disk: {bare}",
        times.count(),
        every.as_millis()
    );
    assert_eq!(times.count(), check_ins);
    if full() {
        let p99 = times.within(99);
        assert!(p99 <= Duration::from_millis(50), "{p99:?}");
    }
}

/// How long statements take that add a row and are on the disk, one after the other, in a database beside the server's.
fn bare_statements(server: &Server, count: usize) -> Times {
    let file = server.folder().join("bare.db");
    let url = format!("sqlite:{}?mode=rwc", file.display());
    let mut times = Times::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
        for statement in [
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE bare (number INTEGER PRIMARY KEY, what BLOB NOT NULL)",
        ] {
            sqlx::query(statement).execute(&mut conn).await.unwrap();
        }
        for _ in 0..count {
            let begin = Instant::now();
            let added = sqlx::query("INSERT INTO bare (what) VALUES ($1)").bind(&[7_u8; 200][..]);
            added.execute(&mut conn).await.unwrap();
            times.add(begin.elapsed());
        }
        conn.close().await.unwrap();
    });
    times
}
