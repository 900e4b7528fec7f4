//! Check-ins: who is let in and out, and what is remembered of it.

use std::sync::atomic::{AtomicU64, Ordering};

use qrseal::principal::Principal;
use qrseal::store::{
    CheckIn, CheckInId, CheckInKind, CheckInOutcome, CheckInQuery, CheckInToken, CheckedIn,
    Entries, EntryRules, ExitAll, FindCheckIn, Found, Judged, ListEdit, Store, UndoCheckIn,
    UndoneCheckIn,
};
use qrseal::store::{EraseVisits, ErasedOf, PresenceQuery, SealedVisit};
use qrseal::token::{Slot, UnixTime};

use super::lists::{add, change, list, new, there};
use crate::actors::{
    DAY, HOUR, Now as _, START, at, attempt, counted, id, limited, noted, revocation, together,
    wait,
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

pub fn the_same_request_is_judged_once_and_another_is_a_conflict(fresh: &Fresh) {
    let store = with_list(fresh);
    let asked = entry(1, 1, exits());
    let first = shown(store, asked.clone());
    let again = CheckIn {
        id: CheckInId([9; 12]),
        now: at(500),
        ..asked.clone()
    };
    let again = shown(store, again);
    assert_eq!((again.replayed, &again.row), (true, &first.row));
    assert_eq!((again.inside, again.first_at), (1, first.first_at));
    // A refusal is repeated, too.
    let refused = entry(1, 1, exits());
    let told = shown(store, refused.clone());
    shown(store, exit(1, 1, exits()));
    let told_again = shown(store, refused);
    assert_eq!(told_again.row.outcome, CheckInOutcome::AlreadyRedeemed);
    assert_eq!(
        (told_again.row.id, told_again.replayed),
        (told.row.id, true)
    );
    let other = CheckIn {
        digest: [8; 32],
        ..asked.clone()
    };
    assert_eq!(
        wait(store.check_in(other)).unwrap(),
        CheckedIn::AnotherRequest
    );
    // Somebody else's request of the same name is another.
    let theirs = CheckIn {
        made_by: Principal::Account(5),
        digest: [8; 32],
        ..entry(1, 2, exits())
    };
    let theirs = CheckIn {
        check_in_id: asked.check_in_id,
        ..theirs
    };
    assert_eq!(outcome(store, theirs), CheckInOutcome::LetIn);
    assert_eq!(there(store, 1).unwrap().inside, 1);
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

pub fn a_refusal_that_was_found_before_is_written_down(fresh: &Fresh) {
    let store = with_list(fresh);
    let stranger = CheckIn {
        token: None,
        found: Found::Refused(CheckInOutcome::NotRecognised),
        ..entry(1, 1, rules())
    };
    let told = shown(store, stranger.clone());
    assert_eq!(
        (told.row.outcome, told.row.token),
        (CheckInOutcome::NotRecognised, None)
    );
    assert!(shown(store, stranger).replayed);
    let other = CheckIn {
        found: Found::Refused(CheckInOutcome::NotOnList),
        ..entry(1, 1, rules())
    };
    assert_eq!(outcome(store, other), CheckInOutcome::NotOnList);
    assert_eq!(outcome(store, entry(1, 1, rules())), CheckInOutcome::LetIn);
    let counts = wait(store.gate_counts(list(1))).unwrap();
    assert_eq!((counts[0].gate.as_str(), counts[0].refusals), ("north", 2));
    assert_eq!((counts[0].entries, counts[0].people), (1, 1));
}

pub fn an_undone_entry_may_be_made_again_and_gives_no_open_back(fresh: &Fresh) {
    let store = with_list(fresh);
    let mut asked = entry(
        1,
        1,
        EntryRules {
            people: 3,
            ..exits()
        },
    );
    asked.token.as_mut().unwrap().max_opens = Some(1);
    let first = shown(store, asked.clone());
    let UndoneCheckIn::Done(undone, inside) = undo(store, first.row.id, false, at(20)) else {
        panic!("it was made by the same a moment ago")
    };
    assert_eq!((undone.undone_at, inside), (Some(at(20)), 0));
    assert_eq!(undone.undone_by, Some(Principal::Key(1)));
    let again = undo(store, first.row.id, false, at(30));
    assert!(matches!(again, UndoneCheckIn::Done(row, 0) if row.undone_at == Some(at(20))));
    // The request that was undone stays so; a new one enters, with the list's open.
    let replay = shown(store, asked.clone());
    assert_eq!(
        (replay.replayed, replay.row.undone_at),
        (true, Some(at(20)))
    );
    let mut anew = entry(
        1,
        1,
        EntryRules {
            people: 3,
            ..exits()
        },
    );
    anew.token = asked.token;
    assert_eq!(shown(store, anew).inside, 3);
    let opens = wait(store.receipt(id(1))).unwrap().unwrap().opens;
    assert_eq!(opens, 1);
    let counts = wait(store.gate_counts(list(1))).unwrap();
    assert_eq!((counts[0].entries, counts[0].people), (1, 3));
}

pub fn only_the_latest_is_undone_and_others_after_a_quarter_of_an_hour_by_managers(fresh: &Fresh) {
    let store = with_list(fresh);
    let came = shown(store, at_time(entry(1, 1, exits()), at(0)));
    let left = shown(store, at_time(exit(1, 1, exits()), at(1)));
    assert_eq!(
        undo(store, came.row.id, true, at(2)),
        UndoneCheckIn::NotLatest
    );
    let theirs = UndoCheckIn {
        by: Principal::Key(2),
        ..undoing(left.row.id, false, at(2))
    };
    assert_eq!(
        wait(store.undo_check_in(theirs)).unwrap(),
        UndoneCheckIn::NotYours
    );
    let quarter = 15 * 60;
    assert_eq!(
        undo(store, left.row.id, false, at(quarter + 2)),
        UndoneCheckIn::TooLate
    );
    let done = undo(store, left.row.id, false, at(quarter + 1));
    assert!(matches!(done, UndoneCheckIn::Done(_, 1)), "inside again");
    assert_eq!(
        outcome(store, entry(1, 1, exits())),
        CheckInOutcome::AlreadyRedeemed
    );
    let refusal = shown(store, entry(1, 1, exits()));
    assert_eq!(
        undo(store, refusal.row.id, true, at(3)),
        UndoneCheckIn::Refusal
    );
    let done = undo(store, came.row.id, true, at(DAY));
    assert!(matches!(done, UndoneCheckIn::Done(_, 0)));
    assert_eq!(
        undo(store, CheckInId([3; 12]), true, at(1)),
        UndoneCheckIn::Unknown
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

pub fn at_the_hour_everybody_inside_is_let_out(fresh: &Fresh) {
    let store = with_list(fresh);
    for token in 1..=5 {
        shown(store, at_time(entry(1, token, exits()), at(token)));
    }
    shown(store, at_time(exit(1, 5, exits()), at(6)));
    let late = shown(store, at_time(entry(1, 9, exits()), at(HOUR)));
    let step = |mark| ExitAll {
        list: list(1),
        before: at(HOUR),
        day: 20_260_101,
        limit: 3,
        random: [mark; 32],
    };
    assert!(wait(store.exit_all(step(1))).unwrap(), "there is more");
    assert!(there(store, 1).unwrap().exited_all_at < at(HOUR));
    assert!(!wait(store.exit_all(step(2))).unwrap());
    let now = there(store, 1).unwrap();
    assert_eq!((now.inside, now.exited_all_at), (1, at(HOUR)));
    let rows = wait(store.check_ins(query(1))).unwrap().0;
    let automatic: Vec<_> = rows.iter().filter(|row| row.made_by.is_none()).collect();
    assert_eq!(automatic.len(), 4);
    assert!(automatic.iter().all(|row| row.happened_at == at(HOUR)
        && row.outcome == CheckInOutcome::LetOut
        && row.people == 1));
    assert_eq!(outcome(store, entry(1, 1, exits())), CheckInOutcome::LetIn);
    let numbers: Vec<_> = wait(store.check_ins(query(1))).unwrap().0;
    assert!(numbers.is_sorted_by(|one, next| one.number > next.number));
    assert!(matches!(
        undo(store, late.row.id, false, at(HOUR)),
        UndoneCheckIn::Done(_, 1)
    ));
}

pub fn check_ins_are_listed_in_the_order_of_the_list(fresh: &Fresh) {
    let store = with_list(fresh);
    for token in 1..=5 {
        let gate = if token % 2 == 0 { "south" } else { "north" };
        let gate = Some(gate.to_owned());
        shown(
            store,
            at_time(
                CheckIn {
                    gate,
                    ..entry(1, token, rules())
                },
                at(token),
            ),
        );
    }
    outcome(store, at_time(entry(1, 1, rules()), at(6)));
    let listed = |query| {
        let rows = wait(store.check_ins(query)).unwrap().0;
        rows.iter().map(|row| row.number).collect::<Vec<_>>()
    };
    assert_eq!(listed(query(1)), [6, 5, 4, 3, 2, 1]);
    assert_eq!(
        listed(CheckInQuery {
            oldest_first: true,
            ..query(1)
        }),
        [1, 2, 3, 4, 5, 6]
    );
    let south = Some("south".to_owned());
    assert_eq!(
        listed(CheckInQuery {
            gate: south,
            ..query(1)
        }),
        [4, 2]
    );
    let refused = Some(CheckInOutcome::AlreadyRedeemed);
    assert_eq!(
        listed(CheckInQuery {
            outcome: refused,
            ..query(1)
        }),
        [6]
    );
    assert_eq!(
        listed(CheckInQuery {
            token: Some(id(1)),
            ..query(1)
        }),
        [6, 1]
    );
    let span = (Some(at(2)), Some(at(4)));
    assert_eq!(
        listed(CheckInQuery {
            since: span.0,
            until: span.1,
            ..query(1)
        }),
        [3, 2]
    );
    let (page, next) = wait(store.check_ins(CheckInQuery {
        limit: 4,
        ..query(1)
    }))
    .unwrap();
    assert_eq!((page.len(), next), (4, Some(3)));
    let rest = CheckInQuery {
        limit: 4,
        after: next,
        ..query(1)
    };
    assert_eq!(listed(rest), [2, 1]);
    let by_id = wait(store.find_check_in(FindCheckIn::Id(page[0].id))).unwrap();
    assert_eq!(by_id.unwrap().row, page[0]);
}

pub fn after_its_time_a_check_in_is_forgotten_and_the_code_stays_outside(fresh: &Fresh) {
    let store = with_list(fresh);
    let forever = |token| {
        let mut asked = entry(1, token, rules());
        asked.token.as_mut().unwrap().expires_at = None;
        asked
    };
    shown(store, at_time(forever(1), at(10)));
    shown(store, at_time(forever(2), at(DAY)));
    assert_eq!(wait(store.forget_check_ins(list(1), at(10))).unwrap(), 0);
    assert_eq!(wait(store.forget_check_ins(list(1), at(11))).unwrap(), 2);
    assert_eq!(wait(store.forget_check_ins(list(1), at(11))).unwrap(), 0);
    let rows = wait(store.check_ins(query(1))).unwrap().0;
    assert_eq!(
        rows.iter().map(|row| row.token).collect::<Vec<_>>(),
        [Some(id(2))]
    );
    let again = shown(store, at_time(forever(1), at(40 * DAY)));
    assert_eq!(again.row.outcome, CheckInOutcome::AlreadyRedeemed);
    assert_eq!((again.first_at, again.because), (None, None));
    let counts = wait(store.gate_counts(list(1))).unwrap();
    assert_eq!((counts[0].entries, counts[0].refusals), (2, 1));
}

pub fn what_a_list_knows_of_a_code_goes_with_the_code(fresh: &Fresh) {
    let store = with_list(fresh);
    shown(store, entry(1, 1, rules()));
    let ended = DAY + 60 + HOUR;
    assert_eq!(wait(store.purge_lists(at(ended - 1))).unwrap(), 0);
    assert_eq!(wait(store.purge_lists(at(ended))).unwrap(), 1);
    assert_eq!(wait(store.purge_lists(at(ended))).unwrap(), 0);
}

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

pub fn when_a_code_first_entered_is_forgotten_though_it_came_again_or_was_undone(fresh: &Fresh) {
    let store = with_list(fresh);
    let many = EntryRules {
        entries: Entries::Many,
        ..rules()
    };
    for token in [1, 2] {
        shown(store, at_time(entry(1, token, many), at(10)));
    }
    let second = shown(store, at_time(entry(1, 1, many), at(100)));
    assert_eq!(second.first_at, Some(at(10)));
    let second = shown(store, at_time(entry(1, 2, many), at(100))).row.id;
    while wait(store.forget_check_ins(list(1), at(50))).unwrap() > 0 {}
    // It entered once by now, and nobody knows when.
    undo(store, second, true, at(102));
    for token in [1, 2] {
        let later = shown(store, at_time(entry(1, token, many), at(103)));
        assert_eq!(later.first_at, Some(at(103)), "{token}");
    }
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

pub fn gates_beyond_a_hundred_are_counted_as_none(fresh: &Fresh) {
    let store = with_list(fresh);
    let at_gate = |token: u64| CheckIn {
        gate: Some(format!("gate {token:03}")),
        ..entry(1, token, rules())
    };
    for token in 1..=100 {
        shown(store, at_gate(token));
    }
    let beyond = shown(store, at_gate(101)).row;
    assert_eq!(beyond.gate.as_deref(), Some("gate 101"), "the row keeps it");
    let counted = || {
        let counts = wait(store.gate_counts(list(1))).unwrap();
        (counts.len(), counts[0].gate.clone(), counts[0].entries)
    };
    assert_eq!(counted(), (101, String::new(), 1));
    undo(store, beyond.id, true, at(20));
    assert_eq!(counted(), (101, String::new(), 0));
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

fn sealed(slot: u8) -> SealedVisit {
    SealedVisit {
        slot: Slot::try_from(slot).unwrap(),
        document: vec![slot; 40],
    }
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

fn with_list(fresh: &Fresh) -> &dyn Store {
    add(&*fresh.store, new(1));
    &*fresh.store
}

fn outcome(store: &dyn Store, request: CheckIn) -> CheckInOutcome {
    shown(store, request).row.outcome
}

fn at_time(request: CheckIn, now: UnixTime) -> CheckIn {
    CheckIn { now, ..request }
}

fn undoing(id: CheckInId, any: bool, now: UnixTime) -> UndoCheckIn {
    UndoCheckIn {
        id,
        list: list(1),
        by: Principal::Key(1),
        any,
        audit: noted(),
        now,
    }
}

fn undo(store: &dyn Store, id: CheckInId, any: bool, now: UnixTime) -> UndoneCheckIn {
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
