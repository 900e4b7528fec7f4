//! What one node changes or deletes of a stored code, the next open at every other sees; and at most so many open.

use std::sync::atomic::AtomicBool;

use serde_json::json;

use crate::clients::together;
use crate::full;
use crate::mint::stored;
use crate::races::{compare_with_receipts, race, wanted_of};
use crate::site::Site;

#[test]
fn what_one_node_replaces_or_deletes_the_next_open_at_another_sees() {
    let (codes, at_once) = match full() {
        true => (2_000, 20),
        false => (60, 6),
    };
    let site = Site::start(&[]);
    let seen: usize = together(at_once, |number| {
        let nodes = [0, 1, 2].map(|node| site.at_node(node));
        let mine = (number..codes).step_by(at_once);
        mine.map(|turn| {
            let [here, there, elsewhere] = [0, 1, 2].map(|place| &nodes[(turn + place) % 3]);
            let body = json!({"payload": turn, "storage": "stored"});
            let issued = here.post("/api/tokens", &body).unwrap();
            assert_eq!(issued.status, 201, "{issued:?}");
            let issued = issued.json();
            let link = issued["link"].as_str().unwrap();
            let page = format!("/{}", link.rsplit('/').next().unwrap());
            let path = format!("/api/tokens/{}", issued["id"].as_str().unwrap());
            assert_eq!(there.get(&page).unwrap().json(), json!(turn));
            let next = json!({"token": issued["token"], "payload": "replaced"});
            let replaced = there.put(&format!("{path}/payload"), &next).unwrap();
            assert_eq!(replaced.status, 200, "{replaced:?}");
            for node in [here, elsewhere] {
                assert_eq!(node.get(&page).unwrap().json(), json!("replaced"));
            }
            let deleted = elsewhere.delete(&path).unwrap();
            assert_eq!(deleted.status, 204, "{deleted:?}");
            for node in [here, there] {
                let reply = node.get(&page).unwrap();
                assert_eq!(
                    (reply.status, reply.code().as_str()),
                    (410, "token_revoked")
                );
            }
        })
        .count()
    })
    .iter()
    .sum();
    println!(
        "stored on three nodes: {seen} codes replaced at one and deleted at another; the next look at each other node saw it"
    );
}

#[test]
fn of_many_clients_of_three_nodes_exactly_as_many_open_a_stored_code_as_may() {
    let (single, seven) = match full() {
        true => (5_000, 500),
        false => (100, 10),
    };
    let site = Site::start(&[]);
    let base = site.nodes[0].url("");
    let codes = |count, may| stored(&base, &site.key, count, &json!({"max_opens": may}));
    let mut wanted = wanted_of(codes(single, 1), 1, 4);
    wanted.extend(wanted_of(codes(seven, 7), 7, 16));
    race(&site.balancer, &wanted, &AtomicBool::new(false));
    let compared = compare_with_receipts(&site, &wanted, |answered, opens| answered <= opens);
    println!(
        "stored on three nodes: {single} single-use and {seven} max-7 codes opened as often as they may; the ledger has all \
         opens of {compared}"
    );
    for wanted in &wanted {
        assert_eq!(wanted.opens(), wanted.may());
    }
}
