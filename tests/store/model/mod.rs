//! Random histories of open, repeat, limit, PIN, revoke, erase, purge and clock jumps, on the store and on a model of it.
//!
//! `reference` is the model: what the port promises, written as plainly as possible. `history` makes histories from a seed.
//! Here they are run side by side: every answer must agree, and promises that need no model are kept count of besides.
//!
//! A history begins years after the one before it, so that one store serves many: what one purges is long over for the next.

mod history;
mod reference;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::task::Poll;
use std::thread;

use qrseal::store::{
    NetworkTag, OpenOutcome, PIN_TRIES_PER_TOKEN, PinGate, ReceiptQuery, Store, StoreError,
    StoreFuture,
};
use qrseal::token::TokenId;

use self::history::{Action, History};
use self::reference::Reference;
use crate::actors::{everything, noted, wait};
use crate::backends::{Fresh, sqlite_in_memory};

/// How many histories: `HISTORIES`, or some thousands. `tests/torture` asks for more.
fn histories() -> u64 {
    std::env::var("HISTORIES").map_or(2_000, |number| {
        number.parse().expect("HISTORIES is a number")
    })
}

#[test]
fn on_every_history_the_store_answers_what_the_model_answers() {
    let all = histories();
    let threads = 2;
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let fresh = sqlite_in_memory();
                for number in (thread..all).step_by(threads.try_into().unwrap()) {
                    run(&fresh, number);
                }
            });
        }
    });
    println!("{all} histories agreed with the model");
}

/// Runs one history; what fails says its number and all that was done before.
fn run(fresh: &Fresh, number: u64) {
    let mut reference = Reference::default();
    let mut promises = Promises::default();
    let mut told = Vec::new();
    for group in History::new(number) {
        // Writes of one group are handed over together, so that they share a transaction.
        let answers = wait(all(group.iter().map(|action| act(&fresh.store, action))));
        for (action, answer) in group.iter().zip(answers) {
            let answer = answer.expect("the store works");
            told.push(format!("{action:?}\n    {answer:?}"));
            let expected = reference.act(action);
            assert!(
                answer == expected,
                "history {number} differs from the model, which says\n    {expected:?}\n{}",
                told.join("\n")
            );
            if let Err(broken) = promises.keep(action, &answer) {
                panic!("history {number}: {broken}\n{}", told.join("\n"));
            }
        }
    }
}

/// What an action came to.
#[derive(Debug, PartialEq)]
enum Told {
    Opened(OpenOutcome),
    Tried(PinGate),
    /// Everything else is compared by its words.
    Other(String),
}

fn act<'a>(store: &'a Arc<dyn Store>, action: &Action) -> StoreFuture<'a, Told> {
    fn words<'a, T: std::fmt::Debug + 'a>(answer: StoreFuture<'a, T>) -> StoreFuture<'a, Told> {
        Box::pin(async move { Ok(Told::Other(format!("{:?}", answer.await?))) })
    }
    match action.clone() {
        Action::Open(attempt) => {
            let answer = store.count_open(attempt);
            Box::pin(async move { Ok(Told::Opened(answer.await?)) })
        }
        Action::TryPin(attempt) => {
            let answer = store.spend_pin_try(attempt);
            Box::pin(async move { Ok(Told::Tried(answer.await?)) })
        }
        Action::ResetPin(id, now) => words(store.reset_pin(id, now, noted())),
        Action::Revoke(revocation) => words(store.revoke(revocation, noted())),
        Action::Erase(id, now) => words(store.erase_opens(id, now, noted())),
        Action::Purge(now) => words(store.purge(now)),
        Action::Look(token, now) => words(store.look(token, now)),
        Action::Receipt(id) => words(store.receipt(id)),
        Action::List(since, now) => words(store.receipts(ReceiptQuery {
            since: Some(since),
            ..everything(now)
        })),
    }
}

/// Asks everything in order, then waits for all.
async fn all<'a, T>(
    answers: impl Iterator<Item = StoreFuture<'a, T>>,
) -> Vec<Result<T, StoreError>> {
    let mut waiting: Vec<_> = answers.map(|answer| (answer, None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (answer, told) in &mut waiting {
            if told.is_none() {
                match answer.as_mut().poll(context) {
                    Poll::Ready(answer) => *told = Some(answer),
                    Poll::Pending => ready = false,
                }
            }
        }
        match ready {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    waiting
        .into_iter()
        .map(|(_, told)| told.expect("all are ready"))
        .collect()
}

/// What holds in every history, whatever the model says.
#[derive(Default)]
struct Promises {
    /// Opens that counted.
    opens: HashMap<TokenId, u32>,
    /// PINs that were evaluated since the last success of their network, or the last reset.
    tries: HashMap<TokenId, HashMap<NetworkTag, u32>>,
    revoked: HashSet<TokenId>,
}

impl Promises {
    fn keep(&mut self, action: &Action, told: &Told) -> Result<(), String> {
        // Whoever comes past the PIN is forgiven, whatever else stands against the open.
        if let Action::Open(attempt) = action
            && let Some(network) = attempt.pin_from
            && let Some(tries) = self.tries.get_mut(&attempt.token.id)
        {
            tries.remove(&network);
        }
        match (action, told) {
            (Action::Open(attempt), Told::Opened(OpenOutcome::Counted(counted))) => {
                let token = attempt.token;
                if self.revoked.contains(&token.id) {
                    return Err("a revoked token opened".to_owned());
                }
                let opens = self.opens.entry(token.id).or_default();
                *opens += u32::from(!counted.repeated);
                if token.max_opens.is_some_and(|most| *opens > most) {
                    return Err(format!("{opens} opens of {:?}", token.max_opens));
                }
            }
            (Action::TryPin(attempt), Told::Tried(PinGate::Evaluate { .. })) => {
                let tries = self.tries.entry(attempt.token.id).or_default();
                *tries.entry(attempt.network).or_default() += 1;
                if tries.values().sum::<u32>() > PIN_TRIES_PER_TOKEN {
                    return Err("a 21st PIN was evaluated".to_owned());
                }
            }
            (Action::ResetPin(id, _), _) => {
                self.tries.remove(id);
            }
            (Action::Revoke(revocation), _) => {
                self.revoked.insert(revocation.id);
            }
            _ => {}
        }
        Ok(())
    }
}
