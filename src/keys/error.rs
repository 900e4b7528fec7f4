//! Why the keyring file could not be read or changed, and what to do next. No message repeats what is in the file.

use std::{io, path::PathBuf};

use super::document::DocumentError;
use crate::token::TransitionError;

/// Why the keyring file could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error(
        "there is no keyring {path}: restore it from the backup, or make a new one with `qrseal keys init`; \
         keys.file (QRSEAL_KEYS__FILE) says where it is", path = path.display()
    )]
    Missing { path: PathBuf },
    #[error(
        "{path} exists and was left as it is; a new keyring there would make every code dead. \
         To rotate keys, use `qrseal keys add` and `qrseal keys promote`", path = path.display()
    )]
    Exists { path: PathBuf },
    #[error("{path} is not a regular file, so it is no keyring; correct keys.file (QRSEAL_KEYS__FILE)", path = path.display())]
    NotAFile { path: PathBuf },
    #[error("the keyring's mode is {mode:04o}, and only 0600 or 0400 keeps it secret: chmod 600 {path}", path = path.display())]
    Mode { path: PathBuf, mode: u32 },
    #[error("{path} has more than 65536 bytes, so it is no keyring; correct keys.file (QRSEAL_KEYS__FILE)", path = path.display())]
    TooLarge { path: PathBuf },
    #[error("{path} is not a keyring: {reason}", path = path.display())]
    Document {
        path: PathBuf,
        reason: DocumentError,
    },
    #[error(
        "the keyring would no longer belong to user {owner}, so nothing was changed; \
         run the command as that user or as root"
    )]
    Owner { owner: u32 },
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error("no random numbers: {0}")]
    Random(String),
}
