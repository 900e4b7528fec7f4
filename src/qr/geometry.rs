//! The measures of versions and levels (ISO/IEC 18004), and how modules lie in words.

use super::level::Level;

/// The largest version.
pub(super) const MAX_VERSION: u8 = 40;
/// 64-bit words that hold the widest row, 177 modules.
pub(super) const MAX_LIMBS: usize = 3;
/// Modules of the widest row that so many words hold.
pub(super) const WIDEST: [usize; MAX_LIMBS + 1] = [0, 61, 125, 177];
/// Masks to choose from.
pub(super) const MASKS: usize = 8;

/// A row of modules: column x is bit `x % 64` of word `x / 64`, 1 is dark.
pub(super) type Row = [u64; MAX_LIMBS];
/// The same 64 modules under each mask. One that began in the middle of a cache line would be read from two.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [u64; MASKS]);

impl Lanes {
    /// Light under every mask.
    pub(super) const LIGHT: Self = Self([0; MASKS]);
}

/// Modules of a side: 21 to 177.
pub(super) fn side(version: u8) -> usize {
    17 + 4 * usize::from(version)
}

/// 64-bit words that a row of this version needs.
pub(super) fn limbs(version: u8) -> usize {
    side(version).div_ceil(64)
}

/// Data bits of a version and level (Table 7).
pub(super) fn data_bits(version: u8, level: Level) -> usize {
    qrcode::bits::Bits::new(qrcode::Version::Normal(i16::from(version)))
        .max_len(level.to_crate())
        .expect("versions 1 to 40 have every level")
}
