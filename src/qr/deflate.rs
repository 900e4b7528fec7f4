//! A zlib stream (RFC 1950, RFC 1951) of picture rows that repeat.
//!
//! A row that comes several times is written once and then copied. Inside a
//! row, bytes are literals where a module is a whole number or fraction of a
//! byte: Huffman codes of two to sixteen values are then as good as copies.
//! Other rows are searched for copies. All is one block.

mod bits;
mod huffman;

use bits::BitWriter;
use huffman::{Code, code_lengths};

/// Longest copy (RFC 1951, 3.2.5).
const MAX_LENGTH: usize = 258;
/// Farthest copy.
const MAX_DISTANCE: usize = 32_768;
/// Shortest copy that is searched for; 3 bytes seldom save anything.
const MIN_SEARCHED: usize = 4;
/// Earlier places that are compared before the longest is taken.
const MAX_COMPARED: usize = 16;
const HASH_BITS: u32 = 12;

const END_OF_BLOCK: usize = 256;
const LITERALS: usize = 286;
const DISTANCES: usize = 30;
/// The fixed code has two symbols more, which never occur.
const FIXED_LITERALS: usize = 288;
/// The order of code length codes (RFC 1951, 3.2.7).
const LENGTHS_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

#[derive(Clone, Copy)]
enum Token {
    Literal(u8),
    Copy { length: u16, distance: u16 },
}

/// Compresses rows of equal length.
pub(super) struct RowDeflater {
    row_bytes: usize,
    tokens: Vec<Token>,
    adler: Adler,
    /// Uncompressed bytes so far.
    position: usize,
    search: Option<Search>,
}

impl RowDeflater {
    /// For rows of `row_bytes` bytes, 2 or more. `search` looks for copies
    /// inside and between rows.
    pub(super) fn new(row_bytes: usize, search: bool) -> Self {
        let search = search.then(|| Search::new(row_bytes));
        Self { row_bytes, tokens: Vec::new(), adler: Adler::new(), position: 0, search }
    }

    /// Appends a row, `times` times (1 or more).
    pub(super) fn push(&mut self, row: &[u8], times: usize) {
        debug_assert_eq!(row.len(), self.row_bytes, "all rows are equally long");
        self.adler.push(row, times);
        let copies_start = self.position + (times - 1) * row.len();
        match &mut self.search {
            None => self.tokens.extend(row.iter().map(|&byte| Token::Literal(byte))),
            Some(search) => search.push(row, self.position, copies_start, &mut self.tokens),
        }
        self.copy_row(times - 1);
        self.position = copies_start + row.len();
    }

    fn copy_row(&mut self, times: usize) {
        let distance = u16::try_from(self.row_bytes).expect("a row has at most 513 bytes");
        let mut rest = times * self.row_bytes;
        while rest > 0 {
            let longest = rest.min(MAX_LENGTH);
            // A copy has at least 3 bytes: leave that many.
            let length = if matches!(rest - longest, 1 | 2) { longest - 3 } else { longest };
            let length_u16 = u16::try_from(length).expect("a copy has at most 258 bytes");
            self.tokens.push(Token::Copy { length: length_u16, distance });
            rest -= length;
        }
    }

    /// The finished zlib stream.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut out = BitWriter::new();
        // Deflate with a window of 32 KiB, best compression (RFC 1950, 2.2).
        out.bits(0xda78, 16);
        write_block(&self.tokens, &mut out);
        let mut bytes = out.into_bytes();
        bytes.extend(self.adler.value().to_be_bytes());
        bytes
    }
}

/// Looks for the longest copy among the nearest places with the same 4 bytes.
struct Search {
    row_bytes: usize,
    /// Each row once.
    rows: Vec<u8>,
    /// Where the last copy of each row starts in the uncompressed stream.
    starts: Vec<usize>,
    /// The newest place in `rows` for each hash, and for each place the next older.
    newest: Vec<Option<usize>>,
    older: Vec<Option<usize>>,
}

impl Search {
    fn new(row_bytes: usize) -> Self {
        Self { row_bytes, rows: Vec::new(), starts: Vec::new(), newest: vec![None; 1 << HASH_BITS], older: Vec::new() }
    }

