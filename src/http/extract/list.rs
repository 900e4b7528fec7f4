//! The parameters of a list, in the query: each at most once, none that is unknown.

use std::str::FromStr;

use jiff::Timestamp;

use crate::cursor::MOST_ROWS;
use crate::http::form;
use crate::http::options::pointer_part;
use crate::http::problem::{Problem, invalid};
use crate::token::UnixTime;

/// Hands each parameter to `read`, which says what is wrong with it.
///
/// # Errors
///
/// `validation` for what `read` refuses, and for a parameter that is there twice.
pub fn each(
    query: &str,
    mut read: impl FnMut(&str, &str) -> Result<(), String>,
) -> Result<(), Problem> {
    let mut seen = Vec::new();
    for (name, value) in form::pairs(query.as_bytes()) {
        let wrong = |detail: &str| invalid(&format!("/{}", pointer_part(&name)), detail);
        let value = value.ok_or_else(|| wrong(form::NOT_UTF_8))?;
        read(&name, &value).map_err(|words| wrong(&words))?;
        if seen.contains(&name) {
            return Err(wrong("given more than once"));
        }
        seen.push(name);
    }
    Ok(())
}

/// How many: 1 to [`MOST_ROWS`].
pub fn limit(value: &str) -> Result<u32, String> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    value
        .parse()
        .ok()
        .filter(|limit| digits && (1..=MOST_ROWS).contains(limit))
        .ok_or_else(|| format!("must be a whole number from 1 to {MOST_ROWS}"))
}

/// A time; nothing happened before 1970.
pub fn time(value: &str) -> Result<UnixTime, String> {
    let time: Timestamp = value
        .parse()
        .map_err(|_| "must be a time such as 2026-11-20T13:10:00Z (RFC 3339)".to_owned())?;
    let secs = u64::try_from(time.as_second()).unwrap_or(0);
    Ok(UnixTime::from_secs(secs))
}

/// What its type reads.
pub fn parse<T: FromStr<Err: ToString>>(value: &str) -> Result<T, String> {
    value.parse().map_err(|error: T::Err| error.to_string())
}
