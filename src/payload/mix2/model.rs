//! The model: the probability of the next bit, and what it learns from that bit.

use super::guesses::{Guesses, Trust};
use super::histories::{self, Histories};
use super::matches::Matches;
use super::mixer::{self, Mixer};
use super::position::{Contexts, Position};
use super::runs::Runs;
use super::tables::{TABLES, Tables};

/// Where in the inputs the guesses stand.
const GUESSES_AT: usize = histories::KINDS;

/// Everything that the model knows.
#[derive(Debug, Clone)]
pub(super) struct Model {
    tables: &'static Tables,
    histories: Histories,
    runs: Runs,
    matches: Matches,
    guesses: Guesses,
    mixer: Mixer,
    position: Position,
    /// What the trust in guesses was when priming ended: cheaper to copy than to log.
    trust: Option<Trust>,
}

impl Model {
    /// A model that has read `prior`, segment by segment.
    pub(super) fn primed(prior: &[u8]) -> Self {
        let tables: &'static Tables = &TABLES;
        let mut model = Self {
            tables,
            histories: Histories::new(tables),
            runs: Runs::new(),
            matches: Matches::new(),
            guesses: Guesses::new(),
            mixer: Mixer::new(tables),
            position: Position::new(),
            trust: None,
        };
        for segment in prior.split(|&byte| byte == b'\n') {
            if let Some(&first) = segment.first() {
                model.start(Position::at_segment(first));
                for &byte in segment {
                    let mut bits = byte;
                    model.byte_of::<true>(|_| next_bit(&mut bits));
                }
                model.histories.keep();
            }
        }
        model.freeze();
        model
    }

    /// Reads these documents for good: what comes after them is packed and unpacked by a model that has seen them.
    pub(super) fn read<'t>(&mut self, documents: impl Iterator<Item = &'t [u8]>) {
        for document in documents {
            self.begin();
            for &byte in document {
                let mut bits = byte;
                self.byte(|_| next_bit(&mut bits));
            }
        }
        self.freeze();
    }

    /// Ends the priming. From now on a document's changes are undone by [`Model::undo`].
    fn freeze(&mut self) {
        self.histories.keep();
        self.runs.freeze();
        self.matches.freeze();
        self.mixer.freeze(self.tables);
        self.trust = Some(self.guesses.trust);
    }

    /// Begins a document.
    pub(super) fn begin(&mut self) {
        self.start(Position::new());
    }

    fn start(&mut self, position: Position) {
        self.position = position;
        self.matches.start(&mut self.guesses);
        self.look_up();
    }

    fn look_up(&mut self) {
        let Contexts { histories, runs } = self.position.contexts();
        self.histories.begin(self.tables, histories);
        self.runs.begin(runs, &mut self.guesses);
        self.mixer.begin(&self.position);
        self.mixer.inputs.0[GUESSES_AT..mixer::BIAS].fill(0);
    }

    /// Forgets the document.
    pub(super) fn undo(&mut self) {
        self.histories.undo();
        self.runs.undo();
        self.matches.undo();
        self.mixer.undo();
        if let Some(trust) = self.trust {
            self.guesses.trust = trust;
        }
    }

    /// The text before the next byte.
    pub(super) fn position(&self) -> &Position {
        &self.position
    }

    /// One byte of a document, from its highest bit. `code` is told the probability that a bit is a 1, in 65,536ths and at least
    /// 1, and says which bit it is.
    #[inline]
    pub(super) fn byte(&mut self, code: impl FnMut(u16) -> u32) -> u8 {
        self.byte_of::<false>(code)
    }

    #[inline]
    fn byte_of<const PRIOR: bool>(&mut self, mut code: impl FnMut(u16) -> u32) -> u8 {
        let tables = self.tables;
        let guesses = GUESSES_AT..mixer::BIAS;
        // The bits so far behind a 1.
        let mut partial = 1;
        for first in [0, 4] {
            // The same of this nibble.
            let mut node = 1;
            for bit in first..first + 4 {
                let inputs = &mut self.mixer.inputs.0;
                let seen = self.histories.predict(node, &mut inputs[..GUESSES_AT]);
                self.guesses.predict(tables, &mut inputs[guesses.clone()]);
                let one = code(self.mixer.predict(tables, seen, partial, bit)) & 1;

                self.mixer.update(one);
                if PRIOR {
                    self.histories.learn(tables, node, one);
                }
                self.histories.update(tables, node, one);
                let inputs = &mut self.mixer.inputs.0[guesses.clone()];
                self.guesses.update(bit, one, inputs);
                partial = partial << 1 | one;
                node = node << 1 | one as usize;
            }
            self.histories.end_nibble(tables, partial);
        }
        let [byte, ..] = partial.to_le_bytes();
        self.end(byte);
        byte
    }

    fn end(&mut self, byte: u8) {
        self.runs.end(byte);
        self.position.advance(byte);
        self.matches.end(
            byte,
            self.position.last,
            self.position.name,
            &mut self.guesses,
        );
        self.look_up();
    }

    /// Everything that learns, as bytes, in the order of the format: what two implementations compare.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        self.histories.each_byte(&mut write);
        self.runs.each_byte(&mut write);
        self.guesses.each_byte_of_runs(&mut write);
        self.matches.each_byte(&mut write);
        self.guesses.each_byte_of_matches(&mut write);
        self.mixer.each_byte(&mut write);
    }
}

/// The highest bit; the next one takes its place.
#[inline]
pub(super) fn next_bit(bits: &mut u8) -> u32 {
    let bit = *bits >> 7;
    *bits <<= 1;
    bit.into()
}