    fn push(&mut self, row: &[u8], start: usize, last_start: usize, tokens: &mut Vec<Token>) {
        let first = self.rows.len();
        self.rows.extend_from_slice(row);
        // Within the row itself, copies are taken from its first occurrence.
        self.starts.push(start);
        let mut place = first;
        while place < self.rows.len() {
            let length = match self.longest(place, start + (place - first)) {
                Some((length, distance)) => {
                    tokens.push(Token::Copy { length, distance });
                    usize::from(length)
                }
                None => {
                    tokens.push(Token::Literal(self.rows[place]));
                    1
                }
            };
            for passed in place..place + length {
                self.remember(passed);
            }
            place += length;
        }
        if let Some(newest) = self.starts.last_mut() {
            *newest = last_start;
        }
    }

    fn longest(&self, place: usize, position: usize) -> Option<(u16, u16)> {
        let mut best = None;
        let mut best_length = MIN_SEARCHED - 1;
        let mut candidate = self.newest[self.hash(place)?];
        for _ in 0..MAX_COMPARED {
            let Some(from) = candidate else { break };
            let distance = position - (self.starts[from / self.row_bytes] + from % self.row_bytes);
            if distance > MAX_DISTANCE {
                break;
            }
            let from_row_end = (from / self.row_bytes + 1) * self.row_bytes;
            let length = self.rows[place..]
                .iter()
                .zip(&self.rows[from..from_row_end])
                .take(MAX_LENGTH)
                .take_while(|(a, b)| a == b)
                .count();
            if length > best_length {
                best_length = length;
                best = u16::try_from(length).ok().zip(u16::try_from(distance).ok());
            }
            candidate = self.older[from];
        }
        best
    }

    fn remember(&mut self, place: usize) {
        let slot = self.hash(place);
        let older = slot.and_then(|slot| self.newest[slot].replace(place));
        self.older.push(older);
    }

    /// The slot of the 4 bytes at a place; none at the end of the rows so far.
    fn hash(&self, place: usize) -> Option<usize> {
        let four = self.rows.get(place..place + MIN_SEARCHED)?;
        let four = u32::from_le_bytes(four.try_into().ok()?);
        usize::try_from(four.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)).ok()
    }
}

/// Writes the only block: with codes of its own, or with the fixed ones if
/// that is shorter, as it is for the smallest pictures.
fn write_block(tokens: &[Token], out: &mut BitWriter) {
    let mut literals = [0_u32; LITERALS];
    let mut distances = [0_u32; DISTANCES];
    literals[END_OF_BLOCK] = 1;
    for token in tokens {
        match *token {
            Token::Literal(byte) => literals[usize::from(byte)] += 1,
            Token::Copy { length, distance } => {
                literals[length_symbol(length).0] += 1;
                distances[distance_symbol(distance).0] += 1;
            }
        }
    }

    let own = [code_lengths(&literals, 15), code_lengths(&distances, 15)];
    let fixed = [(0..FIXED_LITERALS).map(fixed_length).collect(), vec![5; DISTANCES]];
    let cost = |lengths: &[Vec<u8>; 2]| {
        let symbols = literals.iter().zip(&lengths[0]).chain(distances.iter().zip(&lengths[1]));
        symbols.map(|(&count, &length)| u64::from(count) * u64::from(length)).sum::<u64>()
    };
    let header = Header::new(&own);
    let lengths = if cost(&own) + header.bits() < cost(&fixed) {
        out.bits(0b101, 3);
        header.write(out);
        own
    } else {
        out.bits(0b011, 3);
        fixed
    };

    let [literal_codes, distance_codes] = lengths.map(|lengths| Code::canonical(&lengths));
    for token in tokens {
        match *token {
            Token::Literal(byte) => out.code(literal_codes[usize::from(byte)]),
            Token::Copy { length, distance } => {
                let (symbol, extra, extra_bits) = length_symbol(length);
                out.code(literal_codes[symbol]);
                out.bits(u64::from(extra), extra_bits);
                let (symbol, extra, extra_bits) = distance_symbol(distance);
                out.code(distance_codes[symbol]);
                out.bits(u64::from(extra), extra_bits);
            }
        }
    }
    out.code(literal_codes[END_OF_BLOCK]);
}

/// Code lengths of the fixed codes (RFC 1951, 3.2.6).
fn fixed_length(symbol: usize) -> u8 {
    match symbol {
        0..=143 => 8,
        144..=255 => 9,
        256..=279 => 7,
        _ => 8,
    }
}

