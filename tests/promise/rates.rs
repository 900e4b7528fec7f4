//! How many durable writes a second the server does: of many clients together, and of one, whose writes are committed alone.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::clients::{Client, together};
use crate::door::Door;
use crate::fixture::Server;
use crate::full;
use crate::mint::Mint;

/// How many clients write together.
const MANY: usize = 64;

#[test]
fn opens_of_many_clients_are_committed_together() {
    compare_opens("opens", &Server::start());
}

#[test]
fn opens_that_a_receiver_is_told_of_are_committed_together_too() {
    // Nobody is there: all of them wait.
    let server = Server::start_with(&[
        ("QRSEAL_EVENTS__TARGETS", "http://127.0.0.1:1/hook"),
        (
            "QRSEAL_EVENTS__SECRET",
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ),
        ("QRSEAL_EVENTS__OUTBOX", "10000000"),
    ]);
    compare_opens("opens with events", &server);
}

fn compare_opens(what: &str, server: &Server) {
    let codes = match full() {
        true => 60_000,
        false => 2_000,
    };
    let mut mint = Mint::of(&server.keyring());
    let [for_one, for_many] = [(); 2].map(|()| mint.limited(codes, 1));
    compare(what, server, |client, clients, turn| {
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
    let server = Server::start();
    let (issuer, mut mint) = (Client::of(&server.url("")), Mint::of(&server.keyring()));
    let [for_one, for_many] = [(); 2].map(|()| Door::of(&issuer, &mut mint, codes));
    compare("check-ins", &server, |client, clients, turn| {
        let door = match clients {
            1 => &for_one,
            _ => &for_many,
        };
        if turn >= codes {
            return None;
        }
        let told = door.scan(client, clients, turn);
        assert!(told.expect("an answer that tells").let_in);
        Some(())
    });
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
