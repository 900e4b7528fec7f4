//! The line of text below a symbol: drawn as outlines of an embedded font, so that it looks the same everywhere.

use std::fmt::Write as _;
use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, OutlineCurve, Point, PxScale, point};
use image::{GrayImage, Luma};
use unicode_normalization::UnicodeNormalization as _;

use crate::options::Range;

/// A subset of Liberation Sans 2 (`font/OFL.txt`): Latin, Greek and Cyrillic letters, and what stands between them.
static FONT: LazyLock<FontRef<'static>> =
    LazyLock::new(|| FontRef::try_from_slice(CAPTION_FONT).expect("the embedded font is one"));
/// The file of the font.
pub const CAPTION_FONT: &[u8] = include_bytes!("font/captions.ttf");
/// A longer line would be too small to read on most symbols.
const MAX_CHARS: usize = 32;
/// The largest letters: an em in modules.
const MAX_EM: f64 = 2.8;

/// A line of 1 to 32 characters that the built-in font has: Latin, Greek and
/// Cyrillic letters, digits, punctuation and currencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption(String);

impl Caption {
    /// What a caption is. The pattern has the letters that most need, and not spaces alone; the font has some more.
    pub const RANGE: Range = Range::Text {
        form: "1 to 32 Latin, Greek or Cyrillic letters with their accents, digits and punctuation",
        pattern: "^[ !-~¡-¬®-ſΑ-ΡΣ-ωА-я–—‘’“”…€]*[!-~¡-¬®-ſΑ-ΡΣ-ωА-я–—‘’“”…€][ !-~¡-¬®-ſΑ-ΡΣ-ωА-я–—‘’“”…€]*$",
        chars: Some((1, MAX_CHARS)),
    };
}

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
        "the caption has the character {char:?}; it can be drawn in Latin, Greek and Cyrillic letters with digits and \
         punctuation only, and other scripts have to be printed beside the code"
    )]
    NotInFont {
        /// The first of them.
        char: char,
    },
}

impl std::str::FromStr for Caption {
    type Err = ParseCaptionError;

    /// Spaces around the text are left out, and letters are composed with
    /// their accents (NFC), as the font has them.
    fn from_str(text: &str) -> Result<Self, ParseCaptionError> {
        let text: String = text
            .trim_matches(' ')
            .chars()
            // So many that even with accents of their own they would be too many.
            .take(8 * MAX_CHARS)
            .nfc()
            .collect();
        let chars = text.chars().count();
        if chars == 0 {
            return Err(ParseCaptionError::Empty);
        }
        if chars > MAX_CHARS {
            return Err(ParseCaptionError::TooLong { chars });
        }
        // Glyph 0 stands for what a font does not have.
        match text
            .chars()
            .find(|&char| char.is_control() || FONT.glyph_id(char).0 == 0)
        {
            Some(char) => Err(ParseCaptionError::NotInFont { char }),
            None => Ok(Self(text)),
        }
    }
}

