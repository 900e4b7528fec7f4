//! What is remembered of check-ins: repeated, counted, undone, let out by the list, listed, forgotten.

use qrseal::principal::Principal;
use qrseal::store::{
    CheckIn, CheckInId, CheckInOutcome, CheckInQuery, CheckedIn, Entries, EntryRules, ExitAll,
    FindCheckIn, Found, UndoCheckIn, UndoneCheckIn,
};

use super::check_ins::{
    at_time, entry, exit, exits, outcome, query, rules, shown, undo, undoing, with_list,
};
use super::lists::{list, there};
use crate::actors::{DAY, HOUR, at, id, wait};
use crate::backends::Fresh;

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
