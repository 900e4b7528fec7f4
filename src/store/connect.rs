//! Which backend a URL names.

use std::path::PathBuf;
use std::sync::Arc;

use super::sqlite::SqliteStore;
use super::{Store, StoreError};

/// Opens the store at `url`, and applies the migrations that it lacks if `migrate`; a store that does not exist yet is made
/// then. It is ready when this returns.
///
/// # Errors
///
/// [`StoreError::Refused`] with what to do, if the URL names nothing that this version can use, or the schema does not fit;
/// [`StoreError::Unavailable`] if it cannot be opened.
pub fn connect(url: &str, migrate: bool) -> Result<Arc<dyn Store>, StoreError> {
    let path = parse(url)?;
    Ok(Arc::new(SqliteStore::open(&path, migrate)?))
}

/// Whether there is a store at `url` already.
///
/// # Errors
///
/// [`StoreError::Refused`] as for [`connect`].
pub fn exists(url: &str) -> Result<bool, StoreError> {
    parse(url).map(|path| path.exists())
}

/// The file that a URL names.
fn parse(url: &str) -> Result<PathBuf, StoreError> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        return Ok(PathBuf::from(path));
    }
    if url.starts_with("postgres://") {
        return Err(StoreError::Refused(
            "store.url: PostgreSQL is not in this version; use sqlite:// and a path".to_owned(),
        ));
    }
    Err(StoreError::Refused(
        "store.url must begin with sqlite://".to_owned(),
    ))
}
