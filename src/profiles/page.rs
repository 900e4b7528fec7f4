//! What a phone shows of a document: its fields in order, with their names and forms.

use std::fmt;
use std::str::FromStr;

use super::Texts;
use crate::pointer;

/// What a phone shows of a profile's documents.
#[derive(Debug, Default)]
pub struct Page {
    /// Whom holders ask.
    pub contact: Option<Texts>,
    /// The fields that are shown first, in order.
    pub fields: Vec<Field>,
    /// Whether what is in no field stays away from the page. The JSON has it all the same.
    pub hides_rest: bool,
    /// Whether the page draws the code itself, to be shown at a door.
    pub draws_code: bool,
}

/// A field of a page.
#[derive(Debug)]
pub struct Field {
    /// Where its value is.
    pub pointer: Pointer,
    /// What it is called.
    pub label: Texts,
    /// How its value is written.
    pub format: Format,
    /// Whether it is larger than the others.
    pub emphasis: bool,
    /// What values are called that are words for programs.
    pub values: Vec<(String, Texts)>,
    /// Of an array of objects: what its table shows. Empty: whatever is there.
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// The member of each object.
    pub name: String,
    /// What it is called.
    pub label: Texts,
    /// How its values are written.
    pub format: Format,
}

/// How a value is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Format {
    /// As it is where there is no profile.
    #[default]
    Auto,
    /// As it stands, whatever it looks like.
    Text,
    /// A number, in groups of digits.
    Number,
    /// An amount of this currency.
    Money(Currency),
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// A number to call.
    Tel,
    /// An address of mail.
    Email,
    /// An address of the Web.
    Url,
}

/// The currency of an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Currency {
    /// Always this one (ISO 4217).
    Code(String),
    /// The one that stands there.
    At(Pointer),
}

impl Currency {
    /// Whether a text is three capital letters.
    #[must_use]
    pub fn is_code(text: &str) -> bool {
        text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
    }
}

/// Where a value is in a document (RFC 6901): the names and places that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The most names.
    const MAX_PARTS: usize = 8;

    /// The names, from the outermost.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.0
    }
}

impl FromStr for Pointer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        if !text.starts_with('/') {
            return Err("a pointer begins with a slash, such as /amount");
        }
        let parts: Vec<String> = pointer::names(text).collect();
        match parts.len() <= Self::MAX_PARTS {
            true => Ok(Self(parts)),
            false => Err("a pointer has at most 8 parts"),
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|part| write!(f, "/{}", pointer::escape(part)))
    }
}
