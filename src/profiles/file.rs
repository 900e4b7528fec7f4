//! The file of a profile: what may stand in it, and the line of what is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::texts::Texts;
use super::{Profile, ProfileName, build};
use crate::drawing::Styles;

/// Bytes of the file of a profile, and of a schema beside it.
pub(super) const MAX_FILE_BYTES: usize = 256 * 1024;

/// A profile as it was written, and what it may refer to.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The profile's name: its file without the ending.
    pub name: &'a str,
    /// The text of the file.
    pub text: &'a str,
    /// The styles that have names.
    pub styles: &'a Styles,
    /// Reads a file that stands beside it, such as a schema or a logo.
    pub beside: &'a dyn Fn(&str) -> Result<Vec<u8>, String>,
}

/// What is wrong with a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    /// The profile's name, as its file has it.
    pub name: String,
    /// The line, from 1, where it is one line's fault.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl std::error::Error for ProfileError {}

impl std::fmt::Display for ProfileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "profile {}", self.name)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Reads a profile and checks everything in it.
///
/// # Errors
/// [`ProfileError`]
pub fn read(source: Source<'_>) -> Result<Profile, ProfileError> {
    let wrong = |offset: Option<usize>, reason: String| ProfileError {
        name: source.name.to_owned(),
        line: offset.map(|offset| line_of(source.text, offset)),
        reason,
    };
    let name: ProfileName = source
        .name
        .parse()
        .map_err(|error| wrong(None, format!("the name of its file {error}")))?;
    if source.text.len() > MAX_FILE_BYTES {
        return Err(wrong(
            None,
            format!("it has more than {MAX_FILE_BYTES} bytes"),
        ));
    }
    let written: Written = toml::from_str(source.text).map_err(|error| {
        wrong(
            error.span().map(|span| span.start),
            error.message().to_owned(),
        )
    })?;
    build::profile(name, written, source)
        .map_err(|build::Wrong { offset, reason }| wrong(offset, reason))
}

/// The line at an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}

/// What may stand in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub number: Spanned<i64>,
    pub issue: Option<Spanned<Vec<String>>>,
    pub title: Texts,
    pub schema: Spanned<Value>,
    pub sample: Option<Spanned<Value>>,
    #[serde(default)]
    pub policy: WrittenPolicy,
    pub style: Option<Spanned<toml::Table>>,
    #[serde(default)]
    pub page: WrittenPage,
    pub form: Option<Spanned<WrittenForm>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPolicy {
    pub expires_in: Option<Spanned<WrittenTime>>,
    pub max_opens: Option<Spanned<Value>>,
    pub pin: Option<Spanned<String>>,
    pub storage: Option<Spanned<String>>,
    #[serde(default)]
    pub staff_only: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTime {
    pub default: Option<String>,
    pub max: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPage {
    pub contact: Option<Texts>,
    #[serde(default)]
    pub fields: Vec<Spanned<WrittenField>>,
    pub rest: Option<Spanned<String>>,
    #[serde(default)]
    pub code: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenField {
    pub pointer: Spanned<String>,
    pub label: Option<Texts>,
    pub format: Option<Spanned<String>>,
    pub currency: Option<Spanned<String>>,
    #[serde(default)]
    pub emphasis: bool,
    #[serde(default)]
    pub values: BTreeMap<String, Texts>,
    #[serde(default)]
    pub columns: Vec<Spanned<WrittenColumn>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenColumn {
    pub name: String,
    pub label: Option<Texts>,
    pub format: Option<Spanned<String>>,
    pub currency: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenForm {
    pub open: Option<Spanned<String>>,
    pub intro: Option<Texts>,
    pub consent: Option<Texts>,
}
