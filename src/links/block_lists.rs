//! The block lists of an installation: files that are read again when they change.
//!
//! A list that cannot be read, or is none, changes nothing: what was read before stays in force, all of it. A file that is
//! being written is left alone until it has been the same for two looks.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::stamp::{Stamp, stamp};
use crate::targets::{BlockList, BrokenList};

/// The longest list, in bytes.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// The block lists, as they were read last.
pub struct BlockLists {
    files: Vec<PathBuf>,
    current: ArcSwap<BlockList>,
    seen: Mutex<Seen>,
}

/// What the files looked like.
#[derive(Default)]
struct Seen {
    /// When they were read.
    read: Vec<Option<Stamp>>,
    /// At the last look.
    last: Vec<Option<Stamp>>,
}

/// A list that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the block list {} {error}", file.display())]
pub struct BlockListError {
    /// Its file.
    pub file: PathBuf,
    /// Why.
    #[source]
    pub error: BrokenList,
}

/// What a look at the files did.
#[derive(Debug)]
pub enum Looked {
    /// Nothing changed, or what changes is not finished.
    Same,
    /// They were read again: so many names.
    Read(usize),
    /// They could not be read again, and those before stay in force.
    Kept(BlockListError),
}

impl Default for BlockLists {
    /// No list.
    fn default() -> Self {
        Self::of(Vec::new(), BlockList::default())
    }
}

impl BlockLists {
    /// Reads all lists.
    ///
    /// # Errors
    /// [`BlockListError`]
    pub fn open(files: Vec<PathBuf>) -> Result<Self, BlockListError> {
        let stamps: Vec<_> = files.iter().map(|file| stamp(file)).collect();
        let current = read(&files)?;
        let lists = Self::of(files, current);
        *lists.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen {
            read: stamps.clone(),
            last: stamps,
        };
        Ok(lists)
    }

    fn of(files: Vec<PathBuf>, current: BlockList) -> Self {
        Self {
            files,
            current: ArcSwap::from_pointee(current),
            seen: Mutex::default(),
        }
    }

    /// The list that blocks a host, as the settings name it.
    #[must_use]
    pub fn blocks(&self, host: &str) -> Option<&Path> {
        let list = self.current.load().blocks(host)?;
        self.files.get(list).map(PathBuf::as_path)
    }

    /// How many names are blocked.
    #[must_use]
    pub fn names(&self) -> usize {
        self.current.load().len()
    }

    /// Reads the files again if they changed and are finished. It takes a second for a million names.
    pub fn look(&self) -> Looked {
        self.look_by(read)
    }

    fn look_by(
        &self,
        read: impl FnOnce(&[PathBuf]) -> Result<BlockList, BlockListError>,
    ) -> Looked {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now: Vec<_> = self.files.iter().map(|file| stamp(file)).collect();
        let settled = now == seen.last;
        seen.last.clone_from(&now);
        if now == seen.read || !settled {
            return Looked::Same;
        }
        let read = read(&self.files);
        if now
            != self
                .files
                .iter()
                .map(|file| stamp(file))
                .collect::<Vec<_>>()
        {
            // It changed while it was read: the next look sees how it goes on.
            return Looked::Same;
        }
        seen.read = now;
        match read {
            Ok(lists) => {
                let names = lists.len();
                self.current.store(Arc::new(lists));
                Looked::Read(names)
            }
            Err(error) => Looked::Kept(error),
        }
    }
}

fn read(files: &[PathBuf]) -> Result<BlockList, BlockListError> {
    let mut lists = BlockList::default();
    for (number, file) in files.iter().enumerate() {
        let named = |error| BlockListError {
            file: file.clone(),
            error,
        };
        let opened = open(file).map_err(|error| named(error.into()))?;
        let read = lists.add(number, BufReader::new(opened)).map_err(named)?;
        if read.unreadable > 0 {
            let (file, lines) = (file.display(), read.unreadable);
            tracing::warn!(%file, lines, "lines of a block list are no hosts and were left out");
        }
    }
    lists.finish();
    Ok(lists)
}

/// A regular file of bounded size: a pipe would never end.
fn open(file: &Path) -> std::io::Result<File> {
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(std::io::Error::other("it has more than 256 MiB"));
    }
    File::open(file)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn written(file: &Path, text: &str, second: u64) {
        fs::write(file, text).unwrap();
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + second);
        File::options()
            .write(true)
            .open(file)
            .unwrap()
            .set_modified(at)
            .unwrap();
    }

    #[test]
    fn a_list_is_read_again_once_it_is_finished_and_a_broken_one_changes_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        written(&one, "evil.example\n", 0);
        written(&two, "0.0.0.0 ads.example\n", 0);
        let lists = BlockLists::open(vec![one.clone(), two.clone()]).unwrap();
        assert_eq!(lists.names(), 2);
        assert_eq!(lists.blocks("www.ads.example"), Some(two.as_path()));
        assert!(matches!(lists.look(), Looked::Same));

        written(&one, "worse.example\n", 1);
        assert!(matches!(lists.look(), Looked::Same), "it may go on");
        assert!(matches!(lists.look(), Looked::Read(2)));
        assert_eq!(lists.blocks("evil.example"), None);
        assert_eq!(lists.blocks("worse.example"), Some(one.as_path()));

        let broken = ["", &"<html>\n".repeat(50)];
        for (text, second) in broken.into_iter().zip(2..) {
            written(&two, text, second);
            assert!(matches!(lists.look(), Looked::Same));
            assert!(matches!(lists.look(), Looked::Kept(_)));
            assert!(matches!(lists.look(), Looked::Same), "it is said once");
            assert!(lists.blocks("ads.example").is_some());
        }
        fs::remove_file(&two).unwrap();
        assert!(matches!(lists.look(), Looked::Same));
        assert!(matches!(lists.look(), Looked::Kept(_)));
        assert!(lists.blocks("ads.example").is_some());
        assert!(lists.blocks("worse.example").is_some());
    }

    #[test]
    fn a_list_that_changes_while_it_is_read_is_read_again_when_it_is_finished() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("list");
        written(&file, "evil.example\n", 0);
        let lists = BlockLists::open(vec![file.clone()]).unwrap();
        written(&file, "evil.example\nhalf", 1);
        assert!(matches!(lists.look(), Looked::Same), "it may go on");
        let looked = lists.look_by(|files| {
            let half = read(files);
            written(&file, "evil.example\nhalf-of-it.example\n", 2);
            half
        });
        assert!(matches!(looked, Looked::Same));
        assert_eq!((lists.names(), lists.blocks("half")), (1, None));
        assert!(matches!(lists.look(), Looked::Same), "it may go on");
        assert!(matches!(lists.look(), Looked::Read(2)));
        assert!(lists.blocks("half-of-it.example").is_some());
    }

    #[test]
    fn a_list_that_is_not_there_or_no_file_is_said_when_the_server_starts() {
        let folder = tempfile::TempDir::new().unwrap();
        for file in [folder.path().join("missing"), folder.path().to_owned()] {
            let error = BlockLists::open(vec![file.clone()]).err().unwrap();
            assert!(error.to_string().contains(&file.display().to_string()));
        }
    }
}
