//! Receipts.

use qrseal::store::{LedgerToken, ReceiptQuery, ReceiptState};

use crate::actors::{
    DAY, HOUR, Now as _, START, at, attempt, everything, id, limited, noted, pin_try, revocation,
    wait,
};
use crate::backends::Fresh;

pub fn the_ledger_knows_nothing_of_a_token_it_never_met(fresh: &Fresh) {
    fresh.store.open(attempt(limited(1, 1), 1, START));
    assert_eq!(wait(fresh.store.receipt(id(2))), Ok(None));
    let entry = wait(fresh.store.receipt(id(1))).unwrap().unwrap();
    assert_eq!(entry.issued_at, Some(START));
    assert_eq!(entry.expires_at, Some(at(DAY)));
    assert_eq!(entry.max_opens, Some(1));
}

pub fn a_list_is_in_the_order_of_activity_and_goes_on_where_it_ended(fresh: &Fresh) {
    // Five tokens, three of them in the same second.
    for (number, secs) in [(1, 10), (2, 20), (3, 20), (4, 20), (5, 5)] {
        fresh.store.open(attempt(limited(number, 9), 1, at(secs)));
    }
    let mut query = ReceiptQuery {
        limit: 2,
        ..everything(at(30))
    };
    let mut seen = Vec::new();
    loop {
        let page = wait(fresh.store.receipts(query.clone())).unwrap();
        assert!(page.entries.len() <= 2);
        seen.extend(page.entries.iter().map(|entry| entry.id));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [id(4), id(3), id(2), id(1), id(5)]);
}

pub fn a_list_by_state_agrees_with_the_state_of_each_entry(fresh: &Fresh) {
    fresh.store.open(attempt(limited(1, 1), 1, START));
    fresh.store.open(attempt(limited(2, 2), 1, START));
    wait(fresh.store.revoke(revocation(3, START), noted())).unwrap();
    for from in 0..20 {
        wait(
            fresh
                .store
                .spend_pin_try(pin_try(limited(4, 1), from, START)),
        )
        .unwrap();
    }
    let short = LedgerToken {
        expires_at: at(HOUR),
        ..limited(5, 5)
    };
    fresh.store.open(attempt(short, 1, START));
    for now in [at(HOUR), at(HOUR + 59), at(HOUR + 60), at(2 * DAY)] {
        let all = wait(fresh.store.receipts(everything(now))).unwrap().entries;
        assert_eq!(all.len(), 5);
        for state in [
            ReceiptState::Revoked,
            ReceiptState::Expired,
            ReceiptState::UsedUp,
            ReceiptState::PinLocked,
            ReceiptState::Active,
        ] {
            let query = ReceiptQuery {
                state: Some(state),
                ..everything(now)
            };
            let listed = wait(fresh.store.receipts(query)).unwrap().entries;
            let expected: Vec<_> = all
                .iter()
                .filter(|entry| entry.state(now) == state)
                .cloned()
                .collect();
            assert_eq!(listed, expected, "{state:?} at {now:?}");
        }
    }
}

pub fn a_list_by_time_takes_the_first_second_and_leaves_the_last(fresh: &Fresh) {
    for number in 1..=5 {
        fresh.store.open(attempt(limited(number, 9), 1, at(number)));
    }
    let query = ReceiptQuery {
        since: Some(at(2)),
        until: Some(at(4)),
        ..everything(at(9))
    };
    let page = wait(fresh.store.receipts(query)).unwrap();
    let ids: Vec<_> = page.entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [id(3), id(2)]);
    assert_eq!(page.next, None);
}
