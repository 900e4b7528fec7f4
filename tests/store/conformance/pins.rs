//! Tries at PINs.

use std::sync::Barrier;
use std::thread;

use qrseal::store::{LockedUntil, OpenAttempt, PinGate, PinTry, Standing};
use qrseal::token::UnixTime;

use crate::actors::{
    DAY, Now as _, START, at, attempt, counted, limited, network, noted, pin_try, wait, with_pin,
};
use crate::backends::Fresh;

const MINUTE: u64 = 60;

pub fn the_fifth_wrong_try_of_a_network_is_evaluated_and_the_sixth_is_not(fresh: &Fresh) {
    let token = limited(1, 1);
    for left in (0..5).rev() {
        assert_eq!(spend(fresh, pin_try(token, 1, START)), evaluate(left));
    }
    let until = at(15 * MINUTE);
    assert_eq!(spend(fresh, pin_try(token, 1, START)), locked(until));
    assert_eq!(
        spend(fresh, pin_try(token, 1, at(15 * MINUTE - 1))),
        locked(until)
    );
    assert_eq!(
        spend(fresh, pin_try(token, 2, START)),
        evaluate(4),
        "another network is not locked"
    );
    assert_eq!(
        spend(fresh, pin_try(limited(2, 1), 1, START)),
        evaluate(4),
        "nor is another token"
    );
    assert_eq!(spend(fresh, pin_try(token, 1, until)), evaluate(4));
}

pub fn each_lock_is_twice_as_long_as_the_one_before(fresh: &Fresh) {
    let token = with_pin(1);
    let mut now = START;
    for minutes in [15, 30, 60] {
        for _ in 0..5 {
            assert!(matches!(
                spend(fresh, pin_try(token, 1, now)),
                PinGate::Evaluate { .. }
            ));
        }
        let until = now.plus_secs(minutes * MINUTE);
        assert_eq!(spend(fresh, pin_try(token, 1, now)), locked(until));
        // Another network's success shortens nothing.
        fresh.store.open(past_pin(token, 2, now));
        now = until;
    }
    for left in (0..5).rev() {
        assert_eq!(spend(fresh, pin_try(token, 1, now)), evaluate(left));
    }
    let reset = PinGate::Locked(LockedUntil::Reset);
    assert_eq!(
        spend(fresh, pin_try(token, 1, now)),
        reset,
        "twenty by itself"
    );
}

pub fn twenty_tries_over_all_networks_lock_the_token_until_a_reset(fresh: &Fresh) {
    let token = limited(1, 1);
    for from in 0..19 {
        assert!(matches!(
            spend(fresh, pin_try(token, from, START)),
            PinGate::Evaluate { .. }
        ));
    }
    assert_eq!(spend(fresh, pin_try(token, 19, START)), evaluate(0));
    let reset = PinGate::Locked(LockedUntil::Reset);
    assert_eq!(spend(fresh, pin_try(token, 20, START)), reset);
    assert_eq!(spend(fresh, pin_try(token, 20, at(DAY - 1))), reset);
    assert_eq!(
        wait(fresh.store.look(token, START)),
        Ok(Standing::PinLocked)
    );
    assert_eq!(
        wait(fresh.store.reset_pin(token.id, at(5), noted())),
        Ok(true)
    );
    assert_eq!(spend(fresh, pin_try(token, 20, at(6))), evaluate(4));
}

pub fn a_success_forgives_the_tries_of_its_network(fresh: &Fresh) {
    let token = limited(1, 3);
    for _ in 0..4 {
        spend(fresh, pin_try(token, 1, START));
    }
    assert_eq!(fresh.store.open(past_pin(token, 1, START)), counted(1));
    assert_eq!(tries(fresh), 0);
    for left in (0..5).rev() {
        assert_eq!(spend(fresh, pin_try(token, 1, START)), evaluate(left));
    }
    // A repeat came past the PIN too.
    fresh.store.open(past_pin(token, 1, at(1)));
    assert_eq!(tries(fresh), 0);
    assert_eq!(spend(fresh, pin_try(token, 1, at(2))), evaluate(4));
}

pub fn the_right_pin_is_forgiven_its_tries_though_nothing_was_counted(fresh: &Fresh) {
    let token = limited(1, 1);
    let forgive = |from| wait(fresh.store.forgive_pin_try(token.id, network(from)));
    // Of a token that nobody has tried there is nothing to forgive.
    assert_eq!(forgive(1), Ok(()));
    for _ in 0..4 {
        spend(fresh, pin_try(token, 2, START));
    }
    for _ in 0..30 {
        assert_eq!(spend(fresh, pin_try(token, 1, START)), evaluate(4));
        assert_eq!(forgive(1), Ok(()));
    }
    // What another network spent stays, and so does the open.
    assert_eq!(tries(fresh), 4);
    assert_eq!(spend(fresh, pin_try(token, 2, START)), evaluate(0));
    assert_eq!(fresh.store.open(past_pin(token, 1, START)), counted(1));
}

