//! Which backend a URL names.

use std::path::PathBuf;
use std::sync::Arc;

use super::prepare::Purpose;
use super::{Store, StoreError, postgres, sqlite};

/// Opens the store at `url`, and applies the migrations that it lacks if `migrate`; a file that does not exist yet is made
/// then. It is ready when this returns.
///
/// # Errors
///
/// [`StoreError::Refused`] with what to do, if the URL names nothing that this version can use, or the schema does not fit;
/// [`StoreError::Unavailable`] if it cannot be opened.
pub fn connect(url: &str, migrate: bool) -> Result<Arc<dyn Store>, StoreError> {
    connect_for(url, migrate, Purpose::Use)
}

/// The same, for this purpose.
pub(super) fn connect_for(
    url: &str,
    migrate: bool,
    purpose: Purpose,
) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match parse(url)? {
        StoreLocation::File(path) => Arc::new(sqlite::open(&path, migrate, purpose)?),
        StoreLocation::Server(url) => Arc::new(postgres::open(url, migrate, purpose)?),
    })
}

/// Whether there is a store at `url` already. A database server is taken to be there.
///
/// # Errors
///
/// [`StoreError::Refused`] as for [`connect`].
pub fn exists(url: &str) -> Result<bool, StoreError> {
    Ok(match parse(url)? {
        StoreLocation::File(path) => path.exists(),
        StoreLocation::Server(_) => true,
    })
}

/// Whether `url` could name a store.
#[must_use]
pub fn is_url(url: &str) -> bool {
    parse(url).is_ok()
}

/// What a store is called to people and in logs: never with a user or password.
#[must_use]
pub fn name(url: &str) -> String {
    match parse(url) {
        Ok(StoreLocation::File(_)) => url.to_owned(),
        Ok(StoreLocation::Server(url)) => postgres::name(url),
        Err(_) => "store.url".to_owned(),
    }
}

/// What is to be said about the way to a database server on another machine whose name and certificate are not checked:
/// whoever stands in between can read and change everything. `None` where they are.
#[must_use]
pub fn unverified(url: &str) -> Option<String> {
    match parse(url) {
        Ok(StoreLocation::Server(url)) if postgres::is_unverified(url) => Some(format!(
            "the way to {} is not checked: whoever stands in between can be the database. Give store.url \
             sslmode=verify-full and sslrootcert=FILE",
            postgres::name(url)
        )),
        _ => None,
    }
}

/// Where a store is.
pub(super) enum StoreLocation<'a> {
    File(PathBuf),
    Server(&'a str),
}

pub(super) fn parse(url: &str) -> Result<StoreLocation<'_>, StoreError> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        return Ok(StoreLocation::File(PathBuf::from(path)));
    }
    if url.starts_with("postgres://") {
        return Ok(StoreLocation::Server(url));
    }
    Err(StoreError::Refused(
        "store.url must begin with sqlite:// or postgres://".to_owned(),
    ))
}
