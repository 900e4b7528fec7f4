//! Times as arguments.

use jiff::Timestamp;

use crate::token::{ExpiresIn, UnixTime};

/// Seconds, or a number with s, m, h, d or y, from 60 s to 10 y.
pub fn parse_expires_in(text: &str) -> Result<ExpiresIn, String> {
    const WORDS: &str = "must be seconds, or a number with m, h, d or y, from 60 s to 10 y";
    let (number, unit) = match text.find(|letter: char| !letter.is_ascii_digit()) {
        Some(place) => text.split_at(place),
        None => (text, "s"),
    };
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "y" => 31_536_000,
        _ => return Err(WORDS.to_owned()),
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(seconds))
        .and_then(|seconds| ExpiresIn::try_from(seconds).ok())
        .ok_or_else(|| WORDS.to_owned())
}

/// A point in time in RFC 3339.
pub fn parse_time(text: &str) -> Result<UnixTime, String> {
    text.parse::<Timestamp>()
        .ok()
        .and_then(|time| u64::try_from(time.as_second()).ok())
        .map(UnixTime::from_secs)
        .ok_or_else(|| "must be a time such as 2026-11-20T13:10:00Z (RFC 3339)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_and_a_range() {
        for (text, seconds) in [
            ("60", 60),
            ("90s", 90),
            ("2h", 7200),
            ("30d", 2_592_000),
            ("10y", 315_360_000),
        ] {
            let expected = ExpiresIn::try_from(seconds).expect("in range");
            assert_eq!(parse_expires_in(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "59",
            "1w",
            "h",
            "-1h",
            "11y",
            "99999999999999999999y",
            "1.5h",
        ] {
            assert!(parse_expires_in(text).is_err(), "{text}");
        }
    }
}
