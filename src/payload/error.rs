//! Why a text was refused, and where. Never what it says: a payload must not reach a log through an error.

use thiserror::Error;

use super::{MAX_DEPTH, MAX_MEMBERS};

/// Why a text is not an acceptable JSON document, and where.
///
/// `Display` gives a whole sentence: `line 3, column 7: a comma or the closing bracket is missing`. It quotes nothing
/// of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct JsonError {
    kind: JsonErrorKind,
    line: usize,
    column: usize,
}

impl JsonError {
    /// What is wrong.
    pub fn kind(&self) -> JsonErrorKind {
        self.kind
    }

    /// The line, from 1. A line ends with a line feed (U+000A).
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in that line, from 1, in Unicode characters (code points), not in bytes.
    pub fn column(&self) -> usize {
        self.column
    }
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// A byte sequence that is not UTF-8 (RFC 8259, section 8.1).
    #[error("these bytes are not UTF-8; JSON has to be sent as UTF-8")]
    NotUtf8,
    /// The text begins with U+FEFF, which RFC 8259, section 8.1, forbids a sender to add.
    #[error("the text begins with a byte order mark; leave it out")]
    ByteOrderMark,
    /// The text ends before its value does, or holds nothing but white space.
    #[error("the text ends here, but the JSON value is not complete")]
    UnexpectedEnd,
    /// Something else where a value has to be.
    #[error("expected a value: an object, an array, a string, a number, true, false or null")]
    ExpectedValue,
    /// Something else where a member name has to be, as after a comma that ends an object.
    #[error("expected a member name in double quotes")]
    ExpectedName,
    /// Something else where the colon after a member name has to be.
    #[error("expected a colon after the member name")]
    ExpectedColon,
    /// Something else after a member or an element.
    #[error("a comma or the closing bracket is missing")]
    ExpectedCommaOrEnd,
    /// More text after the value.
    #[error("there is more text after the JSON value; send exactly one value")]
    TrailingText,
    /// A number that RFC 8259, section 6, does not allow.
    #[error(
        "not a JSON number: no leading zeros, no plus sign, and digits on both sides of the point"
    )]
    InvalidNumber,
    /// An unescaped control character in a string (U+0000 to U+001F).
    #[error("a control character in a string has to be escaped, as in \\n or \\u0009")]
    ControlCharacter,
    /// A backslash that begins none of the escapes of RFC 8259, section 7.
    #[error(
        "not a JSON escape: after a backslash comes one of \" \\ / b f n r t, or u and four hex digits"
    )]
    InvalidEscape,
    /// Half of a surrogate pair: it stands for no character.
    #[error("half of a surrogate pair stands alone; write both halves, as in \\ud83d\\ude00")]
    LoneSurrogate,
    /// A second member of the same name in one object, compared after unescaping.
    #[error("this object already has a member of this name")]
    DuplicateName,
    /// The member after the [`MAX_MEMBERS`]th of one object.
    #[error("an object may have at most {MAX_MEMBERS} members")]
    TooManyMembers,
    /// The bracket after the [`MAX_DEPTH`]th that is open.
    #[error("at most {MAX_DEPTH} brackets may be open at once")]
    TooDeep,
    /// Past the last byte that the minified text may have: [`MAX_BYTES`](super::MAX_BYTES), or
    /// [`MAX_STORED_BYTES`](super::MAX_STORED_BYTES) in the store.
    #[error("the document is larger than {most} bytes without its white space")]
    TooLarge {
        /// How many it may have.
        most: usize,
    },
}

/// The three ways in which a document can be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonErrorClass {
    /// Not JSON, or JSON that two readers may understand differently.
    Invalid,
    /// JSON with more brackets open, or more members in an object, than allowed.
    TooDeep,
    /// JSON of more bytes than allowed.
    TooLarge,
}

impl JsonErrorKind {
    /// Which of the three ways to be refused this is.
    pub fn class(self) -> JsonErrorClass {
        match self {
            Self::TooDeep | Self::TooManyMembers => JsonErrorClass::TooDeep,
            Self::TooLarge { .. } => JsonErrorClass::TooLarge,
            _ => JsonErrorClass::Invalid,
        }
    }
}

/// What is wrong and at which byte: what the scanner knows before anyone asks for lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub kind: JsonErrorKind,
    pub at: usize,
}

impl Fault {
    /// Counts lines and characters up to the fault. `input` is what was scanned, UTF-8 at least up to the fault.
    pub(super) fn locate(self, input: &[u8]) -> JsonError {
        let before = &input[..self.at.min(input.len())];
        let line_starts_at = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |feed| feed + 1);
        let (lines, line) = before.split_at(line_starts_at);
        JsonError {
            kind: self.kind,
            line: lines.split(|&byte| byte == b'\n').count(),
            // Every character has exactly one byte that is not a continuation byte (0b10xx_xxxx).
            column: 1 + line.iter().filter(|&&byte| byte & 0xC0 != 0x80).count(),
        }
    }
}
