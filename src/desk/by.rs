//! Who works at a desk, and at which lists, and what they are called there.

use crate::principal::Principal;
use crate::store::{AccountId, FindAccount, ListId, ListRecord, Store, StoreError};
use crate::token::UnixTime;

/// Somebody who may check in, or see and change lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskRight {
    /// Who.
    pub principal: Principal,
    /// Whether at every list; else at those that they made, or are staff of.
    pub every_list: bool,
    /// The one list of whoever has a pass.
    pub pass_of: Option<ListId>,
}

impl DeskRight {
    /// Whether they may check in on a list.
    #[must_use]
    pub fn may_check(&self, list: &ListRecord) -> bool {
        self.pass_of == Some(list.id)
            || self.may_manage(list)
            || list.staff.contains(&self.principal)
    }

    /// Whether they may see and change a list.
    #[must_use]
    pub fn may_manage(&self, list: &ListRecord) -> bool {
        self.every_list || list.made_by == self.principal
    }
}

/// What people call an account or an API key. Whoever scans need not know the note of another's pass.
pub(super) async fn called(
    store: &dyn Store,
    who: Principal,
    now: UnixTime,
) -> Result<Option<String>, StoreError> {
    match who {
        Principal::Account(id) => {
            let account = store.account(FindAccount::Id(AccountId(id)), now).await?;
            Ok(account.map(|account| account.display_name))
        }
        Principal::Key(id) => {
            let mut keys = store.api_keys().await?.into_iter();
            Ok(keys.find(|key| key.id.0 == id).map(|key| key.name))
        }
        Principal::Pass(_) | Principal::Local | Principal::Anonymous | Principal::Cli => Ok(None),
    }
}
