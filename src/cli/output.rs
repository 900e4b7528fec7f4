//! What a picture looks like, where it goes, and in which form.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use super::Failure;
use crate::config::Config;
use crate::drawing::PictureFormat;
use crate::qr::{Colour, Colours, Light, QuietZone, Scale, Style, Unscannable};

/// The options of every picture.
#[derive(Debug, clap::Args)]
pub struct StyleArguments {
    /// Pixels a module side, 1 to 64.
    #[arg(long)]
    scale: Option<Scale>,
    /// Light modules around the symbol, 0 to 16.
    #[arg(long, value_name = "MODULES")]
    quiet_zone: Option<QuietZone>,
    /// Colour of dark modules, such as #1a2b3c.
    #[arg(long, value_name = "COLOUR")]
    dark: Option<Colour>,
    /// Colour of light modules, or transparent.
    #[arg(long, value_name = "COLOUR")]
    light: Option<Light>,
}

impl StyleArguments {
    /// The style, with the configured sizes where none were given.
    pub fn style(&self, config: &Config) -> Result<Style, Unscannable> {
        Ok(Style {
            scale: self.scale.unwrap_or(config.symbol.scale),
            quiet_zone: self.quiet_zone.unwrap_or(config.symbol.quiet_zone),
            colours: Colours::new(
                self.dark.unwrap_or(Colours::default().dark()),
                self.light.unwrap_or(Colours::default().light()),
            )?,
            ..Style::default()
        })
    }
}

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
