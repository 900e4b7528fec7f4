//! Check-ins: who is let in and out.

use std::sync::atomic::{AtomicU64, Ordering};

use qrseal::principal::Principal;
use qrseal::store::{
    CheckIn, CheckInId, CheckInKind, CheckInOutcome, CheckInQuery, CheckInToken, CheckedIn,
    Entries, EntryRules, Found, Judged, ListEdit, Store, UndoCheckIn, UndoneCheckIn,
};
use qrseal::token::UnixTime;

use super::lists::{add, change, list, new, there};
use crate::actors::{
    DAY, Now as _, START, at, attempt, counted, id, limited, noted, revocation, together, wait,
};
use crate::backends::Fresh;

pub fn a_code_enters_once_and_the_second_time_is_told_when(fresh: &Fresh) {
    let store = with_list(fresh);
    let first = shown(store, at_time(entry(1, 1, rules()), at(10)));
    assert_eq!(first.row.outcome, CheckInOutcome::LetIn);
    assert_eq!((first.row.people, first.first_at), (1, Some(at(10))));
    assert_eq!((first.replayed, first.row.number), (false, 1));
    let second = shown(store, at_time(entry(1, 1, rules()), at(20)));
    assert_eq!(second.row.outcome, CheckInOutcome::AlreadyRedeemed);
    let because = second.because.unwrap();
    assert_eq!((because.id, because.happened_at), (first.row.id, at(10)));
    assert_eq!(because.gate.as_deref(), Some("north"));
    assert_eq!(second.first_at, Some(at(10)));
    assert_eq!(outcome(store, entry(1, 2, rules())), CheckInOutcome::LetIn);
    // Lists share no count.
    add(store, new(2));
    assert_eq!(outcome(store, entry(2, 1, rules())), CheckInOutcome::LetIn);
}

pub fn a_code_enters_once_a_day_or_as_often_as_it_likes(fresh: &Fresh) {
    let store = with_list(fresh);
    let daily = EntryRules {
        entries: Entries::OnceADay,
        ..rules()
    };
    let on = |day, token| CheckIn {
        day,
        ..entry(1, token, daily)
    };
    let told: Vec<_> = [20_260_101, 20_260_101, 20_260_102, 20_260_102]
        .into_iter()
        .map(|day| outcome(store, on(day, 1)) == CheckInOutcome::LetIn)
        .collect();
    assert_eq!(told, [true, false, true, false]);
    let many = EntryRules {
        entries: Entries::Many,
        ..rules()
    };
    for _ in 0..3 {
        assert_eq!(outcome(store, entry(1, 2, many)), CheckInOutcome::LetIn);
    }
}

pub fn with_exits_a_code_enters_again_after_it_left(fresh: &Fresh) {
    let store = with_list(fresh);
    let family = EntryRules {
        people: 4,
        ..exits()
    };
    assert_eq!(shown(store, entry(1, 1, family)).inside, 4);
    assert_eq!(shown(store, entry(1, 2, exits())).inside, 5);
    assert_eq!(
        outcome(store, entry(1, 1, family)),
        CheckInOutcome::AlreadyRedeemed
    );
    // Whatever the code says by now, those leave who came.
    let left = shown(store, exit(1, 1, exits()));
    assert_eq!(
        (left.row.outcome, left.row.people),
        (CheckInOutcome::LetOut, 4)
    );
    assert_eq!((left.inside, left.row.no_entry), (1, false));
    assert_eq!(shown(store, entry(1, 1, family)).inside, 5);
    let many = EntryRules {
        entries: Entries::Many,
        people: 2,
        ..exits()
    };
    assert_eq!(shown(store, entry(1, 3, many)).inside, 7);
    assert_eq!(shown(store, entry(1, 3, many)).inside, 9);
    assert_eq!(shown(store, exit(1, 3, many)).inside, 7);
}

