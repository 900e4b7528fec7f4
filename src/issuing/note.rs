//! A note by which whoever made a code finds it again.

use std::fmt;
use std::str::FromStr;

/// A text in clear, 1 to 80 characters on one line, without white space around it: to find a code again, and nothing
/// personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// The longest note, in characters.
    pub const MAX_CHARS: usize = 80;
    /// The same as a regular expression: no control characters, and not only white space.
    pub const PATTERN: &'static str = r"^[^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][^\u0000-\u001f\u007f-\u009f]*$";

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let text = text.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        match fits && !text.chars().any(char::is_control) {
            true => Ok(Self(text.to_owned())),
            false => Err(NoteError),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Note> for String {
    fn from(note: Note) -> Self {
        note.0
    }
}

/// A text that is no note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 80 characters on one line")]
pub struct NoteError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_of_1_to_80_characters() {
        let longest = "\u{e9}".repeat(80);
        for (text, note) in [(" table 7 ", "table 7"), ("x", "x"), (&longest, &longest)] {
            assert_eq!(text.parse::<Note>().unwrap().as_str(), note);
        }
        for text in ["", "  ", "a\nb", &"x".repeat(81)] {
            assert_eq!(text.parse::<Note>(), Err(NoteError), "{text:?}");
        }
    }
}
