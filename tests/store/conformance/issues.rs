//! What idempotency keys issued.

use qrseal::store::{IssueRecord, Remembered};

use crate::actors::{DAY, START, at, wait};
use crate::backends::Fresh;

pub fn a_key_used_again_within_a_day_answers_the_first_record(fresh: &Fresh) {
    assert!(wait(fresh.store.remember_issue(record(1, 0))).unwrap() == Remembered::New);
    assert!(wait(fresh.store.remember_issue(record(2, DAY))).unwrap() == before(1));
    let other = IssueRecord {
        key_hash: [8; 32],
        ..record(3, 0)
    };
    assert!(wait(fresh.store.remember_issue(other)).unwrap() == Remembered::New);
}

pub fn what_a_key_issued_can_be_asked_for_a_day(fresh: &Fresh) {
    let issued = |secs| wait(fresh.store.issue_of([7; 32], at(secs))).unwrap();
    assert!(issued(0) == Remembered::New);
    wait(fresh.store.remember_issue(record(1, 0))).unwrap();
    assert!(issued(DAY) == before(1));
    assert!(issued(DAY + 1) == Remembered::New);
}

pub fn a_key_is_new_again_after_a_day(fresh: &Fresh) {
    assert!(wait(fresh.store.remember_issue(record(1, 0))).unwrap() == Remembered::New);
    assert!(wait(fresh.store.remember_issue(record(2, DAY + 1))).unwrap() == Remembered::New);
    assert!(wait(fresh.store.remember_issue(record(3, DAY + 2))).unwrap() == before(2));
}

/// The record of a key, with a digest and a token by which it is recognised.
pub fn record(mark: u8, secs: u64) -> IssueRecord {
    IssueRecord {
        key_hash: [7; 32],
        digest: [mark; 32],
        token: vec![mark; 40],
        now: at(secs),
    }
}

fn before(mark: u8) -> Remembered {
    let IssueRecord {
        digest, token, now, ..
    } = record(mark, 0);
    assert_eq!(now, START);
    Remembered::Before { digest, token }
}
