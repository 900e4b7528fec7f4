//! Codec 1: a document as one zstd frame (RFC 8878) that starts from dictionary 1.
//!
//! What belongs here: the frame as it stands in a token. What does not: which codec a token gets (`issuing`), and whether
//! what comes out is JSON ([`check`](super::check())).
//!
//! The frame uses the whole body. It has no magic number, content size, checksum or dictionary id, and a window of 128 KiB;
//! so its header is the same two bytes in every token, and these are left out (`docs/token-format.md`). The dictionary is
//! wire format as well: the file `src/payload/dictionary-1.bin` never changes.
//!
//! Its length tells something about a packed document. Where a stranger chooses a part of it, seal the text itself.

mod contexts;
mod dictionary;
mod effort;
mod pack;
mod unpack;

pub use effort::Effort;
pub use pack::{pack, prepare};
pub use unpack::{UnpackError, unpack, unpack_up_to};

/// What every frame of this codec begins with, left out of the body: a frame header descriptor (RFC 8878, section
/// 3.1.1.1.1) with no flag set, and a window descriptor (section 3.1.1.1.2) of 128 KiB, exponent 7 and mantissa 0.
const FRAME_HEADER: [u8; 2] = [0x00, 0x38];

#[cfg(test)]
mod tests;
