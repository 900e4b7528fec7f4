//! What is wrong in a profile's file, told with its place there.

use std::fmt::Display;
use std::str::FromStr;

use toml::Spanned;

/// What is wrong, and where in the file.
pub(in crate::profiles) struct Wrong {
    pub offset: Option<usize>,
    pub reason: String,
}

/// This is wrong, where it stands.
pub(super) fn wrong<T>(at: &Spanned<T>, reason: impl Into<String>) -> Wrong {
    Wrong {
        offset: Some(at.span().start),
        reason: reason.into(),
    }
}

/// The text as its type reads it.
pub(super) fn parsed<T: FromStr<Err: Display>>(
    what: &str,
    text: &Spanned<String>,
) -> Result<T, Wrong> {
    text.as_ref()
        .parse()
        .map_err(|error: T::Err| wrong(text, format!("{what} {error}")))
}
