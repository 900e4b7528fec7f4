//! A zlib stream (RFC 1950, RFC 1951) of picture rows: modules, one bit a
//! pixel, each as many pixels wide and high as the scale says.
//!
//! A row that comes several times is written once and then copied. Inside a
//! row there are three ways. At the scales where eight modules make a few bytes
//! of few values, bytes are literals: Huffman codes are then as good as copies,
//! and the code of eight modules is written at once; at scale 8 that code is
//! known beforehand. At other scales, rows are searched for copies. All is one
//! block.

mod adler;
mod bits;
mod block;
mod eights;
mod groups;
mod huffman;
mod search;

use adler::Adler;
use bits::BitWriter;
use block::Block;
use eights::Eights;
use groups::Groups;
use search::Search;

/// Every row is written as it is (W3C PNG, 9.2: filter type 0).
const FILTER_NONE: u8 = 0;

/// Compresses rows of modules.
pub(super) struct RowDeflater {
    modules: usize,
    scale: usize,
    /// Bytes of a row with its filter byte.
    row_bytes: usize,
    adler: Adler,
    way: Way,
}

enum Way {
    Eights(Eights),
    Groups(Box<Block>, &'static Groups),
    /// The search, and one row.
    Search(Box<Block>, Search, Vec<u8>),
}

impl RowDeflater {
    /// For rows of `modules` modules, 1 to 4,096 pixels wide at this scale.
    ///
    /// Rows will be pushed one or `margin` at once.
    pub(super) fn new(modules: usize, scale: usize, margin: usize) -> Self {
        let row_bytes = 1 + (modules * scale).div_ceil(8);
        // A picture is square: eight modules a token, and some copies of each row.
        let block = |groups| Box::new(Block::new(groups, modules * (modules / 8 + 4)));
        let way = match Groups::of(scale) {
            _ if scale == Eights::SCALE => {
                Way::Eights(Eights::new(stream(modules), modules, [1, margin.max(1)]))
            }
            Some(groups) => Way::Groups(block(Some(groups)), groups),
            None => Way::Search(
                block(None),
                Search::new(row_bytes),
                vec![FILTER_NONE; row_bytes],
            ),
        };
        Self {
            modules,
            scale,
            row_bytes,
            adler: Adler::new(),
            way,
        }
    }

    /// Appends a row of modules, `times` modules high.
    ///
    /// The first module is the lowest bit of the first byte; 1 is light, also
    /// in what is left of the last byte.
    pub(super) fn push(&mut self, modules: &[u8], times: usize) {
        let lines = times * self.scale;
        let copied = (lines - 1) * self.row_bytes;
        match &mut self.way {
            Way::Eights(eights) => self.adler.bytes(eights.push(modules, times)),
            Way::Groups(block, groups) => {
                let (whole, rest) = modules.split_at(self.modules / 8);
                block.literal(FILTER_NONE);
                self.adler.byte(FILTER_NONE);
                for &group in whole {
                    block.group(group);
                    self.adler.bytes(groups.sums(group));
                }
                let rest_bytes = (self.modules % 8 * self.scale).div_ceil(8);
                for &byte in rest
                    .first()
                    .map_or(&[][..], |&group| &groups.bytes(group)[..rest_bytes])
                {
                    block.literal(byte);
                    self.adler.byte(byte);
                }
                block.copy(self.row_bytes, copied);
            }
            Way::Search(block, search, row) => {
                widen(modules, self.modules, self.scale, &mut row[1..]);
                search.push(row, lines, block);
                for &byte in &*row {
                    self.adler.byte(byte);
                }
                block.copy(self.row_bytes, copied);
            }
        }
        self.adler.end_row(lines);
    }

    /// The finished zlib stream.
    pub(super) fn finish(self) -> Vec<u8> {
        let out = match self.way {
            Way::Eights(eights) => eights.finish(),
            Way::Groups(block, _) | Way::Search(block, ..) => {
                let mut out = stream(self.modules);
                block.write(&mut out);
                out
            }
        };
        let mut bytes = out.into_bytes();
        bytes.extend(self.adler.value().to_be_bytes());
        bytes
    }
}

/// The beginning of a stream for a picture that many modules wide and high.
fn stream(modules: usize) -> BitWriter {
    let mut out = BitWriter::new(modules * modules / 2);
    // Deflate with a window of 32 KiB, best compression (RFC 1950, 2.2).
    out.bits(0xda78, 16);
    out
}

/// Writes each module as `scale` bits, the highest of a byte first, as pixels
/// stand in a PNG.
fn widen(modules: &[u8], count: usize, scale: usize, row: &mut [u8]) {
    row.fill(0xff);
    for module in (0..count).filter(|module| modules[module / 8] >> (module % 8) & 1 == 0) {
        clear_bits(row, module * scale, (module + 1) * scale);
    }
}

/// Clears bits `start..end`, the highest of a byte first.
fn clear_bits(bytes: &mut [u8], start: usize, end: usize) {
    let (first, last) = (start / 8, end / 8);
    let (before, after) = (!(0xff_u8 >> (start % 8)), 0xff_u8 >> (end % 8));
    if first == last {
        bytes[first] &= before | after;
        return;
    }
    bytes[first] &= before;
    bytes[first + 1..last].fill(0);
    if !end.is_multiple_of(8) {
        bytes[last] &= after;
    }
}
