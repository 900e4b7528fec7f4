//! What followed seven kinds of context, bit by bit: histories in buckets of one nibble each.

use super::tables::{TABLES, hash};

/// The kinds of context.
pub(super) const KINDS: usize = 7;
/// 32,768 lines of four buckets: 2 MB.
const LINES_LOG: u32 = 15;
const WAYS: usize = 4;

/// A check of the context, then 15 histories: the nodes of a nibble's tree, from 1.
type Bucket = [u8; 16];

/// A probability of 22 bits with the number of observations below it, in ten.
type Learned = u32;

/// The buckets, and what the histories mean.
#[derive(Debug)]
pub(super) struct Histories {
    buckets: Vec<Bucket>,
    learned: [[Learned; 256]; KINDS],
    /// What `learned` comes to, once it is no longer learned.
    fixed: Option<Box<[[i16; 256]; KINDS]>>,
    /// For the byte that is coming: its contexts, and of the nibble where its buckets stand and what is in them.
    contexts: [u32; KINDS],
    at: [usize; KINDS],
    open: [Bucket; KINDS],
    undo: Vec<(usize, Bucket)>,
}

impl Histories {
    pub(super) fn new() -> Self {
        let learned = TABLES.counts.map(|[zeros, ones]| {
            let (zeros, ones) = (u32::from(zeros), u32::from(ones));
            (((2 * ones + 1) << 22) / (2 * (zeros + ones) + 2)) << 10
        });
        Self {
            buckets: vec![[0; 16]; WAYS << LINES_LOG],
            learned: [learned; KINDS],
            fixed: None,
            contexts: [0; KINDS],
            at: [0; KINDS],
            open: [[0; 16]; KINDS],
            undo: Vec::new(),
        }
    }

    /// Ends the priming: from now on histories mean what they mean, and changes can be undone.
    pub(super) fn freeze(&mut self) {
        let mut fixed = Box::new([[0; 256]; KINDS]);
        for (fixed, learned) in fixed.iter_mut().zip(&self.learned) {
            for (fixed, learned) in fixed.iter_mut().zip(learned).skip(1) {
                *fixed = TABLES.stretch(learned >> 16);
            }
        }
        self.fixed = Some(fixed);
    }

    pub(super) fn undo(&mut self) {
        while let Some((at, bucket)) = self.undo.pop() {
            self.buckets[at] = bucket;
        }
    }

    /// Before a byte.
    pub(super) fn begin(&mut self, contexts: [u32; KINDS]) {
        self.contexts = contexts;
        self.look_up(0);
    }

    /// Finds the bucket of each context for the coming nibble, or the one that it may take.
    fn look_up(&mut self, nibble: u32) {
        for kind in 0..KINDS {
            let context = match nibble {
                0 => self.contexts[kind],
                _ => hash(self.contexts[kind], nibble),
            };
            let line = (context >> (32 - LINES_LOG)) as usize * WAYS;
            let [check, ..] = context.to_le_bytes();
            let ways = &self.buckets[line..line + WAYS];
            let held = ways
                .iter()
                .position(|bucket| bucket[0] == check && bucket[1] != 0);
            let way = held.unwrap_or_else(|| {
                // The one that has seen least gives way; of equals the first.
                (0..WAYS).min_by_key(|&way| ways[way][1]).unwrap_or(0)
            });
            self.at[kind] = line + way;
            let bucket = ways[way];
            if self.fixed.is_some() {
                self.undo.push((line + way, bucket));
            }
            self.open[kind] = match held {
                Some(_) => bucket,
                None => std::array::from_fn(|n| if n == 0 { check } else { 0 }),
            };
        }
    }

    /// What each kind of context says of the next bit.
    #[inline]
    pub(super) fn predict(&self, partial: u32, inputs: &mut [i16]) {
        let node = node(partial);
        for (kind, input) in inputs.iter_mut().enumerate().take(KINDS) {
            let history = usize::from(self.open[kind][node]);
            *input = match &self.fixed {
                Some(fixed) => fixed[kind][history],
                None if history == 0 => 0,
                None => TABLES.stretch(self.learned[kind][history] >> 16),
            };
        }
    }

    /// Learns one bit.
    #[inline]
    pub(super) fn update(&mut self, partial: u32, bit: u32) {
        let node = node(partial);
        let priming = self.fixed.is_none();
        for kind in 0..KINDS {
            let history = &mut self.open[kind][node];
            if priming && *history != 0 {
                learn(&mut self.learned[kind][usize::from(*history)], bit);
            }
            *history = TABLES.next[usize::from(*history)][bit as usize & 1];
        }
        let after = partial << 1 | bit;
        if (16..32).contains(&after) {
            self.put_back();
            self.look_up(after);
        } else if after >= 256 {
            self.put_back();
        }
    }

    /// In the order of the contexts: two that share a bucket are one of the rules of the format.
    fn put_back(&mut self) {
        for kind in 0..KINDS {
            self.buckets[self.at[kind]] = self.open[kind];
        }
    }

    /// Everything in it that learns, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        write(self.buckets.as_flattened());
        for learned in self.learned.as_flattened() {
            write(&learned.to_le_bytes());
        }
    }
}

/// Where in a bucket the history of the next bit stands, by the bits of the byte so far behind a 1.
#[inline]
fn node(partial: u32) -> usize {
    let node = if partial < 16 {
        partial
    } else {
        let bits = 27 - partial.leading_zeros();
        partial & ((1 << bits) - 1) | 1 << bits
    };
    node as usize & 15
}

fn learn(learned: &mut Learned, bit: u32) {
    let (probability, seen) = (i64::from(*learned >> 10), *learned & 1_023);
    let target = if bit == 1 { (1 << 22) - 1 } else { 0 };
    let share = i64::from(TABLES.share[seen as usize & 255]);
    let moved = probability + (((target - probability) * share) >> 16);
    *learned = u32::try_from(moved).unwrap_or(0) << 10 | (seen + 1).min(255);
}
