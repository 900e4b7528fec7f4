//! The verbs of restoring: into an empty store, and the decision that what was closed by it may open again.

use std::io::{self, ErrorKind, Read, Seek};

use serde_json::json;

use super::{BackupError, BackupFile, Header};
use crate::audit::{self, By, Verb, What, record};
use crate::clock::rfc3339;
use crate::desk;
use crate::keys::{self, KekSource, KeyringFile};
use crate::principal::Principal;
use crate::random;
use crate::samples::{self, SamplesError};
use crate::store::{self, Filled, Loading, Store};
use crate::token::{Keyring, UnixTime};

/// A store that holds what a backup holds.
pub struct Restored {
    /// The store, which is to be settled, brought up to date and released.
    pub filled: Filled,
    /// What the backup says of itself.
    pub header: Header,
    /// Whether the keyring was written, too; otherwise it was there.
    pub keyring_written: bool,
    /// The keyring.
    pub keyring: Keyring,
}

/// Where a backup is restored.
#[derive(Clone, Copy)]
pub struct RestoreInto<'a> {
    /// The store, which must be empty.
    pub store_url: &'a str,
    /// The keyring, which is made if it is not there.
    pub keyring: &'a KeyringFile,
    /// What the keyring in the backup is encrypted under, if it is not what the file is.
    pub kek: Option<&'a KekSource>,
}

/// How far the clock of the machine that made a backup may be ahead.
const AHEAD_SECS: u64 = 5 * 60;

/// How far the clock of a server may have been ahead of every other.
const AHEAD_OF_ALL_SECS: u64 = 2 * 60;

/// What is kept for how long.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Scans of links from before this time go.
    pub scans_since: UnixTime,
    /// Rows of the audit log from before this time go.
    pub audit_since: UnixTime,
}

/// Puts a backup into a store. No server opens it before it is released.
///
/// # Errors
///
/// [`BackupError`]; the same can be tried again then.
pub fn restore<R: Read + Seek>(
    file: &mut BackupFile<R>,
    into: RestoreInto<'_>,
    now: UnixTime,
) -> Result<Restored, BackupError> {
    let header = file.header.clone();
    let made_at = UnixTime::from_secs(header.made_at);
    if made_at > now.plus_secs(AHEAD_SECS) {
        return Err(BackupError::Future(rfc3339(made_at)));
    }
    let wanted = store::schema_version();
    if header.schema != wanted {
        return Err(BackupError::Schema {
            found: header.schema,
            wanted,
            version: header.version,
        });
    }
    let place = into.keyring;
    let path = || place.path.display().to_string();
    let there = place.path.exists();
    let keyring = match (&file.keyring, there) {
        (_, true) => keys::load(place)?,
        (Some(encrypted), false) => keys::decrypted(encrypted, into.kek.unwrap_or(&place.kek))?,
        (None, false) => return Err(BackupError::NoKeyring(path())),
    };
    if !file.is_of(&keyring) {
        return Err(match there {
            true => BackupError::KeyringInTheWay(path()),
            false => BackupError::AnotherKeyring,
        });
    }
    match &file.samples {
        // They are those of another keyring.
        None if !there => samples::none_beside(&place.path)?,
        samples => {
            samples::is_wanted(&place.path, samples.as_deref().unwrap_or_default())?;
        }
    }
    let owner = i64::from_be_bytes(*random::bytes()?);
    let mut loading = Loading::begin(into.store_url, owner)?;
    file.parts(|part| Ok(loading.write(part)?))?;
    // Before the store can be used: a store without its keyring is worth nothing.
    if !there {
        keys::create(place, &keyring, &mut random::fill)?;
    }
    let samples = file.samples.as_deref();
    match samples::put_back(&place.path, samples.unwrap_or_default()) {
        // Nobody adds sets where nothing can be written, as beside a mounted secret.
        Err(SamplesError::Io { source, .. }) if samples.is_none() && is_read_only(&source) => {}
        put_back => put_back?,
    }
    Ok(Restored {
        filled: loading.finish()?,
        header,
        keyring_written: !there,
        keyring,
    })
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied
    )
}

