//! The keyring file itself: read under a check of its mode, written whole or not at all.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    fs::{self, File, Metadata, OpenOptions, Permissions},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::kek::{Kek, KekSource};
use super::{document, envelope, error::KeysError};
use crate::files::{self, Folder, Walk, give_to, is_kept_secret, lock_in_time};
use crate::token::Keyring;

/// A keyring file, and what it is encrypted under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyringFile {
    /// Where it is.
    pub path: PathBuf,
    /// Where its key-encryption key comes from. With one the file is encrypted, without it is plain: one that is not as it
    /// should be is refused.
    pub kek: KekSource,
}

impl KeyringFile {
    /// A file that is not encrypted.
    pub fn plain(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            kek: KekSource::None,
        }
    }
}

/// Reads the keyring. Needs no lock: the file is only ever replaced as a whole.
///
/// With a passphrase it takes a tenth of a second and 64 MiB, with a command up to ten seconds: never on a thread that
/// answers requests.
///
/// # Errors
/// [`KeysError`]: it is missing, its mode is neither 0600 nor 0400, it is too large, it is no keyring, or its key-encryption
/// key cannot be had or does not fit.
pub fn load(file: &KeyringFile) -> Result<Keyring, KeysError> {
    let path = &file.path;
    let cannot_read = |source| cannot("read", path, source);
    // Looked at before it is opened: opening a named pipe would wait for its other end.
    if !fs::metadata(path).map_err(cannot_read)?.is_file() {
        return Err(KeysError::NotAFile {
            path: path.to_owned(),
        });
    }
    // And not waited for, should it have become one since.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(cannot_read)?;
    understood(bytes_of(opened, path)?, path, &file.kek).map(|opened| opened.keyring)
}

/// A keyring as it was read, to be changed and written again.
pub(super) struct Opened {
    pub(super) keyring: Keyring,
    /// What the file system says about its file.
    pub(super) metadata: Metadata,
    /// What it is encrypted under; `None` for a plain one.
    pub(super) kek: Option<Kek>,
}

/// Where a keyring really is, behind symbolic links: the place to lock and to write to.
pub(super) struct KeyringPath {
    path: PathBuf,
    folder: Folder,
    name: OsString,
}

impl KeyringPath {
    /// Of a keyring that exists.
    pub(super) fn existing(path: &Path) -> Result<Self, KeysError> {
        let walk = Walk {
            follow_last: true,
            ..Walk::default()
        };
        let place = Self::found(path, walk).map_err(|source| cannot("find", path, source))?;
        match place.folder.has(&place.name) {
            Ok(true) => Ok(place),
            Ok(false) => Err(KeysError::Missing {
                path: path.to_owned(),
            }),
            Err(source) => Err(cannot("find", path, source)),
        }
    }

    /// Of a keyring that is about to be made. Missing folders are made too, for the owner only.
    pub(super) fn new(path: &Path) -> Result<Self, KeysError> {
        if path.file_name().is_none() {
            return Err(KeysError::NotAFile {
                path: path.to_owned(),
            });
        }
        let walk = Walk {
            make_folders: true,
            ..Walk::default()
        };
        Self::found(path, walk).map_err(|source| cannot("make the folder of", path, source))
    }

    fn found(path: &Path, walk: Walk) -> io::Result<Self> {
        let (folder, name) = files::locate(path, walk)?;
        Ok(Self {
            path: folder.path().join(&name),
            folder,
            name,
        })
    }

