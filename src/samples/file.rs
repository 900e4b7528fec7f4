//! The file of samples beside the keyring, to which lines are added and from which none is taken.
//!
//! Belongs here: reading and writing it, durably and under its lock. Does not belong here: what its lines say (`lines`).

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::process::geteuid;

use super::lines::{Line, MAX_BYTES, SetLine, Understood, understood};
use super::{SampleSet, SampleSets, SamplesError, ToldSet};
use crate::files::{self, Folder, Walk, give_to, lock_in_time, lock_shared_in_time};
use crate::payload::Document;
use crate::token::ClaimValue;

/// How many numbers stay free behind what a backup has: sets that were added after it had these, and codes name them.
const FREE_NUMBERS: u8 = 7;

/// The file of samples of a keyring: `keyring.samples` beside `keyring.json`, and `keyring-samples` beside `keyring`, so that no
/// two keyrings share one.
#[must_use]
pub fn path_beside(keyring: &Path) -> PathBuf {
    if keyring.extension() == Some(OsStr::new("json")) {
        return keyring.with_extension("samples");
    }
    let mut path = keyring.as_os_str().to_owned();
    path.push("-samples");
    path.into()
}

/// A set that is to be added.
#[derive(Debug)]
pub struct AddSamples {
    /// The number of its profile, which the documents fit.
    pub profile: ClaimValue,
    /// 1 to [`MAX_DOCUMENTS`](super::MAX_DOCUMENTS), in the order in which the model reads them.
    pub documents: Vec<Document>,
    /// Whether the piece of a line at the end is taken out.
    pub mend: bool,
    /// The sets that were ever added, as far as the audit log tells: none of their numbers is given again.
    pub told: Vec<ToldSet>,
    /// Whether those of them that the file lacks are lost for ever, so that the number comes after all of theirs.
    pub lost: bool,
}

/// A set that is in the file.
#[derive(Debug)]
pub struct Added {
    /// The set.
    pub set: Arc<SampleSet>,
    /// Whether it was there before: the same documents of the same profile are added once.
    pub before: bool,
}

/// Adds a set to the file beside `keyring`, durably. No code is packed after it before [`append_use`].
///
/// # Errors
/// [`SamplesError`]: nothing was added.
pub fn append_set(keyring: &Path, wanted: AddSamples) -> Result<Added, SamplesError> {
    // Before a file is made for nothing.
    SampleSet::new(1, wanted.profile, wanted.documents.clone()).map_err(SamplesError::Documents)?;
    let locked = Locked::of(keyring)?;
    let Understood { sets, used } = locked.understood(wanted.mend)?;
    let there = sets
        .all()
        .find(|set| set.profile() == wanted.profile && set.documents()[..] == wanted.documents[..]);
    if let Some(set) = there {
        let set = Arc::clone(set);
        if sets.is_cut() {
            locked.put(used, b"")?;
        }
        return Ok(Added { set, before: true });
    }
    let next = sets.next_number().ok_or(SamplesError::Full)?;
    let number = match wanted.told.iter().map(|told| told.number).max() {
        Some(last) if wanted.lost => last.checked_add(1).ok_or(SamplesError::Full)?.max(next),
        _ => next,
    };
    let set = SampleSet::new(number, wanted.profile, wanted.documents)
        .map_err(SamplesError::Documents)?;
    if let Some(number) = sets.forgotten(&set, &wanted.told).filter(|_| !wanted.lost) {
        let path = locked.path;
        return Err(SamplesError::Forgotten { path, number });
    }
    let mut lines = Vec::new();
    if number != next {
        lines.extend(Line::Skip(number).bytes());
    }
    lines.extend(Line::Set(SetLine::of(&set)).bytes());
    locked.put(used, &lines)?;
    Ok(Added {
        set: Arc::new(set),
        before: false,
    })
}

