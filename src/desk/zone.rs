//! Days and hours at the place of a list.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

use crate::token::UnixTime;

/// The zone of this name (IANA).
pub fn named(name: &str) -> Option<TimeZone> {
    let plain = name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
    plain.then(|| TimeZone::get(name).ok()).flatten()
}

/// A local hour, such as `03:00`.
pub fn hour(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i8>().ok()).flatten()
    };
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

/// A time at a place; times beyond the calendar are its end.
fn at(now: UnixTime, zone: &TimeZone) -> Zoned {
    let secs = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let latest = Timestamp::MAX.as_second() - 2 * 24 * 60 * 60;
    let time = Timestamp::from_second(secs.min(latest)).unwrap_or_default();
    time.to_zoned(zone.clone())
}

/// The local day, as 20261127.
pub fn day(now: UnixTime, zone: &TimeZone) -> u32 {
    let date = at(now, zone).date();
    let number =
        i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day());
    u32::try_from(number).unwrap_or(0)
}

/// The latest moment, at or before this one, at which it was this hour there. An hour that a change to summer time leaves out is
/// the one after it.
pub fn latest(hour: Time, now: UnixTime, zone: &TimeZone) -> UnixTime {
    let here = at(now, zone);
    let of_day = |days: i64| {
        let date = here.date().checked_sub(days.days()).unwrap_or(here.date());
        date.to_datetime(hour).to_zoned(zone.clone()).ok()
    };
    let found = (0..=1)
        .filter_map(of_day)
        .find(|time| time.timestamp() <= here.timestamp());
    let secs = found.map_or(0, |time| time.timestamp().as_second());
    UnixTime::from_secs(u64::try_from(secs).unwrap_or(0))
}

/// The time that a text says: RFC 3339, or without an offset a local one.
pub fn moment(text: &str, zone: &TimeZone) -> Option<UnixTime> {
    let time = match text.parse::<Timestamp>() {
        Ok(time) => time,
        Err(_) => {
            let local: DateTime = text.parse().ok()?;
            local.to_zoned(zone.clone()).ok()?.timestamp()
        }
    };
    let secs = u64::try_from(time.as_second()).ok()?;
    Some(UnixTime::from_secs(secs))
}

/// A time there without its offset, as a page's field for it has it; with seconds only if there are some.
pub fn wall_clock(time: UnixTime, zone: &TimeZone) -> String {
    let there = at(time, zone);
    let shape = match there.second() {
        0 => "%Y-%m-%dT%H:%M",
        _ => "%Y-%m-%dT%H:%M:%S",
    };
    there.strftime(shape).to_string()
}

/// A time there, with its offset (RFC 3339).
pub fn local(time: UnixTime, zone: &TimeZone) -> String {
    at(time, zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> UnixTime {
        let time: Timestamp = text.parse().unwrap();
        UnixTime::from_secs(time.as_second().try_into().unwrap())
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_there() {
        for (now, expected) in [
            ("2026-11-27T22:59:59Z", 20_261_127),
            ("2026-11-27T23:00:00Z", 20_261_128),
            ("2026-06-30T21:59:59Z", 20_260_630),
            ("2026-06-30T22:00:00Z", 20_260_701),
        ] {
            assert_eq!(day(time(now), &berlin()), expected, "{now}");
        }
    }

    #[test]
    fn the_hour_comes_once_a_day_also_where_a_change_to_summer_time_leaves_it_out_or_has_it_twice()
    {
        let hour = |hour, minute| Time::constant(hour, minute, 0, 0);
        for (at, now, expected) in [
            (hour(3, 0), "2026-11-27T02:00:00Z", "2026-11-27T02:00:00Z"),
            (hour(3, 0), "2026-11-27T01:59:59Z", "2026-11-26T02:00:00Z"),
            // On 29 March 2026 the hour from 2 to 3 is left out.
            (hour(2, 30), "2026-03-29T01:29:59Z", "2026-03-28T01:30:00Z"),
            (hour(2, 30), "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z"),
            // On 25 October it is there twice; the first counts.
            (hour(2, 30), "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z"),
            (hour(2, 30), "2026-10-25T01:45:00Z", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(latest(at, time(now), &berlin()), time(expected), "{now}");
        }
    }

    #[test]
    fn what_a_field_for_a_local_time_says_is_the_time_that_it_was_filled_with() {
        for text in ["2026-11-27T17:00:00Z", "2026-06-30T10:00:05Z"] {
            let there = wall_clock(time(text), &berlin());
            assert_eq!(moment(&there, &berlin()), Some(time(text)), "{there}");
            assert_eq!(moment(text, &berlin()), Some(time(text)));
        }
        assert_eq!(
            wall_clock(time("2026-11-27T17:00:00Z"), &berlin()),
            "2026-11-27T18:00"
        );
        assert_eq!(moment("tomorrow", &berlin()), None);
    }

    #[test]
    fn a_local_time_has_its_offset() {
        assert_eq!(
            local(time("2026-06-30T10:00:00Z"), &berlin()),
            "2026-06-30T12:00:00+02:00"
        );
        assert_eq!(
            local(UnixTime::from_secs(u64::MAX), &TimeZone::UTC).len(),
            25
        );
    }
}
