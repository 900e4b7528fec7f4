//! Codec 2: a document as the choices of a model that has read our own text.
//!
//! What belongs here: the body as it stands in a token. What does not: which codec a token gets (`issuing`), and whether
//! what comes out is JSON ([`check`](super::check())).
//!
//! The model says how likely each bit of the document is; an arithmetic coder spends the less on a bit the likelier it was.
//! Packing and unpacking ask the same model the same questions in the same order, so every number of it is wire format
//! (`docs/token-format.md`, "Codec 2"), and so is the prior, the text that it has read: `prior-2.txt` never changes.
//! Integers only; nothing depends on the machine.

mod coder;
mod histories;
mod matches;
mod mixer;
mod model;
mod position;
mod runs;
mod tables;

use std::sync::{LazyLock, Mutex, PoisonError};

use coder::{Decoder, Encoder};
use model::Model;

/// The most bytes a document of this codec may have.
pub const MAX_DOCUMENT_BYTES: usize = 8_192;

/// How many brackets may be open at once: those of every document.
const MAX_DEPTH: usize = 32;

fn pack_with(model: &mut Model, text: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    model.begin();
    for &byte in text {
        for shift in (0..8).rev() {
            let bit = u32::from(byte >> shift & 1);
            encoder.put(bit, model.predict());
            model.update(bit);
        }
    }
    encoder.finish()
}

fn unpack_with(model: &mut Model, body: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = Decoder::new(body);
    let mut text = Vec::new();
    model.begin();
    while !model.position().ended {
        if text.len() == MAX_DOCUMENT_BYTES || model.position().depth() > MAX_DEPTH {
            return None;
        }
        let mut byte = 0;
        for _ in 0..8 {
            let bit = decoder.take(model.predict());
            model.update(bit);
            byte = byte << 1 | u8::from(bit == 1);
        }
        text.push(byte);
    }
    decoder.used_up().then_some(text)
}
include!("/tmp/cm/measure.rs");
