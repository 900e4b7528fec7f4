//! Points in time and durations, in the units of the wire format. No clock is read here.

use std::str::FromStr;

use crate::options::{OutOfRange, Range};

/// 2025-01-01T00:00:00Z, from which issue minutes count (`docs/token-format.md`, "Time").
pub const TOKEN_EPOCH: UnixTime = UnixTime(1_735_689_600);

/// A point in time: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The point `secs` seconds after 1970-01-01T00:00:00Z.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// The point `secs` seconds later; the end of the scale if there is no such point.
    #[must_use]
    pub const fn plus_secs(self, secs: u64) -> Self {
        Self(self.0.saturating_add(secs))
    }
}

/// How long a token is to open: 60 seconds to ten years of 365 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpiresIn(u64);

impl ExpiresIn {
    /// One minute: expiry is sealed in whole minutes.
    pub const MIN: Self = Self(60);
    /// Ten years of 365 days.
    pub const MAX: Self = Self(10 * 365 * 24 * 60 * 60);

    /// What times there are.
    pub const RANGE: Range = Range::Time {
        least: Self::MIN.0,
        most: Self::MAX.0,
    };

    /// Seconds.
    pub const fn as_secs(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for ExpiresIn {
    type Error = OutOfRange;

    /// From seconds; an error outside [`ExpiresIn::MIN`] to [`ExpiresIn::MAX`].
    fn try_from(secs: u64) -> Result<Self, OutOfRange> {
        Self::RANGE.whole(secs).map(Self)
    }
}

impl FromStr for ExpiresIn {
    type Err = OutOfRange;

    /// Seconds, or a whole number with `s`, `m` (minutes), `h`, `d`, `w` or `y` (365 days): `90`, `2h`, `30d`, `1y`.
    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let wrong = OutOfRange(Self::RANGE);
        let (number, unit) = match text.find(|letter: char| !letter.is_ascii_digit()) {
            Some(place) => text.split_at(place),
            None => (text, "s"),
        };
        let secs: u64 = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            "y" => 31_536_000,
            _ => return Err(wrong),
        };
        number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(secs))
            .ok_or(wrong)?
            .try_into()
    }
}

/// Minutes since [`TOKEN_EPOCH`], 0 to 2^24 - 1 (until 2056-11-24T20:15Z).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct IssueMinute(u32);

impl IssueMinute {
    const MAX: u32 = (1 << 24) - 1;

    /// The minute that `now` lies in; none before 2025 and after the last minute that three bytes can carry.
    pub(super) fn at(now: UnixTime) -> Option<Self> {
        let minutes = now.0.checked_sub(TOKEN_EPOCH.0)? / 60;
        u32::try_from(minutes)
            .ok()
            .filter(|&minute| minute <= Self::MAX)
            .map(Self)
    }

    pub(super) fn from_be_bytes([high, middle, low]: [u8; 3]) -> Self {
        Self(u32::from_be_bytes([0, high, middle, low]))
    }

    pub(super) fn to_be_bytes(self) -> [u8; 3] {
        let [_, high, middle, low] = self.0.to_be_bytes();
        [high, middle, low]
    }

    /// Hours since the token epoch: each has its own subkeys.
    pub(super) fn hour(self) -> u32 {
        self.0 / 60
    }

    /// When this minute begins.
    pub(super) fn begins_at(self) -> UnixTime {
        self.plus_minutes(0)
    }

    /// The beginning of the minute `minutes` after this one.
    pub(super) fn plus_minutes(self, minutes: u32) -> UnixTime {
        TOKEN_EPOCH.plus_secs(60 * (u64::from(self.0) + u64::from(minutes)))
    }

    /// How many minutes after this one the first minute begins that is not before `end`: the smallest expiry with
    /// which a token of this minute opens at least until `end`.
    pub(super) fn minutes_until(self, end: UnixTime) -> Option<u32> {
        let end_minute = end.0.checked_sub(TOKEN_EPOCH.0)?.div_ceil(60);
        u32::try_from(end_minute.checked_sub(u64::from(self.0))?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_lasts_sixty_seconds_from_the_epoch_on() {
        for (secs, minute) in [(0, 0), (59, 0), (60, 1), (3_599, 59), (3_600, 60)] {
            assert_eq!(
                IssueMinute::at(TOKEN_EPOCH.plus_secs(secs)),
                Some(IssueMinute(minute)),
                "{secs}"
            );
        }
    }

    #[test]
    fn there_is_no_issue_minute_before_2025_or_after_november_2056() {
        assert_eq!(IssueMinute::at(UnixTime(TOKEN_EPOCH.0 - 1)), None);
        // 2056-11-24T20:15:59Z
        let last = UnixTime(2_742_322_559);
        assert_eq!(IssueMinute::at(last), Some(IssueMinute(IssueMinute::MAX)));
        assert_eq!(IssueMinute::at(last.plus_secs(1)), None);
        assert_eq!(IssueMinute::at(UnixTime(u64::MAX)), None);
    }

    #[test]
    fn expires_in_is_a_minute_to_ten_years() {
        for secs in [0, 59, 315_360_001, u64::MAX] {
            assert_eq!(
                ExpiresIn::try_from(secs),
                Err(OutOfRange(ExpiresIn::RANGE)),
                "{secs}"
            );
        }
        for secs in [60, 61, 315_360_000] {
            assert_eq!(ExpiresIn::try_from(secs).map(ExpiresIn::as_secs), Ok(secs));
        }
    }

    #[test]
    fn expires_in_is_written_in_seconds_or_with_a_unit() {
        for (text, secs) in [
            ("60", 60),
            ("90s", 90),
            ("5m", 300),
            ("2h", 7_200),
            ("30d", 2_592_000),
            ("2w", 1_209_600),
            ("10y", 315_360_000),
        ] {
            assert_eq!(text.parse().map(ExpiresIn::as_secs), Ok(secs), "{text}");
        }
        for text in [
            "",
            "59",
            "h",
            "-1h",
            "+2h",
            "11y",
            "1.5h",
            "2 h",
            "1H",
            "1mo",
            "99999999999999999999y",
            "18446744073709551615w",
        ] {
            assert_eq!(
                text.parse::<ExpiresIn>(),
                Err(OutOfRange(ExpiresIn::RANGE)),
                "{text}"
            );
        }
    }

    #[test]
    fn the_hour_changes_with_the_sixtieth_minute() {
        assert_eq!(
            [0, 59, 60, 119, 120].map(|minute| IssueMinute(minute).hour()),
            [0, 0, 1, 1, 2]
        );
    }
}
