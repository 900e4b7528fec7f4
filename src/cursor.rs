//! Pages of lists: how long one is, and where one ended, as a text that means nothing to anyone else.

use std::fmt;
use std::str::FromStr;

use crate::token::{UnixTime, base64url};

/// The most rows of a page.
pub const MOST_ROWS: u32 = 1_000;
/// How many rows a page has when nobody says.
pub const USUAL_ROWS: u32 = 100;

/// The time and the id of the last row of a page: 27 characters of base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    at: UnixTime,
    id: [u8; 12],
}

impl Cursor {
    /// Its form, as a regular expression.
    pub const PATTERN: &'static str = "^[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]$";

    /// After the row with this time and id.
    #[must_use]
    pub fn after(at: UnixTime, id: [u8; 12]) -> Self {
        Self { at, id }
    }

    /// Time and id of the row.
    #[must_use]
    pub fn place(self) -> (UnixTime, [u8; 12]) {
        (self.at, self.id)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.at.as_secs().to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.id);
        formatter.write_str(&base64url::encode(&bytes))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        // Nothing longer is decoded.
        let bytes = match text.len() {
            27 => base64url::decode(text).map_err(|_| CursorError)?,
            _ => return Err(CursorError),
        };
        let (secs, id) = bytes.split_first_chunk().ok_or(CursorError)?;
        Ok(Self {
            at: UnixTime::from_secs(u64::from_be_bytes(*secs)),
            id: id.try_into().map_err(|_| CursorError)?,
        })
    }
}

/// A text that no page of ours ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cursor is the text of next_cursor of the page before")]
pub struct CursorError;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_comes_back_from_its_text(secs: u64, id: [u8; 12]) {
            let cursor = Cursor::after(UnixTime::from_secs(secs), id);
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn another_text_is_no_cursor(text in "[A-Za-z0-9_-]{0,26}|[A-Za-z0-9_-]{28,40}|.{27}") {
            let parsed = text.parse::<Cursor>();
            prop_assert!(parsed.is_err() || parsed.unwrap().to_string() == text);
        }
    }
}
