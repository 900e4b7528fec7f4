//! The verbs that change a list, give it staff, and delete it.

use serde_json::json;

use super::DeskRight;
use super::display::DeskProfiles;
use super::fault::DeskFault;
use super::manageable::{NotManageable, manageable};
use super::settings::{ListEdits, ListSettings};
use crate::audit::{self, By, Verb, What};
use crate::principal::Principal;
use crate::store::{ChangeList, ChangedList, ListEdit, ListId, ListRecord, Store, StoreError};
use crate::token::UnixTime;

/// The most staff of a list.
const MAX_STAFF: usize = 200;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such list.
    #[error("there is no list of this id")]
    Unknown,
    /// Somebody else made it.
    #[error("the list was made by somebody else")]
    NotYours,
    /// Another revision is there.
    #[error("the list was changed meanwhile")]
    Conflict(u64),
    /// What it would ask is not possible.
    #[error(transparent)]
    Fault(#[from] DeskFault),
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotManageable> for ChangeError {
    fn from(error: NotManageable) -> Self {
        match error {
            NotManageable::Unknown => Self::Unknown,
            NotManageable::NotYours => Self::NotYours,
            NotManageable::Store(error) => Self::Store(error),
        }
    }
}

/// Which list is changed, by whom.
#[derive(Debug, Clone, Copy)]
pub struct Changing {
    /// Which.
    pub id: ListId,
    /// The revision that was looked at; `None`: whichever is there.
    pub if_revision: Option<u64>,
    /// By what right.
    pub right: DeskRight,
    /// When.
    pub now: UnixTime,
}

/// Changes what a list asks.
///
/// # Errors
/// [`ChangeError`]
pub async fn change_list(
    store: &dyn Store,
    profiles: &DeskProfiles,
    changing: Changing,
    edits: &ListEdits,
    by: By<'_>,
) -> Result<ListRecord, ChangeError> {
    let list = mine(store, changing).await?;
    let before = ListSettings::of(&list)?;
    let settings = ListSettings::with(Some(&before), edits, profiles)?;
    // Whoever is inside was counted by the one rule, and would enter again by the other.
    if settings.exits != before.exits {
        let detail = "stays as the list was made: make another list";
        return Err(DeskFault::new("/exits", detail).into());
    }
    let name = edits.name.as_ref().map(ToString::to_string);
    let details = json!({ "changed": edits.names() });
    let edit = ListEdit::Described {
        name: name.unwrap_or(list.name),
        settings: settings.write(),
    };
    // What is not given stays as it was looked at.
    let looked_at = Changing {
        if_revision: Some(list.revision),
        ..changing
    };
    done(
        store,
        looked_at,
        edit,
        audit::record(
            by,
            Verb::Change,
            What::List(list.id),
            &details,
            changing.now,
        ),
    )
    .await
}

/// Gives a list to staff: accounts and API keys, instead of those that it had.
///
/// # Errors
/// [`ChangeError`]
pub async fn set_staff(
    store: &dyn Store,
    changing: Changing,
    staff: Vec<Principal>,
    by: By<'_>,
) -> Result<ListRecord, ChangeError> {
    if staff.len() > MAX_STAFF {
        let detail = format!("a list has at most {MAX_STAFF} staff");
        return Err(DeskFault::new("", detail).into());
    }
    let list = mine(store, changing).await?;
    let names: Vec<_> = staff.iter().map(ToString::to_string).collect();
    let details = json!({ "staff": names });
    let audit = audit::record(
        by,
        Verb::Change,
        What::List(list.id),
        &details,
        changing.now,
    );
    done(store, changing, ListEdit::Staff(staff), audit).await
}

/// Deletes a list. What it remembers goes with it, in steps.
///
/// # Errors
/// [`ChangeError`]
pub async fn delete_list(
    store: &dyn Store,
    changing: Changing,
    by: By<'_>,
) -> Result<(), ChangeError> {
    let list = mine(store, changing).await?;
    let details = json!({ "name": list.name });
    let audit = audit::record(
        by,
        Verb::Delete,
        What::List(list.id),
        &details,
        changing.now,
    );
    done(store, changing, ListEdit::Delete, audit)
        .await
        .map(|_| ())
}

async fn mine(store: &dyn Store, changing: Changing) -> Result<ListRecord, ChangeError> {
    let list = manageable(store, changing.id, changing.right).await?;
    match changing
        .if_revision
        .is_some_and(|revision| revision != list.revision)
    {
        true => Err(ChangeError::Conflict(list.revision)),
        false => Ok(list),
    }
}

async fn done(
    store: &dyn Store,
    changing: Changing,
    edit: ListEdit,
    audit: crate::store::AuditRow,
) -> Result<ListRecord, ChangeError> {
    let change = ChangeList {
        id: changing.id,
        if_revision: changing.if_revision,
        edit,
        audit,
        now: changing.now,
    };
    match store.change_list(change).await? {
        ChangedList::Done(list) => Ok(list),
        ChangedList::Conflict(revision) => Err(ChangeError::Conflict(revision)),
        ChangedList::Unknown => Err(ChangeError::Unknown),
    }
}
