//! Bits and their probabilities as bytes: a binary arithmetic coder of 32 bits without carries.

/// How many bytes the decoder looks ahead.
const AHEAD: usize = 4;

/// The interval that is left: `low` to `high`, both in it.
#[derive(Debug, Clone, Copy)]
struct Interval {
    low: u32,
    high: u32,
}

impl Interval {
    const WHOLE: Self = Self {
        low: 0,
        high: u32::MAX,
    };

    /// The last number of the part for a 1, whose probability is `one` 65,536ths. Both parts have a number at least.
    #[inline]
    fn split(self, one: u16) -> u32 {
        let part = (u64::from(self.high - self.low) * u64::from(one)) >> 16;
        self.low + u32::try_from(part).unwrap_or(0)
    }

    #[inline]
    fn narrow(&mut self, middle: u32, bit: u32) {
        if bit == 1 {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
    }

    /// The first byte, once it is the same all over the interval; which is then the rest.
    #[inline]
    fn shift(&mut self) -> Option<u8> {
        let ([low, ..], [high, ..]) = (self.low.to_be_bytes(), self.high.to_be_bytes());
        if low != high {
            return None;
        }
        self.low <<= 8;
        self.high = self.high << 8 | 0xff;
        Some(high)
    }
}

/// Bits to bytes.
pub(super) struct Encoder {
    interval: Interval,
    out: Vec<u8>,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self {
            interval: Interval::WHOLE,
            out: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn put(&mut self, bit: u32, one: u16) {
        let middle = self.interval.split(one);
        self.interval.narrow(middle, bit);
        while let Some(byte) = self.interval.shift() {
            self.out.push(byte);
        }
    }

    /// The fewest bytes that lead into the interval if zeros follow them, without the zeros at their end.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let Interval { low, high } = self.interval;
        let tail = (0..=4_u32).find_map(|bytes| {
            let rest = 0xffff_ffff_u64 >> (8 * bytes);
            let first = u32::try_from((u64::from(low) + rest) & !rest).ok()?;
            (first <= high).then_some(first)
        });
        self.out.extend(tail.unwrap_or(low).to_be_bytes());
        while self.out.last() == Some(&0) {
            self.out.pop();
        }
        self.out
    }
}

/// Bytes to bits. Behind the last byte there are zeros.
pub(super) struct Decoder<'b> {
    interval: Interval,
    code: u32,
    body: &'b [u8],
    /// How many bytes were read, those behind the end with them.
    read: usize,
}

impl<'b> Decoder<'b> {
    pub(super) fn new(body: &'b [u8]) -> Self {
        let mut decoder = Self {
            interval: Interval::WHOLE,
            code: 0,
            body,
            read: 0,
        };
        for _ in 0..AHEAD {
            decoder.next_byte();
        }
        decoder
    }

    fn next_byte(&mut self) {
        let byte = self.body.get(self.read).copied().unwrap_or(0);
        self.code = self.code << 8 | u32::from(byte);
        self.read += 1;
    }

    #[inline]
    pub(super) fn take(&mut self, one: u16) -> u32 {
        let middle = self.interval.split(one);
        let bit = u32::from(self.code <= middle);
        self.interval.narrow(middle, bit);
        while self.interval.shift().is_some() {
            self.next_byte();
        }
        bit
    }

    /// Whether the body holds nothing but what was read, and does not end with a zero, which says nothing.
    pub(super) fn used_up(&self) -> bool {
        self.body.len() <= self.read && self.body.last() != Some(&0)
    }
}
