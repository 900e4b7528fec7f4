//! What a request is called: in the log, in a problem, and by whoever sent it.
//!
//! Belongs here: whose name counts, and making one up. Does not belong here: where it is written.

use std::cell::Cell;
use std::hash::{BuildHasher as _, RandomState};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// The header in which a request says what it is called, and its answer says it again.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// Bytes of an id that is taken over: a UUID has 36, a trace's id 32.
const GIVEN_BYTES: std::ops::RangeInclusive<usize> = 8..=64;

/// Names one request in its problem's body and in the log.
pub enum RequestId<'r> {
    /// The request says it itself.
    Given(&'r HeaderValue),
    /// Ours: 16 hex digits.
    Made([u8; 16]),
}

impl<'r> RequestId<'r> {
    /// What the request with these headers is called: as it says, if it says so once and in hexadecimal digits and hyphens.
    ///
    /// A name goes into the log as it is. No code, key or PIN is one: codes are digits alone, or have other letters as keys do.
    pub fn of(headers: &'r HeaderMap) -> Self {
        let mut given = headers.get_all(REQUEST_ID);
        match (given.next(), given.next()) {
            (Some(name), None) if is_name(name.as_bytes()) => Self::Given(name),
            _ => Self::Made(made()),
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        let text = match self {
            Self::Given(name) => name.as_bytes(),
            Self::Made(digits) => digits,
        };
        std::str::from_utf8(text).expect("hex digits and hyphens are ASCII")
    }

    /// Says it in an answer, to whoever said it first, and with every problem.
    pub fn tell(&self, headers: &mut HeaderMap, with_problem: bool) {
        match self {
            Self::Given(name) => headers.insert(REQUEST_ID, (*name).clone()),
            Self::Made(_) if with_problem => {
                let name = HeaderValue::from_str(self.as_str()).expect("hex digits are a value");
                headers.insert(REQUEST_ID, name)
            }
            Self::Made(_) => return,
        };
    }
}

fn is_name(name: &[u8]) -> bool {
    GIVEN_BYTES.contains(&name.len())
        && name
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        && !name.iter().all(u8::is_ascii_digit)
}

/// 16 hex digits that tell nothing of the ids before and after it, nor how many there were.
fn made() -> [u8; 16] {
    thread_local! {
        // A keyed hash of a counter; the key is made of the system's random numbers, another one in each thread.
        static NEXT: (RandomState, Cell<u64>) = (RandomState::new(), Cell::new(0));
    }
    let number = NEXT.with(|(key, counter)| {
        counter.set(counter.get().wrapping_add(1));
        key.hash_one(counter.get())
    });
    let mut text = [0; 16];
    for (place, digit) in text.iter_mut().enumerate() {
        let nibble = (number >> (60 - 4 * place)) & 0xf;
        *digit = b"0123456789abcdef"[usize::from(nibble.to_le_bytes()[0])];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn a_name_is_one_that_programs_make_and_nothing_that_opens_a_code() {
        for (name, expected) in [
            ("5f3c9a60-1b2d-4c8e-9f10-aabbccddeeff", true),
            ("4bf92f3577b34da6a3ce929d0e0e4736", true),
            ("9F3C1D0A", true),
            ("9f3c1d0", false),
            (&"a".repeat(64), true),
            (&"a".repeat(65), false),
            ("", false),
            ("12345678901234567890", false),
            ("9f3c1d0a\n2026", false),
            ("9f3c1d0a route=/", false),
            ("9f3c1d0a\"}", false),
            ("9f3c1d0a\u{e9}", false),
            ("qrs_0123456789abcdef", false),
        ] {
            assert_eq!(is_name(name.as_bytes()), expected, "{name}");
        }
    }
}
