//! `qrseal keys rotate` dies at each of its steps: the keyring before the step or the one after it is there, never none.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};

use tempfile::TempDir;

use crate::fixture::{new_folder, qrseal_by, run_in};

/// The calls by which it changes files and says what it did, and how often it makes each of them at least.
const CALLS: [(&str, usize); 6] = [
    ("flock", 2),
    ("unlinkat", 2),
    ("fchmod", 2),
    ("write", 7),
    ("fsync", 4),
    ("renameat,renameat2", 2),
];

#[test]
#[ignore = "it needs strace; tests/run and tests/torture run it"]
fn a_rotation_that_is_killed_at_any_step_leaves_the_old_keyring_or_the_new_one() {
    let mut left: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for (calls, least) in CALLS {
        let mut kills = 0;
        loop {
            let folder = new_folder();
            run_in(&folder, "keys", &["init"]);
            let ended = rotation_that_dies_at(&folder, calls, kills + 1);
            if ended.success() {
                break;
            }
            assert_eq!(ended.signal(), Some(9), "{calls}: {ended}");
            kills += 1;
            let keys = states(&folder);
            if keys[0] == "primary" {
                // It goes on from there, as if nothing had happened.
                let (said, _) = run_in(&folder, "keys", &["rotate"]);
                assert!(said.contains("Slot 1 seals new tokens"), "{said}");
            }
            assert_eq!(states(&folder), ["enabled", "primary"], "{calls}");
            let unfinished = folder.path().join("keyring.json.new");
            assert!(!unfinished.exists(), "{calls}, {kills}");
            *left.entry(keys).or_default() += 1;
        }
        assert!(kills >= least, "{calls}: it died {kills} times");
    }
    let left_by_some: [&[&str]; 3] = [
        &["enabled", "primary"],
        &["primary"],
        &["primary", "enabled"],
    ];
    assert!(left.keys().eq(left_by_some), "{left:?}");
    println!(
        "rotations: kill -9 at each step of {}: a keyring each time, as it was before it or after it",
        left.values().sum::<usize>()
    );
}

/// Rotates, and dies as it makes one of these calls for the time of this number.
fn rotation_that_dies_at(folder: &TempDir, calls: &str, number: usize) -> ExitStatus {
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", &format!("trace={calls}")])
        .args(["-e", &format!("inject={calls}:signal=KILL:when={number}")]);
    qrseal_by(strace)
        .args(["keys", "rotate"])
        .current_dir(folder.path())
        .env("QRSEAL_KEYS__FILE", folder.path().join("keyring.json"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("strace is there")
}

/// The states of the keys, by their slots.
fn states(folder: &TempDir) -> Vec<String> {
    let (listed, _) = run_in(folder, "keys", &["list"]);
    let states = listed
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2));
    states.map(str::to_owned).collect()
}
