//! The letters of lines on labels: the embedded font, and those that the operator named for what it does not have.

use std::borrow::Cow;
use std::path::Path;

use ab_glyph::{Font as _, FontRef};

use crate::qr::CAPTION_FONT;

/// A larger file is no font that anybody prints labels with.
const MAX_FONT_BYTES: u64 = 64 << 20;

/// Fonts, in the order in which letters are looked for.
#[derive(Debug, Clone)]
pub struct Typeface {
    faces: Vec<Face>,
}

/// A font.
#[derive(Clone)]
pub struct Face(Cow<'static, [u8]>);

/// Why a file is no font for labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaceError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(String),
    /// It is something else.
    #[error("is no TrueType font with outlines in a table glyf")]
    NoFont,
}

impl Face {
    /// The font in a file.
    ///
    /// # Errors
    /// [`FaceError`]
    pub fn read(path: &Path) -> Result<Self, FaceError> {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_FONT_BYTES).read_to_end(&mut bytes))
            .map_err(|error| FaceError::Io(error.to_string()))?;
        let face = Self(Cow::Owned(bytes));
        let whole = subsetter::subset(&face.0, 0, &subsetter::GlyphRemapper::new());
        // The outlines that a PDF takes in the way in which sheets embed them.
        let is_true_type = face.0.starts_with(&[0, 1, 0, 0]) || face.0.starts_with(b"true");
        match whole.is_ok() && is_true_type && face.font().is_some() {
            true => Ok(face),
            false => Err(FaceError::NoFont),
        }
    }

    /// Its file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The font.
    #[must_use]
    pub fn font(&self) -> Option<FontRef<'_>> {
        FontRef::try_from_slice(&self.0).ok()
    }
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Face({} bytes)", self.0.len())
    }
}

/// A letter as it is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The font, from 0.
    pub face: usize,
    /// Its number there.
    pub id: u16,
    /// What it stands for.
    pub char: char,
    /// How far the next one is, in ems.
    pub advance: f64,
}

impl Typeface {
    /// The embedded font, and these after it.
    #[must_use]
    pub fn new(further: Vec<Face>) -> Self {
        let mut faces = vec![Face(Cow::Borrowed(CAPTION_FONT))];
        faces.extend(further);
        Self { faces }
    }

    /// The fonts.
    #[must_use]
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// The letters of a line. Control characters are spaces.
    ///
    /// # Errors
    /// The first letter that no font has, or that would have to be joined to others or set from the right.
    pub fn glyphs(&self, line: &str) -> Result<Vec<Glyph>, char> {
        use unicode_normalization::UnicodeNormalization as _;
        let fonts: Vec<FontRef<'_>> = self.faces.iter().filter_map(Face::font).collect();
        line.nfc()
            .map(|char| if char.is_control() { ' ' } else { char })
            .map(|char| {
                if is_joined(char) {
                    return Err(char);
                }
                let found = fonts
                    .iter()
                    .enumerate()
                    .map(|(face, font)| (face, font, font.glyph_id(char)))
                    .find(|(_, _, id)| id.0 != 0);
                let (face, font, id) = found.ok_or(char)?;
                let em = f64::from(font.units_per_em().unwrap_or(1_000.0));
                Ok(Glyph {
                    face,
                    id: id.0,
                    char,
                    advance: f64::from(font.h_advance_unscaled(id)) / em,
                })
            })
            .collect()
    }
}

/// Letters of scripts that are written from the right, or whose letters change beside others: one after the other they would be
/// read wrong, or not at all.
fn is_joined(char: char) -> bool {
    matches!(char,
        '\u{0590}'..='\u{08ff}' | '\u{0900}'..='\u{0dff}' | '\u{0f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{11fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The letters that fit into so many millimetres, and the size in which they do: smaller to two thirds, then cut.
#[must_use]
pub fn fit(
    mut glyphs: Vec<Glyph>,
    ellipsis: Option<Glyph>,
    width_mm: f64,
    letters_mm: f64,
) -> (Vec<Glyph>, f64) {
    let least = letters_mm * 2.0 / 3.0;
    let mut ems: f64 = glyphs.iter().map(|glyph| glyph.advance).sum();
    let size = match ems > 0.0 {
        true => letters_mm.min(width_mm / ems).max(least),
        false => letters_mm,
    };
    if ems * size <= width_mm + 0.001 {
        return (glyphs, size);
    }
    ems += ellipsis.map_or(0.0, |glyph| glyph.advance);
    while ems * size > width_mm
        && let Some(last) = glyphs.pop()
    {
        ems -= last.advance;
    }
    glyphs.extend(ellipsis);
    (glyphs, size)
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;

    #[test]
    fn lines_are_set_in_what_the_font_has_and_the_rest_is_told() {
        let face = Typeface::new(Vec::new());
        assert_eq!(
            face.glyphs("Žluťoučký Ωμέγα Ёж 12 €")
                .map(|glyphs| glyphs.len()),
            Ok(23)
        );
        assert_eq!(face.glyphs("a\tb").unwrap()[1].char, ' ');
        assert_eq!(face.glyphs("日"), Err('日'));
        assert_eq!(face.glyphs("a ليلى"), Err('ل'));
    }

    #[test]
    fn a_long_line_becomes_smaller_and_then_shorter() {
        let face = Typeface::new(Vec::new());
        let ellipsis = face.glyphs("…").unwrap().pop();
        let long = face.glyphs(&"m".repeat(40)).unwrap();
        let (short, size) = fit(long[..10].to_vec(), ellipsis, 30.0, 3.0);
        assert_eq!((short.len(), size), (10, 3.0));
        let (cut, size) = fit(long, ellipsis, 30.0, 3.0);
        assert_eq!((cut.last().unwrap().char, size), ('…', 2.0));
        let width: f64 = cut.iter().map(|glyph| glyph.advance * size).sum();
        assert!((20.0..=30.0).contains(&width), "{width}");
    }
}
