//! Styled symbols. They are read back before anyone gets one.
//!
//! Belongs here: what a [`Design`] adds to a plain symbol, as pixels and as
//! SVG, and the proof that it scans.

mod proof;
mod radii;
mod raster;
mod vector;

pub(super) use radii::{DOT_RADIUS, FinderRings};

use super::design::Design;
use super::hole::Hole;
use super::level::{Level, LevelChoice};
use super::pdf::Vectors;
use super::png::{PictureTooLarge, with_printed_size};
use super::shape::ModuleShape;
use super::style::{ModuleSize, QuietZone, Style};
use super::symbol::{Capacity, Symbol};
use super::unscannable::Unscannable;

/// Beyond this version scanners miss symbols that are not made of squares.
const MAX_SHAPED_VERSION: u8 = 25;
/// Pixels a module in which shapes can be told apart.
const MIN_SHAPED_SCALE: u8 = 4;

/// A symbol with its design, of which the finished picture was read back.
#[derive(Clone, Debug)]
pub struct StyledSymbol {
    symbol: Symbol,
    design: Design,
    hole: Option<Hole>,
    png: Vec<u8>,
    is_read_from_aside: bool,
}

/// Why there is no such picture.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum StyledError {
    /// The text is too long.
    #[error(transparent)]
    Capacity(#[from] Capacity),
    /// The picture is too large.
    #[error(transparent)]
    PictureTooLarge(#[from] PictureTooLarge),
    /// It would not scan.
    #[error(transparent)]
    Unscannable(#[from] Unscannable),
}

impl StyledSymbol {
    /// Encodes a text, draws it and reads the picture back: at its own size,
    /// and reduced with a slight blur.
    ///
    /// [`LevelChoice::Auto`] takes the lowest level from M up that a logo leaves
    /// enough of, and then the highest that the same version has room for.
    ///
    /// # Errors
    ///
    /// [`StyledError`], with the number that failed and what would pass.
    pub fn encode(
        text: &str,
        level: impl Into<LevelChoice>,
        design: Design,
    ) -> Result<Self, StyledError> {
        check_sizes(&design)?;
        if let Some(logo) = &design.logo {
            proof::no_finder_in(logo)?;
        }
        let (symbol, hole) = match level.into() {
            LevelChoice::Exactly(level) => with_hole(Symbol::encode(text, level)?, &design)?,
            LevelChoice::Auto => at_the_level_needed(text, &design)?,
        };
        if design.modules != ModuleShape::Square && symbol.version() > MAX_SHAPED_VERSION {
            return Err(Unscannable::Version {
                version: symbol.version(),
                most: MAX_SHAPED_VERSION,
            }
            .into());
        }
        let picture = raster::draw(&symbol, &design, hole)?;
        let is_read_from_aside = proof::read_back(&picture, &design, text)?;
        let png = raster::png(&picture, &design);
        Ok(Self {
            symbol,
            design,
            hole,
            png,
            is_read_from_aside,
        })
    }

    /// Whether a reader read the picture from aside and in poor light, too: the far edge a fifth shorter, blurred by three
    /// tenths of a module, half as bright. Phones read more than that reader; print what it does not read larger.
    #[must_use]
    pub fn is_read_from_aside(&self) -> bool {
        self.is_read_from_aside
    }

    /// The same, in print this large: [`Style::module_size`](super::Style).
    #[must_use]
    pub fn with_module_size(mut self, size: ModuleSize) -> Self {
        self.design.style.module_size = Some(size);
        self
    }

    /// Version, level and modules.
    pub fn symbol(&self) -> &Symbol {
        &self.symbol
    }

    /// Sizes and colours.
    pub fn style(&self) -> &Style {
        &self.design.style
    }

    /// The picture that was read back, as PNG.
    pub fn png(&self) -> Vec<u8> {
        with_printed_size(self.png.clone(), &self.design.style)
    }

    /// The same as SVG; `title` is what a screen reader says.
    pub fn svg(&self, title: &str) -> String {
        vector::svg(&self.symbol, &self.design, self.hole, title)
    }

    /// The same as a page has it.
    pub fn vectors(&self) -> Vectors {
        Vectors::of(&self.symbol, &self.design, self.hole)
    }
}

fn check_sizes(design: &Design) -> Result<(), Unscannable> {
    if design.is_plain() {
        return Ok(());
    }
    let (modules, least) = (
        design.style.quiet_zone.modules(),
        QuietZone::STANDARD.modules(),
    );
    if modules < least {
        return Err(Unscannable::QuietZone { modules, least });
    }
    let scale = design.style.scale.px();
    if design.has_shapes() && scale < MIN_SHAPED_SCALE {
        return Err(Unscannable::Scale {
            scale,
            least: MIN_SHAPED_SCALE,
        });
    }
    Ok(())
}

fn with_hole(symbol: Symbol, design: &Design) -> Result<(Symbol, Option<Hole>), StyledError> {
    let hole = design
        .logo
        .as_ref()
        .map(|logo| Hole::new(&symbol, logo.share()))
        .transpose()?;
    Ok((symbol, hole))
}

fn at_the_level_needed(text: &str, design: &Design) -> Result<(Symbol, Option<Hole>), StyledError> {
    if design.logo.is_none() {
        return Ok((Symbol::encode(text, LevelChoice::Auto)?, None));
    }
    let mut refused = None;
    for least in [Level::Medium, Level::Quartile, Level::High] {
        let symbol = match Symbol::encode_at_least(text, least) {
            Ok(symbol) => symbol,
            // Where the text fits a lower level, it is the logo that needs this one.
            Err(capacity) => return Err(refused.unwrap_or(capacity.into())),
        };
        match with_hole(symbol, design) {
            Ok(fitting) => return Ok(fitting),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.expect("three levels were tried"))
}

#[cfg(test)]
mod tests;
