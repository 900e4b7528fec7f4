//! A store as a backup holds it, and a store that is filled from one.

use qrseal::store::{
    self, AccountId, CheckIn, CheckInOutcome, CheckInToken, DumpPart, EntryRules, Filled,
    LedgerToken, Loading, OpenOutcome, PassQuery, Standing, Store, StoreError,
};
use qrseal::token::UnixTime;

use super::{filled, nowhere, why_refused};
use crate::actors::{DAY, START, at, attempt, counted, id, limited, noted, revocation, wait};
use crate::backends::sqlite_in_memory;
use crate::conformance::check_ins::{entry, exit, exits, shown};
use crate::conformance::lists::{add, list, new};

/// All that a dump hands on.
pub fn dumped(url: &str) -> Vec<DumpPart> {
    let mut parts = Vec::new();
    store::dump(url, |part| {
        parts.push(part);
        Ok::<_, StoreError>(())
    })
    .unwrap();
    parts
}

/// What is the same before and after: all but what begins anew.
pub fn kept(parts: &[DumpPart]) -> Vec<&DumpPart> {
    let mut anew = false;
    parts
        .iter()
        .filter(|part| {
            if let DumpPart::Table { name, .. } = part {
                anew = matches!(
                    name.as_str(),
                    "accounts" | "backup_codes" | "counters" | "passes"
                );
            }
            !anew
        })
        .collect()
}

pub fn load(parts: &[DumpPart], url: &str, closed_to: UnixTime) {
    fill(parts, url, 1).release(closed_to).unwrap();
}

/// Fills a store as `owner`, who has not released it yet.
fn fill(parts: &[DumpPart], url: &str, owner: i64) -> Filled {
    let mut loading = Loading::begin(url, owner).unwrap();
    for part in parts {
        loading.write(part).unwrap();
    }
    loading.finish().unwrap()
}

#[test]
fn a_store_comes_back_from_a_dump_but_for_sessions_passes_and_codes_that_may_be_used() {
    let (from, to) = (filled(), nowhere());
    let parts = dumped(&from.url);
    load(&parts, &to.url, START);
    let again = dumped(&to.url);
    assert_eq!(kept(&again), kept(&parts));
    let accounts = |url: &str| wait(store::connect(url, false).unwrap().accounts()).unwrap();
    let restored = accounts(&to.url);
    assert_eq!(restored.len(), accounts(&from.url).len());
    assert!(
        restored
            .iter()
            .all(|account| account.recovery_ends_at.is_none())
    );
    let factor = |url: &str| {
        let store = store::connect(url, false).unwrap();
        wait(store.second_factor(AccountId(1))).unwrap().unwrap()
    };
    assert!(factor(&from.url).backup_codes > 0);
    assert_eq!(factor(&to.url).backup_codes, 0);
    let passes = |store: &dyn Store| {
        let query = PassQuery {
            list: list(1),
            after: None,
            limit: 10,
        };
        wait(store.passes(query)).unwrap().0
    };
    let newest = passes(&*from.store)[0].id;
    let restored = store::connect(&to.url, false).unwrap();
    assert!(passes(&*restored).is_empty());
    // Whoever drew one since the backup had the next number.
    let next = wait(restored.next_pass_id()).unwrap();
    assert_eq!(next.0, newest.0 + 1_001);
}

#[test]
fn a_server_that_had_the_store_open_counts_nothing_before_it_is_released() {
    let (from, to) = (sqlite_in_memory(), nowhere());
    let server = store::connect(&to.url, true).unwrap();
    let loaded = fill(&dumped(&from.url), &to.url, 1);
    let new = LedgerToken {
        id: id(3),
        issued_at: at(120),
        expires_at: at(DAY),
        max_opens: Some(1),
    };
    let open = || wait(server.count_open(attempt(new, 1, at(500)))).unwrap();
    assert_eq!(open(), OpenOutcome::Closed);
    loaded.release(at(60)).unwrap();
    assert_eq!(open(), counted(1));
}

#[test]
fn a_list_lets_no_limited_code_in_that_a_restoration_closed_and_every_one_out() {
    let (from, to) = (sqlite_in_memory(), nowhere());
    add(&*from.store, new(1));
    let limited = |request: CheckIn| CheckIn {
        token: request.token.map(|token| CheckInToken {
            max_opens: Some(5),
            ..token
        }),
        ..request
    };
    let full = EntryRules {
        max_inside: Some(0),
        ..exits()
    };
    let outcome = |store: &dyn Store, request| shown(store, request).row.outcome;
    assert_eq!(
        outcome(&*from.store, limited(entry(1, 1, exits()))),
        CheckInOutcome::LetIn
    );
    load(&dumped(&from.url), &to.url, at(60));
    let restored = store::connect(&to.url, false).unwrap();
    let outcome = |request| outcome(&*restored, request);
    // Whoever is inside leaves, and stays outside, although the list has their open.
    assert_eq!(
        outcome(limited(exit(1, 1, exits()))),
        CheckInOutcome::LetOut
    );
    for (token, rules) in [(1, exits()), (1, full), (2, exits()), (2, full)] {
        assert_eq!(
            outcome(limited(entry(1, token, rules))),
            CheckInOutcome::Closed,
            "{token}"
        );
    }
    assert_eq!(outcome(entry(1, 3, exits())), CheckInOutcome::LetIn);
    assert!(wait(restored.reopen(noted())).unwrap());
    for token in 1..=2 {
        assert_eq!(
            outcome(limited(entry(1, token, exits()))),
            CheckInOutcome::LetIn
        );
    }
}

