//! Where the bits of codewords lie (ISO/IEC 18004, 7.7.3): computed once for
//! each version and kept. What lies between them is in `layout`.
//!
//! Codewords go up and down in strips two modules wide. So they are collected
//! in planes of eight columns, a byte for each row: where nothing is in the
//! way, a codeword is two bits in each of four neighbouring bytes, written in
//! one step. Column 6, a timing pattern, is left out, so that no strip lies in
//! two planes.

use std::sync::OnceLock;

use qrcode::canvas::{Canvas, Module};
use qrcode::types::Version;

use super::geometry::{MAX_VERSION, side};

/// Left out of the planes: no codeword has a module there.
const TIMING_COLUMN: usize = 6;

/// Column and row of each bit of a codeword, the highest bit first.
pub(super) type Modules = [(u8, u8); 8];

/// Puts the bits of codewords into `rows`, one for each row of the symbol: column x is bit `x % 64` of word `x / 64`. The 0 to 7
/// modules that no codeword has are 0.
///
/// They go by way of planes of as many rows as the symbol has and eight columns, the first one lowest; column 6 is left out
/// there, and bits beyond the last column are 0. `planes` and `rows` are 0 before; `planes` has a byte for eight columns of each
/// row, or more.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "its caller is compiled for several processors"
)]
pub(super) fn place<const LIMBS: usize>(
    codewords: &[u8],
    version: u8,
    planes: &mut [u8],
    rows: &mut [[u64; LIMBS]],
) {
    let side = side(version);
    let planes = &mut planes[..side * (side - 1).div_ceil(8)];
    let mut left = codewords;
    for run in &Placement::of(version).runs {
        let (codewords, rest) = left.split_at(run.codewords);
        run.write(codewords, planes);
        left = rest;
    }
    for (plane, bytes) in planes.chunks_exact(side).enumerate() {
        let (limb, shift) = (plane / 8, plane % 8 * 8);
        for (row, &byte) in rows.iter_mut().zip(bytes) {
            row[limb] |= u64::from(byte) << shift;
        }
    }
    for row in rows {
        for limb in (1..LIMBS).rev() {
            row[limb] = row[limb] << 1 | row[limb - 1] >> 63;
        }
        let before = (1 << TIMING_COLUMN) - 1;
        row[0] = row[0] & before | (row[0] & !before) << 1;
    }
}

/// The modules of all codewords of a version, in their order.
pub(super) fn modules(version: u8) -> &'static [Modules] {
    &Placement::of(version).modules
}

struct Placement {
    modules: Vec<Modules>,
    runs: Vec<Run>,
}

/// Codewords that come one after the other in the same strip.
struct Run {
    codewords: usize,
    /// The place of the first one. The others are four rows further each.
    first: CodewordPosition,
}

/// Where to write a codeword.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CodewordPosition {
    /// Four rows of two columns, the highest bits in the last row: the byte of
    /// the first row, and the lower column.
    Upwards {
        byte: u16,
        column: u8,
    },
    /// The same with the highest bits in the first row.
    Downwards {
        byte: u16,
        column: u8,
    },
    /// Two by two, the bit of the left module: as byte times 8 plus bit.
    Pairs([u16; 4]),
    Single([u16; 8]),
}

impl Placement {
    fn of(version: u8) -> &'static Self {
        static PLACEMENTS: [OnceLock<Placement>; MAX_VERSION as usize] =
            [const { OnceLock::new() }; MAX_VERSION as usize];
        PLACEMENTS[usize::from(version) - 1].get_or_init(|| {
            let positions = data_positions(version);
            let modules = positions.as_chunks::<8>().0.to_vec();
            let mut runs: Vec<Run> = Vec::new();
            let places = modules
                .iter()
                .map(|modules| CodewordPosition::of(modules, side(version)));
            for place in places {
                match runs.last_mut() {
                    Some(run) if run.next() == Some(place) => run.codewords += 1,
                    _ => runs.push(Run {
                        codewords: 1,
                        first: place,
                    }),
                }
            }
            Self { modules, runs }
        })
    }
}

impl CodewordPosition {
    fn of(modules: &Modules, side: usize) -> Self {
        let bits = modules.map(|(x, y)| {
            let (x, y) = (usize::from(x), usize::from(y));
            let column = if x > TIMING_COLUMN { x - 1 } else { x };
            u16::try_from((column / 8 * side + y) * 8 + column % 8)
                .expect("23 planes of 177 bytes have 32,568 bits")
        });
        let pairs = bits.as_chunks::<2>().0;
        if !pairs.iter().all(|[right, left]| *right == left + 1) {
            return Self::Single(bits);
        }
        let left: [u16; 4] = std::array::from_fn(|pair| pairs[pair][1]);
        let column = left[0].to_le_bytes()[0] % 8;
        if left.windows(2).all(|rows| rows[0] == rows[1] + 8) {
            let byte = left[3] / 8;
            Self::Upwards { byte, column }
        } else if left.windows(2).all(|rows| rows[0] + 8 == rows[1]) {
            let byte = left[0] / 8;
            Self::Downwards { byte, column }
        } else {
            Self::Pairs(left)
        }
    }
}

