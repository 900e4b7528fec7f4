//! The verb that undoes a check-in.

use serde_json::json;

use super::{DeskRight, find_check_in, find_list};
use crate::audit::{self, By, Verb, What};
use crate::store::{CheckInRecord, Store, StoreError, UndoCheckIn, UndoneCheckIn};
use crate::token::UnixTime;

/// Why nothing was undone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// There is no such check-in, or it is not for whoever asks to know.
    #[error("there is no such check-in")]
    Unknown,
    /// Somebody else made it.
    #[error("a check-in is undone by whoever made it, or by whoever manages the list")]
    NotYours,
    /// It is too old.
    #[error("a check-in is undone within 15 minutes; later by whoever manages the list")]
    TooLate,
    /// The code was checked in or out after it.
    #[error("the code was checked in or out again since: undo that first")]
    NotLatest,
    /// Nobody was let in or out.
    #[error("nobody was let in or out by it")]
    Refusal,
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Undoes a check-in: by its `check_in_id`, whoever made it; by its id, whoever manages the list. An open that the list took stays
/// taken. Undoing it again changes nothing. The check-in as it is now, and how many people are inside.
///
/// # Errors
/// [`UndoError`]
pub async fn undo(
    store: &dyn Store,
    text: &str,
    right: DeskRight,
    manages: bool,
    by: By<'_>,
    now: UnixTime,
) -> Result<(CheckInRecord, u64), UndoError> {
    let found = find_check_in(store, text, right.principal).await?;
    let found = found.ok_or(UndoError::Unknown)?;
    let list = find_list(store, found.list)
        .await?
        .ok_or(UndoError::Unknown)?;
    if !right.may_check(&list) {
        return Err(UndoError::Unknown);
    }
    let details = json!({ "list": list.id.to_string() });
    let undo = UndoCheckIn {
        id: found.id,
        list: list.id,
        by: right.principal,
        any: manages && right.may_manage(&list),
        audit: audit::record(by, Verb::Undo, What::CheckIn(found.id), &details, now),
        now,
    };
    match store.undo_check_in(undo).await? {
        UndoneCheckIn::Done(row, inside) => Ok((*row, inside)),
        UndoneCheckIn::Unknown => Err(UndoError::Unknown),
        UndoneCheckIn::NotYours => Err(UndoError::NotYours),
        UndoneCheckIn::TooLate => Err(UndoError::TooLate),
        UndoneCheckIn::NotLatest => Err(UndoError::NotLatest),
        UndoneCheckIn::Refusal => Err(UndoError::Refusal),
    }
}
