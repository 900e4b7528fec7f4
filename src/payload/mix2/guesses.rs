//! Bytes that are expected, and how far to trust that: what runs and matches have in common.

use super::tables::Tables;

/// The kinds of context whose runs are kept.
pub(super) const RUN_KINDS: usize = 3;
/// The kinds of match that are sought.
pub(super) const MATCH_KINDS: usize = 2;
/// The kinds of guess: those of the runs, then those of the matches.
const KINDS: usize = RUN_KINDS + MATCH_KINDS;
/// A probability starts at three quarters.
const FIRST: u16 = 49_152;

/// How often guesses were right, in 65,536ths: those of the runs, 64 numbers for each kind, and those of the matches, 128 each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trust([[u16; 256]; 2]);

/// A guess of each kind, and how far to trust it.
#[derive(Debug, Clone)]
pub(super) struct Guesses {
    /// The bits that are expected, from the highest, and somewhere behind them a 1; 0: nothing is expected.
    bits: [u32; KINDS],
    /// Where the trust in it stands.
    places: [u8; KINDS],
    pub(super) trust: Trust,
}

impl Guesses {
    pub(super) fn new() -> Self {
        Self {
            bits: [0; KINDS],
            places: [0; KINDS],
            trust: Trust([[FIRST; 256]; 2]),
        }
    }

    /// The byte that a run expects, and which of its 64 numbers of trust that is.
    pub(super) fn set_run(&mut self, kind: u8, byte: Option<u8>, place: u8) {
        self.set(usize::from(kind), byte, kind * 64 + place);
    }

    /// The byte that a match expects, and which of its 128 numbers of trust that is.
    pub(super) fn set_match(&mut self, kind: u8, byte: Option<u8>, place: u8) {
        let place = kind * 128 + place;
        self.set(RUN_KINDS + usize::from(kind), byte, place);
    }

    fn set(&mut self, kind: usize, byte: Option<u8>, place: u8) {
        self.bits[kind] = byte.map_or(0, |byte| u32::from(byte) << 24 | 1);
        self.places[kind] = place;
    }

    /// What each kind says of the next bit. Where nothing is expected, the input is 0 already.
    #[inline]
    pub(super) fn predict(&self, tables: &Tables, inputs: &mut [i16]) {
        for kind in 0..KINDS {
            let bits = self.bits[kind];
            if bits != 0 {
                let trust = &self.trust.0[usize::from(kind >= RUN_KINDS)];
                let input = tables.stretch(u32::from(trust[usize::from(self.places[kind])]));
                inputs[kind] = if bits >> 31 == 1 { input } else { -input };
            }
        }
    }

    /// Learns one bit: whether the `bit`th of the byte was `one`.
    #[inline]
    pub(super) fn update(&mut self, bit: u32, one: u32, inputs: &mut [i16]) {
        for kind in 0..KINDS {
            let bits = self.bits[kind];
            if bits != 0 {
                let trust = &mut self.trust.0[usize::from(kind >= RUN_KINDS)];
                let trust = &mut trust[usize::from(self.places[kind])];
                if bits >> 31 == one {
                    *trust += (65_535 - *trust) >> 6;
                    self.bits[kind] = bits << 1;
                } else {
                    *trust -= *trust >> 6;
                    self.bits[kind] = 0;
                    inputs[kind] = 0;
                }
            }
        }
        // Trust in runs differs at the first bit, the next three, and the last four.
        if bit == 0 || bit == 3 {
            for place in &mut self.places[..RUN_KINDS] {
                *place += 1;
            }
        }
    }

    /// The trust in runs, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte_of_runs(&self, mut write: impl FnMut(&[u8])) {
        for trust in &self.trust.0[0][..64 * RUN_KINDS] {
            write(&trust.to_le_bytes());
        }
    }

    /// The trust in matches, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte_of_matches(&self, mut write: impl FnMut(&[u8])) {
        for trust in &self.trust.0[1] {
            write(&trust.to_le_bytes());
        }
    }
}
