//! Rows at scale 8, the usual one, where every module is a byte: 0 or 255.
//!
//! What a picture is made of is known beforehand: about as many dark as light
//! modules, one filter byte a row, and the same copies after every row. So is
//! the code: 1 bit for light (margins are light), 2 for dark, 3 for the longest
//! copy, 4 or 5 for the rest. It is the code that counting would lead to, up to
//! which of dark and light is the shorter one, and needs neither counts nor a
//! list of tokens.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined is compiled for the processor that was found"
)]

use super::ModuleRow;
use super::adler::Span;
use super::bits::BitWriter;
use super::block::{END_OF_BLOCK, LENGTHS_ORDER, distance_symbol, joined, length_symbol};

const SCALE: usize = 8;
/// More than the code lengths ever take.
const HEADER_BITS: usize = 256;
const DARK_SYMBOL: usize = 0;
const LIGHT_SYMBOL: usize = 255;
/// The greatest length of a copy (RFC 1951, 3.2.5).
const LONGEST: u16 = 258;
const LONGEST_SYMBOL: usize = 285;

/// Bits, the first one lowest, and their number.
type Bits = (u64, u32);

/// Light modules.
const LIGHT: Bits = (0b0, 1);
/// Dark modules and filter bytes.
const DARK: Bits = (0b01, 2);
/// What else there is, at most four symbols, in the order of their codes.
const THREE: [Bits; 2] = [(0b011, 3), (0b111, 3)];
const FOUR: [Bits; 3] = [(0b011, 3), (0b0111, 4), (0b1111, 4)];
const FIVE: [Bits; 4] = [(0b011, 3), (0b0111, 4), (0b0_1111, 5), (0b1_1111, 5)];

/// The symbols of the code length code that occur, each 3 bits long (RFC 1951, 3.2.7).
const LENGTH_SYMBOLS: [usize; 8] = [0, 1, 2, 3, 4, 5, ZEROS_FROM_3, ZEROS_FROM_11];
const ZEROS_FROM_3: usize = 17;
const ZEROS_FROM_11: usize = 18;

/// The codes of eight modules, the first one lowest, 1 is light.
#[derive(Clone, Copy)]
struct Eight {
    bits: u16,
    /// How many bits: 16, or one less for each light module.
    count: u16,
}

static EIGHTS: [Eight; 256] = eights();

/// The modules of a word in whose number a bit is set, from the lowest bit on.
const NUMBERED: [u64; 6] = [
    0xaaaa_aaaa_aaaa_aaaa,
    0xcccc_cccc_cccc_cccc,
    0xf0f0_f0f0_f0f0_f0f0,
    0xff00_ff00_ff00_ff00,
    0xffff_0000_ffff_0000,
    0xffff_ffff_0000_0000,
];

pub(super) struct Scale8Encoder {
    modules: usize,
    /// Modules between the last one and the next whole eight. They are light in rows, so that their codes are the last bits, and
    /// all 0: one bit each.
    beyond: u32,
    /// Eights before the last three or fewer.
    before: usize,
    /// The lines below the first one of a row.
    copies: Copies,
    /// The lines below the first one of a margin.
    margin: Copies,
    end: Bits,
}

impl Scale8Encoder {
    pub(super) const SCALE: usize = SCALE;

    /// For rows of `modules` modules, and margins of `margin` light rows, 1 or more. Makes room for as many rows as a square
    /// picture has, and begins their block.
    pub(super) fn new(out: &mut BitWriter, modules: usize, margin: usize) -> Self {
        let row_bytes = modules + 1;
        let lengths = [1, margin].map(|rows| Lengths::of((rows * SCALE - 1) * row_bytes));
        let [often, seldom] = lengths.map(Lengths::symbol);
        let code = Symbols::new(often, seldom.filter(|_| seldom != often));
        let distance = u16::try_from(row_bytes).expect("a picture has at most 4,096 pixels a side");
        let [copies, margins] = lengths.map(|lengths| Copies::new(lengths, distance, &code));
        // A row of dark modules with its filter byte, and its copies. Several rows at once have no more copies than one by one.
        let row_bits = 2 * row_bytes + copies.bits().max(margins.bits() / margin);
        out.room(HEADER_BITS + (modules + 2) * (row_bits + 1));

        // The last block, with codes of its own.
        out.bits(0b101, 3);
        code.write_lengths(distance_symbol(distance).0, out);
        let eights = modules.div_ceil(8);
        Self {
            modules,
            beyond: u32::try_from(eights * 8 - modules).expect("a rest is below its divisor"),
            before: (eights - 1) / 3 * 3,
            copies,
            margin: margins,
            end: code.of(END_OF_BLOCK),
        }
    }

