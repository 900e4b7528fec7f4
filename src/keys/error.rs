//! Why the keyring file could not be read or changed, and what to do next. No message repeats what is in the file.

use std::{io, path::PathBuf};

use super::document::DocumentError;
use super::kek::{KekError, KekSource};
use crate::token::{OutOfMemory, TransitionError};

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
         To rotate keys, use `qrseal keys rotate`",
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
    /// It is encrypted, and nothing says under what.
    #[error(
        "the keyring {} is encrypted: keys.kek_file (QRSEAL_KEYS__KEK_FILE) or keys.kek_command must say where its \
         key-encryption key is; docs/keys.md",
        path.display()
    )]
    Encrypted {
        /// The keyring.
        path: PathBuf,
    },
    /// It is plain, and should not be.
    #[error(
        "the keyring {} is not encrypted, though {kek} is set: `qrseal keys encrypt` encrypts it; docs/keys.md",
        path.display()
    )]
    Plain {
        /// The keyring.
        path: PathBuf,
        /// What is set.
        kek: KekSource,
    },
    /// It is encrypted, and cannot be decrypted.
    #[error("the keyring {} cannot be decrypted: {reason}", path.display())]
    Envelope {
        /// The keyring.
        path: PathBuf,
        /// Why.
        reason: EnvelopeError,
    },
    /// The key-encryption key cannot be had.
    #[error(transparent)]
    Kek(#[from] KekError),
    /// There is no key-encryption key, and one is needed.
    #[error(
        "neither keys.kek_file (QRSEAL_KEYS__KEK_FILE) nor keys.kek_command is set: one of them must say where the \
         key-encryption key is; docs/keys.md"
    )]
    NoKek,
    /// The key-encryption key is a passphrase that would soon be guessed.
    #[error(
        "the passphrase is guessed too easily, so nothing was encrypted: take six random words or more, or 32 random bytes \
         (openssl rand -base64 32)"
    )]
    WeakPassphrase,
    /// There is no memory to stretch the passphrase.
    #[error("there is not enough memory to stretch the passphrase: it takes 64 MiB")]
    OutOfMemory,
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

impl From<OutOfMemory> for KeysError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

/// Why an encrypted keyring is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// It is not what such a file must be.
    #[error("it is no encrypted keyring as docs/keys.md describes it: it was cut or changed")]
    Shape,
    /// A format that this version does not know.
    #[error("it is of a format that this version of qrseal does not know")]
    Format,
    /// Encrypted under a passphrase.
    #[error(
        "it was encrypted under a passphrase, and the key-encryption key is 32 bytes in base64: it is another one"
    )]
    WantsPassphrase,
    /// Encrypted under 32 bytes.
    #[error(
        "it was encrypted under 32 bytes in base64, and the key-encryption key is a passphrase: it is another one, or was cut"
    )]
    WantsKey,
    /// The AEAD says no.
    #[error("the key-encryption key does not fit: it is another one, or the file was changed")]
    DoesNotFit,
    /// There is no memory to stretch the passphrase.
    #[error("there is not enough memory to stretch the passphrase: it takes 64 MiB")]
    OutOfMemory,
}

impl From<OutOfMemory> for EnvelopeError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}
