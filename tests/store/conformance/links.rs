//! Dynamic links: their rows, their changes, their scans.

use qrseal::principal::Principal;
use qrseal::store::{
    ChangedLink, Device, LinkChange, LinkQuery, LinkState, NewLink, NewRecord, RecordKind,
    ScanCount, ScanQuery, ScanSum, ScansOf, Share, StoredRecord,
};

use super::records::new as document;
use crate::actors::{
    DAY, HOUR, Now as _, START, at, attempt, id, limited, noted, revocation, wait,
};
use crate::backends::Fresh;

const KEPT: u64 = 30 * DAY;

pub fn a_link_comes_back_with_its_sealed_token_and_a_document_has_none(fresh: &Fresh) {
    add(fresh, new(1));
    wait(fresh.store.add_record(document(2, 1))).unwrap();
    let link = row(fresh, 1).link.unwrap();
    assert_eq!(link.token, vec![9; 45]);
    assert_eq!((link.disabled, link.edition), (false, 1));
    assert_eq!((link.created_at, link.updated_at), (START, START));
    assert!(row(fresh, 2).link.is_none());
}

pub fn a_change_takes_the_edition_that_was_looked_at(fresh: &Fresh) {
    add(fresh, new(1));
    assert!(done(fresh, change(1, 1)));
    let changed = row(fresh, 1);
    assert_eq!(changed.record, Some(vec![5; 50]));
    assert_eq!((changed.head.revision, changed.head.issued_at), (2, START));
    assert_eq!(changed.note.as_deref(), Some("table 8"));
    assert_eq!(changed.expires_at, Some(at(2 * DAY)));
    let link = changed.link.unwrap();
    assert_eq!(
        (link.disabled, link.edition, link.updated_at),
        (true, 2, at(9))
    );
    for wrong in [1, 3] {
        assert!(!done(fresh, change(1, wrong)));
    }
    assert_eq!(row(fresh, 1).head.revision, 2);
    wait(fresh.store.add_record(document(2, 1))).unwrap();
    assert!(!done(fresh, change(2, 1)), "no link");
}

pub fn what_is_not_sealed_changes_without_a_new_record(fresh: &Fresh) {
    add(fresh, new(1));
    let only_note = LinkChange {
        record: None,
        expires_at: Some(at(DAY)),
        disabled: false,
        ..change(1, 1)
    };
    assert!(done(fresh, only_note));
    let changed = row(fresh, 1);
    assert_eq!(
        (changed.record, changed.head.revision),
        (Some(vec![1; 40]), 1)
    );
    assert_eq!(changed.note.as_deref(), Some("table 8"));
    assert_eq!(changed.link.unwrap().edition, 2);
}

pub fn of_many_changes_of_one_edition_one_is_made(fresh: &Fresh) {
    add(fresh, new(1));
    let made = (0..8).filter(|_| done(fresh, change(1, 1))).count();
    assert_eq!(made, 1);
    assert_eq!(row(fresh, 1).head.revision, 2);
}

pub fn a_change_stays_within_the_share_of_whoever_made_the_link(fresh: &Fresh) {
    let share = Share {
        of: [3; 16],
        most_bytes: 10_000,
    };
    for number in [1, 2] {
        let share = Some(share);
        add(
            fresh,
            NewRecord {
                share,
                ..new(number)
            },
        );
    }
    // Two rows of 512 bytes and records of 40 bytes, of which one grows by 10.
    let of_bytes = |most| LinkChange {
        share_bytes: Some(most),
        ..change(1, 1)
    };
    let full = wait(fresh.store.change_link(of_bytes(2 * 512 + 89)));
    assert_eq!(full, Ok(ChangedLink::ShareFull));
    assert_eq!(row(fresh, 1).head.revision, 1);
    let smaller = LinkChange {
        record: Some(vec![5; 40]),
        ..of_bytes(0)
    };
    assert!(done(fresh, smaller), "what does not grow needs no room");
    let second = LinkChange {
        replaces: 2,
        ..of_bytes(2 * 512 + 90)
    };
    assert!(done(fresh, second));
}

