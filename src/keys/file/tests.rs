//! Tests only: the keyring file.

use std::panic::{self, AssertUnwindSafe};

use super::*;
use crate::keys::fixture::{STEPS_TO_LIVE, any};
use crate::keys::{add, decrypt, encrypt, init, promote};
use crate::token::{Secret, Slot, TOKEN_EPOCH};

/// A plain keyring file.
fn plain(path: &Path) -> KeyringFile {
    KeyringFile::plain(path)
}

fn keyring(audience: &str) -> Keyring {
    Keyring::with_first_key(audience, Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
}

fn made(path: &Path) -> KeyringPath {
    let place = KeyringPath::new(path).unwrap();
    place.create(&keyring("first"), None, &mut any()).unwrap();
    place
}

fn names(directory: &Path) -> Vec<OsString> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_new_file_and_its_folder_are_for_the_owner_only() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("data/deep/keyring.json");
    made(&path);
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(load(&plain(&path)).unwrap().audience(), "first");
    assert_eq!(names(path.parent().unwrap()), ["keyring.json"]);
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    fs::write(&path, "precious").unwrap();
    let refused = KeyringPath::new(&path)
        .unwrap()
        .create(&keyring("second"), None, &mut any());
    assert!(matches!(refused, Err(KeysError::Exists { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");

    let dangling = home.path().join("link.json");
    std::os::unix::fs::symlink(home.path().join("nowhere"), &dangling).unwrap();
    let refused = KeyringPath::new(&dangling)
        .unwrap()
        .create(&keyring("second"), None, &mut any());
    assert!(matches!(refused, Err(KeysError::Exists { .. })));
}

#[test]
fn only_mode_0600_or_0400_is_read_and_the_error_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    made(&path);
    for allowed in [0o600, 0o400] {
        set_mode(&path, allowed);
        assert!(load(&plain(&path)).is_ok(), "{allowed:o}");
    }
    for refused in [0o644, 0o640, 0o604, 0o660, 0o601, 0o700, 0o4600, 0o777] {
        set_mode(&path, refused);
        let error = load(&plain(&path)).unwrap_err();
        assert!(
            matches!(error, KeysError::Mode { mode, .. } if mode == refused),
            "{error}"
        );
        assert!(
            error
                .to_string()
                .ends_with(&format!("chmod 600 {}", path.display()))
        );
    }
}

#[test]
fn a_replaced_file_keeps_its_mode_and_leaves_nothing_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    let place = made(&path);
    fs::write(
        home.path().join("keyring.json.new"),
        "left by a command that was killed",
    )
    .unwrap();
    for kept in [0o400, 0o600] {
        set_mode(&path, kept);
        let _lock = place.lock().unwrap();
        let old = place.read(&KekSource::None).unwrap().metadata;
        place
            .replace(&keyring("second"), None, &old, &mut any())
            .unwrap();
        assert_eq!(mode(&path), kept);
        assert_eq!(load(&plain(&path)).unwrap().audience(), "second");
        assert_eq!(names(home.path()), ["keyring.json", "keyring.json.lock"]);
    }
}

#[test]
fn a_symbolic_link_stays_one_when_its_file_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    let (path, link) = (
        home.path().join("real/keyring.json"),
        home.path().join("link.json"),
    );
    made(&path);
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let place = KeyringPath::existing(&link).unwrap();
    let old = place.read(&KekSource::None).unwrap().metadata;
    place
        .replace(&keyring("second"), None, &old, &mut any())
        .unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(load(&plain(&path)).unwrap().audience(), "second");
}

#[test]
fn what_is_no_keyring_file_says_so() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    assert!(matches!(
        load(&plain(&path)),
        Err(KeysError::Missing { .. })
    ));
    assert!(matches!(
        KeyringPath::existing(&path).err(),
        Some(KeysError::Missing { .. })
    ));
    assert!(matches!(
        load(&plain(home.path())),
        Err(KeysError::NotAFile { .. })
    ));

    fs::write(&path, "{}").unwrap();
    set_mode(&path, 0o600);
    assert!(matches!(
        load(&plain(&path)),
        Err(KeysError::Document { .. })
    ));
    fs::write(&path, vec![b' '; 65_537]).unwrap();
    assert!(matches!(
        load(&plain(&path)),
        Err(KeysError::TooLarge { .. })
    ));
}

#[test]
fn one_lock_excludes_another_until_it_is_dropped() {
    let home = tempfile::tempdir().unwrap();
    let place = made(&home.path().join("keyring.json"));
    let held = place.lock().unwrap();
    let other = File::open(home.path().join("keyring.json.lock")).unwrap();
    assert!(other.try_lock().is_err());
    drop(held);
    assert!(other.try_lock().is_ok());
}

/// A keyring under 32 bytes, or under a passphrase, which are in a file beside it.
fn encrypted(path: &Path, kek: &str) -> KeyringFile {
    let beside = path.with_extension("kek");
    fs::write(&beside, kek).unwrap();
    set_mode(&beside, 0o600);
    KeyringFile {
        path: path.to_owned(),
        kek: KekSource::File(beside),
    }
}

