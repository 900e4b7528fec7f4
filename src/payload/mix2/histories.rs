//! What followed ten kinds of context, bit by bit: histories, those of one nibble together.
//!
//! Most contexts were followed by one and the same nibble whenever they were seen. Four bytes say so (a [`Trace`]), which
//! of the others stand in a bucket of their own.

use super::boxed::boxed;
use super::tables::{MOST_REPEATED, Tables, hash};

/// The kinds of context.
pub(super) const KINDS: usize = 10;
/// 65,536 lines of eight traces, 2 MB.
const TRACE_LINES_LOG: u32 = 16;
const IN_LINE: usize = 8;
const TRACES: usize = IN_LINE << TRACE_LINES_LOG;
/// 32,768 lines of four buckets, 2 MB.
const BUCKET_LINES_LOG: u32 = 15;
const IN_BUCKET_LINE: usize = 4;
const BUCKETS: usize = IN_BUCKET_LINE << BUCKET_LINES_LOG;
/// Once, in what a trace has seen.
const ONCE: u16 = 16;
/// In place of how often: the context has a bucket. In the format it is 255.
const IN_BUCKET: u16 = (MOST_REPEATED as u16 + 1) * ONCE;

/// What followed a context: the same nibble, so and so often; or something in a bucket. It is empty if it has seen nothing; since
/// a line fills from its first place on, those behind an empty one are empty, too.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[repr(align(4))]
struct Trace {
    check: u16,
    /// The nibble in the lowest four bits, then how often.
    seen: u16,
}

/// A check of the context, then 15 histories: the nodes of a nibble's tree, from 1. It is empty if the history of node 1 is 0;
/// those behind it in its line are empty then, too.
type Bucket = [u8; 16];

/// A probability of 22 bits with the number of observations below it, in ten.
type Learned = u32;

/// What a history says of the next bit.
#[derive(Debug, Clone, Copy, Default)]
struct Opinion {
    input: i16,
    /// 1, if it has seen something.
    seen: u16,
}

/// What one kind of context has for the nibble that is coming.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    context: u32,
    trace: Trace,
    /// Where the trace stands, or the one that it may take.
    at: usize,
    /// Where the bucket stands, or the first one of its line.
    bucket_at: usize,
    /// As a bucket: behind a check.
    histories: Bucket,
}

impl Open {
    /// Not those of a bucket.
    fn set_histories(&mut self, histories: Bucket) {
        self.bucket_at = bucket_line(self.context) * IN_BUCKET_LINE;
        self.histories = histories;
        [self.histories[0], ..] = self.context.to_le_bytes();
    }
}

/// The traces and buckets, and what the histories mean.
#[derive(Debug, Clone)]
pub(super) struct Histories {
    traces: Box<[Trace; TRACES]>,
    buckets: Box<[Bucket; BUCKETS]>,
    learned: [[Learned; 256]; KINDS],
    /// What `learned` comes to.
    opinions: [[Opinion; 256]; KINDS],
    /// The contexts of the byte that is coming.
    contexts: [u32; KINDS],
    open: [Open; KINDS],
    undo_traces: Vec<(usize, Trace)>,
    undo_buckets: Vec<(usize, Bucket)>,
}

impl Histories {
    pub(super) fn new(tables: &Tables) -> Self {
        let learned = tables.counts.map(|[zeros, ones]| {
            let (zeros, ones) = (u32::from(zeros), u32::from(ones));
            (((2 * ones + 1) << 22) / (2 * (zeros + ones) + 2)) << 10
        });
        let mut opinions = learned.map(|learned| opinion(tables, learned));
        opinions[0] = Opinion::default();
        Self {
            traces: boxed(Trace::default()),
            buckets: boxed([0; 16]),
            learned: [learned; KINDS],
            opinions: [opinions; KINDS],
            contexts: [0; KINDS],
            open: [Open::default(); KINDS],
            undo_traces: Vec::new(),
            undo_buckets: Vec::new(),
        }
    }

    /// Changes so far are for ever.
    pub(super) fn keep(&mut self) {
        self.undo_traces.clear();
        self.undo_buckets.clear();
    }

    pub(super) fn undo(&mut self) {
        for &(at, trace) in self.undo_traces.iter().rev() {
            self.traces[at % TRACES] = trace;
        }
        for &(at, bucket) in self.undo_buckets.iter().rev() {
            self.buckets[at % BUCKETS] = bucket;
        }
        self.keep();
    }

    /// Before a byte.
    pub(super) fn begin(&mut self, tables: &Tables, contexts: [u32; KINDS]) {
        self.contexts = contexts;
        self.look_up(tables, contexts);
    }

    /// Finds what each context has for the coming nibble.
    fn look_up(&mut self, tables: &Tables, contexts: [u32; KINDS]) {
        for (open, context) in self.open.iter_mut().zip(contexts) {
            open.context = context;
            let [low, high, ..] = context.to_le_bytes();
            let check = u16::from_le_bytes([low, high]);
            let number = (context >> (32 - TRACE_LINES_LOG)) as usize;
            let line = &self.traces.as_chunks::<IN_LINE>().0[number];
            // An empty one with this check, 0, is the one to take, too.
            let Some(way) = line.iter().position(|trace| trace.check == check) else {
                open.at = number * IN_LINE + least(line);
                open.trace = Trace { check, seen: 0 };
                open.set_histories([0; 16]);
                continue;
            };
            open.at = number * IN_LINE + way;
            open.trace = line[way];
            if open.trace.seen < IN_BUCKET {
                open.set_histories(tables.along[usize::from(open.trace.seen) % tables.along.len()]);
            } else if let Some(at) = bucket_of(&self.buckets, context) {
                open.bucket_at = at;
                open.histories = self.buckets[at % BUCKETS];
            } else {
                // It has given way to another one.
                open.set_histories([0; 16]);
            }
        }
    }

