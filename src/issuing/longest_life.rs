//! How long a token opens at most, where an installation bounds that: so that it is known when the last one of a key ends.

use crate::token::ExpiresIn;

/// The longest life of what is issued; none: tokens may open for as long as their key is enabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LongestLife(pub Option<ExpiresIn>);

impl LongestLife {
    /// What somebody who asked for nothing gets, of what a profile would give.
    #[must_use]
    pub fn within(self, given: Option<ExpiresIn>) -> Option<ExpiresIn> {
        match (given, self.0) {
            (Some(given), Some(longest)) if given.as_secs() > longest.as_secs() => Some(longest),
            _ => given,
        }
    }

    /// The life of a token for which this one was asked; the longest if none was.
    ///
    /// # Errors
    /// [`LivesTooLong`]
    pub fn of(self, asked: Option<ExpiresIn>) -> Result<Option<ExpiresIn>, LivesTooLong> {
        match (self.0, asked) {
            (Some(most), Some(asked)) if asked > most => Err(LivesTooLong(most)),
            (Some(most), None) => Ok(Some(most)),
            (_, asked) => Ok(asked),
        }
    }
}

/// A life that is too long for this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be at most {} seconds on this server (issuing.max_expires_in)", .0.as_secs())]
pub struct LivesTooLong(pub ExpiresIn);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_refused_and_what_has_no_end_gets_the_last_one() {
        let time = |text: &str| Some(text.parse::<ExpiresIn>().unwrap());
        let bounded = LongestLife(time("30d"));
        assert_eq!(bounded.of(time("30d")), Ok(time("30d")));
        assert_eq!(bounded.of(time("2h")), Ok(time("2h")));
        assert_eq!(bounded.of(None), Ok(time("30d")));
        let refused = bounded.of(time("31d")).unwrap_err();
        assert!(refused.to_string().contains("2592000"), "{refused}");
        for asked in [None, time("10y")] {
            assert_eq!(LongestLife::default().of(asked), Ok(asked));
        }
    }
}