pub fn an_exit_is_never_refused(fresh: &Fresh) {
    let store = with_list(fresh);
    let closed = EntryRules {
        closes_at: Some(START),
        ..exits()
    };
    let stranger = shown(store, exit(1, 1, closed));
    assert_eq!(stranger.row.outcome, CheckInOutcome::LetOut);
    assert_eq!((stranger.row.no_entry, stranger.row.people), (true, 0));
    shown(store, entry(1, 2, exits()));
    wait(store.revoke(revocation(2, at(5)), noted())).unwrap();
    let revoked = shown(store, at_time(exit(1, 2, closed), at(3 * DAY)));
    assert_eq!(revoked.row.outcome, CheckInOutcome::LetOut);
    assert_eq!((revoked.row.no_entry, revoked.inside), (false, 0));
}

pub fn outside_its_times_nobody_enters(fresh: &Fresh) {
    let store = with_list(fresh);
    let open = EntryRules {
        opens_at: Some(at(100)),
        closes_at: Some(at(200)),
        ..rules()
    };
    let told: Vec<_> = [99, 100, 199, 200]
        .into_iter()
        .map(|secs| outcome(store, at_time(entry(1, secs, open), at(secs))))
        .collect();
    let (outside, inside) = (CheckInOutcome::OutsideWindow, CheckInOutcome::LetIn);
    assert_eq!(told, [outside, inside, inside, outside]);
}

pub fn a_revoked_or_expired_code_stays_outside(fresh: &Fresh) {
    let store = with_list(fresh);
    wait(store.revoke(revocation(1, at(5)), noted())).unwrap();
    let revoked = shown(store, entry(1, 1, rules()));
    assert_eq!(revoked.row.outcome, CheckInOutcome::Revoked);
    assert_eq!(
        revoked.revocation.unwrap().reason.as_deref(),
        Some("lost in the post")
    );
    // The last minute counts to its end.
    let ends = DAY + 60;
    let last = at_time(entry(1, 2, rules()), at(ends - 1));
    assert_eq!(outcome(store, last), CheckInOutcome::LetIn);
    let late = at_time(entry(1, 3, rules()), at(ends));
    assert_eq!(outcome(store, late), CheckInOutcome::Expired);
    // Somebody who is in already is told why they stay out.
    wait(store.revoke(revocation(2, at(6)), noted())).unwrap();
    assert_eq!(
        outcome(store, entry(1, 2, rules())),
        CheckInOutcome::Revoked
    );
}

pub fn the_first_entry_takes_one_open_and_no_other_does(fresh: &Fresh) {
    let store = with_list(fresh);
    let token = limited(1, 2);
    let shown_as = |rules| {
        let mut request = entry(1, 1, rules);
        request.token = Some(CheckInToken {
            id: token.id,
            issued_at: token.issued_at,
            expires_at: Some(token.expires_at),
            max_opens: token.max_opens,
        });
        request
    };
    let opens = || wait(store.receipt(id(1))).unwrap().unwrap().opens;
    assert_eq!(outcome(store, shown_as(exits())), CheckInOutcome::LetIn);
    assert_eq!(opens(), 1);
    shown(store, exit(1, 1, exits()));
    assert_eq!(outcome(store, shown_as(exits())), CheckInOutcome::LetIn);
    assert_eq!(opens(), 1, "the open is the list's own");
    assert_eq!(store.open(attempt(token, 1, at(50))), counted(2));
    shown(store, exit(1, 1, exits()));
    assert_eq!(outcome(store, shown_as(exits())), CheckInOutcome::LetIn);
    // At another list it is used up; full or not, that is said.
    add(store, new(2));
    for max_inside in [None, Some(0)] {
        let mut elsewhere = shown_as(EntryRules {
            max_inside,
            open_id: [6; 16],
            ..exits()
        });
        elsewhere.list = list(2);
        assert_eq!(outcome(store, elsewhere), CheckInOutcome::UsedUp);
    }
}

