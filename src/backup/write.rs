//! The verb of backing up.

use std::io::Write;

use super::file::Writer;
use super::{BackupError, Header};
use crate::keys::{self, KekSource, KeyringFile};
use crate::random;
use crate::samples;
use crate::store;
use crate::token::UnixTime;

/// What is to be backed up.
#[derive(Clone, Copy)]
pub struct WriteBackup<'a> {
    /// The store, which may be in use.
    pub store_url: &'a str,
    /// The keyring, beside which the file of samples is, if there is one.
    pub keyring: &'a KeyringFile,
    /// What the keyring in the backup is encrypted under, if it is not what the file is.
    pub kek: Option<&'a KekSource>,
    /// The configuration, without secrets.
    pub configuration: &'a str,
    /// When.
    pub now: UnixTime,
}

/// A backup that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows of the store.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Whether the keyring is in it. A plain one never is.
    pub with_keyring: bool,
}

/// Writes a backup into `out`.
///
/// # Errors
///
/// [`BackupError`]; what was written then is none.
pub fn write<W: Write>(request: WriteBackup<'_>, out: W) -> Result<(W, Written), BackupError> {
    let keyring = keys::load(request.keyring)?;
    let encrypted = keys::encrypted(request.keyring, request.kek, &mut random::fill)?;
    let header = Header {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: store::schema_version(),
        made_at: request.now.as_secs(),
    };
    let mut writer = Writer::begin(out, &header)?;
    writer.configuration(request.configuration)?;
    if let Some(encrypted) = &encrypted {
        writer.keyring(encrypted)?;
    }
    let rows = store::dump(request.store_url, |part| {
        writer.part(part).map_err(BackupError::from)
    })?;
    // After the store: what a record in it needs was in the file before.
    if let Some(samples) = samples::bytes_for_backup(&request.keyring.path)? {
        writer.samples(&samples)?;
    }
    let (out, bytes) = writer.end(&keyring)?;
    let written = Written {
        rows,
        bytes,
        with_keyring: encrypted.is_some(),
    };
    Ok((out, written))
}
