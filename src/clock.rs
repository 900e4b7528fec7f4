//! This machine's clock, and points in time as text.
//!
//! Belongs here: the one reading of the time of day, and RFC 3339 in both directions. Does not belong here: what a time means
//! for a token (`token`), and times in sentences (`http::pages`). Features take the time as an argument, so that tests choose
//! it; what asks for it here is `http` and `cli`.

use jiff::Timestamp;

use crate::token::UnixTime;

/// What this machine's clock says.
#[must_use]
pub fn timestamp() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    Timestamp::now()
}

/// What this machine's clock says, as a date and a time of day in UTC.
#[must_use]
pub fn utc() -> jiff::civil::DateTime {
    jiff::tz::TimeZone::UTC.to_datetime(timestamp())
}

/// What this machine's clock says, in whole seconds.
#[must_use]
pub fn now() -> UnixTime {
    // A clock before 1970 is before the format's years too, and sealing and opening say so.
    UnixTime::from_secs(u64::try_from(timestamp().as_second()).unwrap_or(0))
}

/// Seconds since 1970, as what reckons with times before it takes them.
#[must_use]
pub fn unix_seconds(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// RFC 3339, in UTC, to the second; empty after the year 9999.
#[must_use]
pub fn rfc3339(time: UnixTime) -> String {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|secs| Timestamp::from_second(secs).ok())
        .map_or_else(String::new, |time| time.to_string())
}

/// Reads RFC 3339, in any zone; none if it is something else, or before 1970.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<UnixTime> {
    let time: Timestamp = text.parse().ok()?;
    u64::try_from(time.as_second())
        .ok()
        .map(UnixTime::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_written_is_the_time_read() {
        let time = UnixTime::from_secs(1_795_179_955);
        assert_eq!(rfc3339(time), "2026-11-20T13:05:55Z");
        assert_eq!(parse_rfc3339("2026-11-20T13:05:55Z"), Some(time));
        assert_eq!(parse_rfc3339("2026-11-20T14:05:55+01:00"), Some(time));
        for text in ["", "2026-11-20", "1969-12-31T23:59:59Z", "soon"] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }
}
