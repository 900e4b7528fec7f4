//! Bits in the order of RFC 1951, 3.1.1: the lowest bit of a byte first.

use super::huffman::Code;

pub(super) struct BitWriter {
    bytes: Vec<u8>,
    pending: u64,
    /// Bits in `pending`, below 32 between calls.
    count: u32,
}

impl BitWriter {
    /// For about that many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            pending: 0,
            count: 0,
        }
    }

    /// Appends the lowest `count` bits, 0 to 32; those above must be 0.
    #[inline]
    pub(super) fn bits(&mut self, bits: u64, count: u32) {
        self.pending |= bits << self.count;
        self.count += count;
        if self.count >= 32 {
            let [a, b, c, d, ..] = self.pending.to_le_bytes();
            self.bytes.extend_from_slice(&[a, b, c, d]);
            self.pending >>= 32;
            self.count -= 32;
        }
    }

    /// The same for 0 to 64 bits.
    #[inline]
    pub(super) fn long_bits(&mut self, bits: u64, count: u32) {
        if count <= 32 {
            self.bits(bits, count);
        } else {
            self.bits(bits & 0xffff_ffff, 32);
            self.bits(bits >> 32, count - 32);
        }
    }

    #[inline]
    pub(super) fn code(&mut self, code: Code) {
        self.bits(code.bits.into(), code.length.into());
    }

    /// All bytes, the last one filled up with zeros.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        let rest = self
            .pending
            .to_le_bytes()
            .into_iter()
            .zip(0..self.count.div_ceil(8));
        self.bytes.extend(rest.map(|(byte, _)| byte));
        self.bytes
    }
}
