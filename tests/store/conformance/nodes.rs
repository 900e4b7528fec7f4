//! Servers: what they say of themselves, and how they are forgotten.

use qrseal::store::{NODE_FORGOTTEN_SECS, NODE_SILENT_SECS, NodeReport};

use crate::actors::{at, wait};
use crate::backends::Fresh;

fn says(fresh: &Fresh, id: u8, name: &str, opens_with: &[u8], secs: u64) {
    let report = NodeReport {
        id: [id; 12],
        name: name.to_owned(),
        opens_with: opens_with.to_vec(),
        now: at(secs),
    };
    wait(fresh.store.report_node(report)).unwrap();
}

/// Name, fingerprints, and for how long nothing was heard.
fn known(fresh: &Fresh, secs: u64) -> Vec<(String, Vec<u8>, u64)> {
    let nodes = wait(fresh.store.nodes(at(secs))).unwrap();
    nodes
        .into_iter()
        .map(|node| (node.name, node.opens_with, node.silent_secs))
        .collect()
}

pub fn a_server_is_known_by_what_it_said_last_until_it_says_that_it_ends(fresh: &Fresh) {
    assert_eq!(known(fresh, 0), []);
    says(fresh, 1, "b:8080", &[1], 0);
    says(fresh, 2, "a:8080", &[1], 5);
    says(fresh, 1, "b:8080", &[1, 2], 10);
    let (a, b) = ("a:8080".to_owned(), "b:8080".to_owned());
    let expected = [(a.clone(), vec![1], 7), (b, vec![1, 2], 2)];
    assert_eq!(known(fresh, 12), expected);
    wait(fresh.store.forget_node([1; 12])).unwrap();
    wait(fresh.store.forget_node([9; 12])).unwrap();
    assert_eq!(known(fresh, 12), [(a, vec![1], 7)]);
}

pub fn a_server_that_says_nothing_is_remembered_for_a_day_or_until_its_successor_speaks(
    fresh: &Fresh,
) {
    says(fresh, 1, "a:8080", &[1], 0);
    says(fresh, 2, "b:8080", &[1], 0);
    // Two that have one name and both speak are two.
    says(fresh, 3, "a:8080", &[2], NODE_SILENT_SECS);
    assert_eq!(known(fresh, NODE_SILENT_SECS).len(), 3);
    says(fresh, 3, "a:8080", &[2], NODE_SILENT_SECS + 1);
    let names =
        |secs| -> Vec<String> { known(fresh, secs).into_iter().map(|node| node.0).collect() };
    assert_eq!(names(NODE_SILENT_SECS + 1), ["a:8080", "b:8080"]);
    says(fresh, 3, "a:8080", &[2], NODE_FORGOTTEN_SECS);
    assert_eq!(names(NODE_FORGOTTEN_SECS), ["a:8080", "b:8080"]);
    says(fresh, 3, "a:8080", &[2], NODE_FORGOTTEN_SECS + 1);
    assert_eq!(names(NODE_FORGOTTEN_SECS + 1), ["a:8080"]);
}