pub fn a_success_from_one_network_forgives_no_other_what_it_spent(fresh: &Fresh) {
    let token = with_pin(1);
    for wrong in 0..19 {
        assert!(matches!(
            spend(fresh, pin_try(token, 1 + wrong / 4, START)),
            PinGate::Evaluate { .. }
        ));
        // The holder opens it again and again meanwhile.
        if wrong < 18 {
            spend(fresh, pin_try(token, 9, START));
            fresh.store.open(past_pin(token, 9, START));
        }
    }
    assert_eq!(tries(fresh), 19);
    assert_eq!(spend(fresh, pin_try(token, 6, START)), evaluate(0));
    let reset = PinGate::Locked(LockedUntil::Reset);
    assert_eq!(spend(fresh, pin_try(token, 9, START)), reset);
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!((entry.pin_tries, entry.pin_wrong), (20, 20));
}

pub fn a_hundred_wrong_tries_lock_a_token_whatever_was_forgiven(fresh: &Fresh) {
    let token = with_pin(1);
    // Somebody tries from the network of the holder, who forgives it each time.
    for _ in 0..25 {
        for _ in 0..4 {
            assert!(matches!(
                spend(fresh, pin_try(token, 1, START)),
                PinGate::Evaluate { .. }
            ));
        }
        if wait(fresh.store.look(token, START)) != Ok(Standing::PinLocked) {
            spend(fresh, pin_try(token, 1, START));
            fresh.store.open(past_pin(token, 1, START));
        }
    }
    let reset = PinGate::Locked(LockedUntil::Reset);
    assert_eq!(spend(fresh, pin_try(token, 1, at(DAY))), reset);
    assert_eq!(spend(fresh, pin_try(token, 2, at(DAY))), reset);
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!(entry.pin_wrong, 100);
    assert_eq!(
        wait(fresh.store.look(token, START)),
        Ok(Standing::PinLocked)
    );
    assert_eq!(
        wait(fresh.store.reset_pin(token.id, at(DAY), noted())),
        Ok(true)
    );
    assert_eq!(spend(fresh, pin_try(token, 1, at(DAY))), evaluate(4));
}

pub fn a_success_leaves_the_locks_of_other_networks(fresh: &Fresh) {
    let token = limited(1, 3);
    for _ in 0..5 {
        spend(fresh, pin_try(token, 1, START));
    }
    fresh.store.open(past_pin(token, 2, START));
    assert_eq!(
        spend(fresh, pin_try(token, 1, START)),
        locked(at(15 * MINUTE))
    );
}

pub fn a_reset_forgets_everything(fresh: &Fresh) {
    let token = limited(1, 1);
    for _ in 0..5 {
        spend(fresh, pin_try(token, 1, START));
    }
    assert_eq!(
        wait(fresh.store.reset_pin(token.id, at(9), noted())),
        Ok(true)
    );
    let entry = wait(fresh.store.receipt(token.id)).unwrap().unwrap();
    assert_eq!((entry.pin_tries, entry.updated_at), (0, at(9)));
    for left in (0..5).rev() {
        assert_eq!(spend(fresh, pin_try(token, 1, at(10))), evaluate(left));
    }
    assert_eq!(
        spend(fresh, pin_try(token, 1, at(10))),
        locked(at(10 + 15 * MINUTE)),
        "the first lock again"
    );
    assert_eq!(
        wait(fresh.store.reset_pin(limited(2, 1).id, START, noted())),
        Ok(false)
    );
}

pub fn of_two_hundred_at_the_same_time_five_are_evaluated(fresh: &Fresh) {
    let token = limited(1, 1);
    let another = fresh.another();
    let barrier = Barrier::new(200);
    let evaluated = thread::scope(|scope| {
        let clients: Vec<_> = (0..200)
            .map(|client| {
                let store = if client % 2 == 0 {
                    &fresh.store
                } else {
                    &another
                };
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    wait(store.spend_pin_try(pin_try(token, 1, START))).expect("the store works")
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .filter(|gate| matches!(gate, PinGate::Evaluate { .. }))
            .count()
    });
    assert_eq!(evaluated, 5);
}

fn spend(fresh: &Fresh, attempt: PinTry) -> PinGate {
    wait(fresh.store.spend_pin_try(attempt)).expect("the store works")
}

fn evaluate(attempts_left: u32) -> PinGate {
    PinGate::Evaluate { attempts_left }
}

fn locked(until: UnixTime) -> PinGate {
    PinGate::Locked(LockedUntil::Time(until))
}

fn past_pin(token: qrseal::store::LedgerToken, from: u64, now: UnixTime) -> OpenAttempt {
    OpenAttempt {
        pin_from: Some(network(from)),
        ..attempt(token, 1, now)
    }
}

fn tries(fresh: &Fresh) -> u32 {
    wait(fresh.store.receipt(limited(1, 1).id))
        .unwrap()
        .unwrap()
        .pin_tries
}
