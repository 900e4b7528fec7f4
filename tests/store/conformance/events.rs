//! The outbox: what is told of tokens, to whom, in which order, and how it is bounded.

use qrseal::store::{
    CheckIn, CheckInOutcome, CheckInToken, Device, EventFate, EventKey, EventKind, EventTarget,
    ExitAll, Found, ScanCount, TargetId, WaitingEvent,
};
use qrseal::token::UnixTime;

use crate::actors::{
    DAY, HOUR, START, at, attempt, id, limited, noted, revocation, together, wait,
};
use crate::backends::Fresh;
use crate::conformance::check_ins::{at_time, entry, exit, exits, shown, undo, with_list};
use crate::conformance::links;
use crate::conformance::lists::list;

const ONE: TargetId = TargetId([1; 8]);
const OTHER: TargetId = TargetId([2; 8]);

fn tell(fresh: &Fresh, targets: &[(TargetId, &[EventKind])]) {
    let targets = targets.iter().map(|(id, kinds)| EventTarget {
        id: *id,
        kinds: kinds.to_vec(),
    });
    wait(fresh.store.name_event_targets(targets.collect(), START)).unwrap();
}

fn due(fresh: &Fresh, target: TargetId, now: UnixTime) -> Vec<WaitingEvent> {
    wait(fresh.store.due_events(target, 100, now)).unwrap()
}

fn settle(fresh: &Fresh, key: EventKey, fate: EventFate) {
    wait(fresh.store.settle_events(vec![(key, fate)])).unwrap();
}

fn open(fresh: &Fresh, number: u64, max_opens: u32, client: u64, secs: u64) {
    wait(
        fresh
            .store
            .count_open(attempt(limited(number, max_opens), client, at(secs))),
    )
    .unwrap();
}

/// Takes what is due until nothing is.
fn told(fresh: &Fresh, target: TargetId, now: UnixTime) -> Vec<(EventKind, String)> {
    let mut told = Vec::new();
    loop {
        let due = due(fresh, target, now);
        if due.is_empty() {
            return told;
        }
        for event in due {
            settle(fresh, event.key, EventFate::Delivered);
            told.push((event.key.kind, event.data));
        }
    }
}

