//! What followed ten kinds of context, bit by bit: histories, those of one nibble together.
//!
//! Most contexts were followed by one and the same nibble whenever they were seen. Four bytes say so (a [`Trace`]), which
//! of the others stand in a bucket of their own.

use super::tables::{MOST_REPEATED, TABLES, hash};

/// The kinds of context.
pub(super) const KINDS: usize = 10;
/// 65,536 lines of eight traces, 2 MB.
const TRACE_LINES_LOG: u32 = 16;
const TRACES: usize = 8;
/// 32,768 lines of four buckets, 2 MB.
const BUCKET_LINES_LOG: u32 = 15;
const BUCKETS: usize = 4;
/// In place of how often: the context has a bucket.
const IN_BUCKET: u8 = 255;

/// A check of the context, then 15 histories: the nodes of a nibble's tree, from 1.
type Bucket = [u8; 16];

/// What followed a context: the same nibble, so and so often; or something in a bucket. Zero times: nothing.
#[derive(Debug, Clone, Copy, Default)]
struct Trace {
    check: u16,
    nibble: u8,
    times: u8,
}

/// A probability of 22 bits with the number of observations below it, in ten.
type Learned = u32;

/// What one kind of context has for the nibble that is coming.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    context: u32,
    /// Where the trace stands, or the one that it may take.
    at: usize,
    trace: Trace,
    histories: Bucket,
}

/// The traces and buckets, and what the histories mean.
#[derive(Debug, Clone)]
pub(super) struct Histories {
    traces: Vec<Trace>,
    buckets: Vec<Bucket>,
    learned: [[Learned; 256]; KINDS],
    /// What `learned` comes to, once it is no longer learned.
    fixed: Option<Box<[[i16; 256]; KINDS]>>,
    /// The contexts of the byte that is coming.
    contexts: [u32; KINDS],
    open: [Open; KINDS],
    undo_traces: Vec<(usize, Trace)>,
    undo_buckets: Vec<(usize, Bucket)>,
}

