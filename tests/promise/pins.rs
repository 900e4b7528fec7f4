//! Wrong PINs: many at once, and a death between the try and its answer.

use std::sync::Barrier;

use serde_json::json;

use crate::clients::{Client, Reply, new_open_id, together};
use crate::fixture::{Server, eventually};
use crate::full;
use crate::mint::{Code, Mint, PIN};

const WRONG: &str = "508173";

#[test]
fn of_many_wrong_pins_at_once_exactly_five_are_looked_at() {
    let (runs, clients) = match full() {
        true => (5, 200),
        false => (1, 60),
    };
    let server = Server::start();
    let mut mint = Mint::of(&server.keyring());
    for run in 1..=runs {
        let code = mint.with_pin(3);
        let base = server.url("");
        let barrier = Barrier::new(clients);
        let told = together(clients, |_| {
            let client = Client::of(&base);
            barrier.wait();
            let reply = try_pin(&client, &code, WRONG).expect("the server answers");
            let code = reply.code();
            match (reply.status, code.as_str()) {
                (403, "pin_incorrect") => {}
                // Locked, or more wait for the memory that a PIN takes than may: then no try was spent.
                (429, "pin_locked") | (503, "temporarily_unavailable") => {
                    assert!(reply.retry_after.is_some(), "{reply:?}");
                }
                _ => panic!("{reply:?}"),
            }
            code
        });
        let count = |code| told.iter().filter(|told| *told == code).count();
        let evaluated = count("pin_incorrect");
        println!(
            "pins, run {run}: of {clients} wrong PINs at once {evaluated} were looked at, {} met the lock, {} a full queue",
            count("pin_locked"),
            count("temporarily_unavailable")
        );
        assert_eq!(evaluated, 5);
        let right = try_pin(&Client::of(&base), &code, PIN).unwrap();
        assert_eq!(right.code(), "pin_locked", "the right one waits too");
    }
}

#[test]
fn a_death_between_the_try_and_its_answer_gives_no_try_back() {
    let mut server = Server::start();
    let mut mint = Mint::of(&server.keyring());
    let code = mint.with_pin(3);
    let mut unanswered = 0;
    for tries in 1..=5 {
        let base = server.url("");
        std::thread::scope(|scope| {
            let try_one = scope.spawn(|| try_pin(&Client::of(&base), &code, WRONG));
            // The PIN is looked at for tens of milliseconds after its try was spent: time enough to see that and to kill.
            eventually("the try is spent", || {
                let receipt = Client::of(&base).get(&format!("/api/tokens/{}", code.id))?;
                (receipt.status == 200 && receipt.json()["pin_tries"] == tries).then_some(())
            });
            server.kill();
            unanswered += usize::from(try_one.join().unwrap().is_none());
        });
        server.start_again();
    }
    println!(
        "pins: killed after each of 5 tries, {unanswered} of them before the answer; none was given back"
    );
    assert!(unanswered > 0, "no kill came between a try and its answer");
    let sixth = try_pin(&Client::of(&server.url("")), &code, PIN).unwrap();
    assert_eq!(sixth.code(), "pin_locked", "{sixth:?}");
}

fn try_pin(client: &Client, code: &Code, pin: &str) -> Option<Reply> {
    let body = json!({"open_id": new_open_id(), "pin": pin});
    client.post(&format!("/{}", code.digits), &body)
}
