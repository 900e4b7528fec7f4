//! The verb that lists rows.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Entry, Verb};
use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};
use crate::principal::Principal;
use crate::store::{AuditId, AuditQuery, Store, StoreError};
use crate::token::{Keyring, UnixTime};

/// Which rows to list.
#[derive(Debug, Clone)]
pub struct ListAudit {
    /// Only of this time and later.
    pub since: Option<UnixTime>,
    /// Only of before this time.
    pub until: Option<UnixTime>,
    /// Only by this principal.
    pub principal: Option<Principal>,
    /// Only with this verb.
    pub verb: Option<Verb>,
    /// Only about this kind of thing, one of [`What::KINDS`](super::What::KINDS).
    pub what: Option<&'static str>,
    /// Only about the one with this id, number or slot; at most [`ListAudit::MAX_ID_CHARS`] characters.
    pub what_id: Option<String>,
    /// Where the page before ended, as it said itself.
    pub cursor: Option<Cursor>,
    /// How many, 1 to [`MOST_ROWS`].
    pub limit: u32,
    /// Whether the oldest come first.
    pub oldest_first: bool,
}

impl ListAudit {
    /// The longest id.
    pub const MAX_ID_CHARS: usize = 64;
}

impl Default for ListAudit {
    /// The first page of all of them.
    fn default() -> Self {
        Self {
            since: None,
            until: None,
            principal: None,
            verb: None,
            what: None,
            what_id: None,
            cursor: None,
            limit: USUAL_ROWS,
            oldest_first: false,
        }
    }
}

/// A page of rows.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Entry>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// A page of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AuditAnswer {
    /// The rows, the newest first.
    pub rows: Vec<Entry>,
    /// What to give as `cursor` for the next page; null if this is the last.
    pub next_cursor: Option<String>,
}

impl From<Page> for AuditAnswer {
    fn from(page: Page) -> Self {
        Self {
            rows: page.rows,
            next_cursor: page.next.map(|cursor| cursor.to_string()),
        }
    }
}

/// A page of rows, the newest first unless asked otherwise. Of one second their order is any.
///
/// # Errors
///
/// What the store says.
pub async fn list(
    store: &dyn Store,
    keyring: &Keyring,
    request: ListAudit,
) -> Result<Page, StoreError> {
    let listed = store
        .audit_rows(AuditQuery {
            since: request.since,
            until: request.until,
            principal: request.principal.map(|principal| principal.to_string()),
            verb: request.verb.map(|verb| verb.as_str().to_owned()),
            what: request.what.map(str::to_owned),
            what_id: request.what_id,
            after: request.cursor.map(|cursor| {
                let (at, id) = cursor.place();
                (at, AuditId(id))
            }),
            limit: request.limit.clamp(1, MOST_ROWS),
            oldest_first: request.oldest_first,
        })
        .await?;
    Ok(Page {
        rows: listed
            .rows
            .into_iter()
            .map(|found| Entry::of(found, keyring))
            .collect(),
        next: listed.next.map(|(at, AuditId(id))| Cursor::after(at, id)),
    })
}
