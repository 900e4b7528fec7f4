//! The line of text below a symbol.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

const WEIGHT: FontWeight = FontWeight::Regular;
const HEIGHT: RasterHeight = RasterHeight::Size32;
/// A longer line would be too small to read on most symbols.
const MAX_CHARS: usize = 32;

/// A line of 1 to 32 characters that the built-in font has: Latin letters with
/// their accents (Basic Latin, Latin-1 Supplement, Latin Extended-A).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption(String);

/// Why a text is no caption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseCaptionError {
    /// Nothing to see.
    #[error("a caption has 1 to {MAX_CHARS} characters; leave it out if there is none")]
    Empty,
    /// Too many characters.
    #[error("the caption has {chars} characters, and the most is {MAX_CHARS}")]
    TooLong {
        /// How many it has.
        chars: usize,
    },
    /// A character that is not in the font.
    #[error(
        "the caption has the character {char:?}; only Latin letters, digits and punctuation can be drawn"
    )]
    NotInFont {
        /// The first of them.
        char: char,
    },
}

impl std::str::FromStr for Caption {
    type Err = ParseCaptionError;

    /// Spaces around the text are left out.
    fn from_str(text: &str) -> Result<Self, ParseCaptionError> {
        let text = text.trim_matches(' ');
        let chars = text.chars().count();
        if chars == 0 {
            return Err(ParseCaptionError::Empty);
        }
        if chars > MAX_CHARS {
            return Err(ParseCaptionError::TooLong { chars });
        }
        match text
            .chars()
            .find(|&char| char.is_control() || get_raster(char, WEIGHT, HEIGHT).is_none())
        {
            Some(char) => Err(ParseCaptionError::NotInFont { char }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

/// Where a caption stands below a symbol, in modules.
#[derive(Clone, Copy)]
pub(super) struct CaptionLayout {
    /// Width of the whole line.
    pub(super) width: f64,
    /// Height of the line.
    pub(super) line: f64,
    /// What is added to the picture's height: the line and a margin below it.
    pub(super) height: usize,
}

impl Caption {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As large as fits a picture that many modules wide, within reason.
    pub(super) fn layout(&self, modules: usize) -> CaptionLayout {
        // At most 1.4 modules a character, and a module free on both sides.
        let chars = count(self.0.chars().count());
        let advance = ((count(modules) - 2.0) / chars).min(1.4);
        let line = advance * count(HEIGHT.val()) / count(get_raster_width(WEIGHT, HEIGHT));
        // 1.4 modules a character make a line of 3.2.
        let height = (1..=4)
            .find(|&height| line + 0.5 <= count(height))
            .unwrap_or(4);
        CaptionLayout {
            width: advance * chars,
            line,
            height,
        }
    }

    /// The line as ink, 0 to 255, this many pixels wide and high.
    pub(super) fn ink(&self, width: u32, height: u32) -> GrayImage {
        let glyphs: Vec<_> = self
            .0
            .chars()
            .filter_map(|char| get_raster(char, WEIGHT, HEIGHT))
            .collect();
        let advance = get_raster_width(WEIGHT, HEIGHT);
        let [line_width, line_height] = [glyphs.len() * advance, HEIGHT.val()]
            .map(|px| u32::try_from(px).expect("a caption has at most 32 characters"));
        let mut line = GrayImage::new(line_width, line_height);
        for (glyph, x) in glyphs.iter().zip((0..line_width).step_by(advance)) {
            for (y, row) in (0..line_height).zip(glyph.rows()) {
                for (x, &ink) in (x..).zip(row) {
                    line.put_pixel(x, y, Luma([ink]));
                }
            }
        }
        imageops::resize(&line, width.max(1), height.max(1), FilterType::Triangle)
    }
}

/// Small whole numbers are exact.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("modules and characters are few"))
}