#[test]
fn what_was_issued_before_a_restoration_stays_closed_until_it_is_reopened() {
    let (from, to) = (sqlite_in_memory(), nowhere());
    let old = limited(1, 3);
    wait(from.store.count_open(attempt(old, 1, at(5)))).unwrap();
    wait(from.store.count_open(attempt(limited(2, 1), 1, at(5)))).unwrap();
    load(&dumped(&from.url), &to.url, at(60));
    let restored = store::connect(&to.url, false).unwrap();
    let open =
        |token, client, secs| wait(restored.count_open(attempt(token, client, at(secs)))).unwrap();
    assert_eq!(open(old, 2, 500), OpenOutcome::Closed);
    assert_eq!(
        open(limited(9, 3), 2, 500),
        OpenOutcome::Closed,
        "it was never met"
    );
    assert_eq!(wait(restored.look(old, at(500))).unwrap(), Standing::Closed);
    // What is known is told.
    assert!(matches!(
        open(limited(2, 1), 2, 500),
        OpenOutcome::UsedUp { .. }
    ));
    let new = LedgerToken {
        id: id(3),
        issued_at: at(120),
        expires_at: at(DAY),
        max_opens: Some(1),
    };
    assert_eq!(open(new, 1, 500), counted(1));
    assert!(wait(restored.reopen(noted())).unwrap());
    assert!(!wait(restored.reopen(noted())).unwrap());
    assert_eq!(open(old, 2, 501), counted(2));
}

#[test]
fn what_waits_for_a_target_that_is_not_there_goes_after_a_day() {
    let (from, to) = (filled(), nowhere());
    let mut left_out = false;
    let mut parts = dumped(&from.url);
    parts.retain(|part| {
        if let DumpPart::Table { name, .. } = part {
            left_out = name == "event_targets";
        }
        !left_out
    });
    load(&parts, &to.url, START);
    let restored = store::connect(&to.url, false).unwrap();
    let waiting = || wait(restored.waiting_events(10)).unwrap().len();
    let dropped = |secs| wait(restored.name_event_targets(Vec::new(), at(secs))).unwrap();
    assert_eq!(dropped(0), 0);
    assert!(waiting() > 0);
    while dropped(DAY) > 0 {}
    assert_eq!(waiting(), 0);
}

#[test]
fn nothing_is_loaded_over_rows_and_what_was_interrupted_begins_again() {
    let (from, to) = (filled(), nowhere());
    let parts = dumped(&from.url);
    let mut half = Loading::begin(&to.url, 1).unwrap();
    for part in &parts[..parts.len() / 2] {
        half.write(part).unwrap();
    }
    drop(half);
    let refused = why_refused(store::connect(&to.url, true));
    assert!(refused.contains("qrseal restore"), "{refused}");
    load(&parts, &to.url, START);
    assert_eq!(kept(&dumped(&to.url)), kept(&parts));
    let refused = why_refused(Loading::begin(&to.url, 1));
    assert!(refused.contains("holds rows"), "{refused}");
}

#[test]
fn a_store_that_was_filled_is_one_for_nobody_but_who_restores_until_it_is_released() {
    let (from, to) = (filled(), nowhere());
    let parts = dumped(&from.url);
    let first = fill(&parts, &to.url, 1);
    let refused = why_refused(store::connect(&to.url, true));
    assert!(refused.contains("is being restored"), "{refused}");
    let restoring = first.connect().unwrap();
    wait(restoring.revoke(revocation(7_000, at(9)), noted())).unwrap();
    drop(restoring);
    // It was killed then: whoever begins again takes it over, and begins with what the backup has.
    let second = fill(&parts, &to.url, 2);
    why_refused(first.connect());
    let refused = why_refused(first.release(START));
    assert!(refused.contains("another program restores"), "{refused}");
    why_refused(store::connect(&to.url, true));
    second.release(START).unwrap();
    assert_eq!(kept(&dumped(&to.url)), kept(&parts));
    let restored = store::connect(&to.url, false).unwrap();
    assert_eq!(
        wait(restored.count_open(attempt(limited(1_000_000, 3), 1, at(9)))).unwrap(),
        OpenOutcome::Closed
    );
}

#[test]
fn of_two_who_restore_into_one_store_only_the_last_goes_on() {
    let (from, to) = (filled(), nowhere());
    let parts = dumped(&from.url);
    let mut first = Loading::begin(&to.url, 1).unwrap();
    for part in &parts[..parts.len() / 2] {
        first.write(part).unwrap();
    }
    let mut second = Loading::begin(&to.url, 2).unwrap();
    first.write(&parts[0]).unwrap();
    let refused = why_refused(first.write(&parts[1]));
    assert!(refused.contains("another program restores"), "{refused}");
    why_refused(first.finish());
    for part in &parts {
        second.write(part).unwrap();
    }
    second.finish().unwrap().release(START).unwrap();
    assert_eq!(kept(&dumped(&to.url)), kept(&parts));
}

#[test]
fn rows_that_are_none_of_this_schema_are_refused() {
    let to = nowhere();
    let mut loading = Loading::begin(&to.url, 1).unwrap();
    let table = |name: &str, columns: &[&str]| DumpPart::Table {
        name: name.to_owned(),
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
    };
    for part in [
        DumpPart::Rows(vec![1]),
        table("sqlite_master", &["name"]),
        table("leases", &["job", "holder", "ends_at"]),
        table("counters", &["name"]),
    ] {
        why_refused(loading.write(&part));
    }
    loading
        .write(&table("counters", &["name", "value"]))
        .unwrap();
    why_refused(loading.write(&DumpPart::Rows(vec![1, 1, 0])));
}
