//! How many durable writes a second the server does: of many clients together, and of one, whose writes are committed alone;
//! and how long one at a desk waits.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::clients::{Client, new_open_id, together};
use crate::fixture::Server;
use crate::full;
use crate::mint::{Code, Mint, TICKET};
use crate::times::Times;

/// How many clients write together.
const MANY: usize = 64;

#[test]
fn opens_of_many_clients_are_committed_together() {
    let codes = match full() {
        true => 60_000,
        false => 2_000,
    };
    let server = Server::start();
    let mut mint = Mint::of(&server.keyring());
    let [for_one, for_many] = [(); 2].map(|()| mint.limited(codes, 1));
    compare("opens", &server, |client, clients, turn| {
        let codes = match clients {
            1 => &for_one,
            _ => &for_many,
        };
        let reply = client.open(&codes.get(turn)?.digits).expect("an answer");
        assert_eq!(reply.status, 200, "{reply:?}");
        Some(())
    });
}

#[test]
fn stored_codes_of_many_clients_are_committed_together() {
    let server = Server::start();
    let body = json!({"payload": {"message": "see you at nine"}, "storage": "stored"});
    compare("stored codes", &server, |client, _, _| {
        let reply = client.post("/api/tokens", &body).expect("an answer");
        assert_eq!(reply.status, 201, "{reply:?}");
        Some(())
    });
}

#[test]
fn check_ins_of_many_scanners_are_committed_together() {
    let codes = match full() {
        true => 60_000,
        false => 2_000,
    };
    let (server, list) = desk();
    let [for_one, for_many] = two_of(tickets(&server, 2 * codes));
    compare("check-ins", &server, |client, clients, turn| {
        let codes = match clients {
            1 => &for_one,
            _ => &for_many,
        };
        check_in(client, &list, codes.get(turn)?);
        Some(())
    });
}

#[test]
fn at_fifty_a_second_a_check_in_is_answered_soon() {
    const SCANNERS: usize = 4;
    let (check_ins, every) = match full() {
        true => (3_000, Duration::from_millis(20)),
        // One after the other.
        false => (100, Duration::ZERO),
    };
    let (server, list) = desk();
    let tickets = tickets(&server, check_ins);
    let bare = bare_statements(&server, check_ins);
    let base = server.url("");
    let begin = Instant::now();
    let took = together(SCANNERS, |scanner| {
        let client = Client::of(&base);
        let mut took = Vec::new();
        for (turn, ticket) in (0_u32..).zip(&tickets).skip(scanner).step_by(SCANNERS) {
            // Whoever is kept waiting by the one before waits from when their turn was.
            let due = begin + every * turn;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let since = if every.is_zero() { Instant::now() } else { due };
            check_in(&client, &list, ticket);
            took.push(since.elapsed());
        }
        took
    });
    let mut times = Times::default();
    took.into_iter().flatten().for_each(|took| times.add(took));
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

/// A server, and a list that lets tickets in once.
fn desk() -> (Server, String) {
    let server = Server::start();
    let body = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
    let made = Client::of(&server.url(""))
        .post("/api/lists", &body)
        .expect("an answer");
    assert_eq!(made.status, 201, "{made:?}");
    let list = made.json()["id"].as_str().expect("an id").to_owned();
    (server, list)
}

fn tickets(server: &Server, count: usize) -> Vec<Code> {
    let mut mint = Mint::of(&server.keyring());
    (0..count).map(|_| mint.under(TICKET, "{}")).collect()
}

fn two_of(mut codes: Vec<Code>) -> [Vec<Code>; 2] {
    let second = codes.split_off(codes.len() / 2);
    [codes, second]
}

fn check_in(client: &Client, list: &str, ticket: &Code) {
    let asked: Value = json!({"list": list, "token": ticket.digits, "check_in_id": new_open_id()});
    let reply = client.post("/api/check-ins", &asked).expect("an answer");
    assert_eq!(reply.status, 201, "{reply:?}");
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

/// How often one client, and then many together, can `write`, which gets its number among all of them; `None` ends it early.
fn compare(
    what: &str,
    server: &Server,
    write: impl Fn(&Client, usize, usize) -> Option<()> + Sync,
) {
    let time = match full() {
        true => Duration::from_secs(10),
        false => Duration::from_millis(500),
    };
    let [alone, together] = [1, MANY].map(|clients| {
        let base = server.url("");
        let begin = Instant::now();
        let writes = together(clients, |number| {
            let client = Client::of(&base);
            let mut turns = (number..).step_by(clients);
            let mut writes = 0_u32;
            while begin.elapsed() < time
                && turns
                    .next()
                    .and_then(|turn| write(&client, clients, turn))
                    .is_some()
            {
                writes += 1;
            }
            writes
        });
        let rate = f64::from(writes.iter().sum::<u32>()) / begin.elapsed().as_secs_f64();
        println!("durable {what} over HTTP, {clients} clients: {rate:.0} a second");
        rate
    });
    println!(
        "durable {what} over HTTP: {:.1} times as many together",
        together / alone
    );
    assert!(together > alone, "{together} against {alone}");
}
