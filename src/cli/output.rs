//! Where a picture goes, and in which form.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use super::Failure;
use crate::drawing::PictureFormat;

/// A file or standard output.
pub struct Output<'a> {
    /// The file; standard output if there is none.
    pub file: Option<&'a Path>,
    /// The form that was asked for, if any.
    pub format: Option<PictureFormat>,
}

impl Output<'_> {
    /// The form that was asked for, or what the file's ending says, or what standard output can take.
    pub fn format(&self) -> Result<PictureFormat, Failure> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        match self.file {
            Some(path) => path
                .extension()
                .and_then(|ending| ending.to_str())
                .and_then(|ending| ending.parse().ok())
                .ok_or_else(|| "the file must end in .png, .svg or .txt, or give --format".into()),
            None if std::io::stdout().is_terminal() => Ok(PictureFormat::Text),
            None => Ok(PictureFormat::Png),
        }
    }

    /// Writes the picture.
    pub fn write(&self, picture: &[u8]) -> Result<(), Failure> {
        match self.file {
            Some(path) => std::fs::write(path, picture)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?,
            None => std::io::stdout().write_all(picture)?,
        }
        Ok(())
    }
}
