//! Events that many requests meet at once, such as a store that is away: one line a second tells as much as thousands.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time between two lines about the same thing.
const BETWEEN: Duration = Duration::from_secs(1);

/// An event for the log, as `tracing::event!` takes it behind its level, at most once a second for the place where this
/// stands. The line says how many were not said since the one before (`suppressed`).
macro_rules! event_throttled {
    ($level:expr, $($event:tt)+) => {{
        static SAID: $crate::telemetry::Throttle = $crate::telemetry::Throttle::new();
        if tracing::enabled!($level)
            && let Some(suppressed) = SAID.turn(std::time::Instant::now())
        {
            tracing::event!($level, suppressed, $($event)+);
        }
    }};
}
pub(crate) use event_throttled;

/// [`event_throttled`] for errors.
macro_rules! error_throttled {
    ($($event:tt)+) => { $crate::telemetry::event_throttled!(tracing::Level::ERROR, $($event)+) };
}
pub(crate) use error_throttled;

/// [`event_throttled`] for what only who looks for it wants to know.
macro_rules! debug_throttled {
    ($($event:tt)+) => { $crate::telemetry::event_throttled!(tracing::Level::DEBUG, $($event)+) };
}
pub(crate) use debug_throttled;

/// Whether it is time for another line about one kind of event.
#[derive(Debug)]
pub struct Throttle(Mutex<Said>);

#[derive(Debug)]
struct Said {
    last: Option<Instant>,
    suppressed: u64,
}

impl Throttle {
    /// Nothing was said yet.
    pub const fn new() -> Self {
        Self(Mutex::new(Said {
            last: None,
            suppressed: 0,
        }))
    }

    /// How many events since the last line got none, if it is time for one now; otherwise this event is counted.
    pub fn turn(&self, now: Instant) -> Option<u64> {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |last| now.saturating_duration_since(last) < BETWEEN;
        if said.last.is_some_and(wait) {
            said.suppressed += 1;
            return None;
        }
        said.last = Some(now);
        Some(std::mem::take(&mut said.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_events_one_a_second_gets_a_line_that_counts_the_others() {
        let throttle = Throttle::new();
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let turns = [0, 1, 500, 999, 1_000, 1_001, 9_000].map(|millis| throttle.turn(at(millis)));
        assert_eq!(turns, [Some(0), None, None, None, Some(3), None, Some(1)]);
    }
}
