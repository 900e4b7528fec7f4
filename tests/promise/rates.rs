//! How many durable opens a second the server does: of many clients together, and of one, whose opens are committed alone.

use std::time::{Duration, Instant};

use crate::clients::{Client, together};
use crate::fixture::Server;
use crate::full;
use crate::mint::Mint;

#[test]
fn opens_of_many_clients_are_committed_together() {
    let (codes, time) = match full() {
        true => (60_000, Duration::from_secs(10)),
        false => (2_000, Duration::from_millis(500)),
    };
    let server = Server::start();
    let mut mint = Mint::of(&server.keyring());
    let mut rates = [0.0; 2];
    for (rate, clients) in rates.iter_mut().zip([1, 64]) {
        let codes = mint.limited(codes, 1);
        let base = server.url("");
        let begin = Instant::now();
        let opens = together(clients, |number| {
            let client = Client::of(&base);
            let mut opens = 0_u32;
            for code in codes.iter().skip(number).step_by(clients) {
                if begin.elapsed() > time {
                    break;
                }
                let reply = client.open(&code.digits).expect("the server answers");
                assert_eq!(reply.status, 200, "{reply:?}");
                opens += 1;
            }
            opens
        });
        *rate = f64::from(opens.iter().sum::<u32>()) / begin.elapsed().as_secs_f64();
        println!("durable opens over HTTP, {clients} clients: {rate:.0} a second");
    }
    let [alone, together] = rates;
    println!(
        "durable opens over HTTP: {:.1} times as many together",
        together / alone
    );
    assert!(together > alone, "{together} against {alone}");
}