    /// Waits until no other command changes this keyring. The lock ends when the file is dropped.
    ///
    /// It is a file beside the keyring, because the keyring itself is replaced; it stays, empty.
    pub(super) fn lock(&self) -> Result<File, KeysError> {
        let name = self.sibling(".lock");
        let open = || {
            let file = match self.folder.create(&name) {
                Ok(file) => {
                    // Made by root, it would shut out the keyring's owner.
                    if let Ok(owner) = self.folder.owner(&self.name) {
                        give_to(&file, owner)?;
                    }
                    file
                }
                // Somebody's: it is locked, and nothing else is done to it.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    self.folder.open_to_write(&name)?
                }
                Err(error) => return Err(error),
            };
            lock_in_time(&file)?;
            // What a command that was killed left behind: unfinished, or a second name of the keyring.
            match self.folder.remove(&self.sibling(".new")) {
                Err(source) if source.kind() != ErrorKind::NotFound => Err(source),
                _ => Ok(file),
            }
        };
        open().map_err(|source| KeysError::Io {
            action: "lock",
            path: self.folder.path().join(&name),
            source,
        })
    }

    /// Reads the keyring, which is encrypted if there is a key-encryption key, and plain if there is none.
    pub(super) fn read(&self, source: &KekSource) -> Result<Opened, KeysError> {
        understood(self.bytes()?, &self.path, source)
    }

    /// Whether the file is encrypted.
    pub(super) fn is_encrypted(&self) -> Result<bool, KeysError> {
        Ok(envelope::is_one(&self.bytes()?.0))
    }

    fn bytes(&self) -> Result<(Zeroizing<Vec<u8>>, Metadata), KeysError> {
        let file = self.folder.open(&self.name);
        let file = file.map_err(|source| cannot("read", &self.path, source))?;
        bytes_of(file, &self.path)
    }

    /// Makes the file. One that is there, whatever it is, stays as it is.
    pub(super) fn create<E: fmt::Display>(
        &self,
        keyring: &Keyring,
        kek: Option<&Kek>,
        fill: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<(), KeysError> {
        let exists = || KeysError::Exists {
            path: self.path.clone(),
        };
        if !matches!(self.folder.has(&self.name), Ok(false)) {
            return Err(exists());
        }
        let text = self.written(keyring, kek, fill)?;
        let new = self.write_sibling(&text, 0o600, None)?;
        // Not renamed: that would replace a file that somebody else puts there just now.
        let linked = self.folder.link(&new, &self.name);
        let _ = self.folder.remove(&new);
        step();
        linked.map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => exists(),
            _ => cannot("make", &self.path, source),
        })?;
        self.sync()
    }

    /// Replaces the file, atomically and durably, by one with the same mode and owner.
    pub(super) fn replace<E: fmt::Display>(
        &self,
        keyring: &Keyring,
        kek: Option<&Kek>,
        old: &Metadata,
        fill: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<(), KeysError> {
        let text = self.written(keyring, kek, fill)?;
        let new = self.write_sibling(&text, old.mode() & 0o777, Some(old))?;
        self.folder.rename(&new, &self.name).map_err(|source| {
            let _ = self.folder.remove(&new);
            cannot("replace", &self.path, source)
        })?;
        step();
        self.sync()
    }

    /// What stands in the file.
    fn written<E: fmt::Display>(
        &self,
        keyring: &Keyring,
        kek: Option<&Kek>,
        fill: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<Zeroizing<Vec<u8>>, KeysError> {
        let json = document::write(keyring).map_err(|reason| KeysError::Document {
            path: self.path.clone(),
            reason,
        })?;
        match kek {
            Some(kek) => envelope::seal(&json, kek, fill),
            None => Ok(json),
        }
    }

    /// Writes the file's text beside its place. Only whoever holds the lock writes there.
    fn write_sibling(
        &self,
        text: &[u8],
        mode: u32,
        old: Option<&Metadata>,
    ) -> Result<OsString, KeysError> {
        let name = self.sibling(".new");
        let path = self.folder.path().join(&name);
        let written = self.write_new(&name, &path, text, mode, old);
        if written.is_err() {
            let _ = self.folder.remove(&name);
        }
        written.map(|()| name)
    }

    fn write_new(
        &self,
        name: &OsStr,
        path: &Path,
        text: &[u8],
        mode: u32,
        old: Option<&Metadata>,
    ) -> Result<(), KeysError> {
        let cannot_write = |source| cannot("write", path, source);
        let mut file = self.folder.create(name).map_err(cannot_write)?;
        step();
        if let Some(old) = old {
            give_to(&file, (old.uid(), old.gid()))
                .map_err(|_| KeysError::Owner { owner: old.uid() })?;
        }
        step();
        file.set_permissions(Permissions::from_mode(mode))
            .map_err(cannot_write)?;
        step();
        let (half, rest) = text.split_at(text.len() / 2);
        for part in [half, rest] {
            file.write_all(part).map_err(cannot_write)?;
            step();
        }
        file.sync_all().map_err(cannot_write)?;
        step();
        Ok(())
    }

    /// Makes the new name durable.
    fn sync(&self) -> Result<(), KeysError> {
        let saved = self.folder.sync();
        saved.map_err(|source| cannot("save", self.folder.path(), source))
    }

    fn sibling(&self, ending: &str) -> OsString {
        let mut name = self.name.clone();
        name.push(ending);
        name
    }
}

fn understood(
    (text, metadata): (Zeroizing<Vec<u8>>, Metadata),
    path: &Path,
    source: &KekSource,
) -> Result<Opened, KeysError> {
    let path = || path.to_owned();
    // The command is not run for a file that has no use for it.
    let (document, kek) = match (envelope::is_one(&text), source) {
        (true, KekSource::None) => return Err(KeysError::Encrypted { path: path() }),
        (true, source) => {
            let kek = source.read()?.expect("there is a source");
            let document = envelope::open(&text, &kek).map_err(|reason| KeysError::Envelope {
                path: path(),
                reason,
            })?;
            (document, Some(kek))
        }
        (false, KekSource::None) => (text, None),
        (false, source) => {
            return Err(KeysError::Plain {
                path: path(),
                kek: source.clone(),
            });
        }
    };
    let keyring = document::parse(&document).map_err(|reason| KeysError::Document {
        path: path(),
        reason,
    })?;
    Ok(Opened {
        keyring,
        metadata,
        kek,
    })
}

fn bytes_of(file: File, path: &Path) -> Result<(Zeroizing<Vec<u8>>, Metadata), KeysError> {
    let cannot_read = |source| cannot("read", path, source);
    let metadata = file.metadata().map_err(cannot_read)?;
    if !metadata.is_file() {
        return Err(KeysError::NotAFile {
            path: path.to_owned(),
        });
    }
    if !is_kept_secret(&metadata) {
        return Err(KeysError::Mode {
            path: path.to_owned(),
            mode: metadata.mode() & 0o7777,
        });
    }
    // Reserved at once, so that no outgrown copy with secrets stays behind.
    let mut text = Zeroizing::new(Vec::with_capacity(document::MAX_BYTES + 1));
    let limit = u64::try_from(document::MAX_BYTES + 1).expect("a small number");
    file.take(limit)
        .read_to_end(&mut text)
        .map_err(cannot_read)?;
    if text.len() > document::MAX_BYTES {
        return Err(KeysError::TooLarge {
            path: path.to_owned(),
        });
    }
    Ok((text, metadata))
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> KeysError {
    let path = path.to_owned();
    match source.kind() {
        ErrorKind::NotFound if matches!(action, "find" | "read") => KeysError::Missing { path },
        _ => KeysError::Io {
            action,
            path,
            source,
        },
    }
}

/// A step of writing is done. Tests end here at one of them, as a process does that is killed.
#[cfg(not(test))]
fn step() {}

#[cfg(test)]
use super::fixture::step;

#[cfg(test)]
mod tests;
