//! Tests only: the verbs one after the other, on one file.

use super::fixture::any;
use super::{KeyringFile, KeysError, add, destroy, disable, init, list, promote};
use crate::token::{KeyState, Slot, TOKEN_EPOCH, TransitionError};
use KeyState::{Destroyed, Disabled, Enabled, Primary};

fn states(file: &KeyringFile) -> Vec<KeyState> {
    list(file).unwrap().iter().map(|key| key.state).collect()
}

fn slot(number: u8) -> Slot {
    Slot::try_from(number).unwrap()
}

#[test]
fn a_rotation_is_add_promote_disable_destroy() {
    let home = tempfile::tempdir().unwrap();
    let file = KeyringFile::plain(home.path().join("keyring.json"));
    init(&file, &mut any(), TOKEN_EPOCH).unwrap();
    assert_eq!(add(&file, &mut any(), TOKEN_EPOCH).unwrap(), slot(1));
    assert_eq!(states(&file), [Primary, Enabled]);
    promote(&file, &mut any(), slot(1)).unwrap();
    assert_eq!(states(&file), [Enabled, Primary]);
    disable(&file, &mut any(), slot(0)).unwrap();
    assert_eq!(states(&file), [Disabled, Primary]);
    destroy(&file, &mut any(), slot(0)).unwrap();
    assert_eq!(states(&file), [Destroyed, Primary]);
    let text = std::fs::read_to_string(&file.path).unwrap();
    assert_eq!(
        text.matches("\"secret\"").count(),
        1,
        "the destroyed secret is not in the file"
    );
}

#[test]
fn the_primary_key_stays_until_another_is_promoted() {
    let home = tempfile::tempdir().unwrap();
    let file = KeyringFile::plain(home.path().join("keyring.json"));
    init(&file, &mut any(), TOKEN_EPOCH).unwrap();
    let errors = [
        disable(&file, &mut any(), slot(0)),
        destroy(&file, &mut any(), slot(0)),
    ];
    for error in errors.map(Result::unwrap_err) {
        assert!(matches!(
            error,
            KeysError::Transition(TransitionError::IsPrimary(_))
        ));
        assert!(error.to_string().contains("promote another key first"));
    }
    assert_eq!(states(&file), [Primary]);
}

#[test]
fn without_a_keyring_every_verb_says_how_to_make_one() {
    let home = tempfile::tempdir().unwrap();
    let file = KeyringFile::plain(home.path().join("keyring.json"));
    let answers = [
        list(&file).err(),
        add(&file, &mut any(), TOKEN_EPOCH).err(),
        promote(&file, &mut any(), slot(0)).err(),
        disable(&file, &mut any(), slot(0)).err(),
        destroy(&file, &mut any(), slot(0)).err(),
    ];
    for error in answers.map(Option::unwrap) {
        assert!(matches!(error, KeysError::Missing { .. }));
        assert!(error.to_string().contains("qrseal keys init"), "{error}");
    }
}
