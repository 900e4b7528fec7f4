//! Error correction codewords (ISO/IEC 18004, 7.5 and 7.6), by table.
//!
//! The `qrcode` crate knows blocks and polynomials; it is asked once for each
//! version and level how it cuts and interleaves, and once for each number of
//! correction codewords what it makes of every single byte. The rest is
//! exclusive or: correction codewords of a sum are the sum of theirs.

use std::sync::OnceLock;

use qrcode::Version;
use qrcode::ec::{construct_codewords, create_error_correction_code};

use super::geometry::{MAX_VERSION, data_bits};
use super::level::Level;

/// Most correction codewords of a block (Table 9).
const MAX_CORRECTION: usize = 30;
/// Most blocks of a symbol (Table 9).
const MAX_BLOCKS: usize = 81;
/// A block's correction codewords, the first one lowest in the first word; what
/// is beyond their number is 0.
type Remainder = [u64; 4];

/// How the data codewords of a version and level are cut into blocks.
struct Blocks {
    /// Where in the data each block starts, and where the last one ends.
    bounds: Vec<usize>,
    /// Correction codewords of each block.
    correction: usize,
}

/// Data and correction codewords, interleaved as they are placed, at the beginning of `room`.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "its caller is compiled for several processors"
)]
pub(super) fn interleaved<'a>(
    data: &[u8],
    version: u8,
    level: Level,
    room: &'a mut [u8],
) -> &'a [u8] {
    let blocks = Blocks::of(version, level);
    match blocks.correction.div_ceil(8) {
        1 => interleaved_in::<1>(data, blocks, room),
        2 => interleaved_in::<2>(data, blocks, room),
        3 => interleaved_in::<3>(data, blocks, room),
        _ => interleaved_in::<4>(data, blocks, room),
    }
}

/// The same with so many words for the correction codewords of a block.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "its caller is compiled for several processors"
)]
fn interleaved_in<'a, const WORDS: usize>(
    data: &[u8],
    blocks: &Blocks,
    room: &'a mut [u8],
) -> &'a [u8] {
    let products = products(blocks.correction);
    let mut remainders = [[0; WORDS]; MAX_BLOCKS];
    let remainders = &mut remainders[..blocks.count()];
    let codewords = &mut room[..data.len() + blocks.count() * blocks.correction];
    let (data_places, correction_places) = codewords.split_at_mut(data.len());

    // All blocks at once: what a block is divided by next depends on what was
    // left before, and a processor need not wait for that in the others.
    let mut places = data_places.chunks_exact_mut(blocks.count());
    for (index, places) in places.by_ref().take(blocks.shortest()).enumerate() {
        let blocks = remainders.iter_mut().zip(&blocks.bounds).zip(places);
        for ((remainder, start), place) in blocks {
            *place = data[start + index];
            divide(*place, remainder, products);
        }
    }
    // The last blocks may have one codeword more.
    let longer = remainders
        .iter_mut()
        .zip(blocks.bounds.windows(2))
        .filter(|(_, bounds)| bounds[1] - bounds[0] > blocks.shortest());
    for ((remainder, bounds), place) in longer.zip(places.into_remainder()) {
        *place = data[bounds[1] - 1];
        divide(*place, remainder, products);
    }
    let places = correction_places.chunks_exact_mut(blocks.count());
    for (index, places) in places.enumerate() {
        let (word, shift) = (index / 8, index % 8 * 8);
        for (place, remainder) in places.iter_mut().zip(&*remainders) {
            *place = (remainder[word] >> shift).to_le_bytes()[0];
        }
    }
    codewords
}

/// How many blocks there are.
pub(super) fn block_count(version: u8, level: Level) -> usize {
    Blocks::of(version, level).count()
}

/// Codewords that may be wrong in each block (Table 9: half as many as there
/// are correction codewords; the misdecode protection of versions 1 to 3 takes
/// up to three of them).
pub(super) fn correctable(version: u8, level: Level) -> usize {
    let protection = match (version, level) {
        (1, Level::Low) => 3,
        (1, Level::Medium) | (2, Level::Low) => 2,
        (1, _) | (3, Level::Low) => 1,
        _ => 0,
    };
    (Blocks::of(version, level).correction - protection) / 2
}

/// The block of each codeword, in the order in which they are placed.
pub(super) fn block_of_each(version: u8, level: Level) -> Vec<usize> {
    let blocks = Blocks::of(version, level);
    let count = blocks.count();
    let lengths = || blocks.bounds.windows(2).map(|bounds| bounds[1] - bounds[0]);
    let longest = lengths().max().unwrap_or(0);
    let data = (0..longest).flat_map(|index| {
        lengths()
            .enumerate()
            .filter(move |(_, length)| index < *length)
            .map(|(block, _)| block)
    });
    data.chain((0..blocks.correction).flat_map(|_| 0..count))
        .collect()
}

/// One more codeword of a block, divided by the generator polynomial.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "its caller is compiled for several processors"
)]
fn divide<const WORDS: usize>(
    codeword: u8,
    remainder: &mut [u64; WORDS],
    products: &[Remainder; 256],
) {
    let product = &products[usize::from(codeword ^ remainder[0].to_le_bytes()[0])];
    for word in 0..WORDS {
        let next = if word + 1 < WORDS {
            remainder[word + 1] << 56
        } else {
            0
        };
        remainder[word] = (remainder[word] >> 8 | next) ^ product[word];
    }
}

