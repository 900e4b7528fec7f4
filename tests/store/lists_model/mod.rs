//! Random histories of a list: entries, exits, days, windows, limits, people, undoing, the hour at which all leave, forgetting;
//! on the store and on a model of it, side by side.
//!
//! The model is what the port promises, written as plainly as possible. Every history has a list of its own, so that one store
//! serves many.

mod reference;

use std::thread;

use qrseal::principal::Principal;
use qrseal::store::{
    CheckIn, CheckInKind, CheckInToken, CheckedIn, Entries, EntryRules, ExitAll, Found, Store,
    UndoCheckIn, UndoneCheckIn,
};
use qrseal::token::UnixTime;

use self::reference::{Reference, Told};
use crate::actors::{DAY, HOUR, at, id, noted, revocation, wait};
use crate::backends::sqlite_in_memory;
use crate::conformance::check_ins::entry;
use crate::conformance::lists::{add, list, new, there};

/// How many histories: `HISTORIES`, or some hundreds. `tests/torture` asks for more.
fn histories() -> u64 {
    std::env::var("HISTORIES").map_or(400, |number| number.parse().expect("HISTORIES is a number"))
}

#[test]
fn on_every_history_a_list_answers_what_its_model_answers() {
    let (all, threads) = (histories(), 2);
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let fresh = sqlite_in_memory();
                for number in (thread..all).step_by(threads.try_into().unwrap()) {
                    run(&*fresh.store, number);
                }
            });
        }
    });
    println!("{all} histories of lists agreed with the model");
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Action {
    CheckIn(Box<CheckIn>),
    /// The check-in that was made so many ago is undone.
    Undo {
        back: usize,
        by: Principal,
        any: bool,
        now: UnixTime,
    },
    Revoke(u64, UnixTime),
    ExitAll(UnixTime),
    Forget(UnixTime),
}

fn run(store: &dyn Store, number: u64) {
    let mut random = Random(number);
    let of_list = number + 1;
    add(store, new(of_list));
    let rules = EntryRules {
        entries: random.one_of(&[
            Entries::Once,
            Entries::Once,
            Entries::OnceADay,
            Entries::Many,
        ]),
        exits: random.below(3) > 0,
        people: 1,
        max_inside: random.one_of(&[None, None, Some(3), Some(6)]),
        opens_at: random.one_of(&[None, None, Some(at(HOUR))]),
        closes_at: random.one_of(&[None, None, Some(at(2 * DAY))]),
        open_id: [5; 16],
    };
    let rules = EntryRules {
        max_inside: rules.max_inside.filter(|_| rules.exits),
        ..rules
    };
    let mut reference = Reference::default();
    let (mut made, mut told, mut now) = (Vec::<CheckIn>::new(), Vec::new(), 0);
    for _ in 0..random.below(40) + 5 {
        now += random.one_of(&[0, 0, 1, 60, 900, 901, HOUR, 6 * HOUR, DAY]);
        let action = next(&mut random, of_list, rules, &made, at(now));
        let answer = act(store, of_list, &action, &made);
        let expected = reference.act(&action, &made);
        if let Action::CheckIn(request) = &action {
            made.push((**request).clone());
        }
        told.push(format!("{action:?}\n    {answer:?}"));
        let (inside, counted) = (there(store, of_list).unwrap().inside, reference.inside());
        assert!(
            answer == expected && inside == counted,
            "history {number} differs from the model, which says {expected:?} and {counted} inside, not {inside}\n{rules:?}\n{}",
            told.join("\n")
        );
        assert!(
            rules
                .max_inside
                .is_none_or(|most| reference.undone_exit || inside <= u64::from(most))
        );
    }
}

