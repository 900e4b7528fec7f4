//! A list for those who see and change it.

use super::{DeskRight, find_list};
use crate::store::{ListId, ListRecord, Store, StoreError};

/// Why there is none.
#[derive(Debug)]
pub(super) enum NotManageable {
    /// There is no such list.
    Unknown,
    /// Somebody else made it.
    NotYours,
    /// The store did not do what was asked.
    Store(StoreError),
}

/// The list, if it may be seen and changed by this right.
pub(super) async fn manageable(
    store: &dyn Store,
    list: ListId,
    right: DeskRight,
) -> Result<ListRecord, NotManageable> {
    let list = find_list(store, list).await.map_err(NotManageable::Store)?;
    let list = list.ok_or(NotManageable::Unknown)?;
    match right.may_manage(&list) {
        true => Ok(list),
        false => Err(NotManageable::NotYours),
    }
}
