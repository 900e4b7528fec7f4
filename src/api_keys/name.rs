//! What an API key's owner calls it.

use std::fmt;
use std::str::FromStr;

/// 1 to 64 characters without control characters, white space at the ends taken off; not a number, which would be taken
/// for the number of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName(String);

impl KeyName {
    /// The most characters.
    pub const MAX_CHARS: usize = 64;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(text: &str) -> Result<Self, KeyNameError> {
        let text = text.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        let number = text.bytes().all(|byte| byte.is_ascii_digit());
        if fits && !number && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(KeyNameError)
        }
    }
}

/// A text that is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name is 1 to 64 characters, not only digits, without line breaks")]
pub struct KeyNameError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_short_line_and_no_number() {
        assert_eq!(" Shop 1 ".parse(), Ok(KeyName("Shop 1".to_owned())));
        assert!("é".repeat(64).parse::<KeyName>().is_ok());
        for text in ["", " ", "12", "a\tb", &"e".repeat(65)] {
            assert_eq!(text.parse::<KeyName>(), Err(KeyNameError), "{text}");
        }
    }
}
