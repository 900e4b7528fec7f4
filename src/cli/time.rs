//! Times as arguments.

use jiff::Timestamp;

use crate::token::UnixTime;

/// A point in time in RFC 3339.
pub fn parse_time(text: &str) -> Result<UnixTime, String> {
    text.parse::<Timestamp>()
        .ok()
        .and_then(|time| u64::try_from(time.as_second()).ok())
        .map(UnixTime::from_secs)
        .ok_or_else(|| "must be a time such as 2026-11-20T13:10:00Z (RFC 3339)".to_owned())
}
