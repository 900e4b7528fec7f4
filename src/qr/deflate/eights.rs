//! Rows at scale 8, the usual one, where every module is a byte: 0 or 255.
//!
//! What a picture is made of is known beforehand: about as many dark as light
//! modules, one filter byte a row, and the same copies after every row. So is
//! the code: 1 bit for light (margins are light), 2 for dark, 3 for the longest
//! copy, 4 or 5 for the rest. It is the code that counting would lead to, up to
//! which of dark and light is the shorter one, and needs neither counts nor a
//! list of tokens.

use super::adler::Span;
use super::bits::BitWriter;
use super::block::{END_OF_BLOCK, LENGTHS_ORDER, distance_symbol, joined, length_symbol};
use super::huffman::Code;

const SCALE: usize = 8;
/// Dark modules and filter bytes: the code 10, its first bit lowest.
const DARK_BITS: u16 = 0b01;
const DARK_COUNT: u8 = 2;
const DARK_SYMBOL: usize = 0;
/// Light modules: the code 0.
const LIGHT_COUNT: u8 = 1;
const LIGHT_SYMBOL: usize = 255;
/// The greatest length of a copy (RFC 1951, 3.2.5).
const LONGEST: u16 = 258;
const LONGEST_SYMBOL: usize = 285;
/// The symbols of the code length code that occur, each 3 bits long (RFC 1951, 3.2.7).
const LENGTH_SYMBOLS: [u8; 8] = [0, 1, 2, 3, 4, 5, ZEROS_FROM_3, ZEROS_FROM_11];
const ZEROS_FROM_3: u8 = 17;
const ZEROS_FROM_11: u8 = 18;

/// Eight modules, the first one lowest, 1 is light.
#[derive(Clone, Copy)]
struct Eight {
    /// Their codes.
    bits: u16,
    count: u8,
    light: u8,
    /// Light modules among the first, the first two and so on, in all.
    weight: u8,
}

static EIGHTS: [Eight; 256] = eights();

pub(super) struct Eights {
    modules: usize,
    /// Modules beyond the last whole eight, 0 to 7.
    rest: u8,
    /// How many equal rows come at once, and what is written for their lines but
    /// the first: bits and their number, at most 32.
    copies: [(usize, Vec<(u64, u32)>); 2],
    end: Code,
    out: BitWriter,
}

impl Eights {
    pub(super) const SCALE: usize = SCALE;

    /// For rows of `modules` modules; `times` are the numbers of equal rows that
    /// will be pushed at once, the most frequent first.
    pub(super) fn new(mut out: BitWriter, modules: usize, times: [usize; 2]) -> Self {
        let row_bytes = modules + 1;
        let copies = times.map(|times| Copies::new((times * SCALE - 1) * row_bytes));
        let [often, seldom] =
            copies.map(|copies| copies.rest[0].map(|length| length_symbol(length).0));
        let mut symbols = vec![
            (DARK_SYMBOL, DARK_COUNT),
            (LIGHT_SYMBOL, LIGHT_COUNT),
            (LONGEST_SYMBOL, 3),
        ];
        // All that begins with 111; the code has no gaps.
        match (often, seldom.filter(|_| seldom != often)) {
            (None, None) => symbols.push((END_OF_BLOCK, 3)),
            (Some(one), None) | (None, Some(one)) => symbols.extend([(END_OF_BLOCK, 4), (one, 4)]),
            (Some(often), Some(seldom)) => {
                symbols.extend([(often, 4), (END_OF_BLOCK, 5), (seldom, 5)]);
            }
        }
        symbols.sort_unstable();
        let distance = u16::try_from(row_bytes).expect("a picture has at most 4,096 pixels a side");

        // The last block, with codes of its own.
        out.bits(0b101, 3);
        write_lengths(&symbols, distance_symbol(distance).0, &mut out);

        // Symbols without a code do not matter to the codes of the others.
        let lengths: Vec<u8> = symbols.iter().map(|(_, length)| *length).collect();
        let codes = Code::canonical(&lengths);
        let code = |symbol: usize| {
            let place = symbols.iter().position(|(coded, _)| *coded == symbol);
            codes[place.expect("the code was made for these symbols")]
        };
        let copies = copies.map(|copies| copies.coded(distance, code));
        let [first, second] = times;
        let [often, seldom] = copies;
        let rest = u8::try_from(modules % 8).expect("a rest is below its divisor");
        Self {
            modules,
            rest,
            copies: [(first, often), (second, seldom)],
            end: code(END_OF_BLOCK),
            out,
        }
    }

