//! Many clients want the same codes at the same time: exactly as many opens as were promised.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::json;

use crate::clients::{Client, together};
use crate::fixture::Server;
use crate::full;
use crate::mint::{Code, Mint, stored};

const CLIENTS: usize = 64;

#[test]
fn of_many_clients_exactly_as_many_open_as_may() {
    let (single, seven, runs) = match full() {
        true => (10_000, 1_000, 5),
        false => (200, 20, 1),
    };
    let server = Server::start();
    let mut mint = Mint::of(&server.keyring());
    let (base, mut kinds) = (server.url(""), ["sealed", "stored"].into_iter().cycle());
    for run in 1..=2 * runs {
        let kind = kinds.next().unwrap();
        let mut codes = |count, max_opens: u32| match kind {
            "sealed" => mint.limited(count, max_opens),
            _ => stored(&base, "", count, &json!({"max_opens": max_opens})),
        };
        let (single_use, for_seven) = (codes(single, 1), codes(seven, 7));
        let begin = Instant::now();
        // Four clients for each single-use code, and sixteen for each of the others, close to each other.
        let opens = race(&server, &single_use, 4) + race(&server, &for_seven, 16);
        println!(
            "races, run {run}: {CLIENTS} clients, {single} single-use and {seven} max-7 {kind} codes, {} requests in {:.1} s: \
             {opens} opens",
            single * 4 + seven * 16,
            begin.elapsed().as_secs_f64()
        );
        for (codes, most) in [(&single_use, 1), (&for_seven, 7)] {
            let client = Client::of(&server.url(""));
            for code in codes.iter().step_by(97) {
                let receipt = client.get(&format!("/api/tokens/{}", code.id)).unwrap();
                assert_eq!(receipt.json()["opens"], most, "{}", receipt.body);
            }
        }
    }
}

/// Lets so many clients want each code; how many opens there were. Every code must be opened as often as it may: `wanted` is
/// more than that.
fn race(server: &Server, codes: &[Code], wanted: usize) -> usize {
    let next = AtomicUsize::new(0);
    let opened: Mutex<HashMap<&str, usize>> = Mutex::default();
    let base = server.url("");
    let refused = together(CLIENTS, |_| {
        let client = Client::of(&base);
        let mut refused = 0;
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(code) = codes.get(turn / wanted) else {
                return refused;
            };
            let reply = client.open(&code.digits).expect("the server answers");
            match reply.status {
                200 => *opened.lock().unwrap().entry(&code.digits).or_default() += 1,
                410 => {
                    assert_eq!(reply.code(), "token_used_up");
                    refused += 1;
                }
                _ => panic!("{reply:?}"),
            }
        }
    });
    let opened = opened.into_inner().unwrap();
    assert_eq!(opened.len(), codes.len(), "every code opened");
    let most = match wanted {
        4 => 1,
        _ => 7,
    };
    for (digits, opens) in &opened {
        assert_eq!(*opens, most, "{digits}");
    }
    let opens = opened.values().sum::<usize>();
    assert_eq!(opens + refused.iter().sum::<usize>(), codes.len() * wanted);
    opens
}