pub fn a_full_list_lets_nobody_in_until_somebody_leaves(fresh: &Fresh) {
    let store = with_list(fresh);
    let three = |people| EntryRules {
        people,
        max_inside: Some(3),
        ..exits()
    };
    assert_eq!(shown(store, entry(1, 1, three(2))).inside, 2);
    assert_eq!(
        outcome(store, entry(1, 2, three(2))),
        CheckInOutcome::ListFull
    );
    assert_eq!(shown(store, entry(1, 3, three(1))).inside, 3);
    assert_eq!(
        outcome(store, entry(1, 4, three(1))),
        CheckInOutcome::ListFull
    );
    shown(store, exit(1, 1, three(2)));
    assert_eq!(shown(store, entry(1, 2, three(2))).inside, 3);
}

pub fn a_list_that_was_changed_judges_nobody_by_what_it_was(fresh: &Fresh) {
    let store = with_list(fresh);
    change(store, 1, None, ListEdit::Staff(Vec::new()));
    let old = entry(1, 1, rules());
    assert_eq!(
        wait(store.check_in(old.clone())).unwrap(),
        CheckedIn::ListChanged
    );
    let looked_again = CheckIn {
        list_revision: 2,
        ..old
    };
    assert_eq!(outcome(store, looked_again), CheckInOutcome::LetIn);
    let unknown = entry(4, 1, rules());
    assert_eq!(
        wait(store.check_in(unknown)).unwrap(),
        CheckedIn::ListChanged
    );
}

pub fn of_many_at_the_same_time_one_enters(fresh: &Fresh) {
    let store = with_list(fresh);
    let another = fresh.another();
    let told = together(&fresh.store, &another, |store, _| {
        outcome(store, entry(1, 1, exits()))
    });
    let entered = told.iter().filter(|told| **told == CheckInOutcome::LetIn);
    assert_eq!(entered.count(), 1);
    assert_eq!(there(store, 1).unwrap().inside, 1);
    // The same request from many is one.
    let asked = entry(1, 2, exits());
    let told = together(&fresh.store, &another, |store, client| {
        let mut id = [0; 12];
        id[4..].copy_from_slice(&(1000 + client).to_be_bytes());
        shown(
            store,
            CheckIn {
                id: CheckInId(id),
                ..asked.clone()
            },
        )
    });
    let first = told.iter().find(|told| !told.replayed).unwrap();
    assert!(told.iter().all(|told| told.row == first.row));
    assert_eq!(told.iter().filter(|told| told.replayed).count(), 31);
}

pub fn of_many_codes_at_the_same_time_as_many_enter_as_there_is_room(fresh: &Fresh) {
    let store = with_list(fresh);
    let another = fresh.another();
    let room = EntryRules {
        people: 2,
        max_inside: Some(11),
        ..exits()
    };
    let told = together(&fresh.store, &another, |store, client| {
        outcome(store, entry(1, 100 + client, room))
    });
    let entered = told.iter().filter(|told| **told == CheckInOutcome::LetIn);
    assert_eq!(entered.count(), 5);
    assert_eq!(there(store, 1).unwrap().inside, 10);
}

pub fn whoever_is_inside_leaves_a_list_that_does_not_take_them_any_more(fresh: &Fresh) {
    let store = with_list(fresh);
    assert_eq!(shown(store, entry(1, 1, exits())).inside, 1);
    let only_out = |request: CheckIn| CheckIn {
        found: Found::OnlyOut(exits()),
        ..request
    };
    for stranger in [exit(1, 2, exits()), entry(1, 2, exits())] {
        let told = outcome(store, only_out(stranger));
        assert_eq!(told, CheckInOutcome::NotOnList);
    }
    let left = shown(store, only_out(exit(1, 1, exits())));
    assert_eq!(
        (left.row.outcome, left.row.people, left.inside),
        (CheckInOutcome::LetOut, 1, 0)
    );
    let again = outcome(store, only_out(exit(1, 1, exits())));
    assert_eq!(again, CheckInOutcome::NotOnList, "it is outside");
}