/// Has new codes of its profile packed after a set, durably; whether they were not before.
///
/// # Errors
/// [`SamplesError`], also if there is another set with its number: nothing was changed.
pub fn append_use(keyring: &Path, set: &SampleSet) -> Result<bool, SamplesError> {
    let number = set.number();
    let locked = Locked::of(keyring)?;
    let Understood { sets, used } = locked.understood(false)?;
    if sets.numbered(number).is_none_or(|found| **found != *set) {
        return Err(SamplesError::Unknown(number));
    }
    if sets.uses(set) {
        return Ok(false);
    }
    locked.put(used, &Line::Use(number).bytes())?;
    Ok(true)
}

/// What of the file beside `keyring` a backup has: its whole lines, if there are any.
///
/// # Errors
/// [`SamplesError`]
pub fn bytes_for_backup(keyring: &Path) -> Result<Option<Vec<u8>>, SamplesError> {
    let path = path_beside(keyring);
    let mut bytes = bytes_of(&path)?;
    bytes.truncate(understood(&bytes, &path)?.used);
    Ok((!bytes.is_empty()).then_some(bytes))
}

/// Refuses a file that is there, if a backup without one comes here; but not what [`put_back`] writes then.
///
/// # Errors
/// [`SamplesError`]
pub fn none_beside(keyring: &Path) -> Result<(), SamplesError> {
    let path = path_beside(keyring);
    match with_free_numbers(b"", &path)?.starts_with(&bytes_of(&path)?) {
        true => Ok(()),
        false => Err(SamplesError::InTheWay(path)),
    }
}

/// Whether the file of a backup is to be put back beside `keyring`: not if one is there that goes on from it.
///
/// # Errors
/// [`SamplesError`]: another one is there.
pub fn is_wanted(keyring: &Path, backup: &[u8]) -> Result<bool, SamplesError> {
    let path = path_beside(keyring);
    let wanted = with_free_numbers(backup, &path)?;
    let missing = missing(&wanted, backup, &bytes_of(&path)?).map(|missing| !missing.is_empty());
    missing.ok_or(SamplesError::InTheWay(path))
}

/// Puts the file of a backup back beside `keyring`, if it [is wanted](is_wanted) there. Behind it some numbers stay free, which
/// sets may have had that were added after the backup, also if the backup has none (`backup` is empty) and no file is there.
///
/// # Errors
/// [`SamplesError`]
pub fn put_back(keyring: &Path, backup: &[u8]) -> Result<(), SamplesError> {
    if !is_wanted(keyring, backup)? {
        return Ok(());
    }
    // What is there now decides.
    let locked = Locked::of(keyring)?;
    let wanted = with_free_numbers(backup, &locked.path)?;
    match missing(&wanted, backup, &locked.bytes) {
        Some(missing) => locked.put(locked.bytes.len(), missing),
        None => Err(SamplesError::InTheWay(locked.path)),
    }
}

/// What is to be added to what is `there`: nothing if that goes on from the backup. `None`: it is another file.
fn missing<'a>(wanted: &'a [u8], backup: &[u8], there: &[u8]) -> Option<&'a [u8]> {
    // A piece of it is there if this was interrupted before.
    let rest = wanted.strip_prefix(there);
    rest.or(there.starts_with(backup).then_some(b""))
}

/// The file of a backup, and the line that leaves numbers free.
fn with_free_numbers(backup: &[u8], path: &Path) -> Result<Vec<u8>, SamplesError> {
    let Understood { sets, .. } = understood(backup, path)?;
    if sets.is_cut() {
        return Err(SamplesError::Cut(path.to_owned()));
    }
    let skip = sets
        .next_number()
        .map(|next| Line::Skip(next.saturating_add(FREE_NUMBERS)).bytes());
    Ok([backup, &skip.unwrap_or_default()].concat())
}

/// Reads the file; one that is not there has nothing in it.
pub(super) fn read(path: &Path) -> Result<SampleSets, SamplesError> {
    Ok(understood(&bytes_of(path)?, path)?.sets)
}

/// The file, locked, to be added to.
struct Locked {
    path: PathBuf,
    folder: Folder,
    file: File,
    /// What is in it.
    bytes: Vec<u8>,
}