impl Run {
    /// Where one more codeword of this run would be.
    fn next(&self) -> Option<CodewordPosition> {
        let rows = u16::try_from(4 * self.codewords).ok()?;
        match self.first {
            CodewordPosition::Upwards { byte, column } => Some(CodewordPosition::Upwards {
                byte: byte.checked_sub(rows)?,
                column,
            }),
            CodewordPosition::Downwards { byte, column } => Some(CodewordPosition::Downwards {
                byte: byte.checked_add(rows)?,
                column,
            }),
            CodewordPosition::Pairs(_) | CodewordPosition::Single(_) => None,
        }
    }

    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "its caller is compiled for several processors"
    )]
    fn write(&self, codewords: &[u8], planes: &mut [u8]) {
        match self.first {
            CodewordPosition::Upwards { byte, column } => {
                let end = usize::from(byte) + 4;
                let rows = planes[end - 4 * codewords.len()..end].as_chunks_mut().0;
                for (rows, &codeword) in rows.iter_mut().rev().zip(codewords) {
                    write_rows(in_rows(codeword) << column, rows);
                }
            }
            CodewordPosition::Downwards { byte, column } => {
                let rows = planes[usize::from(byte)..].as_chunks_mut().0;
                for (rows, &codeword) in rows.iter_mut().zip(codewords) {
                    write_rows(in_rows(codeword).swap_bytes() << column, rows);
                }
            }
            CodewordPosition::Pairs(places) => {
                for &codeword in codewords {
                    for (place, shift) in places.iter().zip([6, 4, 2, 0]) {
                        planes[usize::from(place / 8)] |= (codeword >> shift & 3) << (place % 8);
                    }
                }
            }
            CodewordPosition::Single(places) => {
                for &codeword in codewords {
                    for (place, shift) in places.iter().zip((0..8).rev()) {
                        planes[usize::from(place / 8)] |= (codeword >> shift & 1) << (place % 8);
                    }
                }
            }
        }
    }
}

/// Two bits of a codeword in each byte, the lowest ones in the lowest byte.
#[inline]
fn in_rows(codeword: u8) -> u32 {
    let bits = u32::from(codeword);
    let halves = (bits | bits << 12) & 0x000f_000f;
    (halves | halves << 6) & 0x0303_0303
}

#[inline]
fn write_rows(bits: u32, rows: &mut [u8; 4]) {
    *rows = (u32::from_le_bytes(*rows) | bits).to_le_bytes();
}

/// Column and row of all modules that codewords can have.
fn data_positions(version: u8) -> Vec<(u8, u8)> {
    let mut canvas = Canvas::new(Version::Normal(i16::from(version)), qrcode::EcLevel::L);
    canvas.draw_all_functional_patterns();
    let last = i16::from(version) * 4 + 16;

    let mut positions = Vec::new();
    let mut upwards = true;
    // Strips two modules wide from right to left.
    let strips = (7..=last).rev().step_by(2).chain((1..=5).rev().step_by(2));
    for right in strips {
        for step in 0..=last {
            let y = if upwards { last - step } else { step };
            for x in [right, right - 1] {
                if canvas.get(x, y) == Module::Empty {
                    let [x, y] = [x, y]
                        .map(|c| u8::try_from(c).expect("a symbol has at most 177 modules a side"));
                    positions.push((x, y));
                }
            }
        }
        upwards = !upwards;
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_a_codeword_comes_to_its_module_and_nowhere_else() {
        for version in 1..=MAX_VERSION {
            let modules = modules(version);
            let codewords: Vec<u8> = (0..modules.len())
                .map(|index| ((index * 0x9d) ^ (index >> 5)).to_le_bytes()[0])
                .collect();
            let mut rows = vec![[0; 3]; side(version)];
            place(&codewords, version, &mut [0; 23 * 177], &mut rows);
            let mut expected = vec![[0_u64; 3]; side(version)];
            for (codeword, modules) in codewords.iter().zip(modules) {
                for (bit, &(x, y)) in (0..8).rev().zip(modules) {
                    let word = &mut expected[usize::from(y)][usize::from(x) / 64];
                    *word |= u64::from(codeword >> bit & 1) << (x % 64);
                }
            }
            assert!(rows == expected, "version {version}");
        }
    }
}