/// The rules of a list that lets each code in once.
pub fn rules() -> EntryRules {
    EntryRules {
        entries: Entries::Once,
        exits: false,
        people: 1,
        max_inside: None,
        opens_at: None,
        closes_at: None,
        open_id: [5; 16],
    }
}

/// The same with exits.
pub fn exits() -> EntryRules {
    EntryRules {
        exits: true,
        ..rules()
    }
}

/// A new request to let a token in, which lives for a day from the start.
pub fn entry(of_list: u64, token: u64, rules: EntryRules) -> CheckIn {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut row = [1; 12];
    row[4..].copy_from_slice(&number.to_be_bytes());
    CheckIn {
        id: CheckInId(row),
        list: list(of_list),
        list_revision: 1,
        kind: CheckInKind::Entry,
        gate: Some("north".to_owned()),
        token: Some(CheckInToken {
            id: id(token),
            issued_at: START,
            expires_at: Some(at(DAY)),
            max_opens: None,
        }),
        found: Found::Accepted(rules),
        visit: None,
        pin_from: None,
        made_by: Principal::Key(1),
        check_in_id: format!("check-in-{number:020}"),
        digest: [7; 32],
        day: 20_260_101,
        now: at(10),
    }
}

pub fn exit(of_list: u64, token: u64, rules: EntryRules) -> CheckIn {
    CheckIn {
        kind: CheckInKind::Exit,
        ..entry(of_list, token, rules)
    }
}

/// How an attempt is judged.
pub fn shown(store: &dyn Store, request: CheckIn) -> Judged {
    match wait(store.check_in(request)).unwrap() {
        CheckedIn::Judged(judged) => *judged,
        other => panic!("{other:?}"),
    }
}

pub fn query(of_list: u64) -> CheckInQuery {
    CheckInQuery {
        list: list(of_list),
        since: None,
        until: None,
        outcome: None,
        gate: None,
        made_by: None,
        token: None,
        after: None,
        limit: 100,
        oldest_first: false,
    }
}

pub(super) fn with_list(fresh: &Fresh) -> &dyn Store {
    add(&*fresh.store, new(1));
    &*fresh.store
}

pub(super) fn outcome(store: &dyn Store, request: CheckIn) -> CheckInOutcome {
    shown(store, request).row.outcome
}

pub(super) fn at_time(request: CheckIn, now: UnixTime) -> CheckIn {
    CheckIn { now, ..request }
}

pub(super) fn undoing(id: CheckInId, any: bool, now: UnixTime) -> UndoCheckIn {
    UndoCheckIn {
        id,
        list: list(1),
        by: Principal::Key(1),
        any,
        audit: noted(),
        now,
    }
}

pub(super) fn undo(store: &dyn Store, id: CheckInId, any: bool, now: UnixTime) -> UndoneCheckIn {
    wait(store.undo_check_in(undoing(id, any, now))).unwrap()
}

/// A list with a gate, staff and a code that is inside, for a copy.
pub fn fill(store: &dyn Store) {
    add(store, new(1));
    change(store, 1, None, ListEdit::Staff(vec![Principal::Account(1)]));
    for token in 1..=3 {
        let asked = CheckIn {
            list_revision: 2,
            ..entry(1, token, exits())
        };
        shown(store, asked);
    }
    shown(
        store,
        CheckIn {
            list_revision: 2,
            ..exit(1, 3, exits())
        },
    );
}

/// What the port tells of it.
pub fn told(store: &dyn Store) -> String {
    let rows = wait(store.check_ins(query(1))).unwrap();
    let counts = wait(store.gate_counts(list(1))).unwrap();
    format!("{:?}\n{rows:?}\n{counts:?}", there(store, 1))
}
