//! The name of a profile.

use std::fmt;
use std::str::FromStr;

/// The name of a profile: 1 to 32 small letters, digits and `-`, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileName(Box<str>);

/// A text that is no name of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 32 small letters, digits and -, a letter first")]
pub struct ProfileNameError;

impl ProfileName {
    /// The most characters.
    pub const MAX_CHARS: usize = 32;
    /// What it looks like, for JSON Schema.
    pub const PATTERN: &str = "^[a-z][a-z0-9-]{0,31}$";

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = ProfileNameError;

    fn from_str(text: &str) -> Result<Self, ProfileNameError> {
        let is_name = text.len() <= Self::MAX_CHARS
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        match is_name {
            true => Ok(Self(text.into())),
            false => Err(ProfileNameError),
        }
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_small_letters_digits_and_dashes() {
        for name in ["a", "sign-in", "a1", &"a".repeat(32)] {
            assert_eq!(name.parse::<ProfileName>().unwrap().as_str(), name);
        }
        for name in [
            "",
            "1a",
            "-a",
            "Invoice",
            "a_b",
            "a.b",
            "../a",
            "ä",
            &"a".repeat(33),
        ] {
            assert!(name.parse::<ProfileName>().is_err(), "{name}");
        }
    }
}
