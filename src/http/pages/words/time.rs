//! Times for people: spelled so that no reader takes the day for the month.

use std::fmt;

use askama::filters::HtmlSafe;
use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};

use super::{Language, Pattern, Words, resolve};

/// How a language writes dates and times.
#[derive(Debug)]
pub(in crate::http::pages) struct Times {
    months: Vec<String>,
    date: Pattern,
    date_time: Pattern,
    date_time_zone: Pattern,
    beyond_calendar: Pattern,
}

impl Times {
    pub(super) fn load(bundle: &FluentBundle<FluentResource>) -> Self {
        let month = |number| resolve(bundle, &format!("month-{number}"), None).unwrap_or_default();
        Self {
            months: (1..=12).map(month).collect(),
            date: Pattern::new(bundle, "date", ["day", "month", "year"]),
            date_time: Pattern::new(bundle, "date-time", ["date", "time"]),
            date_time_zone: Pattern::new(bundle, "date-time-zone", ["date", "time", "zone"]),
            beyond_calendar: Pattern::new(bundle, "beyond-calendar", ["seconds"]),
        }
    }

    /// `20 November 2026, 13:05 UTC`. `secs`: seconds since 1970-01-01T00:00:00Z.
    pub(in crate::http::pages) fn utc(&self, secs: i64) -> String {
        match Timestamp::from_second(secs) {
            Ok(timestamp) => {
                self.date_time(timestamp.to_zoned(TimeZone::UTC).datetime(), Some("UTC"))
            }
            // Outside the years that jiff knows (-9999 to 9999) the bare number is still the truth.
            Err(_) => self.beyond_calendar.fill([&secs.to_string()]),
        }
    }

    /// `20 November 2026`
    pub(in crate::http::pages) fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).ok();
        let month = month.and_then(|month| self.months.get(month));
        self.date.fill([
            &date.day().to_string(),
            month.map_or("", String::as_str),
            &date.year().to_string(),
        ])
    }

    /// `20 November 2026, 13:05`, and the zone if there is one.
    pub(in crate::http::pages) fn date_time(&self, at: DateTime, zone: Option<&str>) -> String {
        let date = self.date(at.date());
        let time = match at.second() {
            0 => format!("{:02}:{:02}", at.hour(), at.minute()),
            second => format!("{:02}:{:02}:{second:02}", at.hour(), at.minute()),
        };
        match zone {
            Some(zone) => self.date_time_zone.fill([&date, &time, zone]),
            None => self.date_time.fill([&date, &time]),
        }
    }
}

/// A moment, shown to the minute as a `<time>` element: `20 November 2026, 13:05 UTC`. The script writes it in the reader's
/// own zone.
#[derive(Debug, Clone, Copy)]
pub(in crate::http::pages) struct Moment {
    secs: i64,
    language: Language,
}

impl Moment {
    /// `secs`: seconds since 1970-01-01T00:00:00Z.
    pub(in crate::http::pages) fn new(secs: i64, language: Language) -> Self {
        Self { secs, language }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = &Words::of(self.language).times;
        let minute = self.secs - self.secs.rem_euclid(60);
        match Timestamp::from_second(self.secs) {
            Ok(timestamp) => write!(
                out,
                "<time datetime=\"{timestamp}\">{}</time>",
                times.utc(minute)
            ),
            Err(_) => out.write_str(&times.utc(self.secs)),
        }
    }
}

// Only digits, words of the catalogue, which have no markup, and the markup above are written.
impl HtmlSafe for Moment {}

/// A date or a time as a document has it (RFC 3339, and the same without a zone).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::http::pages) enum Written<'a> {
    /// `2026-11-20`
    Day(Date),
    /// `2026-11-20T13:05`: a clock on the wall, wherever that is.
    Wall(DateTime),
    /// `2026-11-20T13:05:00+01:00`: the clock there, and the offset as it was written; `UTC` for `Z`.
    Moment(DateTime, &'a str),
}

/// Longer texts are no date: `2026-11-20T13:05:00.123456789+01:00` has 35 characters.
const LONGEST_BYTES: usize = 35;

impl<'a> Written<'a> {
    /// The date or time that `text` is, and nothing else beside it.
    pub(in crate::http::pages) fn parse(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_date = (10..=LONGEST_BYTES).contains(&bytes.len())
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && text.is_ascii();
        if !is_date {
            return None;
        }
        let (date, rest) = text.split_at(10);
        let date: Date = date.parse().ok()?;
        let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else {
            return rest.is_empty().then_some(Self::Day(date));
        };
        let clock_bytes = rest
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'))
            .unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(clock_bytes);
        let is_clock = clock.len() >= 5 && clock.as_bytes()[2] == b':';
        let at = date.to_datetime(is_clock.then(|| clock.parse().ok())??);
        match zone.as_bytes() {
            b"" => Some(Self::Wall(at)),
            b"Z" | b"z" => Some(Self::Moment(at, "UTC")),
            [b'+' | b'-', h1, h2, b':', m1, m2]
                if [h1, h2, m1, m2].into_iter().all(u8::is_ascii_digit) =>
            {
                Some(Self::Moment(at, zone))
            }
            _ => None,
        }
    }

    /// In words. Parts of a second, which people do not read, are left out.
    pub(in crate::http::pages) fn in_words(self, times: &Times) -> String {
        match self {
            Self::Day(date) => times.date(date),
            Self::Wall(at) => times.date_time(at, None),
            Self::Moment(at, "UTC") => times.date_time(at, Some("UTC")),
            Self::Moment(at, offset) => times.date_time(at, Some(&format!("UTC{offset}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_spells_the_month_and_says_utc() {
        let moment = |language| Moment::new(1_795_179_955, language).to_string();
        assert_eq!(
            moment(Language::English),
            "<time datetime=\"2026-11-20T13:05:55Z\">20 November 2026, 13:05 UTC</time>"
        );
        assert_eq!(
            moment(Language::German),
            "<time datetime=\"2026-11-20T13:05:55Z\">20. November 2026, 13:05 Uhr UTC</time>"
        );
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_still_shown() {
        assert_eq!(
            Moment::new(i64::MAX, Language::English).to_string(),
            "9223372036854775807 seconds after 1970"
        );
    }

    #[test]
    fn dates_and_times_of_documents_are_written_in_words() {
        let words = |text| {
            let times = &Words::of(Language::English).times;
            Written::parse(text).map(|written| written.in_words(times))
        };
        for (text, expected) in [
            ("2026-11-20", "20 November 2026"),
            ("0001-01-01", "1 January 1"),
            ("2026-11-20T13:05:00Z", "20 November 2026, 13:05 UTC"),
            ("2026-11-20 13:05:09.123z", "20 November 2026, 13:05:09 UTC"),
            (
                "2026-11-20T23:59+01:00",
                "20 November 2026, 23:59 UTC+01:00",
            ),
            ("2026-11-20T13:05", "20 November 2026, 13:05"),
        ] {
            assert_eq!(words(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "2026-13-20",
            "2026-02-29",
            "2026-11-20T",
            "2026-11-20T25:00",
            "2026-11-20T13",
            "2026-11-20T13:05:00+1:00",
            "2026-11-20T13:05:00 CET",
            "2026-11-200",
            "20261120",
            "20-11-2026",
            "2026-11-2é",
            "on 2026-11-20",
            "2026-11-20T13:05:00.1234567890123456789Z",
            "",
        ] {
            assert_eq!(words(text), None, "{text}");
        }
    }
}
