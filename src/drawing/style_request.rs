//! How a symbol is to look, as it is asked for: by a request, by a named style, by the configuration.

use crate::options::{OutOfRange, Range};
use crate::qr::{
    Caption, Colour, Colours, Design, FinderShape, Level, LevelChoice, Light, Logo, LogoShare,
    MAX_SIDE_PX, ModuleShape, ModuleSize, PictureError, QuietZone, Scale, Style, StyledError,
    StyledSymbol, Symbol, Unscannable,
};

/// What is asked of a symbol's looks. What is `None` is left to the next one who has a say.
#[derive(Clone, Debug, Default)]
pub struct StyleRequest {
    /// The name of a configured style, which says what this leaves open.
    pub named: Option<String>,
    /// The error correction level.
    pub ecl: Option<LevelChoice>,
    /// Pixels of a module's side.
    pub scale: Option<Scale>,
    /// The light margin.
    pub quiet_zone: Option<QuietZone>,
    /// The colour of dark modules.
    pub dark: Option<Colour>,
    /// The colour of light modules.
    pub light: Option<Light>,
    /// The shape of single modules.
    pub module_shape: Option<ModuleShape>,
    /// The shape of the finders.
    pub finder_shape: Option<FinderShape>,
    /// The line of text below.
    pub caption: Option<Caption>,
    /// The picture in the middle.
    pub logo: Option<LogoSource>,
    /// How wide the logo may be.
    pub logo_share: Option<LogoShare>,
    /// The size in print.
    pub size: Option<PrintedSize>,
}

/// A logo: a file that was not looked into yet, or its pixels.
#[derive(Clone)]
pub enum LogoSource {
    /// The bytes of a PNG or JPEG. To decode them takes milliseconds.
    File(Vec<u8>),
    /// Decoded.
    Decoded(Logo),
}

/// A size in print.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PrintedSize {
    /// Of a module.
    Module(ModuleSize),
    /// Of the whole picture with its quiet zone: millimetres of its width.
    WidthMm(f64),
}

impl PrintedSize {
    /// What widths there are. Wider is no picture of modules of 50 mm.
    pub const WIDTH: Range = Range::Decimal {
        least: 1.0,
        most: 10_000.0,
        unit: "millimetres",
    };
}

/// A larger picture is refused before it is drawn.
const MAX_PIXELS: usize = MAX_SIDE_PX as usize * MAX_SIDE_PX as usize;

/// How a symbol is to look, with nothing left open.
#[derive(Clone, Debug)]
pub struct ResolvedStyle {
    /// The error correction level, or how it is chosen.
    pub level: LevelChoice,
    /// Colours, shapes, caption; the logo only if it is decoded.
    design: Design,
    file: Option<(Vec<u8>, LogoShare)>,
    size: Option<PrintedSize>,
}

/// Why a symbol was not drawn as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum StyleError {
    /// The logo's file is not acceptable.
    #[error(transparent)]
    Logo(#[from] PictureError),
    /// The text does not fit, the picture is too large, or it would not scan.
    #[error(transparent)]
    Styled(#[from] StyledError),
    /// The width asked for makes modules that are too small or too large.
    #[error("the modules would not be {} mm wide", ModuleSize::RANGE.brief())]
    Width(#[from] OutOfRange),
}

/// A content allows one error correction level, and another was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {0} or left out: the rules of this content allow no other level")]
pub struct WrongLevel(Level);

impl StyleRequest {
    /// These, and `other` where they say nothing.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            named: self.named,
            ecl: self.ecl.or(other.ecl),
            scale: self.scale.or(other.scale),
            quiet_zone: self.quiet_zone.or(other.quiet_zone),
            dark: self.dark.or(other.dark),
            light: self.light.or(other.light),
            module_shape: self.module_shape.or(other.module_shape),
            finder_shape: self.finder_shape.or(other.finder_shape),
            caption: self.caption.or_else(|| other.caption.clone()),
            logo: self.logo.or_else(|| other.logo.clone()),
            logo_share: self.logo_share.or(other.logo_share),
            size: self.size.or(other.size),
        }
    }

    /// The same, with the pixels of its logo in place of the file: tens of milliseconds for a large one.
    ///
    /// # Errors
    ///
    /// [`PictureError`]
    pub fn with_decoded_logo(mut self) -> Result<Self, PictureError> {
        if let Some(LogoSource::File(bytes)) = &self.logo {
            let share = self.logo_share.unwrap_or_default();
            self.logo = Some(LogoSource::Decoded(Logo::decode(bytes, share)?));
        }
        Ok(self)
    }

    /// These, at the only level that a content allows.
    ///
    /// # Errors
    ///
    /// [`WrongLevel`] if another is asked for.
    pub fn at(mut self, only: Level) -> Result<Self, WrongLevel> {
        match self.ecl {
            Some(LevelChoice::Exactly(asked)) if asked != only => Err(WrongLevel(only)),
            _ => {
                self.ecl = Some(only.into());
                Ok(self)
            }
        }
    }

    /// Nothing left open: black and white squares without size in print. A level that nobody asked for is `level`, or
    /// as high as a logo needs if there is one.
    ///
    /// # Errors
    ///
    /// [`Unscannable`] if the colours are too much alike.
    pub fn look(self, level: LevelChoice) -> Result<ResolvedStyle, Unscannable> {
        let level = match self.ecl {
            Some(asked) => asked,
            None if self.logo.is_some() => LevelChoice::Auto,
            None => level,
        };
        let share = self.logo_share.unwrap_or_default();
        let (logo, file) = match self.logo {
            None => (None, None),
            Some(LogoSource::Decoded(logo)) => (Some(logo.with_share(share)), None),
            Some(LogoSource::File(bytes)) => (None, Some((bytes, share))),
        };
        let style = Style {
            scale: self.scale.unwrap_or_default(),
            quiet_zone: self.quiet_zone.unwrap_or_default(),
            colours: match (self.dark, self.light) {
                (None, None) => Colours::default(),
                (dark, light) => Colours::new(
                    dark.unwrap_or(Colours::default().dark()),
                    light.unwrap_or(Colours::default().light()),
                )?,
            },
            module_size: None,
        };
        Ok(ResolvedStyle {
            level,
            design: Design {
                style,
                modules: self.module_shape.unwrap_or_default(),
                finders: self.finder_shape.unwrap_or_default(),
                logo,
                caption: self.caption,
            },
            file,
            size: self.size,
        })
    }
}

