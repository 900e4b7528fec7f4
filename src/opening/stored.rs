//! The verb of looking at a document that is in the store. It changes nothing.

use super::document::Place;
use super::look::{looked, refused, unpack_long};
use super::{FirstLook, FoundLink, Looked, OpeningError, StatefulToken, Unavailable};
use crate::long::LongWork;
use crate::store::{RecordKind, Store, StoredRecord};
use crate::token::{Keyring, OpenedToken, RecordError, StoredToken, UnixTime, open_record};

/// Looks at a stored token: one read of its row, with what the ledger knows. With a record what is sealed in it decides, as
/// for a token of version 1; without one the row says why.
///
/// # Errors
///
/// [`OpeningError`], not of a link whose time has passed; [`OpeningError::Gone`] if the store has no row of it any more.
pub async fn look_in_store(
    token: &StoredToken,
    keyring: &Keyring,
    store: &dyn Store,
    long: &LongWork,
    now: UnixTime,
) -> Result<Looked, OpeningError> {
    let row = row_of(token, store).await?;
    if row.kind == RecordKind::Link {
        let link = FoundLink::open(keyring, &row).map_err(Unavailable::about(token.id()))?;
        let link = link.ok_or_else(|| ended(row))?;
        return Ok(match link.is_stateful() {
            true => Looked::Held(StatefulToken::of_link(link)),
            false => Looked::Link(link),
        });
    }
    let (row, opened) = open_row(row, token, keyring, now)?;
    match looked(opened, Place::Store(row.made_by))? {
        FirstLook::Done(looked) => Ok(looked),
        FirstLook::Long(document) => unpack_long(document, long).await,
        FirstLook::Stored(_) => Err(OpeningError::NotRecognised),
    }
}

/// The row of a stored token.
pub(super) async fn row_of(
    token: &StoredToken,
    store: &dyn Store,
) -> Result<StoredRecord, OpeningError> {
    let id = token.id();
    let row = store.record(id).await.map_err(Unavailable::about(id))?;
    row.ok_or(OpeningError::Gone { id })
}

/// What the record of a document's row holds, if it is there.
pub(super) fn open_row(
    row: StoredRecord,
    token: &StoredToken,
    keyring: &Keyring,
    now: UnixTime,
) -> Result<(StoredRecord, OpenedToken), OpeningError> {
    let Some(record) = &row.record else {
        return Err(ended(row));
    };
    if row.kind != RecordKind::Document {
        return Err(unreadable(RecordError::Unreadable, token));
    }
    let opened = open_record(keyring, token, row.head, record, now);
    let opened = opened.map_err(|error| unreadable(error, token))?;
    Ok((row, opened))
}

fn unreadable(error: RecordError, token: &StoredToken) -> OpeningError {
    match error {
        RecordError::OutOfTime(error) => refused(error),
        RecordError::Unreadable => Unavailable::about(token.id())(error),
    }
}

/// Why a row has no record: the first reason that holds.
pub(crate) fn ended(row: StoredRecord) -> OpeningError {
    let id = row.id;
    if let Some(revocation) = row.revoked {
        return OpeningError::Revoked(revocation);
    }
    if row
        .max_opens
        .is_some_and(|most| row.opens >= u64::from(most))
    {
        return OpeningError::UsedUp {
            id,
            last_opened_at: row.last_opened_at,
        };
    }
    match row.expires_at {
        Some(at) => OpeningError::Expired { id, at },
        None => OpeningError::Gone { id },
    }
}
