//! Tests only: the verbs one after the other, on one file.

use std::{convert::Infallible, path::Path};

use super::{KeysError, add, destroy, disable, init, list, promote};
use crate::token::{KeyState, Slot, TOKEN_EPOCH, TransitionError};
use KeyState::{Destroyed, Disabled, Enabled, Primary};

fn states(path: &Path) -> Vec<KeyState> {
    list(path).unwrap().iter().map(|key| key.state).collect()
}

fn slot(number: u8) -> Slot {
    Slot::try_from(number).unwrap()
}

/// In place of random bytes.
fn source() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
    |bytes| {
        bytes.fill(0x5a);
        Ok(())
    }
}

#[test]
fn a_rotation_is_add_promote_disable_destroy() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    init(&path, &mut source(), TOKEN_EPOCH).unwrap();
    assert_eq!(add(&path, &mut source(), TOKEN_EPOCH).unwrap(), slot(1));
    assert_eq!(states(&path), [Primary, Enabled]);
    promote(&path, slot(1)).unwrap();
    assert_eq!(states(&path), [Enabled, Primary]);
    disable(&path, slot(0)).unwrap();
    assert_eq!(states(&path), [Disabled, Primary]);
    destroy(&path, slot(0)).unwrap();
    assert_eq!(states(&path), [Destroyed, Primary]);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        text.matches("\"secret\"").count(),
        1,
        "the destroyed secret is not in the file"
    );
}

#[test]
fn the_primary_key_stays_until_another_is_promoted() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    init(&path, &mut source(), TOKEN_EPOCH).unwrap();
    for verb in [disable, destroy] {
        let error = verb(&path, slot(0)).unwrap_err();
        assert!(matches!(
            error,
            KeysError::Transition(TransitionError::IsPrimary(_))
        ));
        assert!(error.to_string().contains("promote another key first"));
    }
    assert_eq!(states(&path), [Primary]);
}

#[test]
fn without_a_keyring_every_verb_says_how_to_make_one() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("keyring.json");
    let answers = [
        list(&path).err(),
        add(&path, &mut source(), TOKEN_EPOCH).err(),
        promote(&path, slot(0)).err(),
        disable(&path, slot(0)).err(),
        destroy(&path, slot(0)).err(),
    ];
    for error in answers.map(Option::unwrap) {
        assert!(matches!(error, KeysError::Missing { .. }));
        assert!(error.to_string().contains("qrseal keys init"), "{error}");
    }
}
