//! Servers: what they say of themselves, and how they are forgotten.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use qrseal::keys::{self, KeyringFile, Step};
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

const DAY: u64 = 24 * 60 * 60;

/// A keyring that was made at 0 s.
fn keyring_in(folder: &tempfile::TempDir) -> KeyringFile {
    let file = KeyringFile::plain(folder.path().join("keyring.json"));
    keys::init(&file, &mut random, at(0)).unwrap();
    file
}

/// In place of random bytes: others each time.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a source of random bytes may fail"
)]
fn random(bytes: &mut [u8]) -> Result<(), Infallible> {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let next = LAST.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    for (byte, next) in bytes.iter_mut().zip(next.into_iter().cycle()) {
        *byte = next;
    }
    Ok(())
}

/// A step of a rotation every 90 days, by a server that reads the file just now.
fn step(fresh: &Fresh, file: &KeyringFile, days: u64) -> Result<Step, String> {
    let in_use = keys::load(file).unwrap();
    let (every, now) = (Duration::from_secs(90 * DAY), at(days * DAY));
    let stepped = keys::step(&*fresh.store, file, &in_use, every, random, now);
    wait(stepped).map_err(|hindrance| hindrance.to_string())
}

pub fn old_keys_are_rotated_when_every_server_has_the_new_one_and_then_not_again(fresh: &Fresh) {
    let folder = tempfile::tempdir().unwrap();
    let file = keyring_in(&folder);
    let before = keys::load(&file).unwrap();
    says(fresh, 1, "a:8080", &before.fingerprints(), 91 * DAY);
    assert_eq!(step(fresh, &file, 89), Ok(Step::NotDue));
    let Ok(Step::Added(slot)) = step(fresh, &file, 91) else {
        panic!("a key is added")
    };
    assert_eq!(u8::from(slot), 1);
    let named = step(fresh, &file, 91).unwrap_err();
    assert!(
        named.contains("slot 1 yet") && named.contains("a:8080"),
        "{named}"
    );
    let after = keys::load(&file).unwrap();
    says(fresh, 1, "a:8080", &after.fingerprints(), 91 * DAY);
    // The server that rotates must have read the key itself.
    let every = Duration::from_secs(90 * DAY);
    let by_old = keys::step(&*fresh.store, &file, &before, every, random, at(91 * DAY));
    let unread = wait(by_old).unwrap_err().to_string();
    assert!(unread.contains("has not read"), "{unread}");
    assert_eq!(step(fresh, &file, 91), Ok(Step::Promoted(slot)));
    // Also where the server has not read yet that the new key seals.
    let by_old = keys::step(&*fresh.store, &file, &after, every, random, at(91 * DAY));
    assert_eq!(wait(by_old).unwrap(), Step::NotDue);
    assert_eq!(keys::load(&file).unwrap().keys().len(), 2);
}

pub fn the_last_slots_are_left_for_rotations_that_cannot_wait(fresh: &Fresh) {
    let folder = tempfile::tempdir().unwrap();
    let file = keyring_in(&folder);
    for slot in 1..29 {
        let added = keys::add(&file, &mut random, at(0)).unwrap();
        assert_eq!(u8::from(added), slot);
        keys::promote(&file, &mut random, added).unwrap();
    }
    let refused = step(fresh, &file, 91).unwrap_err();
    assert!(refused.contains("only 3 of 32 slots are free"), "{refused}");
    assert_eq!(keys::load(&file).unwrap().keys().len(), 29);
}
