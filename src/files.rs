//! Files that a command writes in a folder of somebody else.
//!
//! An operator runs `qrseal keys add` as root, and the folder belongs to the account that the server runs as. Whoever has
//! taken over that account may have put anything there: a link to a file of root's, a named pipe. So a path is walked
//! folder by folder, a link on the way is followed only if root or this user made it, and what is at its end is opened
//! beneath the folder's descriptor: a regular file with one name.
//!
//! Belongs here: finding the folder, opening in it, and locks, owners and modes of what was opened. Does not belong here: what
//! is in the files.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, TryLockError};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::process::geteuid;

/// Links on the way to one file, as Linux itself bounds them.
const MAX_LINKS: usize = 40;

/// For how long another command may hold a lock.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// What a folder is opened with. Going through one needs no right to list it.
#[cfg(target_os = "linux")]
const FOLDER: OFlags = OFlags::PATH
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const FOLDER: OFlags = OFlags::DIRECTORY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// What a file is opened with: not through a link, and without waiting for the other end of a pipe.
const FILE: OFlags = OFlags::NOFOLLOW
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// What to do on the way to a file.
#[derive(Clone, Copy, Default)]
pub(crate) struct Walk {
    /// Whether folders that are missing are made, for their owner only.
    pub(crate) make_folders: bool,
    /// Whether a link at the end is followed, too.
    pub(crate) follow_last: bool,
}

/// A folder, held by its descriptor: what its path leads to later does not matter.
pub(crate) struct Folder {
    descriptor: OwnedFd,
    path: PathBuf,
}

/// The folder of a file, and the file's name there. The file need not exist.
pub(crate) fn locate(path: &Path, walk: Walk) -> io::Result<(Folder, OsString)> {
    let mut folder = match path.is_absolute() {
        true => Folder::root()?,
        false => Folder::current()?,
    };
    let mut left = steps(path);
    let mut links = 0;
    while let Some(step) = left.pop_front() {
        match step.as_encoded_bytes() {
            b"/" => folder = Folder::root()?,
            b".." => folder = folder.parent()?,
            _ => match folder.stat(&step) {
                Ok(found) if is_link(&found) && (walk.follow_last || !left.is_empty()) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(io::Error::other("too many symbolic links"));
                    }
                    for step in steps(&folder.target(&step, &found)?).into_iter().rev() {
                        left.push_front(step);
                    }
                }
                Ok(_) if left.is_empty() => return Ok((folder, step)),
                Ok(_) => folder = folder.enter(&step)?,
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Err(_) if left.is_empty() => return Ok((folder, step)),
                Err(error) if !walk.make_folders => return Err(error),
                Err(_) => folder = folder.make(&step)?,
            },
        }
    }
    Err(io::Error::new(
        ErrorKind::InvalidInput,
        "it names a folder, not a file",
    ))
}

fn steps(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter(|step| !matches!(step, Component::CurDir))
        .map(|step| step.as_os_str().to_owned())
        .collect()
}

impl Folder {
    fn root() -> io::Result<Self> {
        Self::at(PathBuf::from("/"))
    }

    fn current() -> io::Result<Self> {
        Self::at(std::env::current_dir()?)
    }

    fn at(path: PathBuf) -> io::Result<Self> {
        Ok(Self {
            descriptor: rustix::fs::openat(CWD, &path, FOLDER, Mode::empty())?,
            path,
        })
    }

    fn enter(&self, name: &OsStr) -> io::Result<Self> {
        Ok(Self {
            descriptor: rustix::fs::openat(&self.descriptor, name, FOLDER, Mode::empty())?,
            path: self.path.join(name),
        })
    }

    fn parent(&self) -> io::Result<Self> {
        let mut path = self.path.clone();
        path.pop();
        Ok(Self {
            descriptor: rustix::fs::openat(&self.descriptor, "..", FOLDER, Mode::empty())?,
            path,
        })
    }

