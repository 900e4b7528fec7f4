//! The verbs with which an owner looks at links.

use super::scan::written_in;
use super::{LinkContent, LinkPolicy, WrittenLink};
use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};
use crate::issuing::Note;
use crate::opening::FoundLink;
use crate::principal::Principal;
use crate::store::{LinkQuery, LinkState, RecordKind, Store, StoreError, StoredRecord};
use crate::token::{Keyring, StoredToken, TokenId, UnixTime, open_link_token};

/// A link as its owner sees it.
pub struct OwnedLink {
    /// Its row.
    pub row: StoredRecord,
    /// What it says; `None` once it has ended for ever, or if its record does not open (its key is gone, or it was damaged).
    pub written: Option<WrittenLink>,
    /// Whether it has a PIN, as far as its record is there.
    pub needs_pin: bool,
    /// What it is now.
    pub state: LinkState,
    /// Why it would not lead where it says: a block list, or a setting that forbids a target.
    pub blocked: Option<String>,
    /// Hosts that one of its hosts may be taken for, or that mix scripts, in words.
    pub warning: Option<String>,
}

impl OwnedLink {
    pub(super) fn of(
        row: StoredRecord,
        keyring: &Keyring,
        policy: &LinkPolicy,
        now: UnixTime,
    ) -> Self {
        let found = FoundLink::open(keyring, &row).ok().flatten();
        let written = found.as_ref().and_then(|found| written_in(found).ok());
        let read = written
            .as_ref()
            .map(|written| LinkContent::read(written, &policy.rules));
        let (blocked, warning) = match &read {
            None => (None, None),
            Some(Err(fault)) => (Some(fault.to_string()), None),
            Some(Ok(content)) => (
                content.check(policy).err().map(|fault| fault.to_string()),
                warning(content),
            ),
        };
        Self {
            needs_pin: found.is_some_and(|found| found.opened().claims().pin),
            state: row.link_state(now),
            row,
            written,
            blocked,
            warning,
        }
    }
}

/// What is to be said of hosts that may be taken for others.
#[must_use]
pub fn warning(content: &LinkContent) -> Option<String> {
    use crate::targets::LookAlike;
    let ways = content.ways();
    let mut found = ways.filter_map(|(pointer, way)| {
        let host = way.target.host();
        Some(match way.look_alike.as_ref()? {
            LookAlike::Of(other) => format!("{pointer}: {host} looks like {other}"),
            LookAlike::MixedScripts => format!("{pointer}: {host} mixes scripts"),
        })
    });
    let first = found.next()?;
    Some(format!(
        "{first}, so that whoever scans sees where the link leads before they go on"
    ))
}

/// A link of this id, if there is one; `None` also for what is no link.
///
/// # Errors
/// What the store says.
pub async fn show(
    store: &dyn Store,
    keyring: &Keyring,
    policy: &LinkPolicy,
    id: TokenId,
    now: UnixTime,
) -> Result<Option<OwnedLink>, StoreError> {
    let row = store.record(id).await?;
    let row = row.filter(|row| row.kind == RecordKind::Link);
    Ok(row.map(|row| OwnedLink::of(row, keyring, policy, now)))
}

/// The token of a link, to draw its picture again; `None` if its key is gone.
#[must_use]
pub fn token_of(keyring: &Keyring, row: &StoredRecord) -> Option<StoredToken> {
    let link = row.link.as_ref()?;
    open_link_token(keyring, (row.slot, row.id), &link.token)
}

/// Which links to list.
#[derive(Debug, Clone)]
pub struct ListLinks {
    /// Only those in this state.
    pub state: Option<LinkState>,
    /// Only those whose note has this text in it, letter by letter.
    pub note: Option<Note>,
    /// Only those that this one made.
    pub made_by: Option<Principal>,
    /// Where the page before ended, as it said itself.
    pub cursor: Option<Cursor>,
    /// How many, 1 to [`MOST_ROWS`].
    pub limit: u32,
}

impl Default for ListLinks {
    /// The first page of all of them.
    fn default() -> Self {
        Self {
            state: None,
            note: None,
            made_by: None,
            cursor: None,
            limit: USUAL_ROWS,
        }
    }
}

/// A page of links.
pub struct LinkPage {
    /// The links, the newest first.
    pub links: Vec<OwnedLink>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// A page of links, the newest first.
///
/// # Errors
/// What the store says.
pub async fn list(
    store: &dyn Store,
    keyring: &Keyring,
    policy: &LinkPolicy,
    request: ListLinks,
    now: UnixTime,
) -> Result<LinkPage, StoreError> {
    let query = LinkQuery {
        state: request.state,
        note: request.note.map(String::from),
        made_by: request.made_by,
        after: request.cursor.map(|cursor| {
            let (at, id) = cursor.place();
            (at, TokenId::from(id))
        }),
        limit: request.limit.clamp(1, MOST_ROWS),
        now,
    };
    let listed = store.links(query).await?;
    let owned = |row| OwnedLink::of(row, keyring, policy, now);
    Ok(LinkPage {
        links: listed.links.into_iter().map(owned).collect(),
        next: listed
            .next
            .map(|(at, id)| Cursor::after(at, *id.as_bytes())),
    })
}
