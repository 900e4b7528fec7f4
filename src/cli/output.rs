//! What a picture looks like, where it goes, and in which form.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use super::Failure;
use super::options::Flags;
use crate::config::Config;
use crate::drawing::{Drawn, PictureFormat, ResolvedStyle, StyleRequest};
use crate::qr::{self, Level, LevelChoice, ModuleSize, Symbol};

/// The look that flags ask for, with the named style and the configured sizes where nothing was given; `level` is that of a
/// symbol for which none was asked, `profile` the style of the document's profile, `only` the one that its content allows, if it allows one.
pub fn look(
    flags: &Flags<StyleRequest>,
    config: &Config,
    profile: Option<&StyleRequest>,
    level: LevelChoice,
    only: Option<Level>,
) -> Result<ResolvedStyle, Failure> {
    resolved(flags.read()?, config, profile, level, only)
}

/// The same of what flags said.
pub fn resolved(
    mut style: StyleRequest,
    config: &Config,
    profile: Option<&StyleRequest>,
    level: LevelChoice,
    only: Option<Level>,
) -> Result<ResolvedStyle, Failure> {
    let named = match &style.named {
        Some(name) => Some(
            config
                .styles
                .get(name)
                .ok_or_else(|| format!("no style named {name} is configured"))?,
        ),
        None => None,
    };
    if let Some(only) = only {
        style = style.at(only).map_err(|wrong| format!("--ecl {wrong}"))?;
    }
    if let Some(named) = named {
        style = style.or(named);
    }
    if let Some(profile) = profile {
        style = style.or(profile);
    }
    Ok(style.or(&config.symbol.looks()).look(level)?)
}

/// The symbol of a text in this look; one with shapes, logo or caption was read back.
pub fn drawn<'a>(
    look: ResolvedStyle,
    text: &str,
    symbol: &'a Symbol,
) -> Result<Drawn<'a>, Failure> {
    let drawn = if look.is_plain() {
        Drawn::plain(symbol, &look)?
    } else {
        Drawn::Styled(Box::new(look.draw(text)?))
    };
    if let Some(size) = drawn.style().module_size
        && size.is_small()
    {
        eprintln!(
            "{} mm a module is small: at arm's length phones want {} mm or more",
            size.mm(),
            ModuleSize::ARMS_LENGTH.mm()
        );
    }
    Ok(drawn)
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
                .ok_or_else(|| {
                    "the file must end in .png, .svg, .pdf or .txt, or give --format".into()
                }),
            None if std::io::stdout().is_terminal() => Ok(PictureFormat::Text),
            None => Ok(PictureFormat::Png),
        }
    }

    /// The picture in this form; text only has colours on a terminal, and not where `NO_COLOR` is set.
    pub fn picture(
        &self,
        drawn: &Drawn<'_>,
        format: PictureFormat,
        title: &str,
    ) -> Result<Vec<u8>, Failure> {
        if format == PictureFormat::Text && !self.takes_colours() {
            return Ok(qr::text(drawn.symbol(), drawn.style()).into_bytes());
        }
        Ok(drawn.picture(format, title)?)
    }

    fn takes_colours(&self) -> bool {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        self.file.is_none() && !unwanted && std::io::stdout().is_terminal()
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
