//! Places for requests that wait: for their body, the store, a PIN's hash, a thread that draws.
//!
//! Belongs here: how many requests of each kind may be in work at once, so that a flood of one kind, or a store that is slow,
//! leaves the others their room. Does not belong here: who sends how many (see `limits`).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::HttpRequest;

use super::problem::{Problem, ProblemCode};
use super::state::App;

/// Kinds of requests that do not take each other's places.
///
/// Looking at a plain token has none: it waits for nothing, and a worker does one at a time. The health of the server can
/// always be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Tokens that count their opens or have a PIN: they ask the store.
    Held,
    /// Issuing.
    Issue,
    /// Everything else: receipts, revoking, plain codes, pages.
    Other,
}

/// The places of each kind.
#[derive(Debug)]
pub struct Places {
    of_each: usize,
    taken: [Arc<AtomicUsize>; 3],
}

impl Places {
    /// A third of `max_requests` for each kind, at least one.
    #[must_use]
    pub fn new(max_requests: usize) -> Self {
        Self {
            of_each: max_requests.div_ceil(3),
            taken: std::array::from_fn(|_| Arc::default()),
        }
    }

    /// Takes a place, or `None` if all of its kind are taken.
    pub fn take(&self, kind: Kind) -> Option<Place> {
        let taken = &self.taken[kind as usize];
        let place = Place(Arc::clone(taken));
        (taken.fetch_add(1, Ordering::Relaxed) < self.of_each).then_some(place)
    }
}

/// A place among the requests in work, given back when dropped.
#[derive(Debug)]
pub struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Takes a place for `request`.
///
/// # Errors
///
/// [`ProblemCode::TemporarilyUnavailable`] if all of its kind are taken.
pub fn take(request: &HttpRequest, kind: Kind) -> Result<Place, Problem> {
    App::of(request).places.take(kind).ok_or_else(overloaded)
}

/// The server has as many requests of this kind as it takes.
pub fn overloaded() -> Problem {
    Problem::new(ProblemCode::TemporarilyUnavailable)
        .detail("The server has as many requests of this kind in work as it takes.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_whose_places_are_taken_leaves_the_others_theirs() {
        let places = Places::new(5);
        let held: Vec<Place> = std::iter::from_fn(|| places.take(Kind::Held)).collect();
        assert_eq!(held.len(), 2);
        let issue = places.take(Kind::Issue);
        assert!(issue.is_some());
        drop(held);
        assert!(places.take(Kind::Held).is_some(), "places are given back");
    }
}
