//! Error correction codewords (ISO/IEC 18004, 7.5 and 7.6), by table.
//!
//! The `qrcode` crate knows blocks and polynomials; it is asked once for each
//! version and level how it cuts and interleaves, and once for each number of
//! correction codewords what it makes of every single byte. The rest is
//! exclusive or: correction codewords of a sum are the sum of theirs.

use std::sync::OnceLock;

use qrcode::Version;
use qrcode::ec::{construct_codewords, create_error_correction_code};

use super::layout::MAX_VERSION;
use super::level::Level;

/// Most correction codewords of a block (Table 9).
const MAX_CORRECTION: usize = 30;
/// A block's correction codewords; what is beyond their number is 0.
type Remainder = [u8; 32];

/// How the data codewords of a version and level are cut into blocks.
struct Blocks {
    /// Where in the data each block starts, and where the last one ends.
    bounds: Vec<usize>,
    /// Correction codewords of each block.
    correction: usize,
}

/// Data and correction codewords, interleaved as they are placed.
pub(super) fn interleaved(data: &[u8], version: u8, level: Level) -> Vec<u8> {
    let blocks = Blocks::of(version, level);
    let count = blocks.bounds.len() - 1;
    let products = products(blocks.correction);

    let mut codewords = Vec::with_capacity(data.len() + count * blocks.correction);
    let parts = || blocks.bounds.windows(2).map(|bounds| &data[bounds[0]..bounds[1]]);
    let longest = parts().map(<[u8]>::len).max().unwrap_or(0);
    for index in 0..longest {
        codewords.extend(parts().filter_map(|part| part.get(index)));
    }
    let start = codewords.len();
    codewords.resize(start + count * blocks.correction, 0);
    for (block, part) in parts().enumerate() {
        let remainder = remainder(part, products);
        let places = codewords[start + block..].iter_mut().step_by(count);
        for (place, byte) in places.zip(remainder) {
            *place = byte;
        }
    }
    codewords
}

/// What is left of a block after division by the generator polynomial.
fn remainder(block: &[u8], products: &[Remainder]) -> Remainder {
    let mut remainder = [0; 32];
    for byte in block {
        let lead = usize::from(byte ^ remainder[0]);
        let mut shifted = [0; 32];
        shifted[..31].copy_from_slice(&remainder[1..]);
        remainder = std::array::from_fn(|index| shifted[index] ^ products[lead][index]);
    }
    remainder
}

/// For each byte the remainder of a block of that byte alone.
fn products(correction: usize) -> &'static [Remainder] {
    static TABLES: [OnceLock<Vec<Remainder>>; MAX_CORRECTION + 1] = [const { OnceLock::new() }; MAX_CORRECTION + 1];
    TABLES[correction].get_or_init(|| {
        let product = |byte| {
            let mut remainder = [0; 32];
            remainder[..correction].copy_from_slice(&create_error_correction_code(&[byte], correction));
            remainder
        };
        (0..=u8::MAX).map(product).collect()
    })
}

impl Blocks {
    fn of(version: u8, level: Level) -> &'static Self {
        static BLOCKS: [[OnceLock<Blocks>; 4]; MAX_VERSION as usize] =
            [const { [const { OnceLock::new() }; 4] }; MAX_VERSION as usize];
        BLOCKS[usize::from(version) - 1][level as usize].get_or_init(|| Self::new(version, level))
    }

    fn new(version: u8, level: Level) -> Self {
        let length = super::symbol::data_bits(version, level) / 8;
        // Each data codeword says where it was: its index in two bytes.
        let indices = (0..length).map(|index| u16::try_from(index).expect("version 40 has 2,956 data codewords"));
        let [high, low]: [Vec<u8>; 2] = [0, 1].map(|byte| indices.clone().map(|index| index.to_be_bytes()[byte]).collect());
        let interleave = |data: &[u8]| {
            construct_codewords(data, Version::Normal(version.into()), level.to_crate())
                .expect("versions 1 to 40 have every level")
        };
        let ((high, correction), (low, _)) = (interleave(&high), interleave(&low));
        let order: Vec<usize> =
            high.iter().zip(&low).map(|(high, low)| usize::from(u16::from_be_bytes([*high, *low]))).collect();
        // The first codewords of all blocks come first, then their second ones.
        let second = order.iter().position(|&index| index == 1).expect("a block has more than one codeword");
        let mut bounds = order[..second].to_vec();
        bounds.push(length);
        Self { correction: correction.len() / second, bounds }
    }
}
