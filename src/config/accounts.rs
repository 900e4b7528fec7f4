//! The section `[accounts]`.

use serde::Deserialize;

use super::values;
use crate::store::Role;

/// What is asked of people who sign in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountsSettings {
    /// Roles that take a second factor.
    #[serde(deserialize_with = "values::roles")]
    pub require_totp_for: Vec<Role>,
}

impl AccountsSettings {
    /// Whether an account of this role takes a second factor.
    #[must_use]
    pub fn require_totp(&self, role: Role) -> bool {
        self.require_totp_for.contains(&role)
    }
}
