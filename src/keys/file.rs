//! The keyring file itself: read under a check of its mode, written whole or not at all.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File, Metadata, OpenOptions, Permissions, TryLockError},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::{document, error::KeysError};
use crate::files::{self, Folder, Walk};
use crate::token::Keyring;

/// For how long another command may change the keyring.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// Reads the keyring. Needs no lock: the file is only ever replaced as a whole.
///
/// # Errors
/// [`KeysError`]: it is missing, its mode is neither 0600 nor 0400, it is too large, or it is no keyring.
pub fn load(path: &Path) -> Result<Keyring, KeysError> {
    read(path).map(|(keyring, _)| keyring)
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
            Ok(file)
        };
        open().map_err(|source| KeysError::Io {
            action: "lock",
            path: self.folder.path().join(&name),
            source,
        })
    }

    /// Reads the keyring, with what the file system says about its file.
    pub(super) fn read(&self) -> Result<(Keyring, Metadata), KeysError> {
        let file = self.folder.open(&self.name);
        let file = file.map_err(|source| cannot("read", &self.path, source))?;
        read_from(file, &self.path)
    }

    /// Makes the file. One that is there, whatever it is, stays as it is.
    pub(super) fn create(&self, keyring: &Keyring) -> Result<(), KeysError> {
        let exists = || KeysError::Exists {
            path: self.path.clone(),
        };
        if !matches!(self.folder.has(&self.name), Ok(false)) {
            return Err(exists());
        }
        let new = self.write_sibling(keyring, 0o600, None)?;
        // Not renamed: that would replace a file that somebody else puts there just now.
        let linked = self.folder.link(&new, &self.name);
        let _ = self.folder.remove(&new);
        linked.map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => exists(),
            _ => cannot("make", &self.path, source),
        })?;
        self.sync()
    }

    /// Replaces the file, atomically and durably, by one with the same mode and owner.
    pub(super) fn replace(&self, keyring: &Keyring, old: &Metadata) -> Result<(), KeysError> {
        let new = self.write_sibling(keyring, old.mode() & 0o777, Some(old))?;
        self.folder.rename(&new, &self.name).map_err(|source| {
            let _ = self.folder.remove(&new);
            cannot("replace", &self.path, source)
        })?;
        self.sync()
    }

    /// Writes the keyring beside its place. Only whoever holds the lock writes there.
    fn write_sibling(
        &self,
        keyring: &Keyring,
        mode: u32,
        old: Option<&Metadata>,
    ) -> Result<OsString, KeysError> {
        let json = document::write(keyring).map_err(|reason| KeysError::Document {
            path: self.path.clone(),
            reason,
        })?;
        let name = self.sibling(".new");
        let path = self.folder.path().join(&name);
        // What a command that was killed left behind.
        match self.folder.remove(&name) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                return Err(cannot("remove", &path, source));
            }
            _ => {}
        }
        let written = self.write_new(&name, &path, &json, mode, old);
        if written.is_err() {
            let _ = self.folder.remove(&name);
        }
        written.map(|()| name)
    }

    fn write_new(
        &self,
        name: &OsStr,
        path: &Path,
        json: &[u8],
        mode: u32,
        old: Option<&Metadata>,
    ) -> Result<(), KeysError> {
        let cannot_write = |source| cannot("write", path, source);
        let mut file = self.folder.create(name).map_err(cannot_write)?;
        if let Some(old) = old {
            give_to(&file, (old.uid(), old.gid()))
                .map_err(|_| KeysError::Owner { owner: old.uid() })?;
        }
        file.set_permissions(Permissions::from_mode(mode))
            .and_then(|()| file.write_all(json))
            .and_then(|()| file.sync_all())
            .map_err(cannot_write)
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

fn read(path: &Path) -> Result<(Keyring, Metadata), KeysError> {
    let cannot_read = |source| cannot("read", path, source);
    // Looked at before it is opened: opening a named pipe would wait for its other end.
    if !fs::metadata(path).map_err(cannot_read)?.is_file() {
        return Err(KeysError::NotAFile {
            path: path.to_owned(),
        });
    }
    // And not waited for, should it have become one since.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(cannot_read)?;
    read_from(file, path)
}

fn read_from(file: File, path: &Path) -> Result<(Keyring, Metadata), KeysError> {
    let cannot_read = |source| cannot("read", path, source);
    let metadata = file.metadata().map_err(cannot_read)?;
    if !metadata.is_file() {
        return Err(KeysError::NotAFile {
            path: path.to_owned(),
        });
    }
    let mode = metadata.mode() & 0o7777;
    // Kubernetes shows a secret as a file of root's that the container's group may read.
    let lent_by_root = mode == 0o440 && metadata.uid() == 0;
    if !matches!(mode, 0o600 | 0o400) && !lent_by_root {
        return Err(KeysError::Mode {
            path: path.to_owned(),
            mode,
        });
    }
    // Reserved at once, so that no outgrown copy with secrets stays behind.
    let mut json = Zeroizing::new(Vec::with_capacity(document::MAX_BYTES + 1));
    let limit = u64::try_from(document::MAX_BYTES + 1).expect("a small number");
    file.take(limit)
        .read_to_end(&mut json)
        .map_err(cannot_read)?;
    if json.len() > document::MAX_BYTES {
        return Err(KeysError::TooLarge {
            path: path.to_owned(),
        });
    }
    let keyring = document::parse(&json).map_err(|reason| KeysError::Document {
        path: path.to_owned(),
        reason,
    })?;
    Ok((keyring, metadata))
}

fn lock_in_time(file: &File) -> io::Result<()> {
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                thread::sleep(BETWEEN_TRIES);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(
                    ErrorKind::TimedOut,
                    "another command has held it for half a minute",
                ));
            }
        }
    }
}

