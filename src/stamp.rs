//! What tells one state of a file from the next, for what is read again when it changes.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// A file's time, its size and, where there is one, its inode.
pub type Stamp = (SystemTime, u64, u64);

/// The state of a file; none if it is not there.
#[must_use]
pub fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(file).ok()?;
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let inode = 0;
    Some((metadata.modified().ok()?, metadata.len(), inode))
}
