//! One block of tokens (RFC 1951, 3.2).

use super::bits::BitWriter;
use super::huffman::{Code, code_lengths};

/// Longest copy (3.2.5).
pub(super) const MAX_LENGTH: usize = 258;

pub(super) const END_OF_BLOCK: usize = 256;
const LITERALS: usize = 286;
const DISTANCES: usize = 30;
/// The fixed code has two symbols more, which never occur.
const FIXED_LITERALS: usize = 288;
/// The most bits of one token: four codes of 15 bits, or a copy of 15 + 5 + 15 + 13.
const TOKEN_BITS: usize = 64;
/// The most bits of the code lengths: 14 of counts, 19 of 3, and a code of 7 with 7 more for each.
const HEADER_BITS: usize = 14 + 19 * 3 + (LITERALS + DISTANCES) * 14;
/// The order of code length codes (3.2.7).
pub(super) const LENGTHS_ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

enum Token {
    Literal(u8),
    Copy { length: u16, distance: u16 },
}

/// What is to be written, and how often each symbol occurs in it.
pub(super) struct Block {
    tokens: Vec<Token>,
    literals: [u32; LITERALS],
    distances: [u32; DISTANCES],
}

impl Block {
    /// For about that many tokens.
    pub(super) fn new(tokens: usize) -> Self {
        let mut literals = [0; LITERALS];
        literals[END_OF_BLOCK] = 1;
        Self {
            tokens: Vec::with_capacity(tokens),
            literals,
            distances: [0; DISTANCES],
        }
    }

    #[inline]
    pub(super) fn literal(&mut self, byte: u8) {
        self.tokens.push(Token::Literal(byte));
        self.literals[usize::from(byte)] += 1;
    }

    /// Copies from `distance` bytes before; 3 bytes at least, or none.
    pub(super) fn copy(&mut self, distance: usize, bytes: usize) {
        let distance = u16::try_from(distance).expect("the window is 32,768 bytes");
        let mut rest = bytes;
        while rest > 0 {
            let most = rest.min(MAX_LENGTH);
            // The next copy has at least 3 bytes, too.
            let length = if matches!(rest - most, 1 | 2) {
                most - 3
            } else {
                most
            };
            rest -= length;
            let length = u16::try_from(length).expect("a copy has at most 258 bytes");
            self.literals[length_symbol(length).0] += 1;
            self.distances[distance_symbol(distance).0] += 1;
            self.tokens.push(Token::Copy { length, distance });
        }
    }

    /// Writes the block as the last one of a stream: with codes of its own, or
    /// with the fixed ones where those are shorter, as for the smallest
    /// pictures.
    pub(super) fn write(self, out: &mut BitWriter) {
        let own = [
            code_lengths(&self.literals, 15),
            code_lengths(&self.distances, 15),
        ];
        let header = Header::new(&own);
        let fixed = || {
            [
                (0..FIXED_LITERALS).map(fixed_length).collect(),
                vec![5; DISTANCES],
            ]
        };
        let own_bits = self.bits(&own) + header.bits();
        let lengths = if own_bits < self.least_fixed_bits() || own_bits < self.bits(&fixed()) {
            out.room(3 + HEADER_BITS);
            out.bits(0b101, 3);
            header.write(out);
            own
        } else {
            out.room(3);
            out.bits(0b011, 3);
            fixed()
        };
        self.write_tokens(&lengths.map(|lengths| Code::canonical(&lengths)), out);
    }

    /// Bits of all symbols, without what follows some of them.
    fn bits(&self, lengths: &[Vec<u8>; 2]) -> u64 {
        let literals = self.literals.iter().zip(&lengths[0]);
        let distances = self.distances.iter().zip(&lengths[1]);
        literals
            .chain(distances)
            .map(|(&count, &length)| u64::from(count) * u64::from(length))
            .sum()
    }

    /// What the fixed code needs at least: a shortcut, as it seldom wins.
    fn least_fixed_bits(&self) -> u64 {
        let total = |counts: &[u32]| u64::from(counts.iter().sum::<u32>());
        7 * total(&self.literals) + 5 * total(&self.distances)
    }

    fn write_tokens(&self, [literals, distances]: &[Vec<Code>; 2], out: &mut BitWriter) {
        for token in &self.tokens {
            out.room(TOKEN_BITS);
            match *token {
                Token::Literal(byte) => out.code(literals[usize::from(byte)]),
                Token::Copy { length, distance } => {
                    let (symbol, extra, extra_bits) = length_symbol(length);
                    out.code(literals[symbol]);
                    out.bits(extra.into(), extra_bits);
                    let (symbol, extra, extra_bits) = distance_symbol(distance);
                    out.code(distances[symbol]);
                    out.bits(extra.into(), extra_bits);
                }
            }
        }
        out.room(TOKEN_BITS);
        out.code(literals[END_OF_BLOCK]);
    }
}