/// Gives a file that was made just now to another user: root's would shut out the one that the server runs as.
fn give_to(file: &File, (user, group): (u32, u32)) -> io::Result<()> {
    if file.metadata()?.uid() == user {
        return Ok(());
    }
    fchown(file, Some(user), Some(group))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    fn keyring(audience: &str) -> Keyring {
        Keyring::with_first_key(audience, Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
    }

    fn made(path: &Path) -> KeyringPath {
        let place = KeyringPath::new(path).unwrap();
        place.create(&keyring("first")).unwrap();
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
        assert_eq!(load(&path).unwrap().audience(), "first");
        assert_eq!(names(path.parent().unwrap()), ["keyring.json"]);
    }

    #[test]
    fn a_file_that_is_there_is_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        fs::write(&path, "precious").unwrap();
        let refused = KeyringPath::new(&path).unwrap().create(&keyring("second"));
        assert!(matches!(refused, Err(KeysError::Exists { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");

        let dangling = home.path().join("link.json");
        std::os::unix::fs::symlink(home.path().join("nowhere"), &dangling).unwrap();
        let refused = KeyringPath::new(&dangling)
            .unwrap()
            .create(&keyring("second"));
        assert!(matches!(refused, Err(KeysError::Exists { .. })));
    }

    #[test]
    fn only_mode_0600_or_0400_is_read_and_the_error_says_what_to_do() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        made(&path);
        for allowed in [0o600, 0o400] {
            set_mode(&path, allowed);
            assert!(load(&path).is_ok(), "{allowed:o}");
        }
        for refused in [0o644, 0o640, 0o604, 0o660, 0o601, 0o700, 0o4600, 0o777] {
            set_mode(&path, refused);
            let error = load(&path).unwrap_err();
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
            let (_, old) = place.read().unwrap();
            place.replace(&keyring("second"), &old).unwrap();
            assert_eq!(mode(&path), kept);
            assert_eq!(load(&path).unwrap().audience(), "second");
            assert_eq!(names(home.path()), ["keyring.json"]);
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
        let (_, old) = place.read().unwrap();
        place.replace(&keyring("second"), &old).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(load(&path).unwrap().audience(), "second");
    }

    #[test]
    fn what_is_no_keyring_file_says_so() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keyring.json");
        assert!(matches!(load(&path), Err(KeysError::Missing { .. })));
        assert!(matches!(
            KeyringPath::existing(&path).err(),
            Some(KeysError::Missing { .. })
        ));
        assert!(matches!(load(home.path()), Err(KeysError::NotAFile { .. })));

        fs::write(&path, "{}").unwrap();
        set_mode(&path, 0o600);
        assert!(matches!(load(&path), Err(KeysError::Document { .. })));
        fs::write(&path, vec![b' '; 65_537]).unwrap();
        assert!(matches!(load(&path), Err(KeysError::TooLarge { .. })));
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
}
