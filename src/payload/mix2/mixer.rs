//! One probability out of fifteen opinions: weights that learn, in two layers, and what came of such probabilities before.

use super::histories;
use super::position::Position;
use super::tables::{MOST_LOGIT, TABLES};

/// The inputs, and which of them is always the same: one nat.
pub(super) const INPUTS: usize = 16;
pub(super) const BIAS: usize = 15;
const SETS: usize = 4;
/// Rows of each set: by the class of the last byte and the bits of this one so far; by the classes of the last two bytes; by
/// the kinds of characters in the token, and the bit; by how many histories have seen something, and the state.
const ROWS: [usize; SETS] = [4_096, 256, 2_048, KNOWN];
const KNOWN: usize = (histories::KINDS + 1) * 8;
/// A weight of one is 8,192.
const FIRST_WEIGHT: i16 = 819;
/// How fast the weights learn while the model is primed, and in a document.
const RATES: [i32; 2] = [8, 20];
/// A row whose error is below a 64th does not learn: as good, and much faster.
const SMALL_ERROR: i32 = 1_024;
/// The refinement: 1,024 curves through 33 points.
const CURVES: usize = 1_024;
const POINTS: usize = 33;

/// What learns: restored as a whole after each document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Learned {
    weights: [Vec<[i16; INPUTS]>; SETS],
    /// The second layer: a weight of one is 65,536.
    outer: [[i32; SETS]; KNOWN],
    curves: Vec<[u16; POINTS]>,
}

impl Learned {
    /// Copies `before` into what is there; nothing is allocated.
    pub(super) fn become_again(&mut self, before: &Self) {
        for (rows, before) in self.weights.iter_mut().zip(&before.weights) {
            rows.copy_from_slice(before);
        }
        self.outer = before.outer;
        self.curves.copy_from_slice(&before.curves);
    }
}

/// The mixer and its last prediction.
#[derive(Debug, Clone)]
pub(super) struct Mixer {
    pub(super) learned: Learned,
    rate: i32,
    pub(super) inputs: [i16; INPUTS],
    rows: [usize; SETS],
    logits: [i32; SETS],
    known: usize,
    mixed: i32,
    curve: usize,
    point: usize,
}

impl Mixer {
    pub(super) fn new() -> Self {
        let curve = std::array::from_fn(|point| {
            let logit = i32::try_from(point).unwrap_or(0) * 128 - 2_048;
            u16::try_from(TABLES.squash(logit).clamp(16, 65_520)).unwrap_or(0)
        });
        let mut inputs = [0; INPUTS];
        inputs[BIAS] = 256;
        Self {
            learned: Learned {
                weights: ROWS.map(|rows| vec![[FIRST_WEIGHT; INPUTS]; rows]),
                outer: [[16_384; SETS]; KNOWN],
                curves: vec![curve; CURVES],
            },
            rate: RATES[0],
            inputs,
            rows: [0; SETS],
            logits: [0; SETS],
            known: 0,
            mixed: 32_768,
            curve: 0,
            point: 0,
        }
    }

    pub(super) fn freeze(&mut self) {
        self.rate = RATES[1];
    }

    /// The probability that the next bit is a 1, in 65,536ths: 1 to 65,535.
    #[inline]
    pub(super) fn predict(&mut self, position: &Position, partial: u32, bit: u32) -> u32 {
        let seen = self.inputs[..histories::KINDS]
            .iter()
            .filter(|&&input| input != 0);
        self.known = (seen.count() * 8 + position.state() as usize).min(KNOWN - 1);
        self.rows = [
            (position.classes << 8 | partial) as usize & 4_095,
            position.classes as usize & 255,
            (position.charset * 8 + bit) as usize & 2_047,
            self.known,
        ];
        let mut sum = 0;
        for set in 0..SETS {
            let weights = &self.learned.weights[set][self.rows[set]];
            self.logits[set] = (dot(weights, &self.inputs) >> 13).clamp(-MOST_LOGIT, MOST_LOGIT);
            sum += i64::from(self.learned.outer[self.known][set]) * i64::from(self.logits[set]);
        }
        let most = i64::from(MOST_LOGIT);
        let logit = i32::try_from((sum >> 16).clamp(-most, most)).unwrap_or(0);
        self.mixed = TABLES.squash(logit);
        let refined = self.refine(position, partial, logit);
        u32::try_from((self.mixed + refined) >> 1)
            .unwrap_or(0)
            .clamp(1, 65_535)
    }

