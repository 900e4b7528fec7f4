//! Why a token was revoked, in the issuer's words.

use std::str::FromStr;

/// At most 200 characters without control characters, not only white space; that at the ends is taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The most characters.
    pub const MAX_CHARS: usize = 200;

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

impl FromStr for Reason {
    type Err = ReasonError;

    fn from_str(text: &str) -> Result<Self, ReasonError> {
        let words = text.trim();
        let fits = !words.is_empty() && text.chars().count() <= Self::MAX_CHARS;
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(words.to_owned()))
        } else {
            Err(ReasonError)
        }
    }
}

/// A text that is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A reason has 1 to 200 characters on one line.")]
pub struct ReasonError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_line_of_at_most_200_characters() {
        assert_eq!("  lost ".parse(), Ok(Reason("lost".to_owned())));
        assert!("é".repeat(200).parse::<Reason>().is_ok());
        for text in ["", "  ", "two\nlines", &"e".repeat(201)] {
            assert_eq!(text.parse::<Reason>(), Err(ReasonError), "{text}");
        }
    }
}
