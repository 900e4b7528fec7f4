//! Copies inside a row and from earlier rows (RFC 1951, 4).

use super::block::{Block, MAX_LENGTH};

/// Farthest copy.
const MAX_DISTANCE: usize = 32_768;
/// Shortest copy that is searched for; 3 bytes seldom save anything.
const MIN_LENGTH: usize = 4;
/// Earlier places that are compared before the longest is taken.
const MAX_COMPARED: usize = 16;
const HASH_BITS: u32 = 12;

/// Looks for the longest copy among the nearest places with the same 4 bytes.
pub(super) struct Search {
    row_bytes: usize,
    /// Each row once.
    rows: Vec<u8>,
    /// Where the last copy of each row starts in the uncompressed stream, or
    /// the first of the row that is being written.
    starts: Vec<usize>,
    /// Where the next row starts.
    end: usize,
    /// The newest place in `rows` for each hash, and for each place the next
    /// older one.
    newest: Vec<Option<usize>>,
    older: Vec<Option<usize>>,
}

impl Search {
    pub(super) fn new(row_bytes: usize) -> Self {
        Self {
            row_bytes,
            rows: Vec::new(),
            starts: Vec::new(),
            end: 0,
            newest: vec![None; 1 << HASH_BITS],
            older: Vec::new(),
        }
    }

    /// Writes a row that comes `times` times, once.
    pub(super) fn push(&mut self, row: &[u8], times: usize, block: &mut Block) {
        let start = self.end;
        self.end += times * row.len();
        let first = self.rows.len();
        self.rows.extend_from_slice(row);
        self.starts.push(start);
        let mut place = first;
        while place < self.rows.len() {
            let length = match self.longest(place, start + (place - first)) {
                Some((length, distance)) => {
                    block.copy(distance, length);
                    length
                }
                None => {
                    block.literal(self.rows[place]);
                    1
                }
            };
            for passed in place..place + length {
                self.remember(passed);
            }
            place += length;
        }
        if let Some(newest) = self.starts.last_mut() {
            *newest = self.end - row.len();
        }
    }

    /// Length and distance.
    fn longest(&self, place: usize, position: usize) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize)> = None;
        let mut candidate = self.newest[self.hash(place)?];
        for _ in 0..MAX_COMPARED {
            let Some(from) = candidate else { break };
            let row = from / self.row_bytes;
            let distance = position - (self.starts[row] + from % self.row_bytes);
            if distance > MAX_DISTANCE {
                break;
            }
            // What follows a row is its next copy, not the row that comes next here.
            let source = &self.rows[from..(row + 1) * self.row_bytes];
            let length = self.rows[place..]
                .iter()
                .zip(source)
                .take(MAX_LENGTH)
                .take_while(|(a, b)| a == b)
                .count();
            if length >= best.map_or(MIN_LENGTH, |(longest, _)| longest + 1) {
                best = Some((length, distance));
            }
            candidate = self.older[from];
        }
        best
    }

    fn remember(&mut self, place: usize) {
        let older = self
            .hash(place)
            .and_then(|slot| self.newest[slot].replace(place));
        self.older.push(older);
    }

    /// The slot of the 4 bytes at a place; none at the end of the rows so far.
    fn hash(&self, place: usize) -> Option<usize> {
        let four = self.rows.get(place..place + MIN_LENGTH)?;
        let four = u32::from_le_bytes(four.try_into().ok()?);
        usize::try_from(four.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)).ok()
    }
}
