//! Files that commands read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::Failure;

/// The file, if it has at most this many bytes.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= most => Ok(bytes),
        _ => Err(format!("{} is larger than {most} bytes", path.display()).into()),
    }
}
