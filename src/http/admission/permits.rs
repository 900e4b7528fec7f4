//! Permits for requests that wait: for the store, a PIN's hash, a thread that draws.
//!
//! Belongs here: how many requests of each kind may be in progress at once, so that a flood of one kind, or a store that is slow,
//! leaves the others their room. Does not belong here: which request takes one (see `in_progress`), and who sends how many (see
//! `limits`).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Kinds of requests that do not take each other's permits.
///
/// Looking at a plain token has none: it waits for nothing, and a worker does one at a time. The health of the server can
/// always be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Tokens that count their opens or have a PIN: they ask the store.
    Held,
    /// Issuing without an API key.
    Issue,
    /// What is done with an API key: issuing, receipts, revoking.
    ByKey,
    /// Everything else: plain codes, pages.
    Other,
}

const KINDS: usize = 4;

/// The permits of each kind.
#[derive(Debug)]
pub struct Permits {
    of_each: usize,
    taken: [Arc<AtomicUsize>; KINDS],
}

impl Permits {
    /// A quarter of `max_requests` for each kind, at least one.
    #[must_use]
    pub fn new(max_requests: usize) -> Self {
        Self {
            of_each: max_requests.div_ceil(KINDS),
            taken: std::array::from_fn(|_| Arc::default()),
        }
    }

    /// Permits of each kind.
    #[must_use]
    pub fn of_each(&self) -> usize {
        self.of_each
    }

    /// Permits that are taken, by kind.
    #[must_use]
    pub fn in_use(&self) -> [(&'static str, usize); KINDS] {
        let taken = |kind: Kind| self.taken[kind as usize].load(Ordering::Relaxed);
        [
            ("stateful", taken(Kind::Held)),
            ("issue", taken(Kind::Issue)),
            ("by_key", taken(Kind::ByKey)),
            ("other", taken(Kind::Other)),
        ]
    }

    /// Takes a permit, or `None` if all of its kind are taken.
    pub fn take(&self, kind: Kind) -> Option<Permit> {
        let taken = &self.taken[kind as usize];
        let permit = Permit(Arc::clone(taken));
        (taken.fetch_add(1, Ordering::Relaxed) < self.of_each).then_some(permit)
    }
}

/// A permit among the requests in progress, given back when dropped.
#[derive(Debug)]
pub struct Permit(Arc<AtomicUsize>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_whose_places_are_taken_leaves_the_others_theirs() {
        let permits = Permits::new(5);
        let held: Vec<Permit> = std::iter::from_fn(|| permits.take(Kind::Held)).collect();
        assert_eq!(held.len(), 2);
        let issue = permits.take(Kind::Issue);
        assert!(issue.is_some());
        drop(held);
        assert!(permits.take(Kind::Held).is_some(), "permits are given back");
    }
}
