//! Segments: which characters go in which mode, so that the symbol needs the
//! fewest bits (ISO/IEC 18004, 7.3 and 7.4).
//!
//! Only numeric, alphanumeric and byte mode are used. Text beyond ASCII is
//! UTF-8 behind ECI 26; Kanji mode is not used, since readers disagree on when
//! it means Shift JIS text.

use super::geometry::data_bits;
use super::level::Level;

/// The ECI assignment number of UTF-8.
const ECI_UTF8: u64 = 26;
const ECI_INDICATOR: u64 = 0b0111;
/// Mode indicator and the designator of an assignment number below 128.
const ECI_BITS: usize = 4 + 8;
const MODE_INDICATOR_BITS: usize = 4;

/// Costs are counted in sixths of a bit: a digit takes 10/3 bits, an
/// alphanumeric character 11/2, a byte 8.
const SIXTHS: usize = 6;
/// More than any text of a symbol costs, and little enough to add to.
const UNREACHED: usize = usize::MAX / 4;
const MODES: [Mode; 3] = [Mode::Numeric, Mode::Alphanumeric, Mode::Byte];

/// Versions whose character count fields are equally wide (Table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VersionClass {
    /// Versions 1 to 9.
    Small,
    /// Versions 10 to 26.
    Middle,
    /// Versions 27 to 40.
    Large,
}

impl VersionClass {
    pub(super) const ALL: [Self; 3] = [Self::Small, Self::Middle, Self::Large];

    pub(super) fn versions(self) -> std::ops::RangeInclusive<u8> {
        match self {
            Self::Small => 1..=9,
            Self::Middle => 10..=26,
            Self::Large => 27..=40,
        }
    }

    fn of(version: u8) -> Self {
        match version {
            ..10 => Self::Small,
            10..27 => Self::Middle,
            27.. => Self::Large,
        }
    }

    fn header_bits(self, mode: Mode) -> usize {
        let count = match (mode, self) {
            (Mode::Numeric, Self::Small) => 10,
            (Mode::Numeric, Self::Middle) => 12,
            (Mode::Numeric, Self::Large) => 14,
            (Mode::Alphanumeric, Self::Small) => 9,
            (Mode::Alphanumeric, Self::Middle) => 11,
            (Mode::Alphanumeric, Self::Large) => 13,
            (Mode::Byte, Self::Small) => 8,
            (Mode::Byte, _) => 16,
        };
        MODE_INDICATOR_BITS + count
    }
}

/// How characters are written. A mode can write whatever the modes before it
/// can; its number is its place in [`MODES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    Numeric,
    Alphanumeric,
    Byte,
}

impl Mode {
    /// The narrowest mode that can write this byte (Table 5).
    fn of(byte: u8) -> Self {
        const NARROWEST: [Mode; 256] = narrowest_modes();
        NARROWEST[usize::from(byte)]
    }

    /// Table 2.
    fn indicator(self) -> u64 {
        match self {
            Self::Numeric => 0b0001,
            Self::Alphanumeric => 0b0010,
            Self::Byte => 0b0100,
        }
    }

    fn sixths_per_char(self) -> usize {
        match self {
            Self::Numeric => 20,
            Self::Alphanumeric => 33,
            Self::Byte => 48,
        }
    }
}

/// Neighbouring characters written in the same mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) mode: Mode,
    pub(super) chars: &'a [u8],
}

/// A text divided into segments.
#[derive(Debug)]
pub(super) struct Segments<'a> {
    utf8: bool,
    list: Vec<Segment<'a>>,
    bits: usize,
}

impl<'a> Segments<'a> {
    /// The division that needs the fewest bits in versions of this class.
    pub(super) fn optimal(runs: &Runs<'a>, class: VersionClass) -> Self {
        let eci_bits = if runs.utf8 { ECI_BITS } else { 0 };
        let (list, bits) = shortest(runs, class);
        Self {
            utf8: runs.utf8,
            list,
            bits: eci_bits + bits,
        }
    }