pub fn an_expired_link_is_revived_while_its_record_is_kept(fresh: &Fresh) {
    add(fresh, new(1));
    let ended = DAY + 60;
    // Long after the row of a document would have gone.
    wait(fresh.store.purge(at(ended + 10 * DAY))).unwrap();
    let expired = row(fresh, 1);
    assert_eq!(expired.link_state(at(ended)), LinkState::Expired);
    assert!(expired.record.is_some());
    let revived = LinkChange {
        expires_at: Some(at(40 * DAY)),
        disabled: false,
        now: at(ended + 11 * DAY),
        ..change(1, 1)
    };
    assert!(done(fresh, revived));
    assert_eq!(row(fresh, 1).link_state(at(39 * DAY)), LinkState::Active);

    let kept_until = 40 * DAY + 60 + KEPT;
    assert_eq!(wait(fresh.store.purge(at(kept_until))).unwrap().records, 0);
    assert_eq!(
        wait(fresh.store.purge(at(kept_until + 1))).unwrap().records,
        1
    );
    let late = LinkChange {
        now: at(kept_until + 2),
        ..change(1, 2)
    };
    assert!(!done(fresh, late));
    wait(fresh.store.purge(at(kept_until + HOUR))).unwrap();
    assert!(wait(fresh.store.record(id(1))).unwrap().is_none());
}

pub fn used_up_and_revoked_links_stay_ended(fresh: &Fresh) {
    for number in [1, 2] {
        add(
            fresh,
            NewRecord {
                max_opens: Some(1),
                ..new(number)
            },
        );
    }
    fresh.store.open(attempt(limited(1, 1), 1, at(5)));
    wait(fresh.store.revoke(revocation(2, at(5)), noted())).unwrap();
    assert_eq!(row(fresh, 1).link_state(at(6)), LinkState::UsedUp);
    assert_eq!(row(fresh, 2).link_state(at(6)), LinkState::Revoked);
    for number in [1, 2] {
        let changed = done(fresh, change(number, 1));
        assert!(!changed, "{number}");
    }
}

