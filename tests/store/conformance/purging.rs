//! Purging, and the watermark that it leaves.

use qrseal::store::{LedgerToken, OpenOutcome, PinGate, Remembered, Revocation, Standing};

use super::requests::record;
use crate::actors::{
    DAY, HOUR, Now as _, START, at, attempt, counted, id, limited, noted, pin_try, repeated,
    revocation, wait,
};
use crate::backends::Fresh;

pub fn a_token_goes_an_hour_after_its_last_minute_and_not_before(fresh: &Fresh) {
    let token = limited(1, 1);
    fresh.store.open(attempt(token, 1, START));
    wait(fresh.store.spend_pin_try(pin_try(token, 1, START))).unwrap();
    let last_minute = DAY + 60;
    let early = wait(fresh.store.purge(at(last_minute + HOUR - 1))).unwrap();
    assert_eq!(early.tokens, 0);
    assert!(wait(fresh.store.receipt(token.id)).unwrap().is_some());
    let purged = wait(fresh.store.purge(at(last_minute + HOUR))).unwrap();
    assert_eq!((purged.tokens, purged.more), (1, false));
    assert_eq!(wait(fresh.store.receipt(token.id)), Ok(None));
}

pub fn what_was_purged_never_opens_again_whatever_the_clock_says(fresh: &Fresh) {
    let token = limited(1, 1);
    fresh.store.open(attempt(token, 1, START));
    wait(fresh.store.purge(at(10 * DAY))).unwrap();
    // The clock was wrong: it is set back.
    for number in [1, 2] {
        let token = limited(number, 1);
        assert_eq!(
            fresh.store.open(attempt(token, 2, at(5))),
            OpenOutcome::Purged
        );
        assert_eq!(wait(fresh.store.look(token, at(5))), Ok(Standing::Purged));
        let gate = wait(fresh.store.spend_pin_try(pin_try(token, 1, at(5))));
        assert_eq!(gate, Ok(PinGate::Purged));
    }
    let longer = LedgerToken {
        expires_at: at(DAY + 60),
        ..limited(3, 1)
    };
    assert_eq!(fresh.store.open(attempt(longer, 1, at(5))), counted(1));
    let nodes_learn = wait(fresh.store.revocations(<_>::default())).unwrap();
    assert_eq!(nodes_learn.purged_to, Some(at(DAY)));
    assert_eq!(wait(fresh.store.check()).unwrap().purged_to, Some(at(DAY)));
}

pub fn a_revocation_without_expiry_stays_for_ever(fresh: &Fresh) {
    wait(fresh.store.revoke(revocation(1, START), noted())).unwrap();
    let ending = Revocation {
        expires_at: Some(at(DAY)),
        ..revocation(2, START)
    };
    wait(fresh.store.revoke(ending, noted())).unwrap();
    let purged = wait(fresh.store.purge(at(3650 * DAY))).unwrap();
    assert_eq!((purged.tokens, purged.revocations), (0, 1));
    assert!(wait(fresh.store.receipt(id(1))).unwrap().is_some());
    assert_eq!(wait(fresh.store.receipt(id(2))), Ok(None));
}

pub fn a_purge_takes_a_bounded_number_and_says_that_there_is_more(fresh: &Fresh) {
    let all = 700;
    for number in 0..all {
        let token = LedgerToken {
            expires_at: at(DAY + number * 60),
            ..limited(number, 1)
        };
        fresh.store.open(attempt(token, 1, START));
    }
    let first = wait(fresh.store.purge(at(30 * DAY))).unwrap();
    assert!(first.more && first.tokens < all, "{first:?}");
    // Those that ended first go first: the watermark is never ahead of a row that is left.
    let gone = wait(fresh.store.check()).unwrap().purged_to.unwrap();
    assert_eq!(gone, at(DAY + (first.tokens - 1) * 60));
    let rest = wait(fresh.store.purge(at(30 * DAY))).unwrap();
    assert_eq!((first.tokens + rest.tokens, rest.more), (all, false));
}

pub fn idempotency_records_go_after_a_day(fresh: &Fresh) {
    wait(fresh.store.remember_request(record(1, 0))).unwrap();
    assert_eq!(wait(fresh.store.purge(at(DAY))).unwrap().requests, 0);
    assert_eq!(wait(fresh.store.purge(at(DAY + 1))).unwrap().requests, 1);
    // Gone, not only old: the key is new even to a clock that was set back.
    assert!(wait(fresh.store.remember_request(record(2, 0))).unwrap() == Remembered::New);
}

pub fn erased_opens_go_when_they_can_no_longer_be_repeated(fresh: &Fresh) {
    let token = limited(1, 3);
    fresh.store.open(attempt(token, 1, START));
    wait(fresh.store.erase_opens(token.id, at(10), noted())).unwrap();
    wait(fresh.store.purge(at(120))).unwrap();
    assert_eq!(fresh.store.open(attempt(token, 1, at(120))), repeated(1));
    wait(fresh.store.purge(at(121))).unwrap();
    // Gone, not only hidden: even to a clock that was set back it is no repeat.
    assert_eq!(fresh.store.open(attempt(token, 1, at(120))), counted(2));
}
