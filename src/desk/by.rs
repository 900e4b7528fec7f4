//! Who works at a desk, and at which lists.

use crate::principal::Principal;
use crate::store::{ListId, ListRecord};

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