pub fn what_happens_to_a_token_is_told_in_its_order_to_whoever_wants_it(fresh: &Fresh) {
    open(fresh, 1, 2, 1, 1);
    tell(
        fresh,
        &[(ONE, &EventKind::ALL), (OTHER, &[EventKind::TokenRevoked])],
    );
    open(fresh, 2, 2, 1, 5);
    // A repeat is no open, one too many is none either, and who is revoked twice is revoked once.
    open(fresh, 2, 2, 1, 6);
    open(fresh, 2, 2, 2, 5);
    open(fresh, 2, 2, 3, 7);
    for reason in [7, 8] {
        wait(fresh.store.revoke(revocation(2, at(reason)), noted())).unwrap();
    }
    let (opened, used_up) = (EventKind::TokenOpened, EventKind::TokenUsedUp);
    let expected = [
        (opened, r#"{"opens":1}"#.to_owned()),
        (opened, r#"{"opens":2}"#.to_owned()),
        (used_up, r#"{"opens":2}"#.to_owned()),
        (EventKind::TokenRevoked, r#"{"by_holder":false}"#.to_owned()),
    ];
    assert_eq!(told(fresh, ONE, at(9)), expected);
    assert_eq!(told(fresh, OTHER, at(9)), expected[3..]);
    assert_eq!(told(fresh, TargetId([3; 8]), at(9)), []);
}

pub fn what_failed_holds_up_its_own_token_and_no_other(fresh: &Fresh) {
    tell(fresh, &[(ONE, &EventKind::ALL)]);
    for number in 1..=3 {
        for client in 1..=2 {
            open(fresh, number, 5, client, client);
        }
    }
    let first = due(fresh, ONE, at(9));
    assert_eq!(first.len(), 3, "of each token the first");
    let (key, data) = (first[0].key, &first[0].data);
    assert_eq!(data, r#"{"opens":1}"#);
    settle(fresh, key, EventFate::Again(at(20)));
    let keys = |now| -> Vec<_> {
        due(fresh, ONE, now)
            .iter()
            .map(|event| event.key.token_id)
            .collect()
    };
    assert!(!keys(at(19)).contains(&key.token_id));
    assert!(keys(at(20)).contains(&key.token_id));
    assert_eq!(keys(at(19)).len(), 2);
    settle(fresh, key, EventFate::GivenUp);
    let next = due(fresh, ONE, at(20));
    let next = next.iter().find(|event| event.key.token_id == key.token_id);
    assert_eq!(
        next.map(|event| event.data.as_str()),
        Some(r#"{"opens":2}"#)
    );
    // It stays, and is tried again when somebody says so.
    let state = wait(fresh.store.outbox_state()).unwrap();
    assert_eq!((state.waiting, state.given_up), (5, 1));
    let all = wait(fresh.store.waiting_events(100)).unwrap();
    let given_up: Vec<_> = all.iter().filter(|event| event.given_up).collect();
    assert_eq!((all.len(), given_up.len(), given_up[0].tries), (6, 1, 2));
    assert_eq!(
        wait(fresh.store.redeliver_events(Some(id(99)), at(30))).unwrap(),
        0
    );
    assert_eq!(
        wait(fresh.store.redeliver_events(Some(key.token_id), at(30))).unwrap(),
        2
    );
    let again = due(fresh, ONE, at(30));
    let again = again.iter().find(|event| event.key == key).unwrap();
    assert_eq!(
        (again.tries, again.given_up, again.since),
        (0, false, at(30))
    );
    assert_eq!(wait(fresh.store.redeliver_events(None, at(31))).unwrap(), 6);
}

pub fn however_much_waits_for_what_failed_it_is_put_off_with_it_and_keeps_its_order(fresh: &Fresh) {
    const EACH: u64 = 40;
    tell(fresh, &[(ONE, &EventKind::ALL)]);
    for number in 1..=3 {
        for client in 1..=EACH {
            open(fresh, number, 99, client, 1);
        }
    }
    for event in due(fresh, ONE, at(2)) {
        settle(fresh, event.key, EventFate::Again(at(100)));
    }
    // What happens meanwhile waits with the others.
    open(fresh, 1, 99, EACH + 1, 50);
    open(fresh, 9, 99, 1, 50);
    let all = wait(fresh.store.waiting_events(1000)).unwrap();
    for event in all.iter().filter(|event| event.key.token_id != id(9)) {
        let head = event.data == r#"{"opens":1}"#;
        assert_eq!((event.next_at, event.tries), (at(100), u32::from(head)));
    }
    let first = wait(fresh.store.due_events(ONE, 1, at(60))).unwrap();
    assert_eq!(first[0].key.token_id, id(9));
    settle(fresh, first[0].key, EventFate::Delivered);
    assert_eq!(due(fresh, ONE, at(99)), []);
    for number in 1..=3 {
        let mut opens = Vec::new();
        loop {
            let due = due(fresh, ONE, at(100));
            let Some(event) = due.iter().find(|event| event.key.token_id == id(number)) else {
                break;
            };
            settle(fresh, event.key, EventFate::Delivered);
            opens.push(event.data.clone());
        }
        let last = EACH + u64::from(number == 1);
        let expected = (1..=last).map(|opens| format!(r#"{{"opens":{opens}}}"#));
        assert_eq!(opens, expected.collect::<Vec<_>>());
    }
}

pub fn what_happens_to_a_token_is_told_in_its_order_though_times_fall(fresh: &Fresh) {
    tell(fresh, &[(ONE, &EventKind::ALL)]);
    for (client, secs) in [(1, 900), (2, 600), (3, 600), (4, 300)] {
        open(fresh, 1, 4, client, secs);
    }
    wait(fresh.store.revoke(revocation(1, at(5)), noted())).unwrap();
    let expected = [1, 2, 3, 4]
        .map(|opens| (EventKind::TokenOpened, format!(r#"{{"opens":{opens}}}"#)))
        .into_iter()
        .chain([
            (EventKind::TokenUsedUp, r#"{"opens":4}"#.to_owned()),
            (EventKind::TokenRevoked, r#"{"by_holder":false}"#.to_owned()),
        ]);
    assert_eq!(told(fresh, ONE, at(999)), expected.collect::<Vec<_>>());
}

pub fn a_full_outbox_loses_its_oldest_events_and_no_newer_one(fresh: &Fresh) {
    tell(fresh, &[(ONE, &[EventKind::TokenOpened])]);
    for number in 0..20 {
        open(fresh, number, 5, 1, number);
    }
    assert_eq!(wait(fresh.store.trim_outbox(20, at(30))).unwrap(), 0);
    assert_eq!(wait(fresh.store.trim_outbox(5, at(30))).unwrap(), 15);
    let left = due(fresh, ONE, at(30));
    let times: Vec<_> = left.iter().map(|event| event.happened_at).collect();
    assert_eq!(times, (15..20).map(at).collect::<Vec<_>>());
    assert_eq!(
        wait(fresh.store.outbox_state()).unwrap().oldest_at,
        Some(at(15))
    );
    // What was given up goes after a week.
    settle(fresh, left[0].key, EventFate::GivenUp);
    wait(fresh.store.trim_outbox(5, at(15 + 7 * 24 * HOUR))).unwrap();
    assert_eq!(wait(fresh.store.waiting_events(100)).unwrap().len(), 5);
    wait(fresh.store.trim_outbox(5, at(16 + 7 * 24 * HOUR))).unwrap();
    assert_eq!(wait(fresh.store.waiting_events(100)).unwrap().len(), 4);
}

pub fn a_target_stays_for_a_day_after_the_last_node_that_named_it_did(fresh: &Fresh) {
    let named = |ids: &[TargetId], secs| {
        let targets = ids.iter().map(|id| EventTarget {
            id: *id,
            kinds: vec![EventKind::TokenOpened],
        });
        wait(fresh.store.name_event_targets(targets.collect(), at(secs))).unwrap()
    };
    let waiting = || {
        let waiting = wait(fresh.store.waiting_events(100)).unwrap();
        let targets: Vec<_> = waiting.iter().map(|event| event.key.target).collect();
        targets
    };
    // One node names one, another the other, and a third nobody.
    assert_eq!(named(&[ONE], 0), 0);
    assert_eq!(named(&[OTHER], HOUR), 0);
    assert_eq!(named(&[], 2 * HOUR), 0);
    open(fresh, 1, 5, 1, 1);
    assert_eq!(waiting(), [ONE, OTHER]);
    // The first one goes on, the second was stopped.
    assert_eq!(named(&[ONE], 20 * HOUR), 0);
    assert_eq!(named(&[ONE], DAY + HOUR - 1), 0);
    assert_eq!(waiting(), [ONE, OTHER]);
    assert_eq!(named(&[ONE], DAY + HOUR), 1);
    assert_eq!(named(&[ONE], DAY + HOUR), 0);
    assert_eq!(waiting(), [ONE]);
    // Nobody is told there any more, until somebody is again.
    open(fresh, 1, 5, 2, 2);
    assert_eq!(waiting(), [ONE, ONE]);
    assert_eq!(named(&[OTHER], DAY + HOUR), 0);
    open(fresh, 1, 5, 3, 3);
    assert_eq!(waiting().len(), 4);
}

pub fn nodes_that_start_at_once_all_name_their_targets(fresh: &Fresh) {
    let named = together(&fresh.store, &fresh.another(), |store, node| {
        let targets = [ONE, OTHER].map(|id| EventTarget {
            id,
            kinds: EventKind::ALL.to_vec(),
        });
        let mut targets = targets.to_vec();
        if node % 2 == 0 {
            targets.reverse();
        }
        wait(store.name_event_targets(targets, START))
    });
    assert!(named.iter().all(Result::is_ok), "{named:?}");
    open(fresh, 1, 5, 1, 1);
    assert_eq!(wait(fresh.store.waiting_events(9)).unwrap().len(), 2);
}

pub fn whoever_names_a_target_while_others_forget_it_has_it_told(fresh: &Fresh) {
    tell(fresh, &[(ONE, &EventKind::ALL)]);
    // Every fourth node has it in its configuration; for the others nobody named it for a day.
    let named = together(&fresh.store, &fresh.another(), |store, node| {
        let target = EventTarget {
            id: ONE,
            kinds: EventKind::ALL.to_vec(),
        };
        let targets = Some(target).filter(|_| node % 4 == 0);
        wait(store.name_event_targets(targets.into_iter().collect(), at(DAY)))
    });
    assert!(named.iter().all(Result::is_ok), "{named:?}");
    open(fresh, 1, 5, 1, 1);
    assert_eq!(wait(fresh.store.waiting_events(9)).unwrap().len(), 1);
}

pub fn scans_are_told_once_for_each_hour_that_is_over(fresh: &Fresh) {
    tell(fresh, &[(ONE, &EventKind::ALL)]);
    assert!(!wait(fresh.store.tell_scans(START)).unwrap());
    wait(fresh.store.add_record(links::new(7))).unwrap();
    let scanned = |bot, scans, secs| ScanCount {
        id: id(7),
        hour: at(secs),
        device: Device::Ios,
        bot,
        scans,
    };
    wait(fresh.store.add_scans(vec![
        scanned(false, 5, 0),
        scanned(true, 2, 0),
        scanned(false, 9, HOUR),
    ]))
    .unwrap();
    assert!(!wait(fresh.store.tell_scans(at(HOUR + 89))).unwrap());
    assert!(wait(fresh.store.tell_scans(at(HOUR + 90))).unwrap());
    assert!(!wait(fresh.store.tell_scans(at(HOUR + 90))).unwrap());
    let now = at(HOUR + 90);
    assert_eq!(
        told(fresh, ONE, now),
        [(
            EventKind::LinkScanned,
            r#"{"scans":7,"by_programs":2}"#.to_owned()
        )]
    );
    // Hours that went by while no server ran are told, too.
    for told_one in [true, true, false] {
        assert_eq!(
            wait(fresh.store.tell_scans(at(3 * HOUR + 90))).unwrap(),
            told_one
        );
    }
    assert_eq!(
        told(fresh, ONE, at(3 * HOUR + 90)),
        [(
            EventKind::LinkScanned,
            r#"{"scans":9,"by_programs":0}"#.to_owned()
        )]
    );
}

pub fn what_a_list_does_is_told_in_the_order_of_each_code(fresh: &Fresh) {
    let store = with_list(fresh);
    tell(fresh, &[(ONE, &EventKind::ALL)]);
    // All in one second. The code is limited, so its entry takes an open.
    let limited = |request: CheckIn| CheckIn {
        token: request.token.map(|token| CheckInToken {
            max_opens: Some(2),
            ..token
        }),
        now: at(5),
        ..request
    };
    let first = limited(entry(1, 1, exits()));
    let came = shown(store, first.clone());
    assert!(shown(store, first).replayed, "a repeat tells nothing");
    let again = shown(store, limited(entry(1, 1, exits())));
    let left = shown(store, limited(exit(1, 1, exits())));
    for _ in 0..2 {
        undo(store, left.row.id, false, at(5));
    }
    let list = list(1);
    let about = |id: &dyn std::fmt::Display, more: &str| {
        format!(r#"{{"list":"{list}","check_in":"{id}",{more}}}"#)
    };
    let refused = r#""kind":"entry","outcome":"already_redeemed""#;
    let out = r#""people":1,"no_entry":false,"automatic":false"#;
    assert_eq!(
        told(fresh, ONE, at(9)),
        [
            (EventKind::TokenOpened, r#"{"opens":1}"#.to_owned()),
            (
                EventKind::CheckInEntry,
                about(&came.row.id, r#""people":1"#)
            ),
            (EventKind::CheckInRefused, about(&again.row.id, refused)),
            (EventKind::CheckInExit, about(&left.row.id, out)),
            (
                EventKind::CheckInUndone,
                about(&left.row.id, r#""kind":"exit","people":1"#)
            ),
        ]
    );
    // What is no code of ours has no token.
    let strange = shown(
        store,
        CheckIn {
            token: None,
            found: Found::Refused(CheckInOutcome::NotRecognised),
            now: at(6),
            ..entry(1, 2, exits())
        },
    );
    let [(kind, data)] = &told(fresh, ONE, at(9))[..] else {
        panic!("one event")
    };
    assert_eq!(*kind, EventKind::CheckInRefused);
    let id = strange.row.id;
    assert!(
        data.starts_with(&format!(
            r#"{{"token_id":null,"list":"{list}","check_in":"{id}""#
        )),
        "{data}"
    );
}

pub fn whoever_is_let_out_at_the_hour_is_told_of_too(fresh: &Fresh) {
    let store = with_list(fresh);
    for token in 1..=2 {
        shown(store, at_time(entry(1, token, exits()), at(5)));
    }
    tell(fresh, &[(ONE, &[EventKind::CheckInExit])]);
    let hour = ExitAll {
        list: list(1),
        before: at(HOUR),
        day: 20_260_101,
        limit: 10,
        random: [3; 32],
    };
    wait(store.exit_all(hour)).unwrap();
    let told = told(fresh, ONE, at(2 * HOUR));
    assert_eq!(told.len(), 2);
    for (kind, data) in told {
        assert_eq!(kind, EventKind::CheckInExit);
        assert!(data.contains(r#""automatic":true"#), "{data}");
    }
}
