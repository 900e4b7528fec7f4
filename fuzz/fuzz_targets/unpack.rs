//! Any bytes as a packed body, and any document packed: never more than a document may have, and what was packed comes
//! back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qrseal::payload::zstd1::{Effort, pack, unpack};
use qrseal::payload::{MAX_BYTES, minify};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(unpacked) = unpack(bytes) {
        assert!(unpacked.len() <= MAX_BYTES);
    }
    let Ok(document) = minify(bytes) else {
        return;
    };
    if let Some(body) = pack(&document, Effort::Fast) {
        assert!(body.len() < document.as_bytes().len());
        assert_eq!(unpack(&body).as_deref(), Ok(document.as_bytes()));
    }
});
