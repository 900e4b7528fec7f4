//! Any bytes as a block list: a host that a line names alone is blocked, with everything below it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qrseal::targets::{BlockList, normalised};

fuzz_target!(|bytes: &[u8]| {
    let mut list = BlockList::default();
    let Ok(read) = list.add(0, bytes) else {
        return;
    };
    list.finish();
    assert_eq!(read.names, list.len());
    for line in bytes.split(|byte| *byte == b'\n') {
        let Ok(line) = std::str::from_utf8(line) else {
            continue;
        };
        if line.len() > 4096 || line.contains(['#', '\u{feff}', '*']) || line.starts_with('.') {
            continue;
        }
        let mut words = line.split_whitespace();
        let (Some(word), None) = (words.next(), words.next()) else {
            continue;
        };
        if let Some(name) = normalised(word).filter(|name| !name.is_empty()) {
            assert_eq!(list.blocks(&name), Some(0));
            assert_eq!(list.blocks(&format!("a.{name}")), Some(0));
        }
    }
});