pub fn links_are_listed_the_newest_first_by_state_note_and_maker(fresh: &Fresh) {
    for number in 1..=5 {
        add(
            fresh,
            NewRecord {
                now: at(number / 2),
                note: Some(format!("table {number}")),
                made_by: Some(Principal::Key(number % 2)),
                ..new(number)
            },
        );
    }
    wait(fresh.store.add_record(document(6, 1))).unwrap();
    assert_eq!(listed(fresh, &all()), [5, 4, 3, 2, 1]);
    let mut pages = Vec::new();
    let mut query = LinkQuery { limit: 2, ..all() };
    loop {
        let page = wait(fresh.store.links(query.clone())).unwrap();
        pages.push(page.links.len());
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(pages, [2, 2, 1]);
    let noted = LinkQuery {
        note: Some("e 3".to_owned()),
        ..all()
    };
    assert_eq!(listed(fresh, &noted), [3]);
    let made = LinkQuery {
        made_by: Some(Principal::Key(1)),
        ..all()
    };
    assert_eq!(listed(fresh, &made), [5, 3, 1]);
    assert!(done(fresh, change(2, 1)));
    let revoked = revocation(3, at(7));
    wait(fresh.store.revoke(revoked, crate::actors::noted())).unwrap();
    for (state, now, expected) in [
        (LinkState::Disabled, at(10), vec![2]),
        (LinkState::Revoked, at(10), vec![3]),
        (LinkState::Active, at(10), vec![5, 4, 1]),
        (LinkState::Expired, at(DAY + 60), vec![5, 4, 1]),
        (LinkState::UsedUp, at(10), vec![]),
    ] {
        let query = LinkQuery {
            state: Some(state),
            now,
            ..all()
        };
        assert_eq!(listed(fresh, &query), expected, "{state:?}");
        for link in wait(fresh.store.links(query)).unwrap().links {
            assert_eq!(link.link_state(now), state);
        }
    }
}

pub fn scans_add_up_by_hour_and_day_of_one_link_or_of_all_with_a_note(fresh: &Fresh) {
    let day = (START.as_secs() / DAY + 1) * DAY;
    let hour = |hour: u64| qrseal::token::UnixTime::from_secs(day + hour * HOUR);
    for number in [1, 2] {
        let made_by = Some(Principal::Key(number));
        add(
            fresh,
            NewRecord {
                made_by,
                ..new(number)
            },
        );
    }
    let count = |number, at, device, bot, scans| ScanCount {
        id: id(number),
        hour: at,
        device,
        bot,
        scans,
    };
    for _ in 0..2 {
        wait(fresh.store.add_scans(vec![
            count(1, hour(1), Device::Ios, false, 2),
            count(1, hour(2), Device::Ios, false, 1),
            count(1, hour(2), Device::Ios, true, 5),
            count(1, hour(30), Device::Android, false, 4),
            count(2, hour(1), Device::Ios, false, 10),
            count(3, hour(1), Device::Ios, false, 10),
        ]))
        .unwrap();
    }
    let query = |of, step_secs| ScanQuery {
        of,
        from: hour(0),
        until: hour(48),
        step_secs,
    };
    let sums = |query| wait(fresh.store.scans(query)).unwrap();
    let sum = |at, device, bot, scans| ScanSum {
        at,
        device,
        bot,
        scans,
    };
    assert_eq!(
        sums(query(ScansOf::Link(id(1)), HOUR)),
        [
            sum(hour(1), Device::Ios, false, 4),
            sum(hour(2), Device::Ios, false, 2),
            sum(hour(2), Device::Ios, true, 10),
            sum(hour(30), Device::Android, false, 8),
        ]
    );
    let noted = |made_by| ScansOf::Noted {
        note: Some("table".to_owned()),
        made_by,
    };
    let of_any_note = ScansOf::Noted {
        note: None,
        made_by: Some(Principal::Key(2)),
    };
    let of_any_note = sums(query(of_any_note, DAY));
    assert_eq!(of_any_note, [sum(hour(0), Device::Ios, false, 20)]);
    assert_eq!(
        sums(query(noted(None), DAY)),
        [
            sum(hour(0), Device::Ios, false, 26),
            sum(hour(0), Device::Ios, true, 10),
            sum(hour(24), Device::Android, false, 8),
        ]
    );
    let of_one = sums(query(noted(Some(Principal::Key(2))), DAY));
    assert_eq!(of_one, [sum(hour(0), Device::Ios, false, 20)]);
    let later = ScanQuery {
        from: hour(2),
        until: hour(30),
        ..query(ScansOf::Link(id(1)), DAY)
    };
    assert_eq!(sums(later).iter().map(|sum| sum.scans).sum::<u64>(), 12);
    assert!(
        sums(query(ScansOf::Link(id(3)), DAY)).is_empty(),
        "no such link"
    );

    assert!(!wait(fresh.store.purge_scans(hour(2))).unwrap());
    let left = sums(query(ScansOf::Link(id(1)), DAY));
    assert_eq!(left.iter().map(|sum| sum.scans).sum::<u64>(), 20);
}

pub fn scans_go_with_their_link(fresh: &Fresh) {
    add(fresh, new(1));
    let count = ScanCount {
        id: id(1),
        hour: at(0),
        device: Device::Other,
        bot: false,
        scans: 1,
    };
    wait(fresh.store.add_scans(vec![count])).unwrap();
    wait(fresh.store.revoke(revocation(1, at(5)), noted())).unwrap();
    let query = ScanQuery {
        of: ScansOf::Link(id(1)),
        from: at(0),
        until: at(DAY),
        step_secs: HOUR,
    };
    assert_eq!(wait(fresh.store.scans(query.clone())).unwrap().len(), 1);
    wait(fresh.store.purge(at(DAY + HOUR + 61))).unwrap();
    assert!(wait(fresh.store.scans(query)).unwrap().is_empty());
}

/// A link for a day from the start.
pub fn new(number: u64) -> NewRecord {
    NewRecord {
        kind: RecordKind::Link,
        max_opens: None,
        link: Some(NewLink {
            token: vec![9; 45],
            keep_expired_secs: KEPT,
        }),
        record: vec![1; 40],
        ..document(number, 1)
    }
}

fn change(number: u64, replaces: u32) -> LinkChange {
    LinkChange {
        id: id(number),
        replaces,
        record: Some(vec![5; 50]),
        expires_at: Some(at(2 * DAY)),
        keep_expired_secs: KEPT,
        disabled: true,
        note: Some("table 8".to_owned()),
        share_bytes: None,
        audit: noted(),
        now: at(9),
    }
}

fn all() -> LinkQuery {
    LinkQuery {
        state: None,
        note: None,
        made_by: None,
        after: None,
        limit: 100,
        now: at(10),
    }
}

fn add(fresh: &Fresh, new: NewRecord) {
    wait(fresh.store.add_record(new)).unwrap();
}

fn done(fresh: &Fresh, change: LinkChange) -> bool {
    wait(fresh.store.change_link(change)).unwrap() == ChangedLink::Done
}

fn row(fresh: &Fresh, number: u64) -> StoredRecord {
    wait(fresh.store.record(id(number))).unwrap().unwrap()
}

fn listed(fresh: &Fresh, query: &LinkQuery) -> Vec<u64> {
    let page = wait(fresh.store.links(query.clone())).unwrap();
    let number = |row: &StoredRecord| (1..=9).find(|number| id(*number) == row.id).unwrap();
    page.links.iter().map(number).collect()
}
