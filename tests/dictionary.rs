//! Dictionary 1 is wire format: its bytes never change, and they come from the lists in `dictionary/`.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// As `docs/token-format.md` names it.
const SHA_256: &str = "758acfdda6ff87ad7d4b0dd009ba4dc2b2f507b7746df0daf834179b6f687a4b";

const FROZEN: &[u8] = include_bytes!("../src/payload/dictionary-1.bin");

#[test]
fn the_dictionary_is_the_one_that_printed_codes_need() {
    let mut digest = String::new();
    for byte in Sha256::digest(FROZEN) {
        write!(digest, "{byte:02x}").expect("a string takes any text");
    }
    assert_eq!(
        digest, SHA_256,
        "codec 1 is frozen: another dictionary would be another codec"
    );
}
