//! The verb that makes a list.

use serde_json::json;

use super::display::DeskProfiles;
use super::fault::DeskFault;
use super::settings::{ListEdits, ListSettings};
use crate::audit::{self, By, Verb, What};
use crate::issuing::IdempotentRequest;
use crate::random::{self, NoRandomNumbers};
use crate::store::{ListId, ListRecord, Made, NewList, Remembered, RequestKind, Store, StoreError};
use crate::token::{Keyring, Slot, UnixTime};

/// A list is to be made.
pub struct CreateList<'a> {
    /// What it asks.
    pub edits: &'a ListEdits,
    /// The request, if it may be sent again.
    pub request: Option<IdempotentRequest<'a>>,
    /// When.
    pub now: UnixTime,
}

/// Why no list was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// What it would ask is not possible.
    #[error(transparent)]
    Fault(#[from] DeskFault),
    /// The idempotency key was used for something else.
    #[error("the idempotency key was used for another request")]
    AnotherRequest,
    /// What the first request made has been deleted.
    #[error("the list of the first request was deleted")]
    Deleted,
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
}

/// Makes a list; whether it was made before by the same request.
///
/// # Errors
/// [`CreateError`]
pub async fn create_list(
    store: &dyn Store,
    profiles: &DeskProfiles,
    keyring: &Keyring,
    asked: CreateList<'_>,
    by: By<'_>,
) -> Result<(ListRecord, bool), CreateError> {
    let name = asked.edits.name.as_ref();
    let name = name.ok_or_else(|| DeskFault::new("/name", "missing"))?;
    let settings = ListSettings::with(None, asked.edits, profiles)?;
    let id = ListId(*random::bytes()?);
    let slot = keyring.primary().slot();
    let request = asked.request.as_ref().and_then(|request| {
        let mut which = vec![u8::from(slot)];
        which.extend_from_slice(&id.0);
        request.record(keyring, slot, (RequestKind::List, which), asked.now)
    });
    let details = json!({ "name": name.as_str() });
    let new = NewList {
        id,
        name: name.to_string(),
        settings: settings.write(),
        made_by: by.principal,
        request,
        audit: audit::record(by, Verb::Create, What::List(id), &details, asked.now),
        now: asked.now,
    };
    let (id, replayed) = match store.add_list(new).await? {
        Remembered::New => (id, false),
        Remembered::Before(made) => (same(&asked, keyring, &made)?, true),
    };
    let list = store.list(id).await?.ok_or(CreateError::Deleted)?;
    Ok((list, replayed))
}

/// The list that the same request made before.
fn same(asked: &CreateList<'_>, keyring: &Keyring, made: &Made) -> Result<ListId, CreateError> {
    let (slot, id) = made
        .which
        .split_first()
        .ok_or(CreateError::AnotherRequest)?;
    let slot = Slot::try_from(*slot).map_err(|_| CreateError::AnotherRequest)?;
    let request = asked.request.as_ref();
    let is_same = request.and_then(|request| request.is(&made.digest, keyring, slot));
    match (made.kind, <[u8; 12]>::try_from(id), is_same) {
        (RequestKind::List, Ok(id), Some(true)) => Ok(ListId(id)),
        _ => Err(CreateError::AnotherRequest),
    }
}
