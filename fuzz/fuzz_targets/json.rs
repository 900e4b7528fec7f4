//! Checking and minifying any bytes: agrees with `serde_json` on the grammar, and what comes out goes in again unchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qrseal::payload::{JsonErrorClass, JsonErrorKind, MAX_BYTES, check, minify};
use serde_json::value::RawValue;

fuzz_target!(|bytes: &[u8]| {
    let well_formed = serde_json::from_slice::<&RawValue>(bytes).is_ok();
    match check(bytes) {
        Ok(text) => assert!(well_formed && text.as_bytes() == bytes),
        // The grammar does not know these two limits; every other refusal has to be one of serde_json's too.
        Err(error) => assert!(
            error.kind().class() != JsonErrorClass::Invalid || !well_formed,
            "{error}"
        ),
    }
    match minify(bytes) {
        Ok(document) => {
            assert!(well_formed && document.as_bytes().len() <= MAX_BYTES);
            assert_eq!(check(document.as_bytes()), Ok(document.as_str()));
            assert_eq!(minify(document.as_bytes()).as_ref(), Ok(&document));
            let raw: &RawValue =
                serde_json::from_str(document.as_str()).expect("it was well formed");
            assert_eq!(raw.get(), document.as_str());
        }
        Err(error) => {
            let stricter = matches!(
                error.kind(),
                JsonErrorKind::DuplicateName | JsonErrorKind::LoneSurrogate
            );
            assert!(
                stricter || error.kind().class() != JsonErrorClass::Invalid || !well_formed,
                "{error}"
            );
        }
    }
});
