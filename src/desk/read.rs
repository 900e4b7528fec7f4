//! The verbs that look at lists and check-ins. They change nothing.

use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};
use crate::principal::Principal;
use crate::store::{
    CheckInOutcome, CheckInQuery, CheckInRecord, FindCheckIn, GateCounts, ListId, ListQuery,
    ListRecord, Store, StoreError,
};
use crate::token::{TokenId, UnixTime};

/// A list.
///
/// # Errors
/// What the store says.
pub async fn find_list(store: &dyn Store, id: ListId) -> Result<Option<ListRecord>, StoreError> {
    store.list(id).await
}

/// A page of lists, the newest first: all, or those that `of` made, or works at if `or_staff`.
///
/// # Errors
/// What the store says.
pub async fn list_lists(
    store: &dyn Store,
    of: Option<Principal>,
    or_staff: bool,
    cursor: Option<Cursor>,
    limit: u32,
) -> Result<(Vec<ListRecord>, Option<Cursor>), StoreError> {
    let query = ListQuery {
        made_by: of,
        or_staff,
        after: cursor.map(|cursor| {
            let (at, id) = cursor.place();
            (at, ListId(id))
        }),
        limit,
    };
    let page = store.lists(query).await?;
    let next = page.next.map(|(at, id)| Cursor::after(at, id.0));
    Ok((page.lists, next))
}

/// What was counted at the gates of a list.
///
/// # Errors
/// What the store says.
pub async fn counts_of(store: &dyn Store, list: ListId) -> Result<Vec<GateCounts>, StoreError> {
    store.gate_counts(list).await
}

/// Which check-ins of a list to look at.
#[derive(Debug, Clone, Default)]
pub struct ListCheckIns {
    /// Only of this time and later.
    pub since: Option<UnixTime>,
    /// Only of before this time.
    pub until: Option<UnixTime>,
    /// Only with this outcome.
    pub outcome: Option<CheckInOutcome>,
    /// Only at this gate.
    pub gate: Option<String>,
    /// Only of this one.
    pub made_by: Option<Principal>,
    /// Only of this token.
    pub token: Option<TokenId>,
    /// Where the page before ended, as it said itself.
    pub cursor: Option<Cursor>,
    /// How many; 0 for [`USUAL_ROWS`].
    pub limit: u32,
    /// Whether the oldest come first.
    pub oldest_first: bool,
}

/// A page of check-ins, in the order of the list.
///
/// # Errors
/// What the store says.
pub async fn list_check_ins(
    store: &dyn Store,
    list: ListId,
    asked: ListCheckIns,
) -> Result<(Vec<CheckInRecord>, Option<Cursor>), StoreError> {
    let query = CheckInQuery {
        list,
        since: asked.since,
        until: asked.until,
        outcome: asked.outcome,
        gate: asked.gate,
        made_by: asked.made_by,
        token: asked.token,
        after: asked.cursor.map(|cursor| cursor.place().0.as_secs()),
        limit: match asked.limit {
            0 => USUAL_ROWS,
            limit => limit.min(MOST_ROWS),
        },
        oldest_first: asked.oldest_first,
    };
    let (rows, next) = store.check_ins(query).await?;
    let next = next.map(|number| Cursor::after(UnixTime::from_secs(number), list.0));
    Ok((rows, next))
}

/// The check-in that is meant: by its own id, or by the `check_in_id` of whoever asks.
///
/// # Errors
/// What the store says.
pub async fn find_check_in(
    store: &dyn Store,
    text: &str,
    by: Principal,
) -> Result<Option<CheckInRecord>, StoreError> {
    if text.len() > 64 {
        return Ok(None);
    }
    let theirs = FindCheckIn::Request(by, text.to_owned());
    if let Some(found) = store.find_check_in(theirs).await? {
        return Ok(Some(found.row));
    }
    let Ok(id) = text.parse() else {
        return Ok(None);
    };
    let found = store.find_check_in(FindCheckIn::Id(id)).await?;
    Ok(found.map(|found| found.row))
}
