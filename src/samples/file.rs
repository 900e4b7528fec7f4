//! The file of samples: lines of JSON beside the keyring, to which lines are added and from which none is taken.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{MAX_SETS, SampleSet, SampleSets, SamplesError};
use crate::files::{self, Folder, Walk, give_to, lock_in_time, lock_shared_in_time};
use crate::payload::{Document, minify};
use crate::token::ClaimValue;

/// More bytes than all sets together have.
const MAX_BYTES: u64 = 16 << 20;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Line {
    /// A set.
    Set(SetLine),
    /// From here on new codes of its profile are packed after the set with this number.
    Use(u8),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetLine {
    number: u8,
    profile: u32,
    /// Each a JSON text, which is kept to the byte.
    documents: Vec<String>,
    sha256: String,
}

/// The file of samples of a keyring: `keyring.samples` beside `keyring.json`, and `keyring.shop-a.samples` beside
/// `keyring.shop-a`, so that no two keyrings share one.
#[must_use]
pub fn path_beside(keyring: &Path) -> PathBuf {
    if keyring.extension() == Some(OsStr::new("json")) {
        return keyring.with_extension("samples");
    }
    let mut path = keyring.as_os_str().to_owned();
    path.push(".samples");
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
    let mut opened = Opened::to_write(keyring, wanted.mend)?;
    let there = opened
        .sets
        .all()
        .find(|set| set.profile() == wanted.profile && set.documents()[..] == wanted.documents[..]);
    if let Some(set) = there {
        let set = Arc::clone(set);
        return Ok(Added { set, before: true });
    }
    let number = u8::try_from(opened.sets.all().count() + 1).map_err(|_| SamplesError::Full)?;
    let set = SampleSet::new(number, wanted.profile, wanted.documents)
        .map_err(SamplesError::Documents)?;
    opened.append(&Line::Set(SetLine {
        number,
        profile: set.profile().value(),
        documents: set
            .documents()
            .iter()
            .map(|document| document.as_str().to_owned())
            .collect(),
        sha256: set.sha256(),
    }))?;
    Ok(Added {
        set: Arc::new(set),
        before: false,
    })
}

/// Has new codes of its profile packed after a set, durably.
///
/// # Errors
/// [`SamplesError`]: nothing was changed.
pub fn append_use(keyring: &Path, number: u8) -> Result<Arc<SampleSet>, SamplesError> {
    let mut opened = Opened::to_write(keyring, false)?;
    let set = opened.sets.numbered(number).map(Arc::clone);
    let set = set.ok_or(SamplesError::Unknown(number))?;
    if !opened.sets.uses(&set) {
        opened.append(&Line::Use(number))?;
    }
    Ok(set)
}

/// What of the file beside `keyring` a backup has: its whole lines, if there are any.
///
/// # Errors
/// [`SamplesError`]
pub fn bytes_for_backup(keyring: &Path) -> Result<Option<Vec<u8>>, SamplesError> {
    let path = path_beside(keyring);
    let mut bytes = bytes_of(&path)?;
    understood(&bytes, &path)?;
    bytes.truncate(whole(&bytes));
    Ok((!bytes.is_empty()).then_some(bytes))
}

/// Whether the file of a backup is to be put back beside `keyring`: not if one is there that goes on from it.
///
/// # Errors
/// [`SamplesError`]: another one is there.
pub fn is_wanted(keyring: &Path, backup: &[u8]) -> Result<bool, SamplesError> {
    let path = path_beside(keyring);
    understood(backup, &path)?;
    let there = bytes_of(&path)?;
    if there.starts_with(backup) {
        return Ok(false);
    }
    // A piece of it is there if this was interrupted before.
    match backup.starts_with(&there) {
        true => Ok(true),
        false => Err(SamplesError::InTheWay(path)),
    }
}

/// Puts the file of a backup back beside `keyring`, if it [is wanted](is_wanted) there.
///
/// # Errors
/// [`SamplesError`]
pub fn put_back(keyring: &Path, backup: &[u8]) -> Result<(), SamplesError> {
    if is_wanted(keyring, backup)? {
        let mut opened = Opened::to_write(keyring, true)?;
        let there = usize::try_from(opened.length).unwrap_or(usize::MAX);
        opened.add(backup.get(there..).unwrap_or_default())?;
    }
    Ok(())
}

/// Reads the file; one that is not there has nothing in it.
pub(super) fn read(path: &Path) -> Result<SampleSets, SamplesError> {
    understood(&bytes_of(path)?, path)
}

/// The file, locked, to be added to.
struct Opened {
    path: PathBuf,
    folder: Folder,
    file: File,
    sets: SampleSets,
    /// Bytes of its whole lines.
    length: u64,
}

impl Opened {
    fn to_write(keyring: &Path, mend: bool) -> Result<Self, SamplesError> {
        let path = path_beside(keyring);
        let open = || -> io::Result<_> {
            let (folder, name) = locate(&path)?;
            let file = match folder.create(&name) {
                Ok(file) => {
                    // Made by root, it would shut out the keyring's owner.
                    let owner = keyring.file_name().and_then(|name| folder.owner(name).ok());
                    if let Some(owner) = owner {
                        give_to(&file, owner)?;
                    }
                    file
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    folder.open_to_write(&name)?
                }
                Err(error) => return Err(error),
            };
            lock_in_time(&file)?;
            let bytes = all_of(&folder.open(&name)?)?;
            Ok((folder, file, bytes))
        };
        let (folder, file, bytes) = open().map_err(|source| cannot("write", &path, source))?;
        let sets = understood(&bytes, &path)?;
        let whole = whole(&bytes);
        let length = u64::try_from(whole).unwrap_or(u64::MAX);
        if sets.is_cut() {
            if !mend {
                return Err(SamplesError::Cut(path));
            }
            let mended = file.set_len(length).and_then(|()| file.sync_all());
            mended.map_err(|source| cannot("mend", &path, source))?;
        }
        Ok(Self {
            path,
            folder,
            file,
            sets,
            length,
        })
    }

    fn append(&mut self, line: &Line) -> Result<(), SamplesError> {
        let text = serde_json::to_string(line).map_err(io::Error::other);
        let text = text.map_err(|source| cannot("write", &self.path, source))?;
        self.add(&[text.as_bytes(), b"\n"].concat())
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), SamplesError> {
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.length.saturating_add(more) > MAX_BYTES {
            return Err(SamplesError::TooLong(self.path.clone()));
        }
        let add = || -> io::Result<()> {
            let mut file = &self.file;
            file.seek(SeekFrom::Start(self.length))?;
            file.write_all(bytes)?;
            file.sync_all()?;
            self.folder.sync()
        };
        add().map_err(|source| cannot("write", &self.path, source))
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
    let read = || {
        let (folder, name) = locate(path)?;
        let file = folder.open(&name)?;
        // Whoever adds a line has finished it.
        lock_shared_in_time(&file)?;
        all_of(&file)
    };
    match read() {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(cannot("read", path, error)),
    }
}

fn all_of(mut file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    (&mut file).take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Bytes of the whole lines.
fn whole(bytes: &[u8]) -> usize {
    let last = bytes.iter().rposition(|&byte| byte == b'\n');
    last.map_or(0, |last| last + 1)
}

fn understood(bytes: &[u8], path: &Path) -> Result<SampleSets, SamplesError> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(SamplesError::TooLong(path.to_owned()));
    }
    let mut sets = SampleSets::default();
    for (at, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let Some(line) = line.strip_suffix(b"\n") else {
            sets.cut = true;
            break;
        };
        add_line(&mut sets, line).map_err(|reason| SamplesError::Line {
            path: path.to_owned(),
            line: at + 1,
            reason,
        })?;
    }
    Ok(sets)
}

fn add_line(sets: &mut SampleSets, line: &[u8]) -> Result<(), String> {
    match serde_json::from_slice(line).map_err(|error| error.to_string())? {
        Line::Set(line) => {
            let next = sets.sets.len() + 1;
            if usize::from(line.number) != next || next > MAX_SETS {
                return Err(format!("the set that comes here has the number {next}"));
            }
            let profile = ClaimValue::try_from(line.profile).map_err(|error| error.to_string())?;
            let documents = line.documents.iter().map(|text| {
                let document = minify(text.as_bytes()).map_err(|error| error.to_string())?;
                match document.as_str() == text {
                    true => Ok(document),
                    false => Err("a document has white space between its parts".to_owned()),
                }
            });
            let documents = documents.collect::<Result<Vec<_>, String>>()?;
            let set = SampleSet::new(line.number, profile, documents)?;
            if set.sha256() != line.sha256 {
                return Err("it was changed: its SHA-256 is another".to_owned());
            }
            sets.sets.push(Arc::new(set));
        }
        Line::Use(number) => {
            let set = sets.numbered(number);
            let profile = set.ok_or("it names a set that is not there")?.profile();
            sets.in_use.insert(profile.value(), number);
        }
    }
    Ok(())
}
