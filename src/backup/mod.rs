//! Backups: one file with all that an installation needs to go on elsewhere, and the way back.
//!
//! Belongs here: the file, what is in it, and what a restoration means for codes, people and keys. Does not belong here: rows
//! (`store`), and how a keyring is encrypted (`keys`). `docs/backup.md` is the operator's side of this.

mod file;
mod replay;
mod restore;
mod write;

pub use file::{BackupFile, Header};
pub use replay::{Replayed, replay};
pub use restore::{
    RestoreInto, Restored, Retention, closed_to, reopen, restore, settle, until_open,
};
pub use write::{WriteBackup, Written, write};

use std::io;

use crate::keys::KeysError;
use crate::random::NoRandomNumbers;
use crate::samples::SamplesError;
use crate::store::StoreError;

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keyring.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The samples of profiles.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
    /// The file.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is not what was written.
    #[error("the backup is not used, and nothing was changed: {0}")]
    Damaged(&'static str),
    /// It is of another version.
    #[error(
        "the backup has a store of schema {found}, made by qrseal {version}, and this program needs {wanted}: restore with that \
         version, and upgrade then"
    )]
    Schema {
        /// Of the backup.
        found: u64,
        /// Of this program.
        wanted: u64,
        /// What made it.
        version: String,
    },
    /// Its time has not come.
    #[error(
        "the backup was made in the future, at {0}: set the clock of this machine, or what happened since cannot be told from what \
         the backup has"
    )]
    Future(String),
    /// There is no keyring to go on with.
    #[error(
        "the backup has no keyring (none was encrypted when it was made), and there is none at {0}: restore the keyring first"
    )]
    NoKeyring(String),
    /// The keyring is another one.
    #[error(
        "the backup was not made with this keyring, or was changed by somebody without it: nothing was restored"
    )]
    AnotherKeyring,
    /// The keyring that is there would not be replaced.
    #[error("there is another keyring at {0}: move it away, or correct keys.file")]
    KeyringInTheWay(String),
}
