//! Rates: so much a minute, counted by this node in memory of a fixed size.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};

use super::Subject;

/// What is counted separately, so that a flood of one kind leaves the others their room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Requests to open a token.
    Opens,
    /// Of these, those with something that is no token of ours.
    Unrecognised,
    /// Of these, those that make the server look at a PIN, which costs it far more.
    PinTries,
    /// Requests to issue.
    Issues,
    /// Bytes of their bodies.
    IssueBytes,
    /// Plain codes.
    Drawings,
    /// Pixels of pictures with shapes, logo or caption.
    StyledPixels,
    /// The same of an API key.
    KeyPixels,
    /// Forms with a password or a recovery code.
    SignIns,
}

impl Budget {
    /// Every budget, in the order of its number.
    pub const ALL: [Self; 9] = [
        Self::Opens,
        Self::Unrecognised,
        Self::PinTries,
        Self::Issues,
        Self::IssueBytes,
        Self::Drawings,
        Self::StyledPixels,
        Self::KeyPixels,
        Self::SignIns,
    ];

    /// The name, as the `RateLimit` header has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opens => "opens",
            Self::Unrecognised => "unrecognised",
            Self::PinTries => "pin-tries",
            Self::Issues => "issues",
            Self::IssueBytes => "issue-bytes",
            Self::Drawings => "drawings",
            Self::StyledPixels => "styled-pixels",
            Self::KeyPixels => "key-pixels",
            Self::SignIns => "sign-ins",
        }
    }

    fn unit(self) -> Unit {
        match self {
            Self::IssueBytes | Self::StyledPixels | Self::KeyPixels => Unit(KIBIBYTE),
            _ => Unit(1),
        }
    }
}

/// What each subject may ask of a node in a minute; 0: as much as it likes. All of it may come at once, and comes back
/// evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerMinute {
    /// [`Budget::Opens`], by client.
    pub opens: u32,
    /// [`Budget::Unrecognised`], by client.
    pub unrecognised: u32,
    /// [`Budget::PinTries`], by client.
    pub pin_tries: u32,
    /// [`Budget::Issues`], by API key, or by client where issuing needs none.
    pub issues: u32,
    /// [`Budget::IssueBytes`], in the same way.
    pub issue_bytes: u32,
    /// [`Budget::Drawings`], by client.
    pub drawings: u32,
    /// [`Budget::StyledPixels`], by client without an API key.
    pub styled_pixels: u32,
    /// [`Budget::KeyPixels`], by API key or account.
    pub key_pixels: u32,
    /// [`Budget::SignIns`], by client.
    pub sign_ins: u32,
}

impl PerMinute {
    /// No limits.
    pub const UNLIMITED: Self = Self {
        opens: 0,
        unrecognised: 0,
        pin_tries: 0,
        issues: 0,
        issue_bytes: 0,
        drawings: 0,
        styled_pixels: 0,
        key_pixels: 0,
        sign_ins: 0,
    };

    fn of(&self, budget: Budget) -> u32 {
        match budget {
            Budget::Opens => self.opens,
            Budget::Unrecognised => self.unrecognised,
            Budget::PinTries => self.pin_tries,
            Budget::Issues => self.issues,
            Budget::IssueBytes => self.issue_bytes,
            Budget::Drawings => self.drawings,
            Budget::StyledPixels => self.styled_pixels,
            Budget::KeyPixels => self.key_pixels,
            Budget::SignIns => self.sign_ins,
        }
    }
}

/// More was asked than is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {per_minute} {} a minute", budget.as_str())]
pub struct Exceeded {
    /// Of what.
    pub budget: Budget,
    /// What a minute has.
    pub per_minute: u32,
    /// Seconds after which the same would be let through, at least 1.
    pub wait_secs: u64,
}

/// The rate limits of a node.
///
/// Each budget is a table of 65,536 places, and a subject's place is found by a hash that no client knows. Two subjects
/// may share one, and then share its budget; memory does not grow with the number of clients.
pub struct RateLimits {
    budgets: [Option<Limiter>; Budget::ALL.len()],
    per_minute: PerMinute,
    places: RandomState,
}

/// Places of one budget; 8 bytes each. Of a thousand clients at a time one in 65 shares its place with another.
const SLOTS: usize = 1 << 16;

/// Bytes and pixels are counted by 1,024: a nanosecond is the finest that the arithmetic knows.
const KIBIBYTE: u32 = 1024;

type Limiter = RateLimiter<usize, Slots, Ticks, NoOpMiddleware<Nanos>>;

impl RateLimits {
    /// Limits that nobody has used yet. `ahead_secs` is added to the clock, for tests that step it.
    #[must_use]
    pub fn new(per_minute: PerMinute, ahead_secs: Arc<AtomicU64>) -> Self {
        let ticks = Ticks {
            start: Instant::now(),
            ahead_secs,
        };
        let limiter = |budget: Budget| {
            let units = NonZeroU32::new(per_minute.of(budget) / budget.unit().0)?;
            Some(RateLimiter::new(
                Quota::per_minute(units),
                Slots::default(),
                ticks.clone(),
            ))
        };
        Self {
            budgets: Budget::ALL.map(limiter),
            per_minute,
            places: RandomState::new(),
        }
    }

