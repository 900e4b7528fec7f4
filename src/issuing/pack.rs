//! Which codec a document gets.

use std::sync::{Arc, OnceLock};

use super::{Effort, IssueToken, Packing, Storage};
use crate::long::{Busy, LongWork};
use crate::payload::{Document, mix2, zstd1};
use crate::samples::SampleSet;
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

/// What a document was packed to. It is packed once, however often that is asked for.
#[derive(Debug, Clone, Default)]
pub struct Packed(OnceLock<Option<Body>>);

/// A codec, and the body that it made.
pub(crate) type Body = (Codec, Vec<u8>);

impl IssueToken {
    /// Packs the document on a thread of its own if that takes milliseconds, or if there are samples of its profile; else it is
    /// packed when it is needed. One that is certainly stored is not packed after samples: its code is small anyway, and would
    /// need them for ever.
    ///
    /// # Errors
    /// [`Busy`]
    pub(crate) async fn pack_if_long(&self, storage: Storage, long: &LongWork) -> Result<(), Busy> {
        let smallest = self.packing == Packing::Packed(Effort::Smallest);
        if !smallest || !mix2::takes(&self.document) || self.packed.0.get().is_some() {
            return Ok(());
        }
        let profile = self.kind.profile.filter(|_| storage != Storage::Stored);
        let samples =
            profile.and_then(|profile| long.samples().sets().in_use(profile).map(Arc::clone));
        if samples.is_none() && self.document.as_bytes().len() <= mix2::MAX_SHORT_BYTES {
            return Ok(());
        }
        let document = self.document.clone();
        let packing = self.packing;
        let body = match samples {
            None => Box::pin(long.run(move || pack(&document, packing))).await?,
            Some(samples) => {
                let smaller = move || {
                    // Of equals what every installation opens.
                    pack(&document, packing)
                        .into_iter()
                        .chain(pack_after(&samples, &document))
                        .min_by_key(|(_, body)| body.len())
                };
                Box::pin(long.run_after_samples(smaller)).await?
            }
        };
        // It fails if it was packed before, which gave the same.
        let _same = self.packed.0.set(body);
        Ok(())
    }

    /// The codec and body that the document gets.
    pub(super) fn body(&self) -> (Codec, &[u8]) {
        match self.packed() {
            Some((codec, body)) => (*codec, body),
            None => (Codec::Json, self.document.as_bytes()),
        }
    }

    /// Bytes of the body, if the document is packed.
    pub(super) fn packed_bytes(&self) -> Option<usize> {
        self.packed().map(|(_, body)| body.len())
    }

    fn packed(&self) -> Option<&Body> {
        let pack = || pack(&self.document, self.packing);
        self.packed.0.get_or_init(pack).as_ref()
    }
}

/// What becomes of a document; `None`: its text is the body.
pub(crate) fn pack(document: &Document, packing: Packing) -> Option<Body> {
    let zstd1 = |effort| zstd1::pack(document, effort).map(|body| (Codec::Zstd1, body));
    match packing {
        Packing::Raw => None,
        Packing::Packed(Effort::Fast) => zstd1(zstd1::Effort::Fast),
        Packing::Packed(Effort::Best) => zstd1(zstd1::Effort::Best),
        Packing::Packed(Effort::Smallest) => {
            // Where a text repeats itself, codec 1 is now and then the smaller one.
            mix2::pack(document)
                .map(|body| (Codec::Mix2, body))
                .into_iter()
                .chain(zstd1(zstd1::Effort::Best))
                .min_by_key(|(_, body)| body.len())
        }
    }
}

/// The document after samples of its profile, if that is smaller than its text.
fn pack_after(samples: &SampleSet, document: &Document) -> Option<Body> {
    let body = mix2::pack_after(samples.documents(), document)?;
    let body = [&samples.head().bytes()[..], &body].concat();
    (body.len() < document.as_bytes().len()).then_some((Codec::Mix3, body))
}