    /// Appends a row of modules, and says what the sums over its first line are.
    #[inline(always)]
    pub(super) fn push(&self, row: &ModuleRow, out: &mut BitWriter) -> Span {
        // Three times 16 bits, at most, and the filter byte, which comes first, are appended at once.
        let (before, last) = row[..self.modules.div_ceil(8)].split_at(self.before);
        let code = |eight: &u8| EIGHTS[usize::from(*eight)].code();
        let mut bits = DARK;
        for three in before.as_chunks::<3>().0 {
            let (bits, count) = three
                .iter()
                .map(code)
                .fold(std::mem::take(&mut bits), joined);
            out.bits(bits, count);
        }
        let (bits, count) = last.iter().map(code).fold(bits, joined);
        out.bits(bits, count - self.beyond);
        self.copies.write(out);

        // Dark ones are counted: there are none beyond the last module.
        let (mut dark, mut numbers) = (0, 0);
        let words = row.as_chunks().0.iter().take(self.modules.div_ceil(64));
        for (index, word) in (0..).zip(words) {
            let word = !u64::from_le_bytes(*word);
            let count = |modules: u64| u64::from(modules.count_ones());
            dark += count(word);
            numbers += index * 64 * count(word);
            for (bit, numbered) in NUMBERED.iter().enumerate() {
                numbers += count(word & numbered) << bit;
            }
        }
        self.line(dark, numbers)
    }

    /// Appends the light rows of a margin, and says what the sums over its first line are.
    pub(super) fn push_margin(&self, out: &mut BitWriter) -> Span {
        let (bits, count) = DARK;
        out.bits(bits, count);
        // All of them are 0, one bit each.
        for first in (0..self.modules).step_by(56) {
            let count = self.modules.min(first + 56) - first;
            out.bits(0, u32::try_from(count).expect("56 at most"));
        }
        self.margin.write(out);
        self.line(0, 0)
    }

    /// The sums over a line with so many dark modules, from those and the sum of their numbers. A light one is a byte of 255.
    #[inline(always)]
    fn line(&self, dark: u64, numbers: u64) -> Span {
        let modules = self.modules as u64;
        // Module i stands in modules - i of the sums.
        let of_dark = modules * dark - numbers;
        let of_light = modules * (modules + 1) / 2 - of_dark;
        Span::of_row(self.modules + 1, 255 * (modules - dark), 255 * of_light)
    }

    pub(super) fn finish(&self, out: &mut BitWriter) {
        let (bits, count) = self.end;
        out.bits(bits, count);
    }
}

impl Eight {
    #[inline(always)]
    fn code(self) -> Bits {
        (self.bits.into(), self.count.into())
    }
}

/// The code of this picture: the symbols beside dark and light.
struct Symbols {
    /// In the order of their codes, and those.
    coded: [(usize, Bits); 4],
    count: usize,
}

impl Symbols {
    /// With the symbols of up to two different lengths of copies, beside the greatest.
    fn new(often: Option<usize>, seldom: Option<usize>) -> Self {
        // Codes of one length are in the order of their symbols (RFC 1951, 3.2.2), and the end of the block is the lowest.
        let (symbols, codes): ([usize; 4], &[Bits]) = match (often, seldom) {
            (None, None) => ([END_OF_BLOCK, LONGEST_SYMBOL, 0, 0], &THREE),
            (Some(one), None) | (None, Some(one)) => {
                ([LONGEST_SYMBOL, END_OF_BLOCK, one, 0], &FOUR)
            }
            (Some(often), Some(seldom)) => ([LONGEST_SYMBOL, often, END_OF_BLOCK, seldom], &FIVE),
        };
        let mut coded = [(0, (0, 0)); 4];
        for ((place, symbol), code) in coded.iter_mut().zip(symbols).zip(codes) {
            *place = (symbol, *code);
        }
        Self {
            coded,
            count: codes.len(),
        }
    }

    fn of(&self, symbol: usize) -> Bits {
        let coded = self.coded[..self.count].iter();
        let mut found = coded.filter(|(coded, _)| *coded == symbol);
        found.next().expect("the code was made for these symbols").1
    }

    /// Code lengths of the symbols, and of one distance (RFC 1951, 3.2.7).
    fn write_lengths(&self, distance: usize, out: &mut BitWriter) {
        const LITERALS: usize = LONGEST_SYMBOL + 1;
        // Up to the length 1, the last but one.
        const ORDER: [usize; 18] = *LENGTHS_ORDER
            .first_chunk()
            .expect("there are 19 code length codes");
        const LENGTHS: u64 = lengths_of_lengths(&ORDER);
        out.bits((LITERALS - 257) as u64, 5);
        out.bits(distance as u64, 5);
        out.bits((ORDER.len() - 4) as u64, 4);
        out.bits(LENGTHS, 3 * 18);

        let mut others = self.coded;
        let others = &mut others[..self.count];
        others.sort_unstable();
        write_length(DARK.1, out);
        write_zeros(LIGHT_SYMBOL - DARK_SYMBOL - 1, out);
        write_length(LIGHT.1, out);
        let mut next = LIGHT_SYMBOL + 1;
        for &mut (symbol, (_, length)) in others {
            write_zeros(symbol - next, out);
            write_length(length, out);
            next = symbol + 1;
        }
        write_zeros(distance, out);
        write_length(1, out);
    }
}

