//! One probability out of fifteen opinions: weights that learn, in two layers, and what came of such probabilities before.

use std::hint::black_box;

use super::boxed::boxed;
use super::histories;
use super::position::Position;
use super::tables::{LOGITS, MOST_LOGIT, Tables, logit_at};

/// The inputs, and which of them is always the same: one nat.
pub(super) const INPUTS: usize = 16;
pub(super) const BIAS: usize = 15;
const SETS: usize = 4;
/// Rows of each set: by the class of the last byte and the bits of this one so far; by the classes of the last two bytes; by
/// the kinds of characters in the token, and the bit; by how many histories have seen something, and the state.
const ROWS: [usize; SETS] = [4_096, 256, 2_048, KNOWN];
const KNOWN: usize = (histories::KINDS + 1) * 8;
/// The second layer has more than that: no seven bits lead out of it.
const MOST_KNOWN: usize = 128;
/// A weight of one is 8,192.
const FIRST_WEIGHT: i16 = 819;
/// Where each set begins in the one table of all rows. The table is longer: no 13 bits lead out of it.
const SETS_AT: [usize; SETS] = [0, ROWS[0], ROWS[0] + ROWS[1], ROWS[0] + ROWS[1] + ROWS[2]];
const ALL_ROWS: usize = 8_192;
/// How fast the weights learn while the model is primed, and in a document.
const RATES: [i32; 2] = [8, 20];
/// A row whose error is below a 64th does not learn: as good, and much faster.
const SMALL_ERROR: i32 = 1_024;
/// The refinement: 1,024 curves through 33 points.
const CURVES: usize = 1_024;
const POINTS: usize = 33;

/// A weight for each input, or the inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(32))]
pub(super) struct Row(pub(super) [i16; INPUTS]);

/// What learns.
#[derive(Debug, Clone)]
struct Learned {
    weights: Box<[Row; ALL_ROWS]>,
    /// The second layer: a weight of one is 65,536.
    outer: [[i32; SETS]; MOST_KNOWN],
    curves: Box<[[u16; POINTS]; CURVES]>,
}

/// The mixer and its last prediction.
#[derive(Debug, Clone)]
pub(super) struct Mixer {
    learned: Learned,
    /// What was learned when priming ended, and what changed since: the rows of weights, and the curves.
    base: Option<Box<Learned>>,
    changed_rows: Box<[bool; ALL_ROWS]>,
    changed_curves: Box<[bool; CURVES]>,
    /// What the weights of a row learn, by the bit that came and what they said. 0: nothing.
    steps: Box<[[i16; LOGITS]; 2]>,
    pub(super) inputs: Row,
    /// Rows of two sets and the curve, but for the bits of the byte that is coming.
    first_rows: [usize; 2],
    first_curve: usize,
    state: usize,
    /// One of each set. No array, whose loops would be unrolled too early: see [`mix`].
    rows: Vec<usize>,
    logits: [i32; SETS],
    known: usize,
    mixed: i32,
    /// Where the point of a curve stands that learns.
    point: usize,
}

impl Mixer {
    pub(super) fn new(tables: &Tables) -> Self {
        let mut curves = boxed([0; POINTS]);
        for curve in curves.iter_mut() {
            for (point, logit) in curve.iter_mut().zip((-2_048..).step_by(128)) {
                *point = u16::try_from(tables.squash(logit).clamp(16, 65_520)).unwrap_or(0);
            }
        }
        let mut inputs = [0; INPUTS];
        inputs[BIAS] = 256;
        Self {
            learned: Learned {
                weights: boxed(Row([FIRST_WEIGHT; INPUTS])),
                outer: [[16_384; SETS]; MOST_KNOWN],
                curves,
            },
            base: None,
            changed_rows: boxed(false),
            changed_curves: boxed(false),
            steps: steps(tables, RATES[0]),
            inputs: Row(inputs),
            first_rows: [0; 2],
            first_curve: 0,
            state: 0,
            rows: vec![0; SETS],
            logits: [0; SETS],
            known: 0,
            mixed: 32_768,
            point: 0,
        }
    }

