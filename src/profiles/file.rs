//! The file of a profile: how it is read, and the line of what is wrong.

use super::written::{Source, Written};
use super::{Profile, ProfileName, build};

/// Bytes of the file of a profile, and of a schema beside it.
pub(super) const MAX_FILE_BYTES: usize = 256 * 1024;

/// Characters of a reason: it may repeat a part of the file.
const MAX_REASON_CHARS: usize = 1_000;

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
        reason: reason.chars().take(MAX_REASON_CHARS).collect(),
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
        .map_err(|build::wrong::Wrong { offset, reason }| wrong(offset, reason))
}

/// The line at an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}