/// A plain symbol of level M.
impl Default for ResolvedStyle {
    fn default() -> Self {
        Self {
            level: Level::Medium.into(),
            design: Design::default(),
            file: None,
            size: None,
        }
    }
}

impl ResolvedStyle {
    /// Whether there is nothing but sizes and colours, so that the symbol can be drawn at once.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.file.is_none() && self.design.is_plain()
    }

    /// The same with this line of text below.
    #[must_use]
    pub fn with_caption(mut self, caption: Caption) -> Self {
        self.design.caption = Some(caption);
        self
    }

    /// Sizes and colours for this symbol.
    ///
    /// # Errors
    ///
    /// A width that makes modules smaller than 0.1 mm or larger than 50 mm.
    pub fn style(&self, symbol: &Symbol) -> Result<Style, OutOfRange> {
        let style = self.design.style;
        Ok(Style {
            module_size: module_size(self.size, symbol, &style)?,
            ..style
        })
    }

    /// Pixels of the picture at most. `symbol` is the text's at the level asked for; a logo may make a larger one needed.
    #[must_use]
    pub fn pixels(&self, text: &str, symbol: &Symbol) -> usize {
        let has_logo = self.file.is_some() || self.design.logo.is_some();
        match self.level {
            LevelChoice::Auto if has_logo => match Symbol::encode_at_least(text, Level::High) {
                Ok(larger) => self.design.pixels(&larger),
                // Then it needs the largest there is, or a lower level.
                Err(_) => MAX_PIXELS,
            },
            _ => self.design.pixels(symbol),
        }
        .min(MAX_PIXELS)
    }

    /// Draws the text with all that the look asks for, and reads the picture back: tens of milliseconds.
    ///
    /// # Errors
    ///
    /// [`StyleError`]
    pub fn draw(self, text: &str) -> Result<StyledSymbol, StyleError> {
        let mut design = self.design;
        if let Some((bytes, share)) = self.file {
            design.logo = Some(Logo::decode(&bytes, share)?);
        }
        let styled = StyledSymbol::encode(text, self.level, design)?;
        Ok(
            match module_size(self.size, styled.symbol(), styled.style())? {
                Some(size) => styled.with_module_size(size),
                None => styled,
            },
        )
    }
}

fn module_size(
    size: Option<PrintedSize>,
    symbol: &Symbol,
    style: &Style,
) -> Result<Option<ModuleSize>, OutOfRange> {
    match size {
        None => Ok(None),
        Some(PrintedSize::Module(size)) => Ok(Some(size)),
        Some(PrintedSize::WidthMm(width)) => {
            ModuleSize::from_width_mm(width, symbol, style.quiet_zone).map(Some)
        }
    }
}

impl std::fmt::Debug for LogoSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(bytes) => write!(f, "File({} bytes)", bytes.len()),
            Self::Decoded(logo) => logo.fmt(f),
        }
    }
}
