//! A symbol: a text as a square of dark and light modules.

use fearless_simd::{self as simd, Simd, dispatch};

use super::codewords;
use super::geometry::{Lanes, MAX_VERSION, Row, WIDEST, data_bits, limbs, side};
use super::layout::Template;
use super::level::{Level, LevelChoice};
use super::mask::{self, with_light_rows};
use super::placement::place;
use super::segments::{Runs, Segments, VersionClass, least_bits};

/// A QR code symbol (ISO/IEC 18004, model 2), without its quiet zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    version: u8,
    level: Level,
    mask: u8,
    /// The rows from the top, each in as many words as a row of this version needs.
    words: Vec<u64>,
}

/// The text fits no version at the error correction level asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it needs {needed_bits} bits, and the largest QR code holds {available_bits} at error correction level {level}: {}",
    self.way_out()
)]
pub struct Capacity {
    /// Bits that the text needs at least in a symbol of version 40.
    pub needed_bits: usize,
    /// Data bits of version 40 at `level`.
    pub available_bits: usize,
    /// The level asked for; L where it was to be chosen.
    pub level: Level,
}

impl Capacity {
    /// What would do, with numbers.
    fn way_out(&self) -> String {
        let lower = Level::ALL
            .into_iter()
            .rev()
            .filter(|&level| level < self.level);
        let holds = |level| data_bits(40, level);
        match { lower }.find(|&level| holds(level) >= self.needed_bits) {
            Some(level) => format!("level {level} holds {}", holds(level)),
            None => {
                let most = holds(Level::Low);
                let percent = ((self.needed_bits.saturating_sub(most)) * 100)
                    .div_ceil(self.needed_bits.max(1));
                format!(
                    "no level holds it, and for level L it has to be at least {percent} % shorter"
                )
            }
        }
    }
}

impl Symbol {
    /// The smallest symbol for a text, in the segments that need the fewest
    /// bits, under the mask that the standard's penalties choose.
    ///
    /// # Errors
    ///
    /// [`Capacity`] if the text does not fit version 40: at level L that is
    /// beyond 7,089 digits, 4,296 alphanumeric characters or 2,953 bytes.
    pub fn encode(text: &str, level: impl Into<LevelChoice>) -> Result<Self, Capacity> {
        match level.into() {
            LevelChoice::Exactly(level) => Self::encode_exactly(text, level),
            LevelChoice::Auto => Self::encode_at_least(text, Level::Medium)
                .or_else(|_| Self::encode_exactly(text, Level::Low)),
        }
    }

    /// The smallest symbol at `least`, raised to the highest level that still
    /// fits the same version.
    ///
    /// # Errors
    ///
    /// [`Capacity`] if the text does not fit version 40 at `least`.
    pub fn encode_at_least(text: &str, least: Level) -> Result<Self, Capacity> {
        let runs = runs_that_may_fit(text, least)?;
        let (version, segments) = fit(&runs, least)?;
        let level = Level::ALL
            .into_iter()
            .rev()
            .find(|&level| level > least && segments.bits() <= data_bits(version, level))
            .unwrap_or(least);
        Ok(Self::build(&segments, version, level))
    }

    fn encode_exactly(text: &str, level: Level) -> Result<Self, Capacity> {
        let runs = runs_that_may_fit(text, level)?;
        let (version, segments) = fit(&runs, level)?;
        Ok(Self::build(&segments, version, level))
    }

    fn build(segments: &Segments<'_>, version: u8, level: Level) -> Self {
        let data = segments.write(version, level);
        // All is compiled for several generations of processors.
        let (mask, words) = dispatch!(simd::Level::new(), simd => {
            match limbs(version) {
                1 => drawn::<_, 1, { WIDEST[1] }, { with_light_rows(WIDEST[1]) }>(simd, &data, version, level),
                2 => drawn::<_, 2, { WIDEST[2] }, { with_light_rows(WIDEST[2]) }>(simd, &data, version, level),
                _ => drawn::<_, 3, { WIDEST[3] }, { with_light_rows(WIDEST[3]) }>(simd, &data, version, level),
            }
        });
        Self {
            version,
            level,
            mask,
            words,
        }
    }

    /// The version, 1 to 40.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Modules of a side, 21 to 177, without the quiet zone.
    pub fn modules(&self) -> usize {
        side(self.version)
    }

    /// The error correction level.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The mask pattern reference, 0 to 7.
    pub fn mask(&self) -> u8 {
        self.mask
    }