    /// What came of such a logit before in such a place.
    fn refine(&mut self, position: &Position, partial: u32, logit: i32) -> i32 {
        let along = usize::try_from(logit.clamp(-2_047, 2_047) + 2_048).unwrap_or(0);
        let (left, share) = (along >> 7, along & 127);
        self.point = left + usize::from(share >= 64);
        self.curve = (partial as usize & 255) | (position.place as usize) << 8;
        let curve = &self.learned.curves[self.curve];
        let (low, high) = (i32::from(curve[left]), i32::from(curve[left + 1]));
        let share = i32::try_from(share).unwrap_or(0);
        (low * (128 - share) + high * share) >> 7
    }

    /// Learns one bit.
    #[inline]
    pub(super) fn update(&mut self, bit: u32) {
        let tables = &*TABLES;
        let target = if bit == 1 { 65_535 } else { 0 };
        let error = (target - self.mixed) * 3 / 2;
        let outer = &mut self.learned.outer[self.known];
        for set in 0..SETS {
            let logit = self.logits[set];
            outer[set] =
                (outer[set] + ((error * logit / 256 + 2_048) >> 12)).clamp(-(1 << 20), 1 << 20);
            let error = target - tables.squash(logit);
            if error.abs() >= SMALL_ERROR {
                let step = ((error * self.rate) >> 5).clamp(-32_768, 32_767);
                let step = i16::try_from(step).unwrap_or(0);
                learn(
                    &mut self.learned.weights[set][self.rows[set]],
                    &self.inputs,
                    step,
                );
            }
        }
        let value = &mut self.learned.curves[self.curve][self.point];
        let moved = i32::from(*value) + ((target - i32::from(*value)) >> 6);
        *value = u16::try_from(moved).unwrap_or(0);
    }

    /// Everything in it that learns, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        for weight in self
            .learned
            .weights
            .iter()
            .flat_map(|rows| rows.as_flattened())
        {
            write(&weight.to_le_bytes());
        }
        for weight in self.learned.outer.as_flattened() {
            write(&weight.to_le_bytes());
        }
        for value in self.learned.curves.as_flattened() {
            write(&value.to_le_bytes());
        }
    }
}

/// At most 16 * 2^15 * 2^11: 2^30 fits. Kept apart, since the compiler uses the machine's products of eight numbers then, and
/// one after the other where it is a part of something larger; the sum is the same.
#[inline(never)]
fn dot(weights: &[i16; INPUTS], inputs: &[i16; INPUTS]) -> i32 {
    let mut sum = 0;
    for (&weight, &input) in weights.iter().zip(inputs) {
        sum += i32::from(weight) * i32::from(input);
    }
    sum
}

/// `weight += round(step * input / 65536)`, within 16 bits. Kept apart as [`dot`] is.
#[inline(never)]
fn learn(weights: &mut [i16; INPUTS], inputs: &[i16; INPUTS], step: i16) {
    // Within ±1,024: `step` is at most 2^15, an input 2^11.
    let changes: [i16; INPUTS] = std::array::from_fn(|input| {
        ((i32::from(step) * i32::from(inputs[input]) + 32_768) >> 16) as i16
    });
    for (weight, change) in weights.iter_mut().zip(changes) {
        *weight = weight.saturating_add(change);
    }
}
