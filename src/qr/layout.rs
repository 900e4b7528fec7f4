//! What a version and level have in common with every other symbol of that
//! version and level, computed once and kept. Where codewords lie is in
//! `placement`.

use std::sync::OnceLock;

use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::types::Version;

use super::geometry::{Lanes, MASKS, MAX_VERSION, limbs, side};
use super::level::Level;

const MASK_PATTERNS: [MaskPattern; MASKS] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// What lies under the data.
pub(super) struct Template {
    /// `side * limbs` words, row by row, one lane for each mask: the function
    /// patterns and the format information of that mask, and the mask itself
    /// elsewhere. A masked symbol is this XOR the data.
    pub(super) rows: Vec<Lanes>,
}

impl Template {
    /// The template of a version and level; made at its first use.
    pub(super) fn of(version: u8, level: Level) -> &'static Self {
        static TEMPLATES: [[OnceLock<Template>; 4]; MAX_VERSION as usize] =
            [const { [const { OnceLock::new() }; 4] }; MAX_VERSION as usize];
        TEMPLATES[usize::from(version) - 1][level as usize]
            .get_or_init(|| Self::new(version, level))
    }

    fn new(version: u8, level: Level) -> Self {
        let (side, limbs) = (side(version), limbs(version));
        let mut canvas = Canvas::new(Version::Normal(i16::from(version)), level.to_crate());
        canvas.draw_all_functional_patterns();
        let mut rows = vec![Lanes::LIGHT; side * limbs];
        for (lane, pattern) in MASK_PATTERNS.into_iter().enumerate() {
            let mut masked = canvas.clone();
            masked.apply_mask(pattern);
            for (y, row) in (0_i16..).zip(rows.chunks_exact_mut(limbs)) {
                for (x, column) in (0_i16..).zip(0..side) {
                    row[column / 64].0[lane] |=
                        u64::from(masked.get(x, y).is_dark()) << (column % 64);
                }
            }
        }
        Self { rows }
    }
}
