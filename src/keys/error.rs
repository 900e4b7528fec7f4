//! Why the keyring file could not be read or changed, and what to do next. No message repeats what is in the file.

use std::{io, path::PathBuf};

use super::document::DocumentError;
use crate::token::TransitionError;

/// Why the keyring file could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Nothing is there.
    #[error(
        "there is no keyring {}: restore it from the backup, or make a new one with `qrseal keys init`; \
         keys.file (QRSEAL_KEYS__FILE) says where it is",
        path.display()
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// A keyring, or something else, is there already.
    #[error(
        "{} exists and was left as it is; a new keyring there would make every code dead. \
         To rotate keys, use `qrseal keys add` and `qrseal keys promote`",
        path.display()
    )]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// A folder, a device or a pipe.
    #[error("{} is not a regular file, so it is no keyring; correct keys.file (QRSEAL_KEYS__FILE)", path.display())]
    NotAFile {
        /// What is there.
        path: PathBuf,
    },
    /// Its mode is neither 0600 nor 0400, nor 0440 where root owns it.
    #[error(
        "the keyring's mode is {mode:04o}, and only 0600 or 0400 keeps it secret: chmod 600 {}",
        path.display()
    )]
    Mode {
        /// The keyring.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Far larger than any keyring.
    #[error(
        "{} has more than 65536 bytes, so it is no keyring; correct keys.file (QRSEAL_KEYS__FILE)",
        path.display()
    )]
    TooLarge {
        /// What is there.
        path: PathBuf,
    },
    /// What it holds is no keyring.
    #[error("{} is not a keyring: {reason}", path.display())]
    Document {
        /// What is there.
        path: PathBuf,
        /// What is wrong with it.
        reason: DocumentError,
    },
    /// The new file could not be given to the owner of the old one.
    #[error(
        "the keyring would no longer belong to user {owner}, so nothing was changed; \
         run the command as that user or as root"
    )]
    Owner {
        /// The user id of the old file's owner.
        owner: u32,
    },
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// A verb.
        action: &'static str,
        /// A file or a folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// A key cannot change as asked.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// The source of random numbers refused.
    #[error("no random numbers: {0}")]
    Random(String),
}
