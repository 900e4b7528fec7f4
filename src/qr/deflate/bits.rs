//! Bits in the order of RFC 1951, 3.1.1: the lowest bit of a byte first.

use super::huffman::Code;

pub(super) struct BitWriter {
    bytes: Vec<u8>,
    pending: u64,
    /// Bits in `pending`, below 32 between calls.
    count: u32,
}

impl BitWriter {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), pending: 0, count: 0 }
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

    #[inline]
    pub(super) fn code(&mut self, code: Code) {
        self.bits(u64::from(code.bits), u32::from(code.length));
    }

    /// All bytes, the last one filled up with zeros.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        let rest = self.count.div_ceil(8);
        self.bytes.extend(self.pending.to_le_bytes().iter().take(rest as usize));
        self.bytes
    }
}
