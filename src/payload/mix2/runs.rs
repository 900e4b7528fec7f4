//! What followed three kinds of context last time, byte by byte, and how often in a row.

use super::boxed::boxed;
use super::guesses::{Guesses, RUN_KINDS};

/// 1 MB; two entries beside each other are one set.
const ENTRIES: usize = 1 << 18;
const MOST: u8 = 15;

/// The byte that followed, and how many times in a row; zero times: nothing is known.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    check: u16,
    byte: u8,
    times: u8,
}

/// The runs.
#[derive(Debug, Clone)]
pub(super) struct Runs {
    entries: Box<[Run; ENTRIES]>,
    at: [usize; RUN_KINDS],
    check: [u16; RUN_KINDS],
    undo: Option<Vec<(usize, Run)>>,
}

impl Runs {
    pub(super) fn new() -> Self {
        Self {
            entries: boxed(Run::default()),
            at: [0; RUN_KINDS],
            check: [0; RUN_KINDS],
            undo: None,
        }
    }

    pub(super) fn freeze(&mut self) {
        self.undo = Some(Vec::new());
    }

    pub(super) fn undo(&mut self) {
        for (at, run) in self.undo.iter_mut().flat_map(|undo| undo.drain(..).rev()) {
            self.entries[at % ENTRIES] = run;
        }
    }

    /// Before a byte.
    pub(super) fn begin(&mut self, contexts: [u32; RUN_KINDS], guesses: &mut Guesses) {
        for (kind, number) in (0..RUN_KINDS).zip(0..) {
            let [low, high, ..] = contexts[kind].to_le_bytes();
            let check = u16::from_le_bytes([low, high]);
            let first = (contexts[kind] >> 14) as usize;
            let (one, other) = (self.entries[first], self.entries[first ^ 1]);
            let second = one.check != check && (other.check == check || one.times > other.times);
            let run = if second { other } else { one };
            let known = run.times > 0 && run.check == check;
            // Four numbers for each number of times, three of which are used.
            guesses.set_run(number, known.then_some(run.byte), run.times * 4);
            self.at[kind] = first ^ usize::from(second);
            self.check[kind] = check;
        }
    }

    /// Learns a byte.
    pub(super) fn end(&mut self, byte: u8) {
        for kind in 0..RUN_KINDS {
            let run = &mut self.entries[self.at[kind] % ENTRIES];
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
        for run in self.entries.iter() {
            let [low, high] = run.check.to_le_bytes();
            write(&[run.times, run.byte, low, high]);
        }
    }
}