    /// Takes `amount` (requests, bytes or pixels) out of what `subject` has left, or nothing if that is less.
    ///
    /// # Errors
    ///
    /// [`Exceeded`]
    pub fn take(&self, budget: Budget, subject: Subject, amount: u32) -> Result<(), Exceeded> {
        let Some(limiter) = &self.budgets[budget as usize] else {
            return Ok(());
        };
        let Some(units) = NonZeroU32::new(amount.div_ceil(budget.unit().0)) else {
            return Ok(());
        };
        let place = self.places.hash_one(subject) % SLOTS as u64;
        let place = usize::try_from(place).expect("a place is below the number of slots");
        let wait = match limiter.check_key_n(&place, units) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(not_until)) => not_until.wait_time_from(limiter.clock().now()),
            // More at once than a minute has: after a minute it is as much again.
            Err(_) => Duration::from_secs(60),
        };
        Err(Exceeded {
            budget,
            per_minute: self.per_minute.of(budget),
            wait_secs: wait.as_secs() + 1,
        })
    }
}

/// What one of a budget is.
struct Unit(u32);

/// The table of a budget.
struct Slots(Box<[InMemoryState]>);

impl Default for Slots {
    fn default() -> Self {
        Self((0..SLOTS).map(|_| InMemoryState::default()).collect())
    }
}

impl StateStore for Slots {
    type Key = usize;

    fn measure_and_replace<T, F, E>(&self, place: &usize, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0[*place].measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

/// Time since the limits were made.
#[derive(Clone)]
struct Ticks {
    start: Instant,
    ahead_secs: Arc<AtomicU64>,
}

impl Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let ahead = Duration::from_secs(self.ahead_secs.load(Ordering::Relaxed));
        Nanos::from(self.start.elapsed() + ahead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ApiKeyId;

    const LIMITS: PerMinute = PerMinute {
        opens: 60,
        unrecognised: 6,
        pin_tries: 0,
        issues: 1,
        issue_bytes: 10_240,
        drawings: 1,
        styled_pixels: 1024,
        key_pixels: 1024,
        sign_ins: 1,
    };

    fn limits() -> (RateLimits, Arc<AtomicU64>) {
        let ahead = Arc::new(AtomicU64::new(0));
        (RateLimits::new(LIMITS, Arc::clone(&ahead)), ahead)
    }

    fn client(text: &str) -> Subject {
        Subject::client(text.parse().ok())
    }

    #[test]
    fn a_minutes_worth_may_come_at_once_and_comes_back_evenly() {
        let (limits, ahead) = limits();
        let someone = client("192.0.2.1");
        let take = || limits.take(Budget::Unrecognised, someone, 1);
        for _ in 0..6 {
            take().unwrap();
        }
        let exceeded = take().unwrap_err();
        assert_eq!(
            (exceeded.budget, exceeded.per_minute),
            (Budget::Unrecognised, 6)
        );
        assert!((1..=10).contains(&exceeded.wait_secs), "{exceeded:?}");
        ahead.store(exceeded.wait_secs, Ordering::Relaxed);
        take().unwrap();
        take().unwrap_err();
        ahead.store(1000, Ordering::Relaxed);
        for _ in 0..6 {
            take().unwrap();
        }
        take().unwrap_err();
    }

    #[test]
    fn one_budget_and_one_client_leave_the_others_alone() {
        let (limits, _) = limits();
        let flooding = client("192.0.2.1");
        limits.take(Budget::Drawings, flooding, 1).unwrap();
        limits.take(Budget::Drawings, flooding, 1).unwrap_err();
        limits.take(Budget::Issues, flooding, 1).unwrap();
        limits.take(Budget::Opens, flooding, 1).unwrap();
        limits
            .take(Budget::Drawings, client("192.0.2.2"), 1)
            .unwrap();
        limits
            .take(Budget::Drawings, Subject::ApiKey(ApiKeyId(1)), 1)
            .unwrap();
    }

    #[test]
    fn bytes_are_counted_and_more_than_a_minute_has_never_passes() {
        let (limits, _) = limits();
        let key = Subject::ApiKey(ApiKeyId(1));
        let take = |bytes| limits.take(Budget::IssueBytes, key, bytes);
        assert_eq!(take(20_000).unwrap_err().wait_secs, 61);
        take(0).unwrap();
        take(9_000).unwrap();
        take(2_000).unwrap_err();
        take(1_000).unwrap();
    }

    #[test]
    fn a_budget_of_none_lets_everything_through() {
        let (limits, _) = limits();
        for _ in 0..10_000 {
            limits
                .take(Budget::PinTries, client("192.0.2.1"), 1)
                .unwrap();
        }
    }

    #[test]
    fn a_hundred_thousand_clients_need_no_more_memory_than_one_and_none_gets_more_than_its_own() {
        let (limits, _) = limits();
        let mut passed = 0;
        for number in 0..100_000_u32 {
            let client = Subject::client(Some(std::net::Ipv4Addr::from(number).into()));
            passed += usize::from(limits.take(Budget::Drawings, client, 1).is_ok());
            limits.take(Budget::Drawings, client, 1).unwrap_err();
        }
        assert!(passed <= SLOTS, "{passed}");
    }
}
