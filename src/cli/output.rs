//! What a picture looks like, where it goes, and in which form.

use std::fs::File;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::Failure;
use crate::config::Config;
use crate::drawing::{Drawn, LogoSource, PictureFormat, PrintedSize, ResolvedStyle, StyleRequest};
use crate::qr::{
    self, Caption, Colour, FinderShape, Level, LevelChoice, Light, LogoShare, ModuleShape,
    ModuleSize, QuietZone, Scale, Symbol,
};

/// A logo file larger than this is not read.
const MAX_LOGO_BYTES: u64 = 1 << 20;

/// The options of every picture.
#[derive(Debug, clap::Args)]
pub struct StyleArguments {
    /// Name of a style of the configuration; what is given beside it comes first.
    #[arg(long, value_name = "NAME")]
    style: Option<String>,
    /// Error correction level: L, M, Q, H, or auto: as high as a logo needs or the same size has room for.
    #[arg(long)]
    ecl: Option<LevelChoice>,
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
    /// Width of a module in print, in millimetres: SVG gets its size in mm, PNG its resolution.
    #[arg(long, value_name = "MM", value_parser = parse_module_size)]
    module_mm: Option<ModuleSize>,
    /// Width of the picture in print with its quiet zone, in millimetres.
    #[arg(long, value_name = "MM", conflicts_with = "module_mm")]
    width_mm: Option<f64>,
    /// Shape of modules: square, rounded or dots.
    #[arg(long, value_name = "SHAPE")]
    module_shape: Option<ModuleShape>,
    /// Shape of the three finders: square, rounded or circle.
    #[arg(long, value_name = "SHAPE")]
    finder_shape: Option<FinderShape>,
    /// PNG or JPEG file to put into the middle.
    #[arg(long, value_name = "FILE")]
    logo: Option<PathBuf>,
    /// Width of the logo in percent of the symbol's, 5 to 30.
    #[arg(long, value_name = "PERCENT", value_parser = parse_logo_share)]
    logo_share: Option<LogoShare>,
    /// A line below the symbol, at most 32 characters.
    #[arg(long)]
    caption: Option<Caption>,
}

impl StyleArguments {
    /// The look, with the named style and the configured sizes where nothing was given; `level` is that of a symbol for
    /// which none was asked, `only` the one that its content allows, if it allows one.
    pub fn look(
        &self,
        config: &Config,
        level: LevelChoice,
        only: Option<Level>,
    ) -> Result<ResolvedStyle, Failure> {
        let named = match &self.style {
            Some(name) => Some(
                config
                    .styles
                    .get(name)
                    .ok_or_else(|| format!("no style named {name} is configured"))?,
            ),
            None => None,
        };
        let logo = match &self.logo {
            Some(path) => Some(LogoSource::File(read(path, MAX_LOGO_BYTES)?)),
            None => None,
        };
        let mut looks = StyleRequest {
            ecl: self.ecl,
            scale: self.scale,
            quiet_zone: self.quiet_zone,
            dark: self.dark,
            light: self.light,
            module_shape: self.module_shape,
            finder_shape: self.finder_shape,
            caption: self.caption.clone(),
            logo,
            logo_share: self.logo_share,
            size: self
                .module_mm
                .map(PrintedSize::Module)
                .or(self.width_mm.map(PrintedSize::WidthMm)),
        };
        if let Some(only) = only {
            looks = looks.at(only).map_err(|wrong| format!("--ecl {wrong}"))?;
        }
        if let Some(named) = named {
            looks = looks.or(named);
        }
        Ok(looks.or(&config.symbol.looks()).look(level)?)
    }
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

/// The file, if it has at most this many bytes.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= most => Ok(bytes),
        _ => Err(format!("{} is larger than {most} bytes", path.display()).into()),
    }
}

fn parse_module_size(text: &str) -> Result<ModuleSize, String> {
    let mm: f64 = text
        .parse()
        .map_err(|_| "must be a number of millimetres")?;
    ModuleSize::from_mm(mm).map_err(|error| error.to_string())
}

fn parse_logo_share(text: &str) -> Result<LogoShare, String> {
    let percent: u64 = text.parse().map_err(|_| "must be a number of percent")?;
    LogoShare::try_from(percent).map_err(|error| error.to_string())
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
