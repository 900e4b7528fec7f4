//! The model: the probability of the next bit, and what it learns from that bit.

use super::histories::{self, Histories};
use super::matches::Matches;
use super::mixer::{self, Learned, Mixer};
use super::position::{Contexts, Position};
use super::runs::{self, Runs};

/// Where in the inputs the opinions of each part stand.
const RUNS_AT: usize = histories::KINDS;
const MATCHES_AT: usize = RUNS_AT + runs::KINDS;

/// Everything that the model knows.
#[derive(Debug, Clone)]
pub(super) struct Model {
    histories: Histories,
    runs: Runs,
    matches: Matches,
    mixer: Mixer,
    position: Position,
    /// The bits of the byte so far behind a 1, and how many.
    partial: u32,
    bit: u32,
    /// What the small parts knew when priming ended.
    base: Option<Box<Base>>,
}

/// What is cheaper to copy than to log.
#[derive(Debug, Clone, PartialEq)]
struct Base {
    mixer: Learned,
    runs: [[u16; 64]; runs::KINDS],
    matches: [[u16; 128]; super::matches::KINDS],
}

impl Model {
    /// A model that has read `prior`, segment by segment.
    pub(super) fn primed(prior: &[u8]) -> Self {
        let mut model = Self {
            histories: Histories::new(),
            runs: Runs::new(),
            matches: Matches::new(),
            mixer: Mixer::new(),
            position: Position::new(),
            partial: 1,
            bit: 0,
            base: None,
        };
        for segment in prior.split(|&byte| byte == b'\n') {
            if let Some(&first) = segment.first() {
                model.start(Position::at_segment(first));
                for &byte in segment {
                    model.read(byte);
                }
            }
        }
        model.freeze();
        model
    }

    /// Ends the priming. From now on a document's changes are undone by [`Model::undo`].
    fn freeze(&mut self) {
        self.histories.freeze();
        self.runs.freeze();
        self.matches.freeze();
        self.mixer.freeze();
        self.base = Some(Box::new(Base {
            mixer: self.mixer.learned.clone(),
            runs: self.runs.trust,
            matches: self.matches.trust,
        }));
    }

    /// Begins a document.
    pub(super) fn begin(&mut self) {
        self.start(Position::new());
    }

    fn start(&mut self, position: Position) {
        self.position = position;
        self.partial = 1;
        self.bit = 0;
        self.matches.start();
        self.look_up();
    }

    fn look_up(&mut self) {
        let Contexts { histories, runs } = self.position.contexts();
        self.histories.begin(histories);
        self.runs.begin(runs);
    }

    /// Forgets the document.
    pub(super) fn undo(&mut self) {
        self.histories.undo();
        self.runs.undo();
        self.matches.undo();
        if let Some(base) = &self.base {
            self.mixer.learned.become_again(&base.mixer);
            self.runs.trust = base.runs;
            self.matches.trust = base.matches;
        }
    }

    /// The text before the next byte.
    pub(super) fn position(&self) -> &Position {
        &self.position
    }

    /// The probability that the next bit is a 1, in 65,536ths: 1 to 65,535.
    #[inline]
    pub(super) fn predict(&mut self) -> u32 {
        let (partial, bit) = (self.partial, self.bit);
        let inputs = &mut self.mixer.inputs;
        self.histories.predict(partial, inputs);
        self.runs
            .predict(partial, bit, &mut inputs[RUNS_AT..MATCHES_AT]);
        self.matches
            .predict(partial, bit, &mut inputs[MATCHES_AT..mixer::BIAS]);
        self.mixer.predict(&self.position, partial, bit)
    }

    /// Learns the bit that came.
    #[inline]
    pub(super) fn update(&mut self, bit: u32) {
        self.mixer.update(bit);
        self.histories.update(self.partial, bit);
        self.runs.update(bit);
        self.matches.update(bit);
        self.partial = self.partial << 1 | bit;
        self.bit += 1;
        if self.bit == 8 {
            let [byte, ..] = self.partial.to_le_bytes();
            self.end(byte);
        }
    }

    fn end(&mut self, byte: u8) {
        self.runs.end(byte);
        self.position.advance(byte);
        self.matches
            .end(byte, self.position.last, self.position.name);
        self.partial = 1;
        self.bit = 0;
        self.look_up();
    }

    fn read(&mut self, byte: u8) {
        for shift in (0..8).rev() {
            self.predict();
            self.update(u32::from(byte >> shift & 1));
        }
    }

    /// Everything that learns, as bytes, in the order of the format: what two implementations compare.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        self.histories.each_byte(&mut write);
        self.runs.each_byte(&mut write);
        self.matches.each_byte(&mut write);
        self.mixer.each_byte(&mut write);
    }
}