/// The next thing that is done.
fn next(
    random: &mut Random,
    of_list: u64,
    rules: EntryRules,
    made: &[CheckIn],
    now: UnixTime,
) -> Action {
    match random.below(20) {
        0 | 1 if !made.is_empty() => Action::Undo {
            back: usize::try_from(random.below(4))
                .unwrap()
                .min(made.len() - 1),
            by: random.one_of(&[Principal::Key(1), Principal::Account(2)]),
            any: random.below(3) == 0,
            now,
        },
        2 if random.below(4) == 0 => Action::Revoke(tokens(of_list) + random.below(4), now),
        3 => Action::ExitAll(now),
        4 if random.below(3) == 0 => Action::Forget(now),
        // The same request once more.
        5 | 6 if !made.is_empty() => {
            let again = random.below(u64::try_from(made.len()).unwrap());
            let mut again = made[usize::try_from(again).unwrap()].clone();
            if random.below(6) == 0 {
                again.digest = [8; 32];
            }
            again.now = now;
            Action::CheckIn(Box::new(again))
        }
        _ => {
            let token = random.below(4);
            let people = random.one_of(&[1, 1, 2, 4]);
            let mut asked = entry(
                of_list,
                tokens(of_list) + token,
                EntryRules { people, ..rules },
            );
            asked.kind = match random.below(3) {
                0 if rules.exits => CheckInKind::Exit,
                _ => CheckInKind::Entry,
            };
            asked.token = Some(CheckInToken {
                id: id(tokens(of_list) + token),
                issued_at: at(0),
                expires_at: [None, None, Some(at(3 * DAY)), Some(at(20 * DAY))]
                    [usize::try_from(token).unwrap()],
                max_opens: None,
            });
            asked.made_by = random.one_of(&[Principal::Key(1), Principal::Account(2)]);
            asked.day = u32::try_from(now.as_secs() / DAY).unwrap();
            asked.now = now;
            Action::CheckIn(Box::new(asked))
        }
    }
}

fn tokens(of_list: u64) -> u64 {
    1_000_000 + of_list * 4
}

fn act(store: &dyn Store, of_list: u64, action: &Action, made: &[CheckIn]) -> Told {
    match action.clone() {
        Action::CheckIn(request) => match wait(store.check_in(*request)).unwrap() {
            CheckedIn::Judged(judged) => Told::Judged {
                id: judged.row.id,
                outcome: judged.row.outcome,
                people: judged.row.people,
                no_entry: judged.row.no_entry,
                undone: judged.row.undone_at.is_some(),
                replayed: judged.replayed,
                inside: judged.inside,
                first_at: judged.first_at,
                because: judged.because.map(|because| because.id),
            },
            CheckedIn::AnotherRequest => Told::AnotherRequest,
            CheckedIn::ListChanged => panic!("nobody changes it"),
        },
        Action::Undo { back, by, any, now } => {
            let undo = UndoCheckIn {
                id: made[made.len() - 1 - back].id,
                list: list(of_list),
                by,
                any,
                audit: noted(),
                now,
            };
            match wait(store.undo_check_in(undo)).unwrap() {
                UndoneCheckIn::Done(row, inside) => Told::Undone(row.id, inside),
                other => Told::NotUndone(format!("{other:?}")),
            }
        }
        Action::Revoke(token, now) => {
            wait(store.revoke(revocation(token, now), noted())).unwrap();
            Told::Nothing
        }
        Action::ExitAll(before) => {
            let mut mark = 0;
            loop {
                mark += 1;
                let step = ExitAll {
                    list: list(of_list),
                    before,
                    day: 0,
                    limit: 2,
                    random: row_bytes(of_list, before, mark),
                };
                if !wait(store.exit_all(step)).unwrap() {
                    break Told::Nothing;
                }
            }
        }
        Action::Forget(before) => {
            while wait(store.forget_check_ins(list(of_list), before)).unwrap() > 0 {}
            Told::Nothing
        }
    }
}

fn row_bytes(of_list: u64, before: UnixTime, mark: u8) -> [u8; 32] {
    let mut bytes = [mark; 32];
    bytes[..8].copy_from_slice(&of_list.to_be_bytes());
    bytes[8..16].copy_from_slice(&before.as_secs().to_be_bytes());
    bytes
}

/// What an entry is judged by.
pub fn rules_of(request: &CheckIn) -> EntryRules {
    match request.found {
        Found::Accepted(rules) => rules,
        other => panic!("{other:?}"),
    }
}

/// The generator `SplitMix64`: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let count = u64::try_from(all.len()).unwrap();
        all[usize::try_from(self.below(count)).unwrap()]
    }
}