    /// Whether the module in column `x` of row `y` is dark; (0, 0) is the upper
    /// left corner, and all is light beyond the symbol.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        let is_inside = x < self.modules() && y < self.modules();
        is_inside && self.words[y * limbs(self.version) + x / 64] >> (x % 64) & 1 == 1
    }

    /// Whether a module belongs to a finder pattern.
    pub(super) fn is_finder(&self, x: usize, y: usize) -> bool {
        let (near, far) = (0..7, self.modules() - 7..self.modules());
        near.contains(&x) && (near.contains(&y) || far.contains(&y))
            || far.contains(&x) && near.contains(&y)
    }

    /// Whether a module belongs to an alignment pattern, which has no other
    /// function.
    pub(super) fn is_alignment(&self, x: usize, y: usize) -> bool {
        // Beyond finders, timing patterns, format and version information, all
        // that is not data is alignment.
        let is_corner = |x: usize, y: usize| x < 9 && (y < 9 || y + 11 >= self.modules());
        let is_timing = x == 6 || y == 6;
        if is_timing || is_corner(x, y) || is_corner(y, x) {
            return false;
        }
        let [x, y] =
            [x, y].map(|at| i16::try_from(at).expect("a symbol has at most 177 modules a side"));
        let version = qrcode::Version::Normal(i16::from(self.version));
        qrcode::canvas::is_functional(version, version.width(), x, y)
    }

    /// The rows, from the top.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row> {
        let words = |row: &[u64], limb| row.get(limb).copied().unwrap_or(0);
        self.words()
            .map(move |row| std::array::from_fn(|limb| words(row, limb)))
    }

    /// The same, each in as many words as a row of this version needs.
    pub(super) fn words(&self) -> std::slice::ChunksExact<'_, u64> {
        self.words.chunks_exact(limbs(self.version))
    }
}

/// The mask and the words of the rows of a symbol with these data codewords. `LIMBS` words hold `SIDE` modules, and the symbol has
/// no more a side; `ROWS` are those and the light ones around them.
///
/// Everything on the way has its place here: to ask the allocator for it took 3.6 % of the instructions of issuing.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "its caller is compiled for several processors"
)]
fn drawn<S: Simd, const LIMBS: usize, const SIDE: usize, const ROWS: usize>(
    simd: S,
    data: &[u8],
    version: u8,
    level: Level,
) -> (u8, Vec<u64>) {
    // A bit for each module is enough for codewords, too.
    let mut codewords = [[[0; 8]; LIMBS]; SIDE];
    let codewords = codewords.as_flattened_mut().as_flattened_mut();
    let codewords = codewords::interleaved(data, version, level, codewords);
    let mut planes = [[[0; 8]; LIMBS]; SIDE];
    let planes = planes.as_flattened_mut().as_flattened_mut();
    let mut rows = [[0; LIMBS]; SIDE];
    let rows = &mut rows[..side(version)];
    place(codewords, version, planes, rows);
    let mut candidates = [[Lanes::LIGHT; LIMBS]; ROWS];
    mask::masked(simd, rows, Template::of(version, level), &mut candidates)
}

impl std::fmt::Debug for Symbol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The modules are the text: a token must not reach a log this way.
        f.debug_struct("Symbol")
            .field("version", &self.version)
            .field("level", &self.level)
            .field("mask", &self.mask)
            .finish_non_exhaustive()
    }
}

/// The runs of a text, unless it is too long even as the narrowest mode of each of its characters writes it: finding the
/// best segments of a text that fits no level would take far longer than those of any that fits one.
fn runs_that_may_fit(text: &str, level: Level) -> Result<Runs<'_>, Capacity> {
    let most_bits = data_bits(MAX_VERSION, Level::Low);
    // Even as bytes? Links nearly always do, and are not read once more.
    if text.len() * 8 > most_bits {
        let needed_bits = least_bits(text);
        if needed_bits > most_bits {
            return Err(Capacity {
                needed_bits,
                available_bits: data_bits(MAX_VERSION, level),
                level,
            });
        }
    }
    Ok(Runs::of(text))
}

/// The smallest version that holds the text, and its segments there.
fn fit<'a>(runs: &Runs<'a>, level: Level) -> Result<(u8, Segments<'a>), Capacity> {
    let mut needed_bits = 0;
    for class in VersionClass::ALL {
        let segments = Segments::optimal(runs, class);
        needed_bits = segments.bits();
        if let Some(version) = class
            .versions()
            .find(|&version| needed_bits <= data_bits(version, level))
        {
            return Ok((version, segments));
        }
    }
    Err(Capacity {
        needed_bits,
        available_bits: data_bits(MAX_VERSION, level),
        level,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO/IEC 18004, Annex I: "01234567" as version 1-M.
    #[test]
    fn the_example_of_the_standard_comes_out_as_printed_there() {
        let printed = "\
            #######..#.##.#######\n\
            #.....#..####.#.....#\n\
            #.###.#.#.....#.###.#\n\
            #.###.#.##....#.###.#\n\
            #.###.#.#.###.#.###.#\n\
            #.....#.#...#.#.....#\n\
            #######.#.#.#.#######\n\
            ........#..##........\n\
            #.#####..#..#.#####..\n\
            ...#.#.##.#.#..#.##..\n\
            ..#...##.#.#.#..#####\n\
            ....#....#.....####..\n\
            ...######..#.#..#....\n\
            ........#.#####..##..\n\
            #######..##.#.##.....\n\
            #.....#.#.#####...#.#\n\
            #.###.#.#...#..#.##..\n\
            #.###.#.##..#..#.....\n\
            #.###.#.#.##.#..#.#..\n\
            #.....#........##.##.\n\
            #######.####.#..#.#..\n";
        let symbol = Symbol::encode("01234567", Level::Medium).unwrap();
        assert_eq!((symbol.version(), symbol.mask()), (1, 2));
        let drawn: String = (0..21)
            .flat_map(|y| (0..=21).map(move |x| (x, y)))
            .map(|(x, y)| match x {
                21 => '\n',
                _ if symbol.is_dark(x, y) => '#',
                _ => '.',
            })
            .collect();
        assert_eq!(drawn, printed);
    }
}
