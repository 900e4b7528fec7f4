//! Any bytes as a body of codec 2, and of codec 3 after samples, and any document packed: never more than a document may have, and
//! what was packed comes back. The model forgets each document, or a later one would not come back.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use qrseal::payload::mix2::{MAX_DOCUMENT_BYTES, pack, pack_after, prepare, unpack, unpack_after};
use qrseal::payload::{Document, minify};
use qrseal::samples::SampleHead;

/// What the model has read.
static SAMPLES: LazyLock<Arc<[Document]>> = LazyLock::new(|| {
    let samples = [
        &br#"{"id":"INV-1","amount":12.50,"currency":"EUR"}"#[..],
        b"[[1],{}]",
    ];
    samples
        .into_iter()
        .filter_map(|sample| minify(sample).ok())
        .collect()
});

/// Reading the prior and the samples takes seconds where everything is counted; it is no part of any input.
fn init() {
    prepare();
    let _ = unpack_after(&SAMPLES, b"");
}

fuzz_target!(init: init(), |bytes: &[u8]| {
    let head = SampleHead::split(bytes);
    if let Some((head, rest)) = head {
        assert_eq!([&head.bytes()[..], rest].concat(), bytes);
    }
    for unpacked in [unpack(bytes), unpack_after(&SAMPLES, bytes)].into_iter().flatten() {
        assert!(unpacked.len() <= MAX_DOCUMENT_BYTES);
    }
    let Ok(document) = minify(bytes) else {
        return;
    };
    if let Some(body) = pack(&document) {
        assert!(body.len() < document.as_bytes().len());
        assert_eq!(unpack(&body).as_deref(), Ok(document.as_bytes()));
    }
    if let Some(body) = pack_after(&SAMPLES, &document) {
        assert_eq!(unpack_after(&SAMPLES, &body).as_deref(), Ok(document.as_bytes()));
    }
});
