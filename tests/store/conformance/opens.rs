//! Counting opens.

use qrseal::store::{Erased, LedgerEntry, OpenOutcome, Standing};

use crate::actors::{
    HOUR, Now as _, START, at, attempt, counted, id, limited, noted, repeated, revocation,
    together, wait, with_pin,
};
use crate::backends::Fresh;

pub fn a_token_opens_as_often_as_it_may_and_not_once_more(fresh: &Fresh) {
    let token = limited(1, 3);
    for open in 1..=3 {
        assert_eq!(
            fresh.store.open(attempt(token, open, at(open))),
            counted(open)
        );
    }
    let used_up = OpenOutcome::UsedUp {
        last_opened_at: Some(at(3)),
    };
    assert_eq!(fresh.store.open(attempt(token, 4, at(4))), used_up);
    assert_eq!(fresh.store.open(attempt(token, 4, at(HOUR))), used_up);
}

pub fn the_same_open_id_is_a_repeat_for_two_minutes_and_then_another_open(fresh: &Fresh) {
    let token = limited(1, 3);
    assert_eq!(fresh.store.open(attempt(token, 7, START)), counted(1));
    assert_eq!(fresh.store.open(attempt(token, 7, at(120))), repeated(1));
    assert_eq!(fresh.store.open(attempt(token, 7, at(121))), counted(2));
    assert_eq!(fresh.store.open(attempt(token, 7, at(240))), repeated(2));
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!(
        entry.opens_listed.len(),
        2,
        "both opens stay in the receipt"
    );
}

pub fn a_repeat_is_answered_though_the_token_is_used_up(fresh: &Fresh) {
    let token = limited(1, 1);
    assert_eq!(fresh.store.open(attempt(token, 1, START)), counted(1));
    assert_eq!(fresh.store.open(attempt(token, 1, at(60))), repeated(1));
    // A repeat does not begin two new minutes.
    assert!(matches!(
        fresh.store.open(attempt(token, 1, at(121))),
        OpenOutcome::UsedUp { .. }
    ));
}

pub fn a_repeat_does_not_outlive_a_revocation(fresh: &Fresh) {
    let token = limited(1, 2);
    assert_eq!(fresh.store.open(attempt(token, 1, START)), counted(1));
    wait(fresh.store.revoke(revocation(1, at(1)), noted())).unwrap();
    assert!(matches!(
        fresh.store.open(attempt(token, 1, at(2))),
        OpenOutcome::Revoked(_)
    ));
}

pub fn a_clock_set_back_does_not_make_an_open_repeatable_for_longer(fresh: &Fresh) {
    let token = limited(1, 1);
    assert_eq!(fresh.store.open(attempt(token, 1, at(HOUR))), counted(1));
    assert_eq!(
        fresh.store.open(attempt(token, 1, at(HOUR - 120))),
        repeated(1)
    );
    assert!(matches!(
        fresh.store.open(attempt(token, 1, at(HOUR - 121))),
        OpenOutcome::UsedUp { .. }
    ));
}

pub fn looking_changes_nothing(fresh: &Fresh) {
    let token = limited(1, 2);
    let look = || wait(fresh.store.look(token, START)).unwrap();
    assert_eq!(look(), Standing::Open { opens: 0 });
    assert_eq!(wait(fresh.store.receipt(token.id)), Ok(None));
    fresh.store.open(attempt(token, 1, at(5)));
    assert_eq!(look(), Standing::Open { opens: 1 });
    fresh.store.open(attempt(token, 2, at(6)));
    let used_up = Standing::UsedUp {
        last_opened_at: Some(at(6)),
    };
    assert_eq!(look(), used_up);
    let revoked = wait(fresh.store.revoke(revocation(1, at(7)), noted())).unwrap();
    assert_eq!(look(), Standing::Revoked(revoked));
}

pub fn a_token_that_only_has_a_pin_opens_without_end(fresh: &Fresh) {
    let token = with_pin(1);
    for open in 1..=40 {
        assert_eq!(fresh.store.open(attempt(token, open, START)), counted(open));
    }
}

pub fn of_many_at_the_same_time_exactly_as_many_count_as_may(fresh: &Fresh) {
    let another = fresh.another();
    let token = limited(1, 7);
    let opened = together(&fresh.store, &another, |store, client| {
        store.open(attempt(token, client, START))
    });
    let opens = opened
        .iter()
        .filter(|outcome| matches!(outcome, OpenOutcome::Counted(_)));
    assert_eq!(opens.count(), 7);
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!((entry.opens, entry.opens_listed.len()), (7, 7));
}

pub fn the_same_open_id_from_many_at_the_same_time_counts_once(fresh: &Fresh) {
    let another = fresh.another();
    let token = limited(1, 7);
    let opened = together(&fresh.store, &another, |store, _| {
        store.open(attempt(token, 1, START))
    });
    let first = opened.iter().filter(|outcome| **outcome == counted(1));
    assert_eq!(first.count(), 1);
    let repeats = opened.iter().filter(|outcome| **outcome == repeated(1));
    assert_eq!(repeats.count(), opened.len() - 1);
}

pub fn a_receipt_lists_the_latest_hundred_opens(fresh: &Fresh) {
    let token = with_pin(1);
    for open in 1..=160 {
        fresh.store.open(attempt(token, open, at(open * 10)));
    }
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!(entry.opens, 160);
    assert_eq!(entry.opens_listed.len(), LedgerEntry::MAX_OPENS_LISTED);
    assert_eq!(entry.opens_listed[0].at, at(1600));
    assert_eq!(entry.opens_listed[99].at, at(610));
    assert_eq!(
        (entry.first_opened_at, entry.last_opened_at),
        (Some(at(10)), Some(at(1600)))
    );
}

pub fn erasing_forgets_when_but_not_how_often(fresh: &Fresh) {
    let token = limited(1, 3);
    fresh.store.open(attempt(token, 1, at(10)));
    fresh.store.open(attempt(token, 2, at(500)));
    assert_eq!(
        wait(fresh.store.erase_opens(token.id, at(600), noted())),
        Ok(Erased::Done)
    );
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!(entry.opens, 2);
    assert_eq!(entry.opens_listed, []);
    assert_eq!((entry.first_opened_at, entry.last_opened_at), (None, None));
    assert_eq!(entry.updated_at, at(600), "nor does the last activity tell");
    assert_eq!(fresh.store.open(attempt(token, 3, at(700))), counted(3));
    assert!(matches!(
        fresh.store.open(attempt(token, 4, at(700))),
        OpenOutcome::UsedUp { .. }
    ));
    assert_eq!(
        wait(fresh.store.erase_opens(id(2), at(600), noted())),
        Ok(Erased::Unknown)
    );
}

pub fn a_repeat_after_erasing_is_still_a_repeat(fresh: &Fresh) {
    let token = limited(1, 2);
    fresh.store.open(attempt(token, 1, at(10)));
    wait(fresh.store.erase_opens(token.id, at(20), noted())).unwrap();
    assert_eq!(fresh.store.open(attempt(token, 1, at(30))), repeated(1));
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!(entry.opens_listed, []);
}
