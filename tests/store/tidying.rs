//! The round in which lists forget, on a store: where it knows lists, no HTTP.

use qrseal::desk::tidy;
use qrseal::store::{CheckIn, CheckInOutcome, Entries, EntryRules, NewList, Store};
use qrseal::token::UnixTime;
use serde_json::json;

use crate::actors::wait;
use crate::backends::sqlite_in_memory;
use crate::conformance::check_ins::{entry, query, rules, shown};
use crate::conformance::lists::{add, new};

/// A list that keeps what it knows for a day, of an event in Berlin.
fn a_day(number: u64) -> NewList {
    let settings = json!({
        "accepts": [], "time_zone": "Europe/Berlin", "entries": "once_a_day", "exit_all_at": "03:00", "retention_days": 1,
    });
    NewList {
        settings: settings.to_string(),
        ..new(number)
    }
}

/// A code that never ends is shown.
fn show(store: &dyn Store, of_list: u64, day: u32, now: UnixTime) -> CheckInOutcome {
    let daily = EntryRules {
        entries: Entries::OnceADay,
        ..rules()
    };
    let mut asked = CheckIn {
        day,
        now,
        ..entry(of_list, 1, daily)
    };
    asked.token.as_mut().unwrap().expires_at = None;
    shown(store, asked).row.outcome
}

#[test]
fn a_code_enters_once_on_the_day_of_25_hours_though_its_list_keeps_one_day() {
    let fresh = sqlite_in_memory();
    let store = &*fresh.store;
    add(store, a_day(1));
    // Midnight of 25 October 2026 in Berlin, which is two hours ahead until three in the morning and then one.
    let midnight = UnixTime::from_secs(1_792_879_200);
    let came = midnight.plus_secs(600);
    assert_eq!(show(store, 1, 20_261_025, came), CheckInOutcome::LetIn);
    for half_hours in 1..50 {
        let now = came.plus_secs(half_hours * 1_800);
        wait(tidy(store, now)).unwrap();
        let told = show(store, 1, 20_261_025, now);
        assert_eq!(told, CheckInOutcome::AlreadyRedeemed, "{half_hours}");
    }
    let next_day = came.plus_secs(25 * 3_600);
    assert!(wait(tidy(store, next_day)).unwrap().rows > 0);
    assert_eq!(show(store, 1, 20_261_026, next_day), CheckInOutcome::LetIn);
}

#[test]
fn a_list_that_cannot_be_read_keeps_no_other_from_forgetting() {
    let fresh = sqlite_in_memory();
    let store = &*fresh.store;
    for number in [1, 3] {
        add(store, a_day(number));
    }
    add(
        store,
        NewList {
            settings: "{".to_owned(),
            ..new(2)
        },
    );
    let came = UnixTime::from_secs(1_792_879_200);
    for number in 1..=3 {
        assert_eq!(show(store, number, 1, came), CheckInOutcome::LetIn);
    }
    let failed = wait(tidy(store, came.plus_secs(7 * 86_400))).unwrap_err();
    assert!(failed.to_string().contains("cannot be read"), "{failed}");
    let kept = [1, 2, 3].map(|number| wait(store.check_ins(query(number))).unwrap().0.len());
    assert_eq!(kept, [0, 1, 0]);
}
