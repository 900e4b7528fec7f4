//! The verb that lists receipts.

use super::Receipt;
use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};
use crate::issuing::Note;
use crate::principal::Principal;
use crate::store::{ReceiptQuery, ReceiptState, Store, StoreError};
use crate::token::{TokenId, UnixTime};

/// Which receipts to list.
#[derive(Debug, Clone)]
pub struct ListReceipts {
    /// Only those in this state.
    pub state: Option<ReceiptState>,
    /// Only those with activity at or after this time.
    pub since: Option<UnixTime>,
    /// Only those with activity before this time.
    pub until: Option<UnixTime>,
    /// Only those whose note has this text in it, letter by letter.
    pub note: Option<Note>,
    /// Only those that this one made.
    pub made_by: Option<Principal>,
    /// Where the page before ended, as it said itself.
    pub cursor: Option<Cursor>,
    /// How many, 1 to [`MOST_ROWS`].
    pub limit: u32,
}

impl Default for ListReceipts {
    /// The first page of all of them.
    fn default() -> Self {
        Self {
            state: None,
            since: None,
            until: None,
            note: None,
            made_by: None,
            cursor: None,
            limit: USUAL_ROWS,
        }
    }
}

/// A page of receipts, without their opens.
#[derive(Debug, Clone)]
pub struct Page {
    /// The receipts, the newest activity first.
    pub receipts: Vec<Receipt>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// A page of receipts, the newest activity first. A token to which something happens while pages are read moves to the
/// beginning.
///
/// # Errors
///
/// What the store says.
pub async fn list(
    store: &dyn Store,
    request: ListReceipts,
    now: UnixTime,
) -> Result<Page, StoreError> {
    let listed = store
        .receipts(ReceiptQuery {
            state: request.state,
            since: request.since,
            until: request.until,
            note: request.note.map(String::from),
            made_by: request.made_by,
            after: request.cursor.map(|cursor| {
                let (at, id) = cursor.place();
                (at, TokenId::from(id))
            }),
            limit: request.limit.clamp(1, MOST_ROWS),
            now,
        })
        .await?;
    Ok(Page {
        receipts: listed
            .entries
            .into_iter()
            .map(|entry| Receipt::of(entry, now))
            .collect(),
        next: listed
            .next
            .map(|(at, id)| Cursor::after(at, *id.as_bytes())),
    })
}