    /// Bits of all segments with their headers, without terminator and padding.
    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// The data codewords of a version and level that hold them, padded to the
    /// end.
    pub(super) fn write(&self, version: u8, level: Level) -> Vec<u8> {
        let capacity = data_bits(version, level) / 8;
        let class = VersionClass::of(version);
        let mut out = Bits {
            bytes: Vec::with_capacity(capacity),
            pending: 0,
            count: 0,
        };
        if self.utf8 {
            out.push(ECI_INDICATOR, MODE_INDICATOR_BITS);
            out.push(ECI_UTF8, ECI_BITS - MODE_INDICATOR_BITS);
        }
        for Segment { mode, chars } in &self.list {
            out.push(mode.indicator(), MODE_INDICATOR_BITS);
            out.push(
                chars.len() as u64,
                class.header_bits(*mode) - MODE_INDICATOR_BITS,
            );
            match mode {
                Mode::Numeric => out.push_digits(chars),
                Mode::Alphanumeric => out.push_alphanumeric(chars),
                Mode::Byte => chars.iter().for_each(|&byte| out.push(byte.into(), 8)),
            }
        }
        out.into_codewords(capacity)
    }
}

/// Fewer bits than this no division of the text needs.
pub(super) fn least_bits(text: &str) -> usize {
    let sixths: usize = text
        .bytes()
        .map(|byte| Mode::of(byte).sixths_per_char())
        .sum();
    sixths.div_ceil(SIXTHS)
}

/// Bits in the order in which they are written, the highest of a number first.
struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not yet make four bytes, the last one lowest.
    pending: u64,
    count: usize,
}

impl Bits {
    /// Appends the lowest `count` bits, 0 to 32; those above must be 0.
    #[inline]
    fn push(&mut self, bits: u64, count: usize) {
        self.pending = self.pending << count | bits;
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            let [.., a, b, c, d] = (self.pending >> self.count).to_be_bytes();
            self.bytes.extend_from_slice(&[a, b, c, d]);
        }
    }

    /// Three digits in 10 bits, two in 7, one in 4 (7.4.3).
    fn push_digits(&mut self, digits: &[u8]) {
        let number = |digits: &[u8]| {
            digits
                .iter()
                .fold(0, |number, digit| number * 10 + u64::from(digit & 15))
        };
        let (nines, rest) = digits.as_chunks::<9>();
        for [a, b, c, d, e, f, g, h, i] in nines {
            let [first, second, third] =
                [[a, b, c], [d, e, f], [g, h, i]].map(|three| number(&three.map(|digit| *digit)));
            self.push(first << 20 | second << 10 | third, 30);
        }
        let (threes, rest) = rest.as_chunks::<3>();
        for three in threes {
            self.push(number(three), 10);
        }
        self.push(number(rest), [0, 4, 7][rest.len()]);
    }

    /// Two characters in 11 bits, one in 6 (7.4.4).
    fn push_alphanumeric(&mut self, chars: &[u8]) {
        let (twos, rest) = chars.as_chunks::<2>();
        for &[first, second] in twos {
            self.push(alphanumeric(first) * 45 + alphanumeric(second), 11);
        }
        if let [last] = *rest {
            self.push(alphanumeric(last), 6);
        }
    }

    /// With the terminator and the padding (7.4.9 and 7.4.10).
    fn into_codewords(mut self, capacity: usize) -> Vec<u8> {
        let left = capacity * 8 - (self.bytes.len() * 8 + self.count);
        self.push(0, left.min(4));
        let rest = self.count.next_multiple_of(8) - self.count;
        self.push(0, rest);
        let pending = self.pending.to_be_bytes();
        self.bytes.extend_from_slice(&pending[8 - self.count / 8..]);
        let padding = [0xec, 0x11].into_iter().cycle();
        let left = capacity - self.bytes.len();
        self.bytes.extend(padding.take(left));
        self.bytes
    }
}

/// The value of a character in alphanumeric mode (Table 5).
fn alphanumeric(char: u8) -> u64 {
    const VALUES: [u8; 256] = alphanumeric_values();
    VALUES[usize::from(char)].into()
}

/// A text cut where the narrowest mode of its characters changes.
///
/// No division that cuts inside a run beats all that do not: of the two modes
/// at the cut, giving a character to the narrower saves 5 or 6 bits
/// (alphanumeric) or 8 (byte) on the one side and costs at most 4 (numeric) or
/// 6 (alphanumeric) on the other.
#[derive(Debug)]
pub(super) struct Runs<'a> {
    text: &'a [u8],
    utf8: bool,
    list: Vec<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    mode: Mode,
    chars: usize,
}

