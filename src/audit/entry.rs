//! A row as whoever may read it sees it.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::record::details_of;
use crate::clock::rfc3339;
use crate::store::FoundAuditRow;
use crate::token::{Keyring, RowError, TokenId};

/// A row of the audit log: who did what, when.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Entry {
    /// Its place in the chain, from 1; null for the few seconds until it has one.
    pub number: Option<u64>,
    /// The row's id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// When, in UTC.
    #[schema(format = DateTime)]
    pub happened_at: String,
    /// Who: `key:3` is the API key of number 3, `account:3` a person who signed in, `pass:3` a phone with a pass of a list, `cli` an operator on the command line, `local` somebody on the server's
    /// machine while no API key and no account exists, `anonymous` a holder or a stranger.
    pub principal: String,
    /// What was done: `issue`, `revoke`, `change`, `delete`, `reset_pin`, `erase_opens`, `dismiss`, `create`, `disable`, `add`, `promote`,
    /// `destroy`, `enable`, `recover`, `set_password`, `hand_over`, `sign_in`, `sign_out`, `undo`, `presence`, `erase_visit`, `restore`, `reopen`,
    /// `roll_call`.
    pub verb: String,
    /// What it was done to: `token`, `api_key`, `key` (of the keyring), `account`, `list`, `check_in`, `pass`, `store`.
    pub what: String,
    /// Which one: the id of a token, list or check-in, the number of an API key, account or pass, a key's slot.
    pub what_id: String,
    /// What else there is to say, such as the reason; null if its key was destroyed, or the row was tampered with.
    #[schema(value_type = Option<Object>)]
    pub details: Option<Map<String, Value>>,
    /// Whether the row is as it was written; null if its key was destroyed, and nobody can tell.
    pub authentic: Option<bool>,
}

impl Entry {
    /// Opens a row.
    #[must_use]
    pub fn of(found: FoundAuditRow, keyring: &Keyring) -> Self {
        let details = details_of(&found.row, keyring);
        let row = found.row;
        Self {
            number: found.link.map(|link| link.number),
            id: TokenId::from(row.id.0).to_string(),
            happened_at: rfc3339(row.happened_at),
            principal: row.principal,
            verb: row.verb,
            what: row.what,
            what_id: row.what_id,
            authentic: match &details {
                Ok(_) => Some(true),
                Err(RowError::Damaged) => Some(false),
                Err(RowError::KeyGone) => None,
            },
            details: details.ok(),
        }
    }
}