/// Symbol, extra bits and their number (RFC 1951, 3.2.5).
fn length_symbol(length: u16) -> (usize, u16, u32) {
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

/// Symbol, extra bits and their number (RFC 1951, 3.2.5).
fn distance_symbol(distance: u16) -> (usize, u16, u32) {
    let value = distance - 1;
    if value < 4 {
        return (usize::from(value), 0, 0);
    }
    let extra_bits = value.ilog2() - 1;
    let symbol = 2 * (extra_bits as usize) + usize::from(value >> extra_bits);
    (symbol, value & ((1 << extra_bits) - 1), extra_bits)
}

/// The code lengths of a block, run-length coded (RFC 1951, 3.2.7).
struct Header {
    counts: [usize; 2],
    /// Symbol, extra bits and their number.
    symbols: Vec<(usize, u64, u32)>,
    lengths: Vec<u8>,
}

impl Header {
    fn new(lengths: &[Vec<u8>; 2]) -> Self {
        let used = |lengths: &[u8], least: usize| {
            lengths.iter().rposition(|&length| length > 0).map_or(least, |last| (last + 1).max(least))
        };
        let counts = [used(&lengths[0], 257), used(&lengths[1], 1)];
        let all: Vec<u8> = lengths.iter().zip(counts).flat_map(|(lengths, count)| &lengths[..count]).copied().collect();
        let symbols: Vec<_> = all.chunk_by(|a, b| a == b).flat_map(|run| run_symbols(run[0], run.len())).collect();
        let mut frequencies = [0; 19];
        for (symbol, ..) in &symbols {
            frequencies[*symbol] += 1;
        }
        Self { counts, symbols, lengths: code_lengths(&frequencies, 7) }
    }

    fn code_count(&self) -> usize {
        LENGTHS_ORDER.iter().rposition(|&symbol| self.lengths[symbol] > 0).map_or(4, |last| (last + 1).max(4))
    }

    fn bits(&self) -> u64 {
        let code = 14 + 3 * (self.code_count() as u64);
        self.symbols.iter().map(|(symbol, _, extra)| u64::from(self.lengths[*symbol]) + u64::from(*extra)).sum::<u64>() + code
    }

    fn write(&self, out: &mut BitWriter) {
        let count = self.code_count();
        out.bits((self.counts[0] - 257) as u64, 5);
        out.bits((self.counts[1] - 1) as u64, 5);
        out.bits((count - 4) as u64, 4);
        for symbol in &LENGTHS_ORDER[..count] {
            out.bits(u64::from(self.lengths[*symbol]), 3);
        }
        let codes = Code::canonical(&self.lengths);
        for (symbol, extra, extra_bits) in &self.symbols {
            out.code(codes[*symbol]);
            out.bits(*extra, *extra_bits);
        }
    }
}

fn run_symbols(length: u8, mut run: usize) -> Vec<(usize, u64, u32)> {
    let mut symbols = Vec::new();
    if length > 0 {
        symbols.push((usize::from(length), 0, 0));
        run -= 1;
    }
    while run >= 3 {
        let (symbol, least, most, extra_bits) = match (length, run) {
            (0, 11..) => (18, 11, 138, 7),
            (0, _) => (17, 3, 10, 3),
            _ => (16, 3, 6, 2),
        };
        let taken = run.min(most);
        symbols.push((symbol, (taken - least) as u64, extra_bits));
        run -= taken;
    }
    symbols.extend(std::iter::repeat_n((usize::from(length), 0, 0), run));
    symbols
}

/// Adler-32 (RFC 1950, 8.2), in one step for all copies of a row.
struct Adler {
    sum: u64,
    sum_of_sums: u64,
}

impl Adler {
    const MODULUS: u64 = 65_521;

    fn new() -> Self {
        Self { sum: 1, sum_of_sums: 0 }
    }

    fn push(&mut self, row: &[u8], times: usize) {
        let (mut sum, mut sum_of_sums) = (0_u64, 0_u64);
        for &byte in row {
            sum += u64::from(byte);
            sum_of_sums += sum;
        }
        let (length, times) = (row.len() as u64, times as u64);
        // At most 513 bytes a row and 4,096 rows: far from 64 bits.
        self.sum_of_sums += times * (length * self.sum + sum_of_sums) + length * sum * (times * (times - 1) / 2);
        self.sum = (self.sum + times * sum) % Self::MODULUS;
        self.sum_of_sums %= Self::MODULUS;
    }

    fn value(&self) -> u32 {
        u32::try_from(self.sum_of_sums << 16 | self.sum).expect("both sums are below 65,521")
    }
}
