//! What a client does after a call whose answer was lost, and what comes of it.

use std::sync::Arc;

use qrseal::store::{OpenOutcome, Store, StoreError};

use crate::actors::{Now as _, START, at, attempt, counted, limited, repeated, wait};
use crate::backends::sqlite_in_memory;
use crate::failing_store::{FailingStore, Failure};

#[test]
fn an_open_whose_answer_was_lost_is_had_by_asking_again() {
    for (failure, then) in [
        (Failure::Unavailable, counted(1)),
        (Failure::UnknownNotApplied, counted(1)),
        (Failure::UnknownApplied, repeated(1)),
    ] {
        let fresh = sqlite_in_memory();
        let failing = FailingStore::before(Arc::clone(&fresh.store));
        failing.fail(1, failure);
        let first = attempt(limited(1, 1), 1, START);
        let lost = wait(failing.count_open(first)).expect_err("the first call fails");
        assert_eq!(
            matches!(lost, StoreError::Unknown(_)),
            failure != Failure::Unavailable
        );
        assert!(failing.has_failed());
        // Another holder of the code does not profit from it.
        let stranger = (failing.as_ref() as &dyn Store).open(attempt(limited(1, 1), 2, at(1)));
        let again = (failing.as_ref() as &dyn Store).open(first);
        if failure == Failure::UnknownApplied {
            assert!(matches!(stranger, OpenOutcome::UsedUp { .. }));
            assert_eq!(again, then);
        } else {
            assert_eq!(stranger, then);
            assert!(matches!(again, OpenOutcome::UsedUp { .. }));
        }
    }
}
