//! Wrong PINs at all nodes at once.

use std::sync::Barrier;

use serde_json::json;

use crate::clients::{new_open_id, together};
use crate::full;
use crate::site::Site;

#[test]
fn of_many_wrong_pins_at_three_nodes_at_once_exactly_five_are_looked_at() {
    let (runs, clients) = match full() {
        true => (5, 200),
        false => (1, 60),
    };
    let site = Site::start(&[]);
    let mut mint = site.mint();
    for run in 1..=runs {
        let code = mint.with_pin(3);
        let path = format!("/{}", code.digits);
        let barrier = Barrier::new(clients);
        let told = together(clients, |_| {
            let client = site.client();
            barrier.wait();
            let reply = client
                .post(&path, &json!({"open_id": new_open_id(), "pin": "508173"}))
                .expect("an answer");
            match (reply.status, reply.code().as_str()) {
                (403, "pin_incorrect") => {}
                // Locked, or more wait for the memory that a PIN takes than may: then no try was spent.
                (429, "pin_locked") | (503, "temporarily_unavailable") => {
                    assert!(reply.retry_after.is_some(), "{reply:?}");
                }
                _ => panic!("{reply:?}"),
            }
            reply.code()
        });
        let count = |code| told.iter().filter(|told| *told == code).count();
        println!(
            "pins at three nodes, run {run}: of {clients} wrong PINs at once {} were looked at, {} met the lock, {} a full queue",
            count("pin_incorrect"),
            count("pin_locked"),
            count("temporarily_unavailable")
        );
        assert_eq!(count("pin_incorrect"), 5);
    }
}