    fn make(&self, name: &OsStr) -> io::Result<Self> {
        match rustix::fs::mkdirat(&self.descriptor, name, Mode::RWXU) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => self.enter(name),
            Err(error) => Err(error.into()),
        }
    }

    /// Where a link leads. Only root and this user may have made it, and it must be the one that was looked at.
    fn target(&self, name: &OsStr, link: &Stat) -> io::Result<PathBuf> {
        if ![0, geteuid().as_raw()].contains(&link.st_uid) {
            return Err(io::Error::new(
                ErrorKind::PermissionDenied,
                format!(
                    "{} is a symbolic link that user {} made, and it is not followed; run the command as that user, \
                     or remove it",
                    self.path.join(name).display(),
                    link.st_uid
                ),
            ));
        }
        let target = rustix::fs::readlinkat(&self.descriptor, name, Vec::new())?;
        // Moving a link changes its time, so that no other can have been here in between.
        let same = |stat: &Stat| (stat.st_dev, stat.st_ino, stat.st_ctime, stat.st_ctime_nsec);
        if same(link) != same(&self.stat(name)?) {
            return Err(io::Error::other("a symbolic link changed meanwhile"));
        }
        Ok(PathBuf::from(OsString::from_vec(target.into_bytes())))
    }

    /// The path by which the folder was found, without links.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is there under a name; a link is not followed.
    fn stat(&self, name: &OsStr) -> io::Result<Stat> {
        Ok(rustix::fs::statat(
            &self.descriptor,
            name,
            AtFlags::SYMLINK_NOFOLLOW,
        )?)
    }

    /// Whether anything is there.
    pub(crate) fn has(&self, name: &OsStr) -> io::Result<bool> {
        match self.stat(name) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// User and group of what is there.
    pub(crate) fn owner(&self, name: &OsStr) -> io::Result<(u32, u32)> {
        self.stat(name).map(|found| (found.st_uid, found.st_gid))
    }

    /// Whether what is there is a regular file with this one name; `Ok` if nothing is.
    pub(crate) fn check(&self, name: &OsStr) -> io::Result<()> {
        match self.stat(name) {
            Ok(found) => {
                let regular = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
                sound(regular, found.st_nlink == 1)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Makes a file for its owner only; nothing may be there.
    pub(crate) fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = FILE | OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        let mode = Mode::RUSR | Mode::WUSR;
        Ok(rustix::fs::openat(&self.descriptor, name, flags, mode)?.into())
    }

    /// Opens a file that is there for reading.
    pub(crate) fn open(&self, name: &OsStr) -> io::Result<File> {
        self.open_with(name, OFlags::RDONLY)
    }

    /// Opens a file that is there for writing.
    pub(crate) fn open_to_write(&self, name: &OsStr) -> io::Result<File> {
        self.open_with(name, OFlags::WRONLY)
    }

    /// Opens a file that is there for reading and writing.
    pub(crate) fn open_to_change(&self, name: &OsStr) -> io::Result<File> {
        self.open_with(name, OFlags::RDWR)
    }

    fn open_with(&self, name: &OsStr, access: OFlags) -> io::Result<File> {
        // Looked at first for a clear message; what was opened is what decides.
        self.check(name)?;
        let opened = rustix::fs::openat(&self.descriptor, name, FILE | access, Mode::empty())?;
        let file = File::from(opened);
        let metadata = file.metadata()?;
        sound(metadata.is_file(), metadata.nlink() == 1)?;
        Ok(file)
    }

    /// Takes a name away.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(
            &self.descriptor,
            name,
            AtFlags::empty(),
        )?)
    }

    /// Gives a file a second name, where nothing is.
    pub(crate) fn link(&self, name: &OsStr, new: &OsStr) -> io::Result<()> {
        let folder = &self.descriptor;
        Ok(rustix::fs::linkat(
            folder,
            name,
            folder,
            new,
            AtFlags::empty(),
        )?)
    }

    /// Gives a file another name, in place of what had it.
    pub(crate) fn rename(&self, name: &OsStr, new: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(
            &self.descriptor,
            name,
            &self.descriptor,
            new,
        )?)
    }

    /// Makes its names durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let readable = rustix::fs::openat(&self.descriptor, ".", flags, Mode::empty())?;
        Ok(rustix::fs::fsync(readable)?)
    }
}

fn is_link(found: &Stat) -> bool {
    FileType::from_raw_mode(found.st_mode) == FileType::Symlink
}

fn sound(regular: bool, one_name: bool) -> io::Result<()> {
    let wrong = match (regular, one_name) {
        (true, true) => return Ok(()),
        (true, false) => "it has a second name (a hard link), so it may be another's file",
        (false, _) => "it is not a regular file (a link, a pipe, a device or a folder)",
    };
    Err(io::Error::new(ErrorKind::InvalidInput, wrong))
}

/// Whether only its owner reads a file: or, as Kubernetes and systemd show a secret, root's group.
pub(crate) fn is_kept_secret(metadata: &Metadata) -> bool {
    let mode = metadata.mode() & 0o7777;
    matches!(mode, 0o600 | 0o400) || mode == 0o440 && metadata.uid() == 0
}

/// Gives a file that was made just now to another user: root's would shut out the one that the server runs as.
pub(crate) fn give_to(file: &File, (user, group): (u32, u32)) -> io::Result<()> {
    if file.metadata()?.uid() == user {
        return Ok(());
    }
    fchown(file, Some(user), Some(group))
}

/// Locks a file for this process alone; it ends when the file is dropped. Waits for who has it, but not for ever.
pub(crate) fn lock_in_time(file: &File) -> io::Result<()> {
    until_locked(|| file.try_lock())
}

/// The same together with others who only read.
pub(crate) fn lock_shared_in_time(file: &File) -> io::Result<()> {
    until_locked(|| file.try_lock_shared())
}

fn until_locked(try_lock: impl Fn() -> Result<(), TryLockError>) -> io::Result<()> {
    let began = Instant::now();
    loop {
        match try_lock() {
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
