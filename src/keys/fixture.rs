//! Tests only: what the tests of several files use.

use std::cell::Cell;
use std::convert::Infallible;
use std::panic;

thread_local! {
    /// After how many further steps of writing this thread ends, as a process does that is killed: what is written stays as it
    /// is, and nothing is tidied.
    pub(super) static STEPS_TO_LIVE: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// A step of writing is done.
pub(super) fn step() {
    let left = STEPS_TO_LIVE.get();
    if left == 0 {
        // Not a panic's message for each of them.
        panic::resume_unwind(Box::new("killed"));
    }
    STEPS_TO_LIVE.set(left.saturating_sub(1));
}

/// In place of random bytes.
pub(super) fn any() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
    |bytes| {
        bytes.fill(0x5a);
        Ok(())
    }
}
