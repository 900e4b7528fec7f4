//! What requests made that may be sent again.

use qrseal::store::{Made, Remembered, RequestKind, RequestRecord};

use crate::actors::{DAY, at, wait};
use crate::backends::Fresh;

pub fn a_key_used_again_within_a_day_answers_what_it_made_first(fresh: &Fresh) {
    assert!(wait(fresh.store.remember_request(record(1, 0))).unwrap() == Remembered::New);
    assert!(wait(fresh.store.remember_request(record(2, DAY))).unwrap() == before(1));
    let other = RequestRecord {
        key_hash: [8; 32],
        ..record(3, 0)
    };
    assert!(wait(fresh.store.remember_request(other)).unwrap() == Remembered::New);
}

pub fn what_a_key_made_can_be_asked_for_a_day(fresh: &Fresh) {
    let issued = |secs| wait(fresh.store.request_of([7; 32], at(secs))).unwrap();
    assert!(issued(0) == Remembered::New);
    wait(fresh.store.remember_request(record(1, 0))).unwrap();
    assert!(issued(DAY) == before(1));
    assert!(issued(DAY + 1) == Remembered::New);
}

pub fn a_key_is_new_again_after_a_day(fresh: &Fresh) {
    assert!(wait(fresh.store.remember_request(record(1, 0))).unwrap() == Remembered::New);
    assert!(wait(fresh.store.remember_request(record(2, DAY + 1))).unwrap() == Remembered::New);
    assert!(wait(fresh.store.remember_request(record(3, DAY + 2))).unwrap() == before(2));
}

pub fn what_a_request_made_keeps_its_kind(fresh: &Fresh) {
    let mut of_link = record(1, 0);
    of_link.made.kind = RequestKind::Link;
    wait(fresh.store.remember_request(of_link.clone())).unwrap();
    let before = Remembered::Before(of_link.made);
    assert!(wait(fresh.store.request_of([7; 32], at(1))).unwrap() == before);
    assert!(wait(fresh.store.remember_request(record(2, 2))).unwrap() == before);
}

/// The record of a key, with a digest and a token by which it is recognised.
pub fn record(mark: u8, secs: u64) -> RequestRecord {
    RequestRecord {
        key_hash: [7; 32],
        made: Made {
            digest: [mark; 32],
            kind: RequestKind::Token,
            which: vec![mark; 40],
        },
        now: at(secs),
    }
}

fn before(mark: u8) -> Remembered {
    Remembered::Before(record(mark, 0).made)
}
