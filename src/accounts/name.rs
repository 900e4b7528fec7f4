//! What people call an account.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization as _;

/// The name with which somebody signs in: 3 to 64 letters, digits, `.`, `-`, `_` and `@` in Unicode Normalization Form KC, a
/// letter or digit first, not only digits. Two names that differ in capitals alone are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName(String);

impl AccountName {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 3;
    /// The most characters.
    pub const MAX_CHARS: usize = 64;

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one text that all ways of writing the name have.
    #[must_use]
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

/// Folds capitals and compositions away. Each character by itself: what stands around it makes no difference.
pub(super) fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfkc()
        .collect()
}

impl fmt::Display for AccountName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for AccountName {
    type Err = AccountNameError;

    fn from_str(text: &str) -> Result<Self, AccountNameError> {
        // Longer than any name, however its letters are composed.
        if text.len() > 16 * Self::MAX_CHARS {
            return Err(AccountNameError);
        }
        let name: String = text.trim().nfkc().collect();
        let fits = (Self::MIN_CHARS..=Self::MAX_CHARS).contains(&name.chars().count());
        let begins = name.chars().next().is_some_and(char::is_alphanumeric);
        let allowed = name
            .chars()
            .all(|c| c.is_alphanumeric() || is_mark(c) || matches!(c, '.' | '-' | '_' | '@'));
        let number = name.chars().all(|c| c.is_ascii_digit());
        match fits && begins && allowed && !number {
            true => Ok(Self(name)),
            false => Err(AccountNameError),
        }
    }
}

/// Whether it belongs to the letter before it, as in scripts that write vowels so.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A text that is no name of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an account's name is 3 to 64 letters, digits, dots, hyphens, underscores and @, begins with a letter or digit, and is not \
     only digits"
)]
pub struct AccountNameError;

/// What others read: 1 to 100 characters without control characters, white space at the ends taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// The most characters.
    pub const MAX_CHARS: usize = 100;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&AccountName> for DisplayName {
    fn from(name: &AccountName) -> Self {
        Self(name.0.clone())
    }
}

impl FromStr for DisplayName {
    type Err = DisplayNameError;

    fn from_str(text: &str) -> Result<Self, DisplayNameError> {
        let text = text.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        match fits && !text.chars().any(char::is_control) {
            true => Ok(Self(text.to_owned())),
            false => Err(DisplayNameError),
        }
    }
}

/// A text that is no name for others to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name for others to read is 1 to 100 characters without line breaks")]
pub struct DisplayNameError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_folded_form_however_it_is_written() {
        let folded = |text: &str| text.parse::<AccountName>().unwrap().folded();
        for (one, other) in [
            ("ana", " ANA "),
            ("josé", "JOSE\u{301}"),
            ("strasse", "Straße"),
            ("ana", "ａｎａ"),
            ("οδυσσεύς", "ΟΔΥΣΣΕΎΣ"),
        ] {
            assert_eq!(folded(one), folded(other), "{other}");
        }
        assert_ne!(folded("ana"), folded("anna"));
    }

    #[test]
    fn a_name_is_3_to_64_letters_and_a_little_more() {
        for text in [
            "ana",
            "a.b",
            "é1_",
            "ana@example.com",
            "नमन",
            &"e".repeat(64),
        ] {
            assert!(text.parse::<AccountName>().is_ok(), "{text}");
        }
        for text in [
            "",
            "an",
            "a n a",
            "-ana",
            "@ana",
            "123",
            "ana\u{0}",
            "ana\u{202e}",
            "a/b",
            &"e".repeat(65),
            &" ".repeat(100_000),
        ] {
            assert!(text.parse::<AccountName>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_for_others_is_a_line() {
        assert_eq!(" Ana B. ".parse(), Ok(DisplayName("Ana B.".to_owned())));
        for text in ["", " ", "a\nb", &"e".repeat(101)] {
            assert!(text.parse::<DisplayName>().is_err(), "{text:?}");
        }
    }
}
