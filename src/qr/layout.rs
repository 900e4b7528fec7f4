//! Where modules lie: what a version and level have in common with every other
//! symbol of that version and level, computed once and kept.

use std::sync::OnceLock;

use qrcode::canvas::{Canvas, MaskPattern, Module};
use qrcode::types::Version;

use super::level::Level;
use super::mask::{Lanes, MASKS};

/// 64-bit words that hold the widest row, 177 modules.
pub(super) const MAX_LIMBS: usize = 3;
/// The largest version.
pub(super) const MAX_VERSION: u8 = 40;

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

/// Modules of a side: 21 to 177.
pub(super) fn side(version: u8) -> usize {
    17 + 4 * usize::from(version)
}

/// 64-bit words that a row of this version needs.
pub(super) fn limbs(version: u8) -> usize {
    side(version).div_ceil(64)
}

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
        let mut rows = vec![[0; MASKS]; side * limbs];
        for (lane, pattern) in MASK_PATTERNS.into_iter().enumerate() {
            let mut masked = canvas.clone();
            masked.apply_mask(pattern);
            for (y, row) in (0_i16..).zip(rows.chunks_exact_mut(limbs)) {
                for (x, column) in (0_i16..).zip(0..side) {
                    row[column / 64][lane] |=
                        u64::from(masked.get(x, y).is_dark()) << (column % 64);
                }
            }
        }
        Self { rows }
    }
}

/// Where the bits of a codeword lie, the highest first: as word index times 64
/// plus bit; the words are those of the rows, `limbs(version)` a row.
pub(super) enum Places {
    /// Two by two, the column of the second bit: where nothing is in the way,
    /// two bits lie side by side, the higher one on the right.
    Pairs([u16; 4]),
    Single([u16; 8]),
}

/// The places of all codewords of a version, in the order of ISO/IEC 18004,
/// 7.7.3. The 0 to 7 remainder bits are left out: they are 0.
pub(super) fn places(version: u8) -> &'static [Places] {
    static PLACES: [OnceLock<Vec<Places>>; MAX_VERSION as usize] =
        [const { OnceLock::new() }; MAX_VERSION as usize];
    PLACES[usize::from(version) - 1].get_or_init(|| {
        find_data_positions(version)
            .as_chunks::<8>()
            .0
            .iter()
            .map(Places::new)
            .collect()
    })
}

impl Places {
    fn new(single: &[u16; 8]) -> Self {
        let pairs = single.as_chunks::<2>().0;
        let side_by_side = |pair: &[u16; 2]| pair[0] == pair[1] + 1 && pair[0] / 64 == pair[1] / 64;
        if pairs.iter().all(side_by_side) {
            Self::Pairs(std::array::from_fn(|index| pairs[index][1]))
        } else {
            Self::Single(*single)
        }
    }
}

fn find_data_positions(version: u8) -> Vec<u16> {
    let mut canvas = Canvas::new(Version::Normal(i16::from(version)), qrcode::EcLevel::L);
    canvas.draw_all_functional_patterns();
    let row_bits = u16::try_from(limbs(version) * 64).expect("a row has at most 192 bits");
    let last = i16::from(version) * 4 + 16;

    let mut positions = Vec::new();
    let mut upwards = true;
    // Strips two modules wide from right to left; column 6 is a timing pattern.
    let strips = (7..=last).rev().step_by(2).chain((1..=5).rev().step_by(2));
    for right in strips {
        for step in 0..=last {
            let y = if upwards { last - step } else { step };
            for x in [right, right - 1] {
                if canvas.get(x, y) == Module::Empty {
                    let [x, y] =
                        [x, y].map(|c| u16::try_from(c).expect("coordinates are not negative"));
                    positions.push(y * row_bits + x);
                }
            }
        }
        upwards = !upwards;
    }
    positions
}

/// Writes codewords to their modules.
pub(super) fn place(codewords: &[u8], places: &[Places], words: &mut [u64]) {
    for (codeword, places) in codewords.iter().zip(places) {
        let mut bits = u64::from(*codeword);
        match places {
            Places::Pairs(places) => {
                for place in places.iter().rev() {
                    words[usize::from(place >> 6)] |= (bits & 3) << (place & 63);
                    bits >>= 2;
                }
            }
            Places::Single(places) => {
                for place in places.iter().rev() {
                    words[usize::from(place >> 6)] |= (bits & 1) << (place & 63);
                    bits >>= 1;
                }
            }
        }
    }
}
