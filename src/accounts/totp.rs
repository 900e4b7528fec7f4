//! One-time passwords by time (RFC 6238): six digits, a step of 30 seconds, SHA-1, as every app has them.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::ConstantTimeEq as _;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use super::typed_code::{RFC_4648, encode_in, grouped};
use crate::token::UnixTime;

const DIGITS: u8 = 6;
const STEP_SECS: u64 = 30;
/// A code counts in its step, and in the one before and after it.
const SKEW_STEPS: u64 = 1;
/// A clock that is so far behind is told as the reason. One that is ahead is not: its codes will be good, and whoever guesses is not to
/// learn of them.
const TOLD_STEPS: u64 = 10;

/// The most characters of the issuer's name that an app is told.
const ISSUER_CHARS: usize = 32;

/// What an app and the server know: 160 random bits (RFC 4226, section 4). Overwritten when dropped, never shown but to its owner.
pub struct TotpSecret(Zeroizing<[u8; TotpSecret::BYTES]>);

/// What a code turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// That of this step, which is near enough.
    Good(u64),
    /// That of a step that counted already, or of one before it.
    Used,
    /// That of a time that is over: the clock of whoever made it is so many seconds behind.
    ClockBehind(u64),
    /// None.
    Wrong,
}

impl TotpSecret {
    /// Bytes of one.
    pub const BYTES: usize = 20;

    /// The secret of these bytes, which must come from the operating system's random numbers, or from where they were kept.
    #[must_use]
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// As it is typed into an app that has no camera.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        grouped(&encode_in(self.as_bytes(), RFC_4648), &[4; 8], ' ')
    }

    /// What an app scans.
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let issuer: String = issuer.chars().take(ISSUER_CHARS).collect();
        let part = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (issuer, account) = (part(&issuer), part(account));
        let secret = encode_in(self.as_bytes(), RFC_4648);
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECS}",
            secret.as_str()
        ))
    }

    /// The code of the moment, as an app shows it.
    #[must_use]
    pub fn code_at(&self, now: UnixTime) -> String {
        code(&self.totp(), now.as_secs() / STEP_SECS)
    }

    /// Looks at a code, given the latest step that counted.
    pub(super) fn judge(&self, typed: &str, counted: Option<u64>, now: UnixTime) -> Judged {
        let Some(typed) = digits(typed) else {
            return Judged::Wrong;
        };
        let (totp, here) = (self.totp(), now.as_secs() / STEP_SECS);
        let is = |step: u64| bool::from(code(&totp, step).as_bytes().ct_eq(typed.as_bytes()));
        let oldest = here.saturating_sub(SKEW_STEPS);
        let mut used = false;
        for step in (oldest..=here.saturating_add(SKEW_STEPS)).filter(|step| is(*step)) {
            match counted.is_none_or(|counted| counted < step) {
                true => return Judged::Good(step),
                false => used = true,
            }
        }
        if used {
            return Judged::Used;
        }
        let mut over = (here.saturating_sub(TOLD_STEPS)..oldest).rev();
        match over.find(|step| is(*step)) {
            Some(step) => Judged::ClockBehind((here - step) * STEP_SECS),
            None => Judged::Wrong,
        }
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP_SECS)
            .with_secret(*self.0)
            .build()
            .expect("six digits, 160 bits and 30 seconds are within the RFC")
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret")
    }
}

fn code(totp: &Totp, step: u64) -> String {
    totp.generate(step.saturating_mul(STEP_SECS)).to_string()
}

/// Six digits as people type them, with spaces and hyphens anywhere.
fn digits(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let digits: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let six = digits.len() == usize::from(DIGITS) && digits.bytes().all(|b| b.is_ascii_digit());
    six.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: of its eight digits the last six are the same code.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        for (secs, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code_at(UnixTime::from_secs(secs)), expected);
        }
    }

    #[test]
    fn a_code_counts_once_and_a_step_either_way_and_a_clock_that_is_behind_is_told() {
        let secret = TotpSecret::from_bytes([7; TotpSecret::BYTES]);
        let (now, here) = (UnixTime::from_secs(3_000_000), 100_000);
        let of = |step: u64| secret.code_at(UnixTime::from_secs(step * STEP_SECS + 29));
        let judge = |step, counted| secret.judge(&of(step), counted, now);
        for step in here - 1..=here + 1 {
            assert_eq!(judge(step, None), Judged::Good(step));
            assert_eq!(judge(step, Some(step - 1)), Judged::Good(step));
            assert_eq!(judge(step, Some(step)), Judged::Used);
        }
        assert_eq!(judge(here - 1, Some(here)), Judged::Used, "one before it");
        assert_eq!(judge(here - 2, None), Judged::ClockBehind(60));
        assert_eq!(judge(here - 10, None), Judged::ClockBehind(300));
        assert_eq!(judge(here - 11, None), Judged::Wrong);
        for step in here + 2..here + 12 {
            assert_eq!(judge(step, None), Judged::Wrong, "it will be good");
        }
        let typed = format!(" {}-{} ", &of(here)[..3], &of(here)[3..]);
        assert_eq!(secret.judge(&typed, None, now), Judged::Good(here));
        for typed in ["", "12345", "1234567", "abcdef", &"1".repeat(100_000)] {
            assert_eq!(secret.judge(typed, None, now), Judged::Wrong, "{typed:.20}");
        }
    }

    #[test]
    fn an_app_is_told_what_it_needs() {
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        assert_eq!(
            secret.reveal().as_str(),
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
        );
        assert_eq!(
            secret.uri("Tea & Co: Süd", "ana@example.com").as_str(),
            "otpauth://totp/Tea%20%26%20Co%3A%20S%C3%BCd:ana%40example%2Ecom?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&\
             issuer=Tea%20%26%20Co%3A%20S%C3%BCd&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{secret:?}"), "TotpSecret");
    }
}