/// Where a caption stands below a symbol, in modules.
#[derive(Clone, Copy)]
pub(super) struct CaptionLayout {
    /// The size of the letters.
    em: f64,
    /// Width of the whole line.
    width: f64,
    /// From the top of the line to its baseline.
    ascent: f64,
    /// Height of the line.
    line: f64,
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
        let ems: f64 = self.0.chars().map(advance).sum();
        // A module free on both sides.
        let em = match ems > 0.0 {
            true => ((count(modules) - 2.0) / ems).min(MAX_EM),
            false => MAX_EM,
        };
        let line = em * in_ems(FONT.height_unscaled());
        // The largest letters make a line of 3.2.
        let height = (1..=4)
            .find(|&height| line + 0.5 <= count(height))
            .unwrap_or(4);
        CaptionLayout {
            em,
            width: em * ems,
            ascent: em * in_ems(FONT.ascent_unscaled()),
            line,
            height,
        }
    }

    /// The line as ink, 0 to 255, with so many pixels a module.
    pub(super) fn ink(&self, layout: CaptionLayout, scale: u32) -> GrayImage {
        let px = f64::from(scale);
        let mut ink = GrayImage::new(pixels(layout.width * px), pixels(layout.line * px));
        // What ab_glyph calls the scale is the height of a line.
        let height = PxScale::from(single(layout.line * px));
        let mut pen = 0.0;
        for char in self.0.chars() {
            let glyph = FONT
                .glyph_id(char)
                .with_scale_and_position(height, point(single(pen), single(layout.ascent * px)));
            pen += advance(char) * layout.em * px;
            let Some(outlined) = FONT.outline_glyph(glyph) else {
                continue;
            };
            let (left, top) = (outlined.px_bounds().min.x, outlined.px_bounds().min.y);
            outlined.draw(|x, y, coverage| {
                let Some(pixel) = within(left, x)
                    .zip(within(top, y))
                    .and_then(|(x, y)| ink.get_pixel_mut_checked(x, y))
                else {
                    return;
                };
                // Letters may touch.
                *pixel = Luma([pixel.0[0].saturating_add(share_of_255(coverage))]);
            });
        }
        ink
    }

    /// The line as the path of an SVG, in modules; the picture is that many wide, and the line begins below it.
    pub(super) fn path(&self, layout: CaptionLayout, modules: usize, out: &mut String) {
        self.curves(layout, modules, |curve| {
            let place = |(x, y): (f64, f64)| format!("{x:.2} {y:.2}");
            // Writing to a String does not fail.
            let _ = match curve {
                Curve::Move(to) => write!(out, "M{}", place(to)),
                Curve::Line(to) => write!(out, "L{}", place(to)),
                Curve::Quad(by, to) => write!(out, "Q{} {}", place(by), place(to)),
                Curve::Cubic(by, and, to) => {
                    write!(out, "C{} {} {}", place(by), place(and), place(to))
                }
            };
        });
    }

    /// The outlines of the line, in modules; the picture is that many wide, and the line begins below it.
    pub(super) fn curves(&self, layout: CaptionLayout, modules: usize, mut see: impl FnMut(Curve)) {
        let scale = layout.em / in_units(1.0);
        let baseline = count(modules) + layout.ascent;
        let mut pen = (count(modules) - layout.width) / 2.0;
        for char in self.0.chars() {
            let left = pen;
            let place = |at: Point| {
                let (x, y) = (f64::from(at.x), f64::from(at.y));
                (left + x * scale, baseline - y * scale)
            };
            pen += advance(char) * layout.em;
            let Some(outline) = FONT.outline(FONT.glyph_id(char)) else {
                continue;
            };
            let mut end = None;
            for curve in outline.curves {
                let (from, to) = match curve {
                    OutlineCurve::Line(from, to)
                    | OutlineCurve::Quad(from, _, to)
                    | OutlineCurve::Cubic(from, _, _, to) => (from, to),
                };
                if end != Some(from) {
                    see(Curve::Move(place(from)));
                }
                see(match curve {
                    OutlineCurve::Line(_, to) => Curve::Line(place(to)),
                    OutlineCurve::Quad(_, by, to) => Curve::Quad(place(by), place(to)),
                    OutlineCurve::Cubic(_, by, and, to) => {
                        Curve::Cubic(place(by), place(and), place(to))
                    }
                });
                end = Some(to);
            }
        }
    }
}

/// A piece of an outline: where it leads, past points that bend it.
#[derive(Clone, Copy)]
pub(super) enum Curve {
    Move((f64, f64)),
    Line((f64, f64)),
    Quad((f64, f64), (f64, f64)),
    Cubic((f64, f64), (f64, f64), (f64, f64)),
}

/// How far the pen goes on after a character, in ems.
fn advance(char: char) -> f64 {
    in_ems(FONT.h_advance_unscaled(FONT.glyph_id(char)))
}

/// Lengths of the font in ems.
fn in_ems(units: f32) -> f64 {
    f64::from(units) / in_units(1.0)
}

/// Ems in units of the font: 2,048 each.
fn in_units(ems: f64) -> f64 {
    ems * f64::from(FONT.units_per_em().unwrap_or(2_048.0))
}

/// Small whole numbers are exact.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("modules and characters are few"))
}

/// Lengths within a picture, up to a few thousand pixels.
#[expect(
    clippy::cast_possible_truncation,
    reason = "half the precision is far more than a pixel"
)]
fn single(length: f64) -> f32 {
    length as f32
}

/// As many whole pixels as a length needs, one at least.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a length within a picture"
)]
fn pixels(length: f64) -> u32 {
    (length.ceil() as u32).max(1)
}

/// A place in the line, if it is not left of or above it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whole numbers within a picture"
)]
fn within(start: f32, offset: u32) -> Option<u32> {
    (start as i64)
        .checked_add(i64::from(offset))
        .and_then(|at| u32::try_from(at).ok())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of 255"
)]
fn share_of_255(coverage: f32) -> u8 {
    (coverage.clamp(0.0, 1.0) * 255.0).round() as u8
}