    /// Appends a row of modules, one of the numbers of `times` high, and says
    /// what the sums over its first line are.
    pub(super) fn push(&mut self, modules: &[u8], times: usize) -> Span {
        self.out.bits(DARK_BITS.into(), DARK_COUNT.into());
        let (mut light, mut weight) = (0, 0);
        let (whole, rest) = modules.split_at(self.modules / 8);
        let (pairs, single) = whole.as_chunks::<2>();
        for [first, second] in pairs {
            let (first, second) = (&EIGHTS[usize::from(*first)], &EIGHTS[usize::from(*second)]);
            self.out.bits(
                u64::from(first.bits) | u64::from(second.bits) << first.count,
                u32::from(first.count + second.count),
            );
            let first_light = u64::from(first.light);
            weight += 16 * light + 8 * first_light + u64::from(first.weight + second.weight);
            light += first_light + u64::from(second.light);
        }
        for &eight in single {
            let eight = EIGHTS[usize::from(eight)];
            self.out.bits(eight.bits.into(), eight.count.into());
            weight += 8 * light + u64::from(eight.weight);
            light += u64::from(eight.light);
        }
        if let (Some(&last), width @ 1..) = (rest.first(), self.rest) {
            // Light modules before it make it whole: their codes are the lowest
            // bits, all 0, and what they add to the sums is known.
            let added = 8 - width;
            let eight = EIGHTS[usize::from(last << added | !(0xff << added))];
            self.out
                .bits((eight.bits >> added).into(), u32::from(eight.count - added));
            let (width, added) = (u64::from(width), u64::from(added));
            weight +=
                width * light + u64::from(eight.weight) - added * (added + 1) / 2 - added * width;
            light += u64::from(eight.light) - added;
        }
        for &(bits, count) in self
            .copies
            .iter()
            .find(|(of, _)| *of == times)
            .map_or(&[][..], |(_, coded)| coded)
        {
            self.out.bits(bits, count);
        }
        Span::of_row(self.modules + 1, 255 * light, 255 * weight)
    }

    pub(super) fn finish(mut self) -> BitWriter {
        self.out.code(self.end);
        self.out
    }
}

/// The lines below the first one of equal rows, as copies.
#[derive(Clone, Copy)]
struct Copies {
    /// Copies of the greatest length.
    longest: usize,
    /// Copies of what is left, at least 3 bytes each, of one symbol.
    rest: [Option<u16>; 2],
}

impl Copies {
    fn new(bytes: usize) -> Self {
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

    /// Bits and their number, at most 32, as few as possible.
    fn coded(&self, distance: u16, code: impl Fn(usize) -> Code) -> Vec<(u64, u32)> {
        let (_, distance, distance_bits) = distance_symbol(distance);
        // The only distance has the code 0.
        let (distance, distance_bits) = (u64::from(distance) << 1, distance_bits + 1);
        let mut coded: Vec<(u64, u32)> = Vec::with_capacity(self.longest + 2);
        for length in
            std::iter::repeat_n(LONGEST, self.longest).chain(self.rest.into_iter().flatten())
        {
            let (symbol, extra, extra_bits) = length_symbol(length);
            let Code { bits, length } = code(symbol);
            let copy = (u64::from(bits), u32::from(length));
            let copy = joined(
                joined(copy, (extra.into(), extra_bits)),
                (distance, distance_bits),
            );
            match coded.last_mut() {
                Some(last) if last.1 + copy.1 <= 32 => *last = joined(*last, copy),
                _ => coded.push(copy),
            }
        }
        coded
    }
}

/// Code lengths of the symbols that occur, and of one distance (RFC 1951, 3.2.7).
fn write_lengths(symbols: &[(usize, u8)], distance: usize, out: &mut BitWriter) {
    let literals = symbols.last().map_or(0, |(last, _)| last + 1);
    out.bits((literals - 257) as u64, 5);
    out.bits(distance as u64, 5);
    // Up to the length 1, the last but one.
    let order = &LENGTHS_ORDER[..LENGTHS_ORDER.len() - 1];
    out.bits((order.len() - 4) as u64, 4);
    let is_used = |symbol: usize| {
        LENGTH_SYMBOLS
            .iter()
            .any(|&used| usize::from(used) == symbol)
    };
    for &symbol in order {
        out.bits(if is_used(symbol) { 3 } else { 0 }, 3);
    }

    let mut next = 0;
    for &(symbol, length) in symbols.iter().chain([&(literals + distance, 1)]) {
        write_zeros(symbol - next, out);
        write_length(length, out);
        next = symbol + 1;
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
        write_length(symbol, out);
        out.bits((taken - least) as u64, extra_bits);
        rest -= taken;
    }
}

/// Eight symbols of 3 bits: each code is the symbol's place among them.
fn write_length(symbol: u8, out: &mut BitWriter) {
    const REVERSED: [u64; 8] = [0b000, 0b100, 0b010, 0b110, 0b001, 0b101, 0b011, 0b111];
    let coded = LENGTH_SYMBOLS
        .iter()
        .zip(REVERSED)
        .find(|(coded, _)| **coded == symbol);
    out.bits(coded.expect("only lengths up to 5 occur").1, 3);
}

const fn eights() -> [Eight; 256] {
    let mut eights = [Eight {
        bits: 0,
        count: 0,
        light: 0,
        weight: 0,
    }; 256];
    let mut value = 0;
    while value < 256 {
        let eight = &mut eights[value];
        let mut module = 0;
        while module < 8 {
            if value >> module & 1 == 0 {
                eight.bits |= DARK_BITS << eight.count;
                eight.count += DARK_COUNT;
            } else {
                eight.count += LIGHT_COUNT;
                eight.light += 1;
            }
            eight.weight += eight.light;
            module += 1;
        }
        value += 1;
    }
    eights
}
