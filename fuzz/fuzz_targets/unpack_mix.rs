//! Any bytes as a body of codec 2, and any document packed: never more than a document may have, and what was packed comes
//! back. The model forgets each document, or a later one would not come back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qrseal::payload::minify;
use qrseal::payload::mix2::{MAX_DOCUMENT_BYTES, pack, prepare, unpack};

// Reading the prior takes seconds where everything is counted; it is no part of any input.
fuzz_target!(init: prepare(), |bytes: &[u8]| {
    if let Ok(unpacked) = unpack(bytes) {
        assert!(unpacked.len() <= MAX_DOCUMENT_BYTES);
    }
    let Ok(document) = minify(bytes) else {
        return;
    };
    if let Some(body) = pack(&document) {
        assert!(body.len() < document.as_bytes().len());
        assert_eq!(unpack(&body).as_deref(), Ok(document.as_bytes()));
    }
});