/// Two strings of bits and their numbers, one behind the other.
pub(super) fn joined(
    (first, first_count): (u64, u32),
    (second, second_count): (u64, u32),
) -> (u64, u32) {
    (first | second << first_count, first_count + second_count)
}

/// Code lengths of the fixed code (3.2.6).
fn fixed_length(symbol: usize) -> u8 {
    match symbol {
        144..=255 => 9,
        256..=279 => 7,
        _ => 8,
    }
}

/// Symbol, extra bits and their number (3.2.5).
pub(super) fn length_symbol(length: u16) -> (usize, u16, u32) {
    match length {
        258 => (285, 0, 0),
        3..=10 => (usize::from(length) + 254, 0, 0),
        _ => {
            let value = length - 3;
            let extra_bits = value.ilog2() - 2;
            let symbol = 257 + 4 * (extra_bits as usize) + usize::from(value >> extra_bits);
            (symbol, value & ((1 << extra_bits) - 1), extra_bits)
        }
    }
}

/// Symbol, extra bits and their number (3.2.5).
pub(super) fn distance_symbol(distance: u16) -> (usize, u16, u32) {
    let value = distance - 1;
    if value < 4 {
        return (usize::from(value), 0, 0);
    }
    let extra_bits = value.ilog2() - 1;
    let symbol = 2 * (extra_bits as usize) + usize::from(value >> extra_bits);
    (symbol, value & ((1 << extra_bits) - 1), extra_bits)
}

/// The code lengths of a block, run-length coded (3.2.7).
struct Header {
    counts: [usize; 2],
    /// Symbol, extra bits and their number.
    symbols: Vec<(usize, u64, u32)>,
    lengths: Vec<u8>,
}

impl Header {
    fn new(lengths: &[Vec<u8>; 2]) -> Self {
        let used = |lengths: &[u8], least: usize| {
            lengths
                .iter()
                .rposition(|&length| length > 0)
                .map_or(least, |last| (last + 1).max(least))
        };
        let counts = [used(&lengths[0], 257), used(&lengths[1], 1)];
        let all: Vec<u8> = lengths
            .iter()
            .zip(counts)
            .flat_map(|(lengths, count)| &lengths[..count])
            .copied()
            .collect();
        let mut symbols = Vec::new();
        for run in all.chunk_by(|a, b| a == b) {
            push_run(run[0], run.len(), &mut symbols);
        }
        let mut frequencies = [0; 19];
        for (symbol, ..) in &symbols {
            frequencies[*symbol] += 1;
        }
        Self {
            counts,
            symbols,
            lengths: code_lengths(&frequencies, 7),
        }
    }

    fn code_count(&self) -> usize {
        LENGTHS_ORDER
            .iter()
            .rposition(|&symbol| self.lengths[symbol] > 0)
            .map_or(4, |last| (last + 1).max(4))
    }

    fn bits(&self) -> u64 {
        let symbols = self
            .symbols
            .iter()
            .map(|(symbol, _, extra)| u64::from(self.lengths[*symbol]) + u64::from(*extra));
        14 + 3 * (self.code_count() as u64) + symbols.sum::<u64>()
    }

    fn write(&self, out: &mut BitWriter) {
        let count = self.code_count();
        out.bits((self.counts[0] - 257) as u64, 5);
        out.bits((self.counts[1] - 1) as u64, 5);
        out.bits((count - 4) as u64, 4);
        for symbol in &LENGTHS_ORDER[..count] {
            out.bits(self.lengths[*symbol].into(), 3);
        }
        let codes = Code::canonical(&self.lengths);
        for (symbol, extra, extra_bits) in &self.symbols {
            out.code(codes[*symbol]);
            out.bits(*extra, *extra_bits);
        }
    }
}

fn push_run(length: u8, run: usize, symbols: &mut Vec<(usize, u64, u32)>) {
    let mut rest = run;
    if length > 0 {
        symbols.push((length.into(), 0, 0));
        rest -= 1;
    }
    while rest >= 3 {
        let (symbol, least, most, extra_bits) = match (length, rest) {
            (0, 11..) => (18, 11, 138, 7),
            (0, _) => (17, 3, 10, 3),
            _ => (16, 3, 6, 2),
        };
        let taken = rest.min(most);
        symbols.push((symbol, (taken - least) as u64, extra_bits));
        rest -= taken;
    }
    symbols.extend(std::iter::repeat_n((length.into(), 0, 0), rest));
}
