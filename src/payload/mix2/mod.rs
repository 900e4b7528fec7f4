//! Codec 2: a document as the choices of a model that has read our own text.
//!
//! What belongs here: the body as it stands in a token. What does not: which codec a token gets (`issuing`), and whether
//! what comes out is JSON ([`check`](super::check())).
//!
//! The model says how likely each bit of the document is; an arithmetic coder spends the less on a bit the likelier it was.
//! Packing and unpacking ask the same model the same questions in the same order, so every number of it is wire format
//! (`docs/codec-2.md`), and so is the prior, the text that it has read: `prior-2.txt` never changes.
//! Integers only; nothing depends on the machine. Codec 3 is the same by a model that has read samples, too ([`pack_after`]).

#![expect(
    clippy::needless_range_loop,
    reason = "a kind of context has its place in several arrays at once"
)]

mod boxed;
mod coder;
mod guesses;
mod histories;
mod matches;
mod mixer;
mod model;
mod position;
mod runs;
mod samples;
mod tables;

use std::sync::{LazyLock, Mutex, MutexGuard};

use coder::{Decoder, Encoder};
use model::{Model, next_bit};
pub use samples::{pack_after, unpack_after};
use thiserror::Error;

use super::{Document, MAX_DEPTH};

/// The most bytes a document of this codec may have.
pub const MAX_DOCUMENT_BYTES: usize = 8_192;

/// What the model has read; put together by `dictionary/prior.py`.
const PRIOR: &[u8] = include_bytes!("../prior-2.txt");

/// The body is not codec 2: what comes out does not end within [`MAX_DOCUMENT_BYTES`], or the body goes on after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a document of at most {MAX_DOCUMENT_BYTES} bytes")]
pub struct UnpackError;

/// The most bytes of a document that is short: half a millisecond or one, for which nobody needs to be kept away from other work.
pub const MAX_SHORT_BYTES: usize = 512;

/// The model for short documents, 6.5 MB. Whoever has it forgets the document before the next one gets it.
static SHORT: LazyLock<Mutex<Model>> = LazyLock::new(|| Mutex::new(Model::primed(PRIOR)));
/// A copy of it, made when the first long document comes: short ones never wait for a long one.
static LONG: LazyLock<Mutex<Model>> = LazyLock::new(|| Mutex::new(lock(&SHORT).clone()));

/// Lets the model read its prior, which the first [`pack`] or [`unpack`] would otherwise wait for, for the better part of a
/// second.
pub fn prepare() {
    LazyLock::force(&SHORT);
}

/// Packs a document: the body of a token with codec 2. About a millisecond for each kilobyte.
///
/// `None` if the document is larger than [`MAX_DOCUMENT_BYTES`], if it is a bare number, `true`, `false` or `null`, which do
/// not say where they end, or if the body would not be smaller than the document's own text.
pub fn pack(document: &Document) -> Option<Vec<u8>> {
    let model = match document.as_bytes().len() {
        ..=MAX_SHORT_BYTES => &SHORT,
        _ => &LONG,
    };
    pack_on(model, document)
}

/// Whether the model can pack a document: it is not too large, and says where it ends.
#[must_use]
pub fn takes(document: &Document) -> bool {
    let text = document.as_bytes();
    text.len() <= MAX_DOCUMENT_BYTES && matches!(text.first(), Some(b'{' | b'[' | b'"'))
}

fn pack_on(model: &Mutex<Model>, document: &Document) -> Option<Vec<u8>> {
    if !takes(document) {
        return None;
    }
    let text = document.as_bytes();
    let mut model = lock(model);
    let body = pack_with(&mut model, text);
    model.undo();
    (body.len() < text.len()).then_some(body)
}

/// Unpacks the body of a token with codec 2.
///
/// Never writes more than [`MAX_DOCUMENT_BYTES`] bytes, and takes no longer than these do, whatever the body is.
///
/// # Errors
/// [`UnpackError`]; nothing of the body is to be used then.
pub fn unpack(body: &[u8]) -> Result<Vec<u8>, UnpackError> {
    unpack_on(&LONG, body, MAX_DOCUMENT_BYTES).map_err(|_| UnpackError)
}

/// As [`unpack`], if the document is short: `None` if it has more than [`MAX_SHORT_BYTES`] bytes.
///
/// # Errors
/// [`UnpackError`]; nothing of the body is to be used then.
pub fn unpack_short(body: &[u8]) -> Option<Result<Vec<u8>, UnpackError>> {
    match unpack_on(&SHORT, body, MAX_SHORT_BYTES) {
        Ok(text) => Some(Ok(text)),
        Err(Refused::NotADocument) => Some(Err(UnpackError)),
        Err(Refused::Longer) => None,
    }
}

fn unpack_on(model: &Mutex<Model>, body: &[u8], most: usize) -> Result<Vec<u8>, Refused> {
    let mut model = lock(model);
    let text = unpack_with(&mut model, body, most);
    model.undo();
    text
}

fn lock(model: &Mutex<Model>) -> MutexGuard<'_, Model> {
    model.lock().unwrap_or_else(|poisoned| {
        let mut model = poisoned.into_inner();
        model.undo();
        model
    })
}

fn pack_with(model: &mut Model, text: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    model.begin();
    for &byte in text {
        let mut bits = byte;
        model.byte(|one| {
            let bit = next_bit(&mut bits);
            encoder.put(bit, one);
            bit
        });
    }
    encoder.finish()
}

/// Why nothing was unpacked.
enum Refused {
    /// No document ends within the bytes that were allowed.
    Longer,
    NotADocument,
}

fn unpack_with(model: &mut Model, body: &[u8], most: usize) -> Result<Vec<u8>, Refused> {
    let mut decoder = Decoder::new(body);
    let mut text = Vec::new();
    model.begin();
    while !model.position().ended {
        if model.position().depth() > MAX_DEPTH {
            return Err(Refused::NotADocument);
        }
        if text.len() == most {
            return Err(Refused::Longer);
        }
        text.push(model.byte(|one| decoder.take(one)));
    }
    if decoder.used_up() {
        Ok(text)
    } else {
        Err(Refused::NotADocument)
    }
}

#[cfg(test)]
mod tests;