    /// Ends the priming: from now on weights learn faster, and changes can be undone.
    pub(super) fn freeze(&mut self, tables: &Tables) {
        self.steps = steps(tables, RATES[1]);
        self.base = Some(Box::new(self.learned.clone()));
        self.changed_rows.fill(false);
        self.changed_curves.fill(false);
    }

    pub(super) fn undo(&mut self) {
        if let Some(base) = &self.base {
            let now = &mut self.learned;
            each_changed(&mut self.changed_rows[..], |row| {
                now.weights[row] = base.weights[row];
            });
            each_changed(&mut self.changed_curves[..], |curve| {
                now.curves[curve] = base.curves[curve];
            });
            now.outer = base.outer;
        }
    }

    /// Before a byte.
    pub(super) fn begin(&mut self, position: &Position) {
        self.state = position.state() as usize;
        self.first_rows = [
            (position.classes as usize & 15) << 8,
            SETS_AT[2] + (position.charset as usize * 8) % ROWS[2],
        ];
        self.rows[1] = SETS_AT[1] + position.classes as usize % ROWS[1];
        self.first_curve = (position.place as usize) << 8;
    }

    /// The probability that the next bit is a 1, in 65,536ths: at least 1. `seen` is how many histories have seen something.
    #[inline]
    pub(super) fn predict(&mut self, tables: &Tables, seen: u16, partial: u32, bit: u32) -> u16 {
        self.known = (self.state + usize::from(seen) * 8) % MOST_KNOWN;
        let [classes, charset] = self.first_rows;
        if let [by_class, _, by_charset, by_known] = &mut self.rows[..] {
            *by_class = classes | partial as usize;
            *by_charset = charset | bit as usize;
            *by_known = SETS_AT[3] + self.known;
        }
        let Learned { weights, outer, .. } = &self.learned;
        let outer = &outer[self.known];
        let sum = mix(weights, &self.rows, &self.inputs, outer, &mut self.logits);
        let most = i64::from(MOST_LOGIT);
        let logit = i32::try_from((sum >> 16).clamp(-most, most)).unwrap_or(0);
        self.mixed = tables.squash(logit);
        let refined = self.refine(partial, logit);
        // Below 65,535, since `mixed` is.
        let [low, high, ..] = ((self.mixed + refined) >> 1).max(1).to_le_bytes();
        u16::from_le_bytes([low, high])
    }

    /// What came of such a logit before in such a place.
    #[inline]
    fn refine(&mut self, partial: u32, logit: i32) -> i32 {
        let along = (logit.clamp(-2_047, 2_047) + 2_048).cast_unsigned() as usize;
        let (left, share) = (along >> 7 & 31, along & 127);
        let curve = (self.first_curve | partial as usize) % CURVES;
        self.changed_curves[curve] = true;
        self.point = curve * POINTS + left + usize::from(share >= 64);
        let curve = &self.learned.curves[curve];
        let (low, high) = (i32::from(curve[left]), i32::from(curve[left + 1]));
        let share = i32::try_from(share).unwrap_or(0);
        low + (((high - low) * share) >> 7)
    }

    /// Learns one bit.
    #[inline]
    pub(super) fn update(&mut self, bit: u32) {
        let target = if bit == 1 { 65_535 } else { 0 };
        let error = (target - self.mixed) * 3 / 2;
        let learned = &mut self.learned;
        learn_outer(
            &mut learned.outer[self.known % MOST_KNOWN],
            &self.logits,
            error,
        );
        let changed = &mut self.changed_rows;
        let steps = &self.steps[bit as usize & 1];
        learn(
            &mut learned.weights,
            changed,
            &self.rows,
            &self.inputs,
            &self.logits,
            steps,
        );
        let value = &mut learned.curves.as_flattened_mut()[self.point];
        let moved = i32::from(*value) + ((target - i32::from(*value)) >> 6);
        let [low, high, ..] = moved.to_le_bytes();
        *value = u16::from_le_bytes([low, high]);
    }