/// How the bytes below the first line of equal rows are copied.
#[derive(Clone, Copy)]
struct Lengths {
    /// Copies of the greatest length.
    longest: usize,
    /// Copies of what is left, at least 3 bytes each, of one symbol.
    rest: [Option<u16>; 2],
}

impl Lengths {
    fn of(bytes: usize) -> Self {
        let greatest = usize::from(LONGEST);
        let (longest, rest) = (bytes / greatest, bytes % greatest);
        let length = |bytes: usize| u16::try_from(bytes).expect("a copy has at most 258 bytes");
        match rest {
            0 => Self {
                longest,
                rest: [None, None],
            },
            // Too short for a copy: together with a longest one they make two.
            1 | 2 => Self {
                longest: longest - 1,
                rest: [Some(130), Some(length(greatest + rest - 130))],
            },
            _ => Self {
                longest,
                rest: [Some(length(rest)), None],
            },
        }
    }

    /// The symbol of what is left.
    fn symbol(self) -> Option<usize> {
        self.rest[0].map(|length| length_symbol(length).0)
    }
}

/// The same with their codes.
struct Copies {
    /// One of the greatest length, if there is one, and what is left: at most 50 bits.
    first: Bits,
    /// Further copies of the greatest length.
    others: usize,
    longest: Bits,
}

impl Copies {
    fn new(lengths: Lengths, distance: u16, code: &Symbols) -> Self {
        let (_, distance, distance_bits) = distance_symbol(distance);
        let copy = |length: u16| {
            let (symbol, extra, extra_bits) = length_symbol(length);
            let length = joined(code.of(symbol), (extra.into(), extra_bits));
            // The only distance has the code 0.
            joined(length, (u64::from(distance) << 1, distance_bits + 1))
        };
        let longest = copy(LONGEST);
        let one = (lengths.longest > 0).then_some(longest);
        let rest = lengths.rest.into_iter().flatten().map(copy);
        Self {
            first: one.into_iter().chain(rest).fold((0, 0), joined),
            others: lengths.longest.saturating_sub(1),
            longest,
        }
    }

    fn bits(&self) -> usize {
        self.first.1 as usize + self.others * self.longest.1 as usize
    }

    #[inline(always)]
    fn write(&self, out: &mut BitWriter) {
        let (bits, count) = self.first;
        out.bits(bits, count);
        let (bits, count) = self.longest;
        for _ in 0..self.others {
            out.bits(bits, count);
        }
    }
}

fn write_zeros(count: usize, out: &mut BitWriter) {
    let mut rest = count;
    while rest > 0 {
        let (symbol, least, most, extra_bits) = match rest {
            11.. => (ZEROS_FROM_11, 11, 138, 7),
            3..=10 => (ZEROS_FROM_3, 3, 10, 3),
            _ => (0, 1, 1, 0),
        };
        let taken = rest.min(most);
        let (bits, count) = length_code(symbol);
        out.bits(bits | ((taken - least) as u64) << count, count + extra_bits);
        rest -= taken;
    }
}

fn write_length(length: u32, out: &mut BitWriter) {
    let (bits, count) = length_code(length as usize);
    out.bits(bits, count);
}

/// Eight symbols of 3 bits: each code is the symbol's place among them.
fn length_code(symbol: usize) -> Bits {
    const REVERSED: [u64; 8] = [0b000, 0b100, 0b010, 0b110, 0b001, 0b101, 0b011, 0b111];
    let coded = LENGTH_SYMBOLS
        .iter()
        .zip(REVERSED)
        .find(|(coded, _)| **coded == symbol);
    (coded.expect("only lengths up to 5 occur").1, 3)
}

/// Three bits for each symbol of the code length code: 3 if it occurs.
const fn lengths_of_lengths(order: &[usize; 18]) -> u64 {
    let mut bits = 0;
    let mut place = 0;
    while place < order.len() {
        let mut used = 0;
        while used < LENGTH_SYMBOLS.len() {
            if LENGTH_SYMBOLS[used] == order[place] {
                bits |= 3 << (3 * place);
            }
            used += 1;
        }
        place += 1;
    }
    bits
}

const fn eights() -> [Eight; 256] {
    let mut eights = [Eight { bits: 0, count: 0 }; 256];
    let mut value = 0;
    while value < 256 {
        let eight = &mut eights[value];
        let mut module = 0;
        while module < 8 {
            if value >> module & 1 == 0 {
                eight.bits |= 0b01 << eight.count;
                eight.count += 2;
            } else {
                eight.count += 1;
            }
            module += 1;
        }
        value += 1;
    }
    eights
}