/// How many seconds it is until codes are issued that do not stay closed.
#[must_use]
pub fn until_open(closed_to: UnixTime, now: UnixTime) -> u64 {
    (closed_to.as_secs() + 60).saturating_sub(now.as_secs())
}

/// Up to when limited codes and those with a PIN stay closed: the latest of what any clock says (the store's `now`, that of the
/// machine that made the backup, those of the servers that wrote the `newest` row of the log), and two minutes, because a server
/// may have issued the last code by a clock that was ahead of all of them. A full minute: codes know no more of the time of
/// their issue.
#[must_use]
pub fn closed_to(now: UnixTime, header: &Header, newest: Option<UnixTime>) -> UnixTime {
    let made_at = UnixTime::from_secs(header.made_at);
    let latest = now.max(made_at).max(newest.unwrap_or(now));
    UnixTime::from_secs(latest.plus_secs(AHEAD_OF_ALL_SECS).as_secs() / 60 * 60)
}

/// Takes out what retention does not keep, before anything is served: an old store holds what should be gone. Then writes into
/// the audit log that the store was restored.
///
/// # Errors
///
/// What the store says.
pub async fn settle(
    store: &dyn Store,
    keyring: &Keyring,
    retention: Retention,
    header: &Header,
    now: UnixTime,
) -> Result<(), BackupError> {
    while store.purge(now).await?.more {}
    while store.purge_scans(retention.scans_since).await? {}
    desk::tidy(store, now).await?;
    audit::prune(store, keyring, retention.audit_since).await?;
    let by = By::fresh(Principal::Cli, keyring)?;
    let details = json!({ "backup_made_at": header.made_at });
    store
        .add_audit_row(record(by, Verb::Restore, What::Store, &details, now))
        .await?;
    Ok(())
}

/// Lets codes open again that stayed closed since the store was restored; whether there were any. `who` takes the risk that some
/// of them were opened, or their PINs tried, after the backup.
///
/// # Errors
///
/// What the store says.
pub async fn reopen(
    store: &dyn Store,
    keyring: &Keyring,
    who: &str,
    now: UnixTime,
) -> Result<bool, BackupError> {
    let by = By::fresh(Principal::Cli, keyring)?;
    let details = json!({ "who": who });
    Ok(store
        .reopen(record(by, Verb::Reopen, What::Store, &details, now))
        .await?)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::file::Writer;
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    const MADE_AT: UnixTime = UnixTime::from_secs(1_795_000_000);

    fn header() -> Header {
        Header {
            version: "1".to_owned(),
            schema: 0,
            made_at: MADE_AT.as_secs(),
        }
    }

    #[test]
    fn codes_stay_closed_until_two_minutes_after_the_latest_of_all_clocks() {
        let made_at = MADE_AT.as_secs();
        for (now, newest, latest) in [
            (made_at + 1000, None, made_at + 1000),
            (made_at + 1000, Some(made_at + 2000), made_at + 2000),
            (made_at - 300, Some(made_at - 500), made_at),
        ] {
            let newest = newest.map(UnixTime::from_secs);
            let now = UnixTime::from_secs(now);
            let closed_to = closed_to(now, &header(), newest);
            assert_eq!(closed_to.as_secs(), (latest + 120) / 60 * 60);
            // What is issued after the wait has a later minute.
            let after = now.plus_secs(until_open(closed_to, now));
            assert_eq!(after.as_secs(), closed_to.as_secs() + 60);
        }
    }

    #[test]
    fn a_backup_of_the_future_is_refused() {
        let header = header();
        let keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        let mut writer = Writer::begin(Vec::new(), &header).unwrap();
        writer.configuration("").unwrap();
        let (bytes, _) = writer.end(&keyring).unwrap();
        let why = |ahead: u64| {
            let mut file = BackupFile::open(Cursor::new(&bytes)).unwrap();
            let keyring = KeyringFile::plain("nowhere");
            let into = RestoreInto {
                store_url: "sqlite://nowhere",
                keyring: &keyring,
                kek: None,
            };
            let now = UnixTime::from_secs(MADE_AT.as_secs() - ahead);
            restore(&mut file, into, now).err().unwrap()
        };
        assert!(matches!(why(301), BackupError::Future(_)));
        assert!(matches!(why(300), BackupError::Schema { .. }));
    }
}
