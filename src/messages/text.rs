//! The text of a message, and how long it can be read.

use std::str::FromStr;

use crate::options::{OutOfRange, Range};
use crate::payload::{Document, MAX_STORED_BYTES, minify_up_to};
use crate::token::ExpiresIn;

/// A text of 1 to 10,000 characters, with line breaks.
#[derive(Clone, PartialEq, Eq)]
pub struct Message(String);

impl Message {
    /// The longest, in characters.
    pub const MAX_CHARS: usize = 10_000;

    /// The document that carries it.
    #[must_use]
    pub fn document(&self) -> Document {
        let text = serde_json::json!({ "message": self.0 }).to_string();
        minify_up_to(text.as_bytes(), MAX_STORED_BYTES).expect("10,000 characters fit")
    }
}

impl FromStr for Message {
    type Err = MessageError;

    /// Line breaks become line feeds, as forms send them otherwise; other control characters are refused.
    fn from_str(text: &str) -> Result<Self, MessageError> {
        // Nothing longer is looked into.
        if text.len() > 4 * Self::MAX_CHARS + 2 * Self::MAX_CHARS {
            return Err(MessageError);
        }
        let text = text.replace("\r\n", "\n");
        let text = text.trim_end();
        let strange = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        match fits && !text.trim().is_empty() && !text.contains(strange) {
            true => Ok(Self(text.to_owned())),
            false => Err(MessageError),
        }
    }
}

impl std::fmt::Debug for Message {
    /// Without the text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").finish_non_exhaustive()
    }
}

/// A text that is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 10,000 characters, and no control characters but line breaks")]
pub struct MessageError;

/// How long a message can be read: an hour to a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageLife(ExpiresIn);

impl MessageLife {
    /// In seconds.
    pub const RANGE: Range = Range::Time {
        least: 3_600,
        most: 31_536_000,
    };

    /// The time.
    #[must_use]
    pub fn expires_in(self) -> ExpiresIn {
        self.0
    }
}

impl Default for MessageLife {
    /// 30 days.
    fn default() -> Self {
        Self(ExpiresIn::try_from(2_592_000).expect("30 days are in range"))
    }
}

impl TryFrom<u64> for MessageLife {
    type Error = OutOfRange;

    fn try_from(secs: u64) -> Result<Self, OutOfRange> {
        let secs: u64 = Self::RANGE.whole(secs)?;
        let time = ExpiresIn::try_from(secs).map_err(|_| OutOfRange(Self::RANGE))?;
        Ok(Self(time))
    }
}

impl FromStr for MessageLife {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let time: ExpiresIn = text.parse().map_err(|_| OutOfRange(Self::RANGE))?;
        Self::try_from(time.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_its_lines_and_nothing_else_happens_to_it() {
        let document = |text: &str| text.parse::<Message>().map(|text| text.document());
        assert_eq!(
            document(" a\r\n<b>\t\u{e9}\n").unwrap().as_str(),
            "{\"message\":\" a\\n<b>\\t\u{e9}\"}"
        );
        let longest = "\u{1f600}".repeat(10_000);
        assert!(document(&longest).is_ok());
        for text in [
            "",
            " \n",
            "a\u{0}",
            "a\rb",
            &"x".repeat(10_001),
            &"x".repeat(70_000),
        ] {
            assert!(text.parse::<Message>().is_err());
        }
    }
}
