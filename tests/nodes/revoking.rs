//! What one node revokes, no other opens two seconds later.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::clients::together;
use crate::full;
use crate::site::Site;

#[test]
fn two_seconds_after_it_was_revoked_at_one_node_a_code_opens_at_no_other() {
    let (at_once, turns) = match full() {
        true => (20, 25),
        false => (20, 1),
    };
    let site = Site::start(&[]);
    let mut mint = site.mint();
    // Plain ones, whose opening asks no database, and limited ones.
    let codes: Vec<_> = (0..at_once * turns)
        .map(|number| match number % 4 {
            0 => mint.one(5),
            _ => mint.plain(),
        })
        .collect();
    let refused: usize = together(at_once, |number| {
        let nodes = [0, 1, 2].map(|node| site.at_node(node));
        let mine = codes.iter().enumerate().skip(number).step_by(at_once);
        mine.map(|(turn, code)| {
            let (revokes, others) = (turn % 3, [(turn + 1) % 3, (turn + 2) % 3]);
            for node in others {
                assert_eq!(nodes[node].open(&code.digits).unwrap().status, 200);
            }
            let path = format!("/api/tokens/{}/revoke", code.id);
            let revoked = nodes[revokes]
                .post(&path, &json!({"reason": "lost"}))
                .unwrap();
            assert_eq!(revoked.status, 200, "{revoked:?}");
            // The two seconds of the promise.
            thread::sleep(Duration::from_secs(2));
            for node in others {
                let reply = nodes[node].open(&code.digits).unwrap();
                assert_eq!(
                    (reply.status, reply.code().as_str()),
                    (410, "token_revoked")
                );
            }
            others.len()
        })
        .sum()
    })
    .iter()
    .sum();
    println!(
        "revoking: {} codes revoked at one node, opened at two others two seconds later: {refused} times refused, never opened",
        codes.len()
    );
}
