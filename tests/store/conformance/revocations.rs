//! Revocations.

use qrseal::store::{OpenOutcome, Revocation, RevocationCursor};

use crate::actors::{
    DAY, HOUR, Now as _, START, at, attempt, counted, limited, noted, revocation, wait,
};
use crate::backends::Fresh;

pub fn a_revoked_token_does_not_open_though_opens_are_left(fresh: &Fresh) {
    let token = limited(1, 5);
    assert_eq!(fresh.store.open(attempt(token, 1, START)), counted(1));
    let revoked = wait(fresh.store.revoke(revocation(1, at(1)), noted())).unwrap();
    assert_eq!(
        fresh.store.open(attempt(token, 2, at(2))),
        OpenOutcome::Revoked(revoked.clone())
    );
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!((entry.opens, entry.revoked), (1, Some(revoked)));
}

pub fn the_first_revocation_stays_and_is_answered(fresh: &Fresh) {
    let first = wait(fresh.store.revoke(revocation(1, at(1)), noted())).unwrap();
    assert_eq!(first, revocation(1, at(1)));
    let second = Revocation {
        reason: None,
        by_holder: true,
        ..revocation(1, at(2))
    };
    assert_eq!(wait(fresh.store.revoke(second, noted())), Ok(first.clone()));
    // One without a reason does not get a later one's.
    let silent = Revocation {
        reason: None,
        ..revocation(2, at(3))
    };
    wait(fresh.store.revoke(silent.clone(), noted())).unwrap();
    assert_eq!(
        wait(fresh.store.revoke(revocation(2, at(4)), noted())),
        Ok(silent)
    );
}

pub fn a_node_reads_each_revocation_once_in_the_order_of_commits(fresh: &Fresh) {
    let another = fresh.another();
    let read = |cursor| wait(another.revocations(cursor)).unwrap();
    let nothing = read(RevocationCursor::default());
    assert!(nothing.revocations.is_empty() && !nothing.more);
    for number in [3, 1, 2] {
        wait(fresh.store.revoke(revocation(number, at(number)), noted())).unwrap();
    }
    let three = read(nothing.cursor);
    let ids: Vec<_> = three.revocations.iter().map(|one| one.at).collect();
    assert_eq!(ids, [at(3), at(1), at(2)]);
    // Again: it is no new revocation.
    wait(fresh.store.revoke(revocation(3, at(9)), noted())).unwrap();
    wait(fresh.store.revoke(revocation(4, at(4)), noted())).unwrap();
    let one = read(three.cursor);
    assert_eq!(one.revocations, [revocation(4, at(4))]);
    assert!(read(one.cursor).revocations.is_empty());
}

pub fn more_revocations_than_fit_come_in_several_readings(fresh: &Fresh) {
    let all = 2500;
    wait(async {
        for number in 0..all {
            fresh
                .store
                .revoke(revocation(number, START), noted())
                .await
                .unwrap();
        }
    });
    let mut cursor = RevocationCursor::default();
    let mut seen = 0;
    loop {
        let batch = wait(fresh.store.revocations(cursor)).unwrap();
        seen += batch.revocations.len();
        cursor = batch.cursor;
        if !batch.more {
            break;
        }
        assert!(!batch.revocations.is_empty());
    }
    assert_eq!(u64::try_from(seen), Ok(all));
}

pub fn showing_the_token_later_tells_when_the_row_can_go(fresh: &Fresh) {
    wait(fresh.store.revoke(revocation(1, at(1)), noted())).unwrap();
    let shown = Revocation {
        expires_at: Some(at(HOUR)),
        ..revocation(1, at(2))
    };
    let answer = wait(fresh.store.revoke(shown, noted())).unwrap();
    assert_eq!((answer.at, answer.expires_at), (at(1), Some(at(HOUR))));
    assert_eq!(wait(fresh.store.purge(at(DAY))).unwrap().revocations, 1);
}