/// For each byte the remainder of a block of that byte alone.
fn products(correction: usize) -> &'static [Remainder; 256] {
    static TABLES: [OnceLock<Box<[Remainder; 256]>>; MAX_CORRECTION + 1] =
        [const { OnceLock::new() }; MAX_CORRECTION + 1];
    TABLES[correction].get_or_init(|| {
        let product = |byte: usize| {
            let byte = byte.to_le_bytes()[0];
            let mut bytes = [[0; 8]; 4];
            bytes.as_flattened_mut()[..correction]
                .copy_from_slice(&create_error_correction_code(&[byte], correction));
            bytes.map(u64::from_le_bytes)
        };
        Box::new(std::array::from_fn(product))
    })
}

impl Blocks {
    fn count(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Data codewords of the first block, which no other one has fewer of.
    fn shortest(&self) -> usize {
        self.bounds[1] - self.bounds[0]
    }

    fn of(version: u8, level: Level) -> &'static Self {
        static BLOCKS: [[OnceLock<Blocks>; 4]; MAX_VERSION as usize] =
            [const { [const { OnceLock::new() }; 4] }; MAX_VERSION as usize];
        BLOCKS[usize::from(version) - 1][level as usize].get_or_init(|| Self::new(version, level))
    }

    fn new(version: u8, level: Level) -> Self {
        let length = data_bits(version, level) / 8;
        // Each data codeword says where it was: its index in two bytes.
        let indices = (0..length)
            .map(|index| u16::try_from(index).expect("version 40 has 2,956 data codewords"));
        let [high, low]: [Vec<u8>; 2] = [0, 1].map(|byte| {
            indices
                .clone()
                .map(|index| index.to_be_bytes()[byte])
                .collect()
        });
        let interleave = |data: &[u8]| {
            construct_codewords(data, Version::Normal(version.into()), level.to_crate())
                .expect("versions 1 to 40 have every level")
        };
        let ((high, correction), (low, _)) = (interleave(&high), interleave(&low));
        let order: Vec<usize> = high
            .iter()
            .zip(&low)
            .map(|(high, low)| usize::from(u16::from_be_bytes([*high, *low])))
            .collect();
        // The first codewords of all blocks come first, then their second ones.
        let second = order
            .iter()
            .position(|&index| index == 1)
            .expect("a block has more than one codeword");
        let mut bounds = order[..second].to_vec();
        bounds.push(length);
        Self {
            correction: correction.len() / second,
            bounds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::placement;
    use super::super::symbol::Symbol;
    use super::*;

    fn read(symbol: &Symbol, is_flipped: impl Fn(usize, usize) -> bool) -> Option<String> {
        let grid = rqrr::SimpleGrid::from_func(symbol.modules(), |x, y| {
            symbol.is_dark(x, y) != is_flipped(x, y)
        });
        rqrr::Grid::new(grid).decode().ok().map(|(_, text)| text)
    }

    #[test]
    fn as_many_wrong_codewords_in_every_block_as_the_standard_promises_are_corrected() {
        // Not version 21: rqrr 0.11 has one of its alignment patterns in the wrong
        // place, which uses up what could be corrected.
        for (level, length) in Level::ALL
            .into_iter()
            .flat_map(|level| [20, 150, 400, 1_100].map(|length| (level, length)))
        {
            let text = "0123456789abcdef".repeat(length / 16 + 1);
            let symbol = Symbol::encode(&text, level).unwrap();
            let version = symbol.version();
            let most = correctable(version, level);
            let damaged = |in_each: usize| {
                let mut left = vec![in_each; block_count(version, level)];
                let mut flipped = std::collections::HashSet::new();
                let blocks = block_of_each(version, level);
                // Not the first codewords only: every third from the start, then the rest.
                let order = (0..3).flat_map(|first| (first..blocks.len()).step_by(3));
                for index in order {
                    if left[blocks[index]] > 0 {
                        left[blocks[index]] -= 1;
                        flipped.extend(
                            placement::modules(version)[index]
                                .map(|(x, y)| (usize::from(x), usize::from(y))),
                        );
                    }
                }
                read(&symbol, |x, y| flipped.contains(&(x, y)))
            };
            assert_eq!(
                damaged(most).as_ref(),
                Some(&text),
                "version {version}-{level}"
            );
            assert_ne!(
                damaged(most + most / 2 + 2).as_ref(),
                Some(&text),
                "version {version}-{level}"
            );
        }
    }

    #[test]
    fn a_blot_within_the_budget_does_no_harm() {
        for (level, length) in [
            (Level::Medium, 60),
            (Level::Quartile, 200),
            (Level::High, 400),
            (Level::High, 900),
        ] {
            let text = "0123456789abcdef".repeat(length / 16 + 1);
            let symbol = Symbol::encode(&text, level).unwrap();
            let version = symbol.version();
            let blocks = block_of_each(version, level);
            // The largest square from a corner of the data on that stays within the budget.
            let start = symbol.modules() / 3;
            let is_within = |side: usize| {
                let inside = |&(x, y): &(u8, u8)| {
                    let blot = start..start + side;
                    blot.contains(&usize::from(x)) && blot.contains(&usize::from(y))
                };
                let mut hit = vec![0; block_count(version, level)];
                for (modules, &block) in placement::modules(version).iter().zip(&blocks) {
                    hit[block] += usize::from(modules.iter().any(inside));
                }
                hit.into_iter()
                    .all(|hit| hit <= correctable(version, level))
            };
            let side = (1..symbol.modules() / 2)
                .take_while(|&side| is_within(side))
                .last()
                .unwrap();
            assert!(side >= 4, "version {version}-{level}: {side}");
            let blot = start..start + side;
            // All of it dark.
            let damaged = read(&symbol, |x, y| {
                blot.contains(&x) && blot.contains(&y) && !symbol.is_dark(x, y)
            });
            assert_eq!(
                damaged,
                Some(text),
                "version {version}-{level}, {side} by {side} modules"
            );
        }
    }
}