impl<'a> Runs<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        // A link has about a dozen before its digits.
        let mut list = Vec::with_capacity(16);
        let mut left = bytes;
        while let Some(&first) = left.first() {
            let mode = Mode::of(first);
            let chars = run_length(left, mode);
            list.push(Run { mode, chars });
            left = &left[chars..];
        }
        Self {
            text: bytes,
            utf8: !text.is_ascii(),
            list,
        }
    }
}

/// How many characters from the first on have this narrowest mode.
fn run_length(text: &[u8], mode: Mode) -> usize {
    // Links are digits almost to their end, and those are told many at a time.
    let (many, _) = text.as_chunks::<32>();
    let all_digits = |chars: &&[u8; 32]| {
        chars
            .iter()
            .fold(true, |all, char| all & char.is_ascii_digit())
    };
    let skipped = match mode {
        Mode::Numeric => 32 * many.iter().take_while(all_digits).count(),
        Mode::Alphanumeric | Mode::Byte => 0,
    };
    text[skipped..]
        .iter()
        .position(|&char| Mode::of(char) != mode)
        .map_or(text.len(), |chars| skipped + chars)
}

/// The shortest path over runs and modes. Rounding a segment up to whole bits
/// at its end keeps order, so that for each mode the cheapest way so far is
/// all that has to be remembered.
fn shortest<'a>(runs: &Runs<'a>, class: VersionClass) -> (Vec<Segment<'a>>, usize) {
    let header = MODES.map(|mode| class.header_bits(mode) * SIXTHS);
    // The cheapest cost in sixths of a bit that ends in each mode.
    let mut costs = header;
    let mut came_from: Vec<[Mode; 3]> = Vec::with_capacity(runs.list.len());

    for (index, run) in runs.list.iter().enumerate() {
        // The cheapest way to end a segment here, which ends with a whole bit.
        let ended = costs.map(|cost| cost.next_multiple_of(SIXTHS));
        let ways = MODES.into_iter().zip(ended);
        let (cheapest, ended) = ways
            .min_by_key(|(_, cost)| *cost)
            .expect("there are three modes");
        let mut next = [UNREACHED; 3];
        let mut from = MODES;
        for (to, &mode) in MODES.iter().enumerate().skip(run.mode as usize) {
            // Of equal ways the one with fewer segments.
            let switched = ended + header[to];
            let mut cost = costs[to];
            if index > 0 && switched < cost {
                (cost, from[to]) = (switched, cheapest);
            }
            next[to] = cost + run.chars * mode.sixths_per_char();
        }
        costs = next;
        came_from.push(from);
    }

    if runs.list.is_empty() {
        // An empty text is an empty byte segment: readers want one segment.
        let empty = Segment {
            mode: Mode::Byte,
            chars: runs.text,
        };
        return (vec![empty], class.header_bits(Mode::Byte));
    }
    let (mut mode, cost) = MODES
        .into_iter()
        .zip(costs)
        .min_by_key(|(_, cost)| *cost)
        .expect("there are three modes");
    (
        trace_back(runs, &came_from, &mut mode),
        cost.div_ceil(SIXTHS),
    )
}

fn trace_back<'a>(runs: &Runs<'a>, came_from: &[[Mode; 3]], mode: &mut Mode) -> Vec<Segment<'a>> {
    let mut list: Vec<Segment<'a>> = Vec::new();
    let (mut start, mut end) = (runs.text.len(), runs.text.len());
    for (index, (run, from)) in runs.list.iter().zip(came_from).enumerate().rev() {
        start -= run.chars;
        let previous = from[*mode as usize];
        if index == 0 || previous != *mode {
            list.push(Segment {
                mode: *mode,
                chars: &runs.text[start..end],
            });
            end = start;
            *mode = previous;
        }
    }
    list.reverse();
    list
}

/// The characters of alphanumeric mode in the order of their values (Table 5).
const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

const fn narrowest_modes() -> [Mode; 256] {
    let mut modes = [Mode::Byte; 256];
    let mut index = 0;
    while index < ALPHANUMERIC.len() {
        modes[ALPHANUMERIC[index] as usize] = if index < 10 {
            Mode::Numeric
        } else {
            Mode::Alphanumeric
        };
        index += 1;
    }
    modes
}

const fn alphanumeric_values() -> [u8; 256] {
    let mut values = [0; 256];
    let mut value = 0;
    while value < 45 {
        values[ALPHANUMERIC[value as usize] as usize] = value;
        value += 1;
    }
    values
}