impl Locked {
    fn of(keyring: &Path) -> Result<Self, SamplesError> {
        let path = path_beside(keyring);
        let open = || -> io::Result<_> {
            let (folder, name) = locate(&path)?;
            let file = match folder.create(&name) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    folder.open_to_change(&name)?
                }
                Err(error) => return Err(error),
            };
            give_to_owner_of(keyring, &file)?;
            lock_in_time(&file)?;
            // What whoever was before has written, and may have died before it was durable, is built upon.
            file.sync_all()?;
            folder.sync()?;
            let bytes = all_of(&file)?;
            Ok((folder, file, bytes))
        };
        let (folder, file, bytes) = open().map_err(|source| cannot("write", &path, source))?;
        only_its_owner_writes(&file, &path)?;
        Ok(Self {
            path,
            folder,
            file,
            bytes,
        })
    }

    /// What it says. A piece of a line at the end is refused, unless it is to be taken out.
    fn understood(&self, mend: bool) -> Result<Understood, SamplesError> {
        let found = understood(&self.bytes, &self.path)?;
        match found.sets.is_cut() && !mend {
            true => Err(SamplesError::Cut(self.path.clone())),
            false => Ok(found),
        }
    }

    /// Makes `bytes` what stands at `at` and behind it.
    fn put(&self, at: usize, bytes: &[u8]) -> Result<(), SamplesError> {
        let [at, more] = [at, bytes.len()].map(|bytes| u64::try_from(bytes).unwrap_or(u64::MAX));
        if at.saturating_add(more) > MAX_BYTES {
            return Err(SamplesError::TooLong(self.path.clone()));
        }
        let put = || -> io::Result<()> {
            let mut file = &self.file;
            file.set_len(at)?;
            file.seek(SeekFrom::Start(at))?;
            file.write_all(bytes)?;
            file.sync_all()?;
            self.folder.sync()
        };
        put().map_err(|source| {
            // Half a line would be in the way of the next one.
            let _as_it_is_said = self.file.set_len(at).and_then(|()| self.file.sync_all());
            cannot("write", &self.path, source)
        })
    }
}

/// Gives a new file to the keyring's owner, whom it would shut out if root made it.
fn give_to_owner_of(keyring: &Path, file: &File) -> io::Result<()> {
    let metadata = file.metadata()?;
    // One that is empty may be new, too: whoever made it may have died before it was given.
    if metadata.len() > 0 || metadata.uid() != geteuid().as_raw() {
        return Ok(());
    }
    // The keyring may be behind a link.
    match locate(keyring).and_then(|(folder, name)| folder.owner(&name)) {
        // Root is shut out of nothing.
        Ok((0, _)) | Err(_) => Ok(()),
        Ok(owner) => give_to(file, owner),
    }
}

fn locate(path: &Path) -> io::Result<(Folder, OsString)> {
    let walk = Walk {
        make_folders: false,
        follow_last: true,
    };
    files::locate(path, walk)
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> SamplesError {
    SamplesError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

/// What the file says; nothing if there is none.
fn bytes_of(path: &Path) -> Result<Vec<u8>, SamplesError> {
    let read = || -> io::Result<_> {
        let (folder, name) = locate(path)?;
        let file = folder.open(&name)?;
        // Whoever adds a line has finished it.
        lock_shared_in_time(&file)?;
        Ok((all_of(&file)?, file))
    };
    match read() {
        Ok((bytes, file)) => only_its_owner_writes(&file, path).map(|()| bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(cannot("read", path, error)),
    }
}

/// Refuses a file that others may write: with samples of their choice they would choose what codes say.
fn only_its_owner_writes(file: &File, path: &Path) -> Result<(), SamplesError> {
    let metadata = file.metadata();
    let mode = metadata
        .map_err(|source| cannot("read", path, source))?
        .mode();
    match mode & 0o022 {
        0 => Ok(()),
        _ => Err(SamplesError::Mode {
            path: path.to_owned(),
            mode: mode & 0o7777,
        }),
    }
}

fn all_of(mut file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    (&mut file).take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
