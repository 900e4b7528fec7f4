//! Dictionary 1 and prior 2 come from the lists and samples in `dictionary/`: their scripts, plain Python 3, still give the
//! frozen bytes.

use std::path::Path;
use std::process::Command;

#[test]
fn the_script_still_builds_the_frozen_dictionary_from_the_lists() {
    assert_builds(
        "build.py",
        include_bytes!("../../src/payload/dictionary-1.bin"),
    );
}

#[test]
fn the_script_still_builds_the_frozen_prior_from_the_lists_and_the_samples() {
    assert_builds("prior.py", include_bytes!("../../src/payload/prior-2.txt"));
}

fn assert_builds(name: &str, frozen: &[u8]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("dictionary")
        .join(name);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let built = folder.path().join("built");

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

    let built = std::fs::read(&built).expect("the script wrote its file");
    assert!(
        built == frozen,
        "dictionary/{name} gives {} bytes that differ from the frozen ones",
        built.len()
    );
}
