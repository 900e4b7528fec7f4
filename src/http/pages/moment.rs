//! Times for people: UTC, spelled so that no reader takes the day for the month.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::{Timestamp, tz::TimeZone};

/// `20 November 2026, 13:05 UTC`, for a sentence. `secs`: seconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn time_in_words(secs: i64) -> String {
    match Timestamp::from_second(secs) {
        Ok(timestamp) => timestamp
            .to_zoned(TimeZone::UTC)
            .strftime("%-d %B %Y, %H:%M UTC")
            .to_string(),
        // Outside the years that jiff knows (-9999 to 9999) the bare number is still the truth.
        Err(_) => format!("{secs} seconds after 1970"),
    }
}

/// A moment, shown as a `<time>` element: `20 November 2026, 13:05 UTC`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment(i64);

impl Moment {
    /// `secs`: seconds since 1970-01-01T00:00:00Z.
    pub(super) fn new(secs: i64) -> Self {
        Self(secs)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = time_in_words(self.0);
        match Timestamp::from_second(self.0) {
            Ok(timestamp) => write!(out, "<time datetime=\"{timestamp}\">{words}</time>"),
            Err(_) => out.write_str(&words),
        }
    }
}

// Only digits, ASCII letters and the markup above are written.
impl HtmlSafe for Moment {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_spells_the_month_and_says_utc() {
        assert_eq!(
            Moment::new(1_795_179_955).to_string(),
            "<time datetime=\"2026-11-20T13:05:55Z\">20 November 2026, 13:05 UTC</time>"
        );
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_still_shown() {
        assert_eq!(
            Moment::new(i64::MAX).to_string(),
            "9223372036854775807 seconds after 1970"
        );
    }
}
