//! A zlib stream (RFC 1950, RFC 1951) of picture rows: modules, one bit a
//! pixel, each as many pixels wide and high as the scale says.
//!
//! A row that comes several times is written once and then copied. Inside a
//! row there are two ways. At scale 8, the usual one, a byte is a module and
//! has one of two values: bytes are literals, and the code of eight modules is
//! known beforehand. At other scales, rows are searched for copies. All is one
//! block.

mod adler;
mod bits;
mod block;
mod huffman;
mod scale8;
mod search;
mod widen;

use adler::Adler;
use bits::BitWriter;
use block::Block;
use scale8::Scale8Encoder;
use search::Search;
use widen::widen;

use fearless_simd::{Level, dispatch};

use super::geometry::MAX_LIMBS;

/// Every row is written as it is (W3C PNG, 9.2: filter type 0).
const FILTER_NONE: u8 = 0;

/// A row of modules, the first one in the lowest bit of the first byte; 1 is
/// light, also beyond the last one.
type ModuleRow = [u8; 8 * (MAX_LIMBS + 1)];
/// A row of a margin.
const LIGHT_ROW: ModuleRow = [0xff; 8 * (MAX_LIMBS + 1)];

/// The rows of a square picture.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Modules of a side, with the margins.
    pub(super) modules: usize,
    /// Pixels of a module's side; at most 4,096 of the picture's.
    pub(super) scale: usize,
    /// Modules of the light margins on all sides; at most 16.
    pub(super) margin: usize,
}

/// Appends to `out` the zlib stream of a picture, from its rows between the
/// margins. Of a row, 1 is dark, and the first module is the lowest bit of the
/// first word.
pub(super) fn compress<'a>(
    out: Vec<u8>,
    shape: Shape,
    rows: impl Iterator<Item = &'a [u64]>,
) -> Vec<u8> {
    let mut out = BitWriter::new(out);
    out.room(16);
    // Deflate with a window of 32 KiB, best compression (RFC 1950, 2.2).
    out.bits(0xda78, 16);
    let (out, adler) = if shape.scale == Scale8Encoder::SCALE {
        dispatch!(Level::new(), _processor => in_eights(out, shape, rows))
    } else {
        searched(out, shape, rows)
    };
    let mut bytes = out.into_bytes();
    bytes.extend(adler.value().to_be_bytes());
    bytes
}

#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "it is compiled for several processors"
)]
fn in_eights<'a>(
    mut out: BitWriter,
    shape: Shape,
    rows: impl Iterator<Item = &'a [u64]>,
) -> (BitWriter, Adler) {
    let Shape {
        modules, margin, ..
    } = shape;
    let encoder = Scale8Encoder::new(&mut out, modules, margin.max(1));
    let mut adler = Adler::new();
    let push_margin = |out: &mut BitWriter, adler: &mut Adler| {
        if margin > 0 {
            adler.bytes(encoder.push_margin(out));
            adler.end_row(margin * Scale8Encoder::SCALE);
        }
    };
    push_margin(&mut out, &mut adler);
    // One for all rows: its bytes are read where its words were just written. To read a copy of it, a processor would have to
    // wait until all of them are in memory.
    let mut row = LIGHT_ROW;
    for words in rows {
        pack(words, margin, &mut row);
        adler.bytes(encoder.push(&row, &mut out));
        adler.end_row(Scale8Encoder::SCALE);
    }
    push_margin(&mut out, &mut adler);
    encoder.finish(&mut out);
    (out, adler)
}

/// A row, which has three words at most, between its margins. What is beyond is left as it is.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "it is compiled for several processors"
)]
fn pack(words: &[u64], margin: usize, row: &mut ModuleRow) {
    let places = row.as_chunks_mut().0;
    let mut carry = 0;
    for (place, word) in places.iter_mut().zip(words) {
        *place = (!(word << margin | carry)).to_le_bytes();
        // What is shifted out; all of it in two steps, as no word can be shifted by 64.
        carry = word >> 1 >> (63 - margin);
    }
    places[words.len()] = u64::to_le_bytes(!carry);
}

fn searched<'a>(
    mut out: BitWriter,
    shape: Shape,
    rows: impl Iterator<Item = &'a [u64]>,
) -> (BitWriter, Adler) {
    let mut block = Block::new(shape.tokens());
    let mut search = Search::new(shape.row_bytes());
    let mut adler = Adler::new();
    let mut row = vec![FILTER_NONE; shape.row_bytes()];
    let margin = (shape.margin > 0).then_some((LIGHT_ROW, shape.margin));
    let rows = rows.map(|words| {
        let mut row = LIGHT_ROW;
        pack(words, shape.margin, &mut row);
        (row, 1)
    });
    let rows = margin.into_iter().chain(rows);
    for (modules, times) in rows.chain(margin) {
        let lines = times * shape.scale;
        widen(&modules, shape.modules, shape.scale, &mut row[1..]);
        search.push(&row, lines, &mut block);
        for &byte in &row {
            adler.byte(byte);
        }
        block.copy(shape.row_bytes(), (lines - 1) * shape.row_bytes());
        adler.end_row(lines);
    }
    block.write(&mut out);
    (out, adler)
}

impl Shape {
    /// Bytes of a line with its filter byte.
    fn row_bytes(self) -> usize {
        1 + (self.modules * self.scale).div_ceil(8)
    }

    /// About how many tokens: eight modules a token, and some copies of each row.
    fn tokens(self) -> usize {
        self.modules * (self.modules / 8 + 4)
    }
}
