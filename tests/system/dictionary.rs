//! Dictionary 1 comes from the lists in `dictionary/`: its script, plain Python 3, still gives the frozen bytes.

use std::path::Path;
use std::process::Command;

const FROZEN: &[u8] = include_bytes!("../../src/payload/dictionary-1.bin");

#[test]
fn the_script_still_builds_the_frozen_dictionary_from_the_lists() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionary/build.py");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let built = folder.path().join("dictionary-1.bin");

    let run = Command::new("python3")
        .arg("-B")
        .arg(&script)
        .arg(&built)
        .output()
        .expect("python3 is there: tests/run install");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );

    let built = std::fs::read(&built).expect("the script wrote the dictionary");
    assert!(
        built == FROZEN,
        "dictionary/build.py gives {} bytes that differ from the frozen ones",
        built.len()
    );
}
