//! Bits in the order of RFC 1951, 3.1.1: the lowest bit of a byte first.

use super::huffman::Code;

pub(super) struct BitWriter {
    /// What was written, and zeros where room was made.
    bytes: Vec<u8>,
    /// Where the next byte goes.
    at: usize,
    pending: u64,
    /// Bits in `pending`, below 8 between calls.
    count: u32,
}

impl BitWriter {
    /// Appends to these bytes.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self {
            at: bytes.len(),
            bytes,
            pending: 0,
            count: 0,
        }
    }

    /// Makes room for so many bits, which must be done before they are appended.
    pub(super) fn room(&mut self, bits: usize) {
        // The last byte that is not whole yet, and all eight bytes that are written each time.
        let end = self.at + bits / 8 + 1 + 8;
        if end > self.bytes.len() {
            self.bytes.resize(end, 0);
        }
    }

    /// Appends the lowest `count` bits, 0 to 56; those above must be 0.
    ///
    /// All eight bytes are written each time, whether they are whole or not: that depends on the picture, and no processor
    /// could guess it.
    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "its caller is compiled for several processors"
    )]
    pub(super) fn bits(&mut self, bits: u64, count: u32) {
        self.pending |= bits << self.count;
        self.count += count;
        let place = self.bytes[self.at..].first_chunk_mut();
        *place.expect("room was made") = self.pending.to_le_bytes();
        self.at += (self.count / 8) as usize;
        self.pending >>= self.count / 8 * 8;
        self.count %= 8;
    }

    #[inline]
    pub(super) fn code(&mut self, code: Code) {
        self.bits(code.bits.into(), code.length.into());
    }

    /// All bytes, the last one filled up with zeros.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.room(7);
        self.bits(0, 7);
        self.bytes.truncate(self.at);
        self.bytes
    }
}
