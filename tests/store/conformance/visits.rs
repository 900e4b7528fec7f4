//! Visits: kept, told, erased, moved.

use qrseal::store::{CheckIn, CheckInOutcome};
use qrseal::store::{EraseVisits, ErasedOf, InsideQuery, PresenceQuery, SealedVisit};
use qrseal::token::Slot;

use super::check_ins::{at_time, entry, exit, exits, rules, shown, undo, with_list};
use super::lists::list;
use crate::actors::{at, id, noted, wait};
use crate::backends::Fresh;

pub fn a_visit_comes_and_goes_with_its_entry(fresh: &Fresh) {
    let store = with_list(fresh);
    let with_visit = |token, rules| CheckIn {
        visit: Some(sealed(1)),
        ..entry(1, token, rules)
    };
    let entered = shown(store, with_visit(1, exits()));
    let kept = wait(store.visit(entered.row.id)).unwrap().unwrap();
    assert_eq!(
        (kept.sealed, kept.token, kept.list),
        (sealed(1), id(1), list(1))
    );
    let refused = shown(store, with_visit(1, exits()));
    assert_eq!(refused.row.outcome, CheckInOutcome::AlreadyRedeemed);
    assert!(wait(store.visit(refused.row.id)).unwrap().is_none());
    undo(store, entered.row.id, false, at(20));
    assert!(wait(store.visit(entered.row.id)).unwrap().is_none());

    let entered = shown(store, with_visit(2, exits()));
    let erase = |of| EraseVisits {
        list: list(1),
        of,
        audit: noted(),
    };
    let of_token = erase(ErasedOf::Token(id(2)));
    assert_eq!(wait(store.erase_visits(of_token.clone())).unwrap(), 1);
    assert_eq!(wait(store.erase_visits(of_token)).unwrap(), 0);
    assert!(wait(store.visit(entered.row.id)).unwrap().is_none());
    let late = at_time(with_visit(3, exits()), at(50));
    let late = shown(store, late).row.id;
    wait(store.forget_check_ins(list(1), at(50))).unwrap();
    assert!(wait(store.visit(late)).unwrap().is_some());
    while wait(store.forget_check_ins(list(1), at(51))).unwrap() > 0 {}
    assert!(wait(store.visit(late)).unwrap().is_none());
}

pub fn those_were_there_who_came_before_the_end_and_left_after_the_beginning(fresh: &Fresh) {
    let store = with_list(fresh);
    for (token, came, left) in [(1, 10, Some(20)), (2, 15, None), (3, 30, Some(40))] {
        shown(store, at_time(entry(1, token, exits()), at(came)));
        if let Some(left) = left {
            shown(store, at_time(exit(1, token, exits()), at(left)));
        }
    }
    let there = |from, until, stay_secs| {
        let query = PresenceQuery {
            list: list(1),
            from: at(from),
            until: at(until),
            stay_secs,
            after: None,
            limit: 2,
        };
        let (rows, next) = wait(store.presence(query)).unwrap();
        let more = next.map(|after| PresenceQuery {
            after: Some(after),
            ..query
        });
        let rest = more.map(|query| wait(store.presence(query)).unwrap().0);
        let rows = rows.into_iter().chain(rest.unwrap_or_default());
        rows.map(|row| (row.entry.token.unwrap(), row.left_at))
            .collect::<Vec<_>>()
    };
    let (one, two, three) = ((id(1), Some(at(20))), (id(2), None), (id(3), Some(at(40))));
    assert_eq!(there(0, 100, None), [one, two, three]);
    assert_eq!(there(20, 30, None), [two]);
    assert_eq!(there(19, 31, None), [one, two, three]);
    assert_eq!(there(39, 100, None), [two, three]);
    assert_eq!(there(0, 10, None), []);
    // Where nobody is let out, everybody stays as long as is assumed.
    assert_eq!(there(18, 100, Some(5)), [two, three]);
    assert_eq!(there(20, 100, Some(5)), [three]);
}

pub fn visits_are_counted_and_moved_by_the_slot_of_their_key(fresh: &Fresh) {
    let store = with_list(fresh);
    for token in 1..=3 {
        let visit = Some(sealed(1));
        shown(
            store,
            CheckIn {
                visit,
                ..entry(1, token, rules())
            },
        );
    }
    let slot = |number| Slot::try_from(number).unwrap();
    let count = |number| wait(store.count_visits(slot(number))).unwrap();
    let page = wait(store.visits_of_slot(slot(1), None, 2)).unwrap();
    let rest = wait(store.visits_of_slot(slot(1), Some(page[1].check_in), 2)).unwrap();
    assert_eq!((page.len(), rest.len(), count(1)), (2, 1, 3));
    let moved = |from| wait(store.reseal_visit(page[0].check_in, slot(from), sealed(2))).unwrap();
    assert!(!moved(2), "it is under another key");
    assert!(moved(1));
    assert!(!moved(1), "it was moved");
    assert_eq!((count(1), count(2)), (2, 1));
    assert_eq!(
        wait(store.visit(page[0].check_in)).unwrap().unwrap().sealed,
        sealed(2)
    );
}

pub fn those_are_inside_who_came_in_and_did_not_leave_with_what_is_kept_of_their_latest_entry(
    fresh: &Fresh,
) {
    let store = with_list(fresh);
    let with_visit = |token, slot| CheckIn {
        visit: Some(sealed(slot)),
        ..entry(1, token, exits())
    };
    for token in 1..=4 {
        shown(store, with_visit(token, 1));
    }
    shown(store, exit(1, 2, exits()));
    shown(store, exit(1, 3, exits()));
    let again = shown(store, with_visit(3, 2));
    let mut query = InsideQuery {
        list: list(1),
        after: None,
        limit: 2,
    };
    let (page, next) = wait(store.inside(query)).unwrap();
    query.after = next;
    let (rest, end) = wait(store.inside(query)).unwrap();
    let told = page.iter().chain(&rest).map(|inside| {
        let slot = inside.visit.as_ref().map(|visit| u8::from(visit.slot));
        (inside.token, inside.people, slot)
    });
    let told: Vec<_> = told.collect();
    assert_eq!(
        told,
        [
            (id(1), 1, Some(1)),
            (id(3), 1, Some(2)),
            (id(4), 1, Some(1))
        ]
    );
    assert_eq!((next, end), (Some(id(3)), None));
    assert_eq!(page[1].entry.as_ref().unwrap().id, again.row.id);
    while wait(store.forget_check_ins(list(1), at(1_000))).unwrap() > 0 {}
    let (forgotten, _) = wait(store.inside(InsideQuery {
        after: None,
        ..query
    }))
    .unwrap();
    assert_eq!(forgotten.len(), 2, "they are inside all the same");
    assert!(
        forgotten
            .iter()
            .all(|inside| inside.entry.is_none() && inside.visit.is_none())
    );
}

fn sealed(slot: u8) -> SealedVisit {
    SealedVisit {
        slot: Slot::try_from(slot).unwrap(),
        document: vec![slot; 40],
    }
}