    /// Everything in it that learns, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        let weights = &self.learned.weights[..SETS_AT[3] + ROWS[3]];
        for weight in weights.iter().flat_map(|row| row.0) {
            write(&weight.to_le_bytes());
        }
        for weight in self.learned.outer[..KNOWN].as_flattened() {
            write(&weight.to_le_bytes());
        }
        for value in self.learned.curves.as_flattened() {
            write(&value.to_le_bytes());
        }
    }
}

/// Does `restore` for each place that is marked, and takes the mark away.
fn each_changed(changed: &mut [bool], mut restore: impl FnMut(usize)) {
    const AT_ONCE: usize = 8;
    for (first, marks) in (0..).step_by(AT_ONCE).zip(changed.chunks_mut(AT_ONCE)) {
        if *marks != [false; AT_ONCE] {
            for (at, mark) in marks.iter_mut().enumerate() {
                if std::mem::take(mark) {
                    restore(first + at);
                }
            }
        }
    }
}

/// The product of the error and the rate. Where the error is small, nothing is learned.
fn steps(tables: &Tables, rate: i32) -> Box<[[i16; LOGITS]; 2]> {
    let mut steps = boxed([0; LOGITS]);
    for logit in -MOST_LOGIT..=MOST_LOGIT {
        for (steps, target) in steps.iter_mut().zip([0, 65_535]) {
            let error = target - tables.squash(logit);
            if error.abs() >= SMALL_ERROR {
                let step = ((error * rate) >> 5).clamp(-32_768, 32_767);
                steps[logit_at(logit)] = i16::try_from(step).unwrap_or(0);
            }
        }
    }
    steps
}

/// What the rows say, and the sum of that by the second layer. A product is at most 2^30, so is the sum of 16: an input is at
/// most 2^11.
///
/// Apart from the rest, and one row after the other, the compiler uses the machine's products of eight numbers.
#[inline(never)]
fn mix(
    weights: &[Row; ALL_ROWS],
    rows: &[usize],
    inputs: &Row,
    outer: &[i32; SETS],
    logits: &mut [i32; SETS],
) -> i64 {
    let mut mixed = 0;
    for ((row, logit), outer) in rows.iter().zip(logits).zip(outer) {
        let mut sum = 0;
        for (&weight, &input) in weights[row % ALL_ROWS].0.iter().zip(&inputs.0) {
            sum += i32::from(weight) * i32::from(input);
        }
        *logit = (sum >> 13).clamp(-MOST_LOGIT, MOST_LOGIT);
        mixed += i64::from(*outer) * i64::from(*logit);
    }
    mixed
}

/// In each row whose step is not 0: `weight += round(step * input / 65536)`, within 16 bits.
///
/// Apart from the rest as [`mix`] is. For the same reason the upper half of the product, and what its lower half rounds up, are
/// added as 16 bits; they are within ±1,024.
#[inline(never)]
fn learn(
    weights: &mut [Row; ALL_ROWS],
    changed: &mut [bool; ALL_ROWS],
    rows: &[usize],
    inputs: &Row,
    logits: &[i32; SETS],
    steps: &[i16; LOGITS],
) {
    let Some(rows) = rows.first_chunk::<SETS>() else {
        return;
    };
    for (row, &logit) in rows.iter().zip(logits) {
        let step = steps[logit_at(logit)];
        if step == 0 {
            continue;
        }
        changed[row % ALL_ROWS] = true;
        // Most rows learn nothing: unknown up to here, the inputs are not widened ahead of the loop.
        let inputs = black_box(inputs);
        for (weight, &input) in weights[row % ALL_ROWS].0.iter_mut().zip(&inputs.0) {
            let upper = ((i32::from(step) * i32::from(input)) >> 16) as i16;
            let rounded_up = step.wrapping_mul(input).cast_unsigned() >> 15;
            *weight = weight.saturating_add(upper + rounded_up.cast_signed());
        }
    }
}

/// Learns the second layer. Apart from the rest as [`mix`] is.
#[inline(never)]
fn learn_outer(outer: &mut [i32; SETS], logits: &[i32; SETS], error: i32) {
    for (weight, logit) in outer.iter_mut().zip(logits) {
        *weight = (*weight + ((error * logit / 256 + 2_048) >> 12)).clamp(-(1 << 20), 1 << 20);
    }
}
