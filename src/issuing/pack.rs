//! Which codec a document gets.

use super::{Effort, MOST_FOR_SMALLEST, Packing};
use crate::payload::{Document, mix2, zstd1};
use crate::token::Codec;

/// Prepares what the first document packed like this would otherwise wait for.
pub fn prepare(packing: Packing) {
    match packing {
        Packing::Raw => {}
        Packing::Packed(Effort::Fast) => zstd1::prepare(zstd1::Effort::Fast),
        Packing::Packed(Effort::Best) => zstd1::prepare(zstd1::Effort::Best),
        Packing::Packed(Effort::Smallest) => {
            zstd1::prepare(zstd1::Effort::Best);
            mix2::prepare();
        }
    }
}

/// What becomes of a document; `None`: its text is the body.
pub(super) fn pack(document: &Document, packing: Packing) -> Option<(Codec, Vec<u8>)> {
    let zstd1 = |effort| zstd1::pack(document, effort).map(|body| (Codec::Zstd1, body));
    match packing {
        Packing::Raw => None,
        Packing::Packed(Effort::Fast) => zstd1(zstd1::Effort::Fast),
        Packing::Packed(Effort::Best) => zstd1(zstd1::Effort::Best),
        Packing::Packed(Effort::Smallest) => {
            let small = document.as_bytes().len() <= MOST_FOR_SMALLEST;
            let mix2 = small.then(|| mix2::pack(document)).flatten();
            // Where a text repeats itself, codec 1 is now and then the smaller one.
            mix2.map(|body| (Codec::Mix2, body))
                .into_iter()
                .chain(zstd1(zstd1::Effort::Best))
                .min_by_key(|(_, body)| body.len())
        }
    }
}
