//! Names that people give: of lists, of gates and of passes.

use std::fmt;
use std::str::FromStr;

/// What people call a list: 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListName(String);

impl ListName {
    /// The most characters.
    pub const MAX_CHARS: usize = 80;

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ListName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        printable(text, Self::MAX_CHARS).map(Self)
    }
}

/// The name of a door: 1 to 40 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateName(String);

impl GateName {
    /// The most characters.
    pub const MAX_CHARS: usize = 40;

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for GateName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        printable(text, Self::MAX_CHARS).map(Self)
    }
}

/// What whoever draws a pass knows it by: 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassNote(pub(super) String);

impl PassNote {
    /// The most characters.
    pub const MAX_CHARS: usize = 80;
}

impl FromStr for PassNote {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        printable(text, Self::MAX_CHARS).map(Self)
    }
}

/// A text of 1 to `most` characters, none of which is a control character, without white space around it.
pub(super) fn printable(text: &str, most: usize) -> Result<String, String> {
    let chars = text.chars().count();
    let clean = !text.chars().any(char::is_control) && text.trim() == text;
    match (1..=most).contains(&chars) && clean {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "must be 1 to {most} characters, without control characters and white space around them"
        )),
    }
}
