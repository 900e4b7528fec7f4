//! Quotas of a UTC day.

use qrseal::store::{QuotaOutcome, QuotaTake};

use crate::actors::{DAY, HOUR, START, at, together, wait};
use crate::backends::Fresh;

pub fn a_day_has_its_requests_and_bytes_and_not_one_more(fresh: &Fresh) {
    let asked = |requests, bytes| QuotaTake {
        requests_per_day: Some(requests),
        bytes_per_day: Some(bytes),
        bytes: 100,
        ..take(1, 23 * HOUR)
    };
    assert_eq!(taken(fresh, asked(3, 250)), counted(1, 100));
    assert_eq!(taken(fresh, asked(3, 250)), counted(2, 200));
    assert_eq!(taken(fresh, asked(3, 250)), spent(false, HOUR));
    assert_eq!(taken(fresh, asked(3, 300)), counted(3, 300));
    assert_eq!(taken(fresh, asked(3, 10_000)), spent(true, HOUR));
    let without = QuotaTake {
        requests_per_day: None,
        bytes_per_day: None,
        ..asked(0, 0)
    };
    assert_eq!(taken(fresh, without), counted(4, 400));
    // The first of a day is refused by the same rule.
    let too_large = QuotaTake {
        subject: vec![9],
        ..asked(3, 99)
    };
    assert_eq!(taken(fresh, too_large), spent(false, HOUR));
}

pub fn the_next_day_begins_anew_and_each_subject_has_its_own(fresh: &Fresh) {
    assert_eq!(taken(fresh, take(1, 0)), counted(1, 1));
    assert_eq!(taken(fresh, take(1, DAY - 1)), spent(true, 1));
    assert_eq!(taken(fresh, take(2, DAY - 1)), counted(1, 1));
    assert_eq!(taken(fresh, take(1, DAY)), counted(1, 1));
    assert_eq!(taken(fresh, take(1, DAY)), spent(true, DAY));
}

pub fn of_many_at_the_same_time_exactly_as_many_count_as_the_day_has(fresh: &Fresh) {
    let another = fresh.another();
    let outcomes = together(&fresh.store, &another, |store, _| {
        let asked = QuotaTake {
            requests_per_day: Some(7),
            ..take(1, 0)
        };
        wait(store.take_quota(asked)).unwrap()
    });
    let counted = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, QuotaOutcome::Taken { .. }));
    assert_eq!(counted.count(), 7);
}

pub fn what_days_before_yesterday_saw_is_purged(fresh: &Fresh) {
    taken(fresh, take(1, 0));
    wait(fresh.store.purge(at(2 * DAY - 1))).unwrap();
    // A clock that is a little behind still finds its day.
    assert_eq!(taken(fresh, take(1, 0)), spent(true, DAY));
    wait(fresh.store.purge(at(2 * DAY))).unwrap();
    assert_eq!(taken(fresh, take(1, 0)), counted(1, 1));
}

/// A request of one byte against a quota of one request a day.
fn take(subject: u8, secs: u64) -> QuotaTake {
    assert_eq!(START.as_secs() % DAY, 0, "the start is the start of a day");
    QuotaTake {
        subject: vec![subject],
        requests_per_day: Some(1),
        bytes_per_day: None,
        bytes: 1,
        now: at(secs),
    }
}

fn taken(fresh: &Fresh, take: QuotaTake) -> QuotaOutcome {
    wait(fresh.store.take_quota(take)).unwrap()
}

fn counted(requests: u64, bytes: u64) -> QuotaOutcome {
    QuotaOutcome::Taken { requests, bytes }
}

fn spent(requests: bool, wait_secs: u64) -> QuotaOutcome {
    QuotaOutcome::Spent {
        requests,
        wait_secs,
    }
}