impl Histories {
    pub(super) fn new() -> Self {
        let learned = TABLES.counts.map(|[zeros, ones]| {
            let (zeros, ones) = (u32::from(zeros), u32::from(ones));
            (((2 * ones + 1) << 22) / (2 * (zeros + ones) + 2)) << 10
        });
        Self {
            traces: vec![Trace::default(); TRACES << TRACE_LINES_LOG],
            buckets: vec![[0; 16]; BUCKETS << BUCKET_LINES_LOG],
            learned: [learned; KINDS],
            fixed: None,
            contexts: [0; KINDS],
            open: [Open::default(); KINDS],
            undo_traces: Vec::new(),
            undo_buckets: Vec::new(),
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
        while let Some((at, trace)) = self.undo_traces.pop() {
            self.traces[at] = trace;
        }
        while let Some((at, bucket)) = self.undo_buckets.pop() {
            self.buckets[at] = bucket;
        }
    }

    /// Before a byte.
    pub(super) fn begin(&mut self, contexts: [u32; KINDS]) {
        self.contexts = contexts;
        self.look_up(0);
    }

    /// Finds what each context has for the coming nibble.
    fn look_up(&mut self, nibble: u32) {
        for kind in 0..KINDS {
            let context = match nibble {
                0 => self.contexts[kind],
                _ => hash(self.contexts[kind], nibble),
            };
            self.open[kind] = self.open(context);
        }
    }

    fn open(&self, context: u32) -> Open {
        let line = (context >> (32 - TRACE_LINES_LOG)) as usize * TRACES;
        let [low, high, ..] = context.to_le_bytes();
        let check = u16::from_le_bytes([low, high]);
        let traces = &self.traces[line..line + TRACES];
        let held = traces
            .iter()
            .position(|trace| trace.check == check && trace.times != 0);
        let Some(held) = held else {
            // The one that was seen least gives way; of equals the first.
            let least = (0..TRACES).min_by_key(|&way| traces[way].times);
            return Open {
                context,
                at: line + least.unwrap_or(0),
                trace: Trace {
                    check,
                    ..Trace::default()
                },
                histories: [0; 16],
            };
        };
        let trace = traces[held];
        Open {
            context,
            at: line + held,
            trace,
            histories: if trace.times == IN_BUCKET {
                let bucket = self.buckets[self.bucket_of(context)];
                // It may have given way to another one.
                if holds(&bucket, context) {
                    bucket
                } else {
                    [0; 16]
                }
            } else {
                along(trace)
            },
        }
    }

    /// The bucket of a context, or the one that it may take.
    fn bucket_of(&self, context: u32) -> usize {
        let line = (context >> (32 - BUCKET_LINES_LOG)) as usize * BUCKETS;
        let buckets = &self.buckets[line..line + BUCKETS];
        let way = buckets.iter().position(|bucket| holds(bucket, context));
        // The one that has seen least gives way; of equals the first.
        let least = || (0..BUCKETS).min_by_key(|&way| buckets[way][1]).unwrap_or(0);
        line + way.unwrap_or_else(least)
    }

    /// What each kind of context says of the next bit.
    #[inline]
    pub(super) fn predict(&self, partial: u32, inputs: &mut [i16]) {
        let node = node(partial);
        let seen = self
            .open
            .each_ref()
            .map(|open| usize::from(open.histories[node]));
        if let Some(fixed) = &self.fixed {
            for kind in 0..KINDS {
                inputs[kind] = fixed[kind][seen[kind]];
            }
            return;
        }
        for kind in 0..KINDS {
            inputs[kind] = match seen[kind] {
                0 => 0,
                history => TABLES.stretch(self.learned[kind][history] >> 16),
            };
        }
    }

    /// Learns one bit.
    #[inline]
    pub(super) fn update(&mut self, partial: u32, bit: u32) {
        let node = node(partial);
        let priming = self.fixed.is_none();
        let next = &TABLES.next;
        for kind in 0..KINDS {
            let history = &mut self.open[kind].histories[node];
            if priming && *history != 0 {
                learn(&mut self.learned[kind][usize::from(*history)], bit);
            }
            *history = next[usize::from(*history)][bit as usize & 1];
        }
        let after = partial << 1 | bit;
        if (16..32).contains(&after) {
            self.put_back(after);
            self.look_up(after);
        } else if after >= 256 {
            self.put_back(after);
        }
    }

    /// In the order of the contexts: two that share a place are one of the rules of the format.
    fn put_back(&mut self, after: u32) {
        let [byte, ..] = after.to_le_bytes();
        let nibble = byte & 15;
        for kind in 0..KINDS {
            let Open {
                context,
                at,
                mut trace,
                mut histories,
            } = self.open[kind];
            if trace.times == 0 {
                (trace.nibble, trace.times) = (nibble, 1);
            } else if trace.times != IN_BUCKET && trace.nibble == nibble {
                trace.times = (trace.times + 1).min(MOST_REPEATED);
            } else {
                trace.times = IN_BUCKET;
                [histories[0], ..] = context.to_le_bytes();
                let bucket = self.bucket_of(context);
                if self.fixed.is_some() {
                    self.undo_buckets.push((bucket, self.buckets[bucket]));
                }
                self.buckets[bucket] = histories;
            }
            if self.fixed.is_some() {
                self.undo_traces.push((at, self.traces[at]));
            }
            self.traces[at] = trace;
        }
    }

    /// Everything in it that learns, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        for trace in &self.traces {
            let [low, high] = trace.check.to_le_bytes();
            write(&[trace.times, trace.nibble, low, high]);
        }
        write(self.buckets.as_flattened());
        for learned in self.learned.as_flattened() {
            write(&learned.to_le_bytes());
        }
    }
}

/// Whether it is the bucket of this context.
fn holds(bucket: &Bucket, context: u32) -> bool {
    let [check, ..] = context.to_le_bytes();
    bucket[0] == check && bucket[1] != 0
}

/// The histories that a trace stands for.
fn along(trace: Trace) -> Bucket {
    let mut histories = [0; 16];
    let same = TABLES.repeated[usize::from(trace.times.min(MOST_REPEATED))];
    let mut node = 1;
    for shift in (0..4).rev() {
        let bit = usize::from(trace.nibble >> shift & 1);
        histories[node & 15] = same[bit];
        node = node << 1 | bit;
    }
    histories
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
