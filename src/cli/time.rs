//! Times as arguments.

use crate::clock::parse_rfc3339;
use crate::token::UnixTime;

/// A point in time in RFC 3339.
pub fn parse_time(text: &str) -> Result<UnixTime, String> {
    parse_rfc3339(text)
        .ok_or_else(|| "must be a time such as 2026-11-20T13:10:00Z (RFC 3339)".to_owned())
}