const KEK: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A command that changes the keyring.
type Verb<'a> = &'a dyn Fn();

#[test]
fn whenever_a_command_is_killed_the_old_or_the_new_keyring_is_there() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    let (plain, sealed) = (plain(&path), encrypted(&path, KEK));
    let second = Slot::try_from(1).unwrap();
    // A verb, the keyring of two keys that it begins with (none, plain, encrypted), and how it is read after it.
    let verbs: [(&str, Option<&KeyringFile>, &KeyringFile, Verb); 8] = [
        ("init", None, &plain, &|| {
            init(&plain, &mut any(), TOKEN_EPOCH).unwrap();
        }),
        ("init, encrypted", None, &sealed, &|| {
            init(&sealed, &mut any(), TOKEN_EPOCH).unwrap();
        }),
        ("add", Some(&plain), &plain, &|| {
            add(&plain, &mut any(), TOKEN_EPOCH).unwrap();
        }),
        ("add, encrypted", Some(&sealed), &sealed, &|| {
            add(&sealed, &mut any(), TOKEN_EPOCH).unwrap();
        }),
        ("promote", Some(&plain), &plain, &|| {
            promote(&plain, &mut any(), second).unwrap();
        }),
        ("promote, encrypted", Some(&sealed), &sealed, &|| {
            promote(&sealed, &mut any(), second).unwrap();
        }),
        ("encrypt", Some(&plain), &sealed, &|| {
            encrypt(&sealed, None, &mut any()).unwrap();
        }),
        ("decrypt", Some(&sealed), &plain, &|| {
            decrypt(&sealed, &mut any()).unwrap();
        }),
    ];
    for (name, before, after, verb) in verbs {
        let mut kills = 0;
        for steps in 0.. {
            for left in [&path, &home.path().join("keyring.json.new")] {
                let _ = fs::remove_file(left);
            }
            if let Some(before) = before {
                init(before, &mut any(), TOKEN_EPOCH).unwrap();
                assert_eq!(add(before, &mut any(), TOKEN_EPOCH).unwrap(), second);
            }
            let old = fs::read(&path).ok();
            STEPS_TO_LIVE.set(steps);
            let ended = panic::catch_unwind(AssertUnwindSafe(verb));
            STEPS_TO_LIVE.set(usize::MAX);
            if fs::read(&path).ok() == old {
                assert!(ended.is_err(), "{name}: it ended and changed nothing");
                // Once more, and it is done as if nothing had happened.
                verb();
            }
            load(after).unwrap_or_else(|error| panic!("{name}, {steps} steps: {error}"));
            add(after, &mut any(), TOKEN_EPOCH).unwrap();
            assert_eq!(
                names(home.path()),
                ["keyring.json", "keyring.json.lock", "keyring.kek"]
            );
            kills += usize::from(ended.is_err());
            if ended.is_ok() {
                break;
            }
        }
        assert!(kills >= 6, "{name} was killed {kills} times");
    }
}

#[test]
fn an_encrypted_keyring_opens_with_its_key_and_says_what_is_wrong_without() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    let sealed = encrypted(&path, KEK);
    init(&sealed, &mut any(), TOKEN_EPOCH).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        !text.contains("secret") && !text.contains("audience"),
        "{text}"
    );
    assert_eq!(load(&sealed).unwrap().keys().len(), 1);

    let said = |file: &KeyringFile| load(file).unwrap_err().to_string();
    assert!(said(&plain(&path)).contains("keys.kek_file"));
    let other = encrypted(&path, &KEK.replace("AAEC", "AAED"));
    assert!(said(&other).contains("does not fit"), "{}", said(&other));
    let words = encrypted(&path, "seventeen grey herons, one ladder");
    assert!(said(&words).contains("under 32 bytes"), "{}", said(&words));

    let sealed = encrypted(&path, KEK);
    decrypt(&sealed, &mut any()).unwrap();
    assert!(
        said(&sealed).contains("qrseal keys encrypt"),
        "{}",
        said(&sealed)
    );
    assert!(matches!(
        add(&sealed, &mut any(), TOKEN_EPOCH),
        Err(KeysError::Plain { .. })
    ));
    assert_eq!(load(&plain(&path)).unwrap().keys().len(), 1);
}

#[test]
fn another_key_takes_the_place_of_the_one_before() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    let old = encrypted(&path, KEK);
    let elsewhere = encrypted(&home.path().join("old"), KEK).kek;
    init(&old, &mut any(), TOKEN_EPOCH).unwrap();
    assert!(!encrypt(&old, None, &mut any()).unwrap(), "it was already");
    let new = encrypted(&path, "seventeen grey herons, one ladder");
    assert!(encrypt(&new, None, &mut any()).is_err());
    assert!(encrypt(&new, Some(&elsewhere), &mut any()).unwrap());
    assert_eq!(load(&new).unwrap().keys().len(), 1);
}