    /// What each kind of context says of the next bit; and how many of them have seen something. `node` is the bits of the nibble
    /// so far behind a 1.
    #[inline]
    pub(super) fn predict(&self, node: usize, inputs: &mut [i16]) -> u16 {
        let mut seen = 0;
        for kind in 0..KINDS {
            let history = self.open[kind].histories[node & 15];
            let opinion = &self.opinions[kind][usize::from(history)];
            inputs[kind] = opinion.input;
            seen += opinion.seen;
        }
        seen
    }

    /// Learns the bit that came at a node.
    #[inline]
    pub(super) fn update(&mut self, tables: &Tables, node: usize, bit: u32) {
        for open in &mut self.open {
            let history = &mut open.histories[node & 15];
            *history = tables.next[usize::from(*history)][bit as usize & 1];
        }
    }

    /// After a nibble, behind which the bits of the byte are `after` behind a 1. Apart from what is done for each bit.
    #[inline(never)]
    pub(super) fn end_nibble(&mut self, tables: &Tables, after: u32) {
        let [byte, ..] = after.to_le_bytes();
        self.put_back(u16::from(byte & 15));
        if after < 256 {
            self.look_up(tables, self.contexts.map(|context| hash(context, after)));
        }
    }

    /// Learns what histories mean, from a bit of the prior, before [`Histories::update`].
    pub(super) fn learn(&mut self, tables: &Tables, node: usize, bit: u32) {
        for kind in 0..KINDS {
            let history = usize::from(self.open[kind].histories[node & 15]);
            if history != 0 {
                let learned = &mut self.learned[kind][history];
                learn(tables, learned, bit);
                self.opinions[kind][history] = opinion(tables, *learned);
            }
        }
    }

    /// In the order of the contexts: two that share a place are one of the rules of the format.
    fn put_back(&mut self, nibble: u16) {
        for open in &self.open {
            let mut trace = open.trace;
            if trace.seen < IN_BUCKET && (trace.seen < ONCE || trace.seen % ONCE == nibble) {
                let seen = trace.seen | nibble;
                trace.seen = (seen + ONCE).min(u16::from(MOST_REPEATED) * ONCE + nibble);
            } else {
                trace.seen = (trace.seen % ONCE) | IN_BUCKET;
                // Mostly the bucket is where it was: a line has one of a check at most.
                let mut at = open.bucket_at % BUCKETS;
                if self.buckets[at][0] != open.histories[0] {
                    at = place_for(&self.buckets, open.context);
                }
                let place = &mut self.buckets[at % BUCKETS];
                self.undo_buckets.push((at, *place));
                *place = open.histories;
            }
            let place = &mut self.traces[open.at % TRACES];
            if *place != trace {
                self.undo_traces.push((open.at, *place));
                *place = trace;
            }
        }
    }

    /// Everything in it that learns, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        for &Trace { check, seen } in self.traces.iter() {
            let times = if seen < IN_BUCKET { seen / ONCE } else { 255 };
            let ([times, _], [nibble, _]) = (times.to_le_bytes(), (seen % ONCE).to_le_bytes());
            let [low, high] = check.to_le_bytes();
            write(&[times, nibble, low, high]);
        }
        write(self.buckets.as_flattened());
        for learned in self.learned.as_flattened() {
            write(&learned.to_le_bytes());
        }
    }
}

/// The trace that was seen least, which gives way; of equals the first.
fn least(line: &[Trace; IN_LINE]) -> usize {
    let full = line[IN_LINE - 1].seen >= ONCE;
    // An empty one; or if there is none, mostly one that was seen once.
    let least = if full { 2 * ONCE } else { ONCE };
    let least = line.iter().position(|trace| trace.seen < least);
    let any = || (0..IN_LINE).min_by_key(|&way| line[way].seen / ONCE);
    least.or_else(any).unwrap_or(0)
}

fn bucket_line(context: u32) -> usize {
    (context >> (32 - BUCKET_LINES_LOG)) as usize
}

/// Where the bucket of a context stands. An empty one with its check, 0, is the one to take, too.
fn bucket_of(buckets: &[Bucket; BUCKETS], context: u32) -> Option<usize> {
    let [check, ..] = context.to_le_bytes();
    let number = bucket_line(context);
    let line = &buckets.as_chunks::<IN_BUCKET_LINE>().0[number];
    let way = line.iter().position(|bucket| bucket[0] == check)?;
    Some(number * IN_BUCKET_LINE + way)
}

/// Where the bucket of a context is put. Apart from the rest, since that is seldom asked.
#[inline(never)]
fn place_for(buckets: &[Bucket; BUCKETS], context: u32) -> usize {
    bucket_of(buckets, context).unwrap_or_else(|| {
        // The one that has seen least gives way; of equals the first.
        let first = bucket_line(context) * IN_BUCKET_LINE;
        let line = first..first + IN_BUCKET_LINE;
        line.min_by_key(|&at| buckets[at][1]).unwrap_or(first)
    })
}

fn opinion(tables: &Tables, learned: Learned) -> Opinion {
    Opinion {
        input: tables.stretch(learned >> 16),
        seen: 1,
    }
}

fn learn(tables: &Tables, learned: &mut Learned, bit: u32) {
    let (probability, seen) = (i64::from(*learned >> 10), *learned & 1_023);
    let target = if bit == 1 { (1 << 22) - 1 } else { 0 };
    let share = i64::from(tables.share[seen as usize & 255]);
    let moved = probability + (((target - probability) * share) >> 16);
    *learned = u32::try_from(moved).unwrap_or(0) << 10 | (seen + 1).min(255);
}
