//! The outbox: what is told of tokens, to whom, in which order, and how it is bounded.

use qrseal::store::{
    Device, EventFate, EventKey, EventKind, EventTarget, ScanCount, TargetId, WaitingEvent,
};
use qrseal::token::UnixTime;

use crate::actors::{HOUR, START, at, attempt, id, limited, noted, revocation, wait};
use crate::backends::Fresh;
use crate::conformance::links;

const ONE: TargetId = TargetId([1; 8]);
const OTHER: TargetId = TargetId([2; 8]);

fn tell(fresh: &Fresh, targets: &[(TargetId, &[EventKind])]) {
    let targets = targets.iter().map(|(id, kinds)| EventTarget {
        id: *id,
        kinds: kinds.to_vec(),
    });
    wait(fresh.store.set_event_targets(targets.collect())).unwrap();
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
    // What was given up goes after a month.
    settle(fresh, left[0].key, EventFate::GivenUp);
    wait(fresh.store.trim_outbox(5, at(15 + 30 * 24 * HOUR))).unwrap();
    assert_eq!(wait(fresh.store.waiting_events(100)).unwrap().len(), 5);
    wait(fresh.store.trim_outbox(5, at(16 + 30 * 24 * HOUR))).unwrap();
    assert_eq!(wait(fresh.store.waiting_events(100)).unwrap().len(), 4);
    // And what nobody is told any more, at once.
    tell(fresh, &[]);
    assert_eq!(wait(fresh.store.waiting_events(100)).unwrap(), []);
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
