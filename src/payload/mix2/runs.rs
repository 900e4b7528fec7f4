//! What followed three kinds of context last time, byte by byte, and how often in a row.

use super::tables::TABLES;

/// The kinds of context.
pub(super) const KINDS: usize = 3;
/// 1 MB; two entries beside each other are one set.
const ENTRIES: usize = 1 << 18;
const MOST: u8 = 15;
/// A probability starts at three quarters.
const FIRST: u16 = 49_152;

/// The byte that followed, and how many times in a row; zero times: nothing is known.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    check: u16,
    byte: u8,
    times: u8,
}

/// The runs, and how far to trust them.
#[derive(Debug, Clone)]
pub(super) struct Runs {
    entries: Vec<Run>,
    /// How often the byte of a run was right, by kind, times, and whether at its first bit, the next three, the last four.
    pub(super) trust: [[u16; 64]; KINDS],
    at: [usize; KINDS],
    check: [u16; KINDS],
    expects: [Option<(u32, usize)>; KINDS],
    undo: Option<Vec<(usize, Run)>>,
}

impl Runs {
    pub(super) fn new() -> Self {
        Self {
            entries: vec![Run::default(); ENTRIES],
            trust: [[FIRST; 64]; KINDS],
            at: [0; KINDS],
            check: [0; KINDS],
            expects: [None; KINDS],
            undo: None,
        }
    }

    pub(super) fn freeze(&mut self) {
        self.undo = Some(Vec::new());
    }

    pub(super) fn undo(&mut self) {
        while let Some((at, run)) = self.undo.as_mut().and_then(Vec::pop) {
            self.entries[at] = run;
        }
    }

    /// Before a byte.
    pub(super) fn begin(&mut self, contexts: [u32; KINDS]) {
        for kind in 0..KINDS {
            let [low, high, ..] = contexts[kind].to_le_bytes();
            let check = u16::from_le_bytes([low, high]);
            let first = (contexts[kind] >> 14) as usize;
            let (one, other) = (self.entries[first], self.entries[first ^ 1]);
            let second = one.check != check && (other.check == check || one.times > other.times);
            self.at[kind] = first ^ usize::from(second);
            self.check[kind] = check;
        }
    }

    /// What each run says of the next bit.
    #[inline]
    pub(super) fn predict(&mut self, partial: u32, bit: u32, inputs: &mut [i16]) {
        let stage = match bit {
            0 => 0,
            1..=3 => 1,
            _ => 2,
        };
        for kind in 0..KINDS {
            let run = self.entries[self.at[kind]];
            let byte = u32::from(run.byte) | 256;
            self.expects[kind] = None;
            inputs[kind] = 0;
            if run.times > 0 && run.check == self.check[kind] && byte >> (8 - bit) == partial {
                let expected = byte >> (7 - bit) & 1;
                let trust = usize::from(run.times) * 4 + stage;
                self.expects[kind] = Some((expected, trust));
                inputs[kind] = signed(expected, self.trust[kind][trust & 63]);
            }
        }
    }

    /// Learns one bit.
    #[inline]
    pub(super) fn update(&mut self, bit: u32) {
        for kind in 0..KINDS {
            if let Some((expected, trust)) = self.expects[kind] {
                confirm(&mut self.trust[kind][trust & 63], expected == bit);
            }
        }
    }

    /// Learns a byte.
    pub(super) fn end(&mut self, byte: u8) {
        for kind in 0..KINDS {
            let run = &mut self.entries[self.at[kind]];
            if let Some(undo) = &mut self.undo {
                undo.push((self.at[kind], *run));
            }
            let again = run.times > 0 && run.check == self.check[kind] && run.byte == byte;
            *run = Run {
                check: self.check[kind],
                byte,
                times: if again { (run.times + 1).min(MOST) } else { 1 },
            };
        }
    }

    /// Everything in it that learns, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        for run in &self.entries {
            let [low, high] = run.check.to_le_bytes();
            write(&[run.times, run.byte, low, high]);
        }
        for trust in self.trust.as_flattened() {
            write(&trust.to_le_bytes());
        }
    }
}

/// A trust as an input for or against a 1.
#[inline]
pub(super) fn signed(expected: u32, trust: u16) -> i16 {
    let input = TABLES.stretch(u32::from(trust));
    if expected == 1 { input } else { -input }
}

/// A trust after what it was put in came or did not.
#[inline]
pub(super) fn confirm(trust: &mut u16, right: bool) {
    if right {
        *trust += (65_535 - *trust) >> 6;
    } else {
        *trust -= *trust >> 6;
    }
}
