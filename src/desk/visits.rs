//! Visits: what a list keeps of the documents of those who were let in, who was there, and how it is forgotten.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::display::{DeskProfiles, Display};
use super::fault::DeskFault;
use super::manageable::{NotManageable, manageable};
use super::names::printable;
use super::settings::ListSettings;
use super::{DeskRight, csv, zone};
use crate::audit::{self, By, Verb, What};
use crate::clock::rfc3339;
use crate::random::{self, NoRandomNumbers};
use crate::store::{
    CheckInId, EraseVisits, ErasedOf, ListId, ListRecord, Presence, PresenceQuery, SealedVisit,
    Store, StoreError,
};
use crate::token::{Keyring, Nonce, RowPlace, Slot, TokenId, UnixTime};

/// Table and column of what is sealed.
const DOCUMENT: &str = "visits.document";

/// Rows that are read together.
const PAGE: u32 = 500;

/// The most entries of an answer.
const MOST_ENTRIES: usize = 10_000;

/// The most bytes of sealed documents of an answer: 32 MiB.
const MOST_BYTES: usize = 32 << 20;

/// Seals the document of an entry under the primary key. It opens beside its entry, token and list, and nowhere else.
pub(super) fn seal(
    keyring: &Keyring,
    (list, entry, token): (ListId, CheckInId, TokenId),
    (profile, document): (&str, &Value),
) -> Result<Option<SealedVisit>, NoRandomNumbers> {
    let plain = json!({ "profile": profile, "document": document }).to_string();
    seal_plain(keyring, (list, entry, token), plain.as_bytes())
}

fn seal_plain(
    keyring: &Keyring,
    (list, entry, token): (ListId, CheckInId, TokenId),
    plain: &[u8],
) -> Result<Option<SealedVisit>, NoRandomNumbers> {
    let slot = keyring.primary().slot();
    let nonce = Nonce::from(*random::bytes::<{ Nonce::BYTES }>()?);
    let beside = [&list.0[..], token.as_bytes()];
    let sealed = keyring.seal_row(slot, place(&entry, &beside), plain, nonce);
    Ok(sealed.map(|document| SealedVisit { slot, document }))
}

fn place<'a>(entry: &'a CheckInId, beside: &'a [&'a [u8]]) -> RowPlace<'a> {
    RowPlace {
        column: DOCUMENT,
        id: &entry.0,
        beside,
    }
}

/// What was sealed: the profile's name and the document; `None` if its key is gone, or the row was tampered with.
pub(super) fn open(
    keyring: &Keyring,
    (list, entry, token): (ListId, CheckInId, TokenId),
    sealed: &SealedVisit,
) -> Option<(String, Value)> {
    let beside = [&list.0[..], token.as_bytes()];
    let plain = keyring
        .open_row(sealed.slot, place(&entry, &beside), &sealed.document)
        .ok()?;
    let mut read: Value = serde_json::from_slice(&plain).ok()?;
    let profile = read["profile"].as_str()?.to_owned();
    Some((profile, read["document"].take()))
}

/// Who was at a list, and why somebody wants to know.
#[derive(Debug, Clone)]
pub struct AskPresence {
    /// The list.
    pub list: ListId,
    /// Whoever was there after this time.
    pub from: UnixTime,
    /// Whoever was there before this time.
    pub until: UnixTime,
    /// Why.
    pub reason: PresenceReason,
    /// When it is asked.
    pub now: UnixTime,
}

/// Why somebody wants to know who was there: 3 to 200 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceReason(String);

impl std::str::FromStr for PresenceReason {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.chars().count() {
            0..3 => Err("must say why, in 3 to 200 characters".to_owned()),
            _ => printable(text, 200).map(Self),
        }
    }
}

/// Who was there.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresenceAnswer {
    /// The list.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub list: String,
    /// How many people came with the entries.
    pub people: u64,
    /// Entries of those who were there, in their order.
    pub present: Vec<PresentAnswer>,
}

/// Somebody who was there.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentAnswer {
    /// The id of the entry's row.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub check_in: String,
    /// The token's id.
    pub token_id: Option<String>,
    /// When they came in, in UTC.
    #[schema(format = DateTime)]
    pub entered_at: String,
    /// When they were let out, in UTC; null if they were not.
    #[schema(format = DateTime)]
    pub left_at: Option<String>,
    /// At which gate they came in.
    pub gate: Option<String>,
    /// How many people came.
    pub people: u64,
    /// What the document says; null if the list kept none, it was erased, or its key is gone.
    pub display: Option<Display>,
}

/// Why it is not told.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// There is no such list or visit.
    #[error("there is no such list or visit")]
    Unknown,
    /// Somebody else made the list.
    #[error("the list was made by somebody else")]
    NotYours,
    /// What was asked is not possible.
    #[error(transparent)]
    Fault(#[from] DeskFault),
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
}

impl From<NotManageable> for VisitError {
    fn from(error: NotManageable) -> Self {
        match error {
            NotManageable::Unknown => Self::Unknown,
            NotManageable::NotYours => Self::NotYours,
            NotManageable::Store(error) => Self::Store(error),
        }
    }
}

/// Who was there. That it was asked, by whom and why, is in the audit log before anything is told.
///
/// # Errors
/// [`VisitError`]
pub async fn presence(
    store: &dyn Store,
    keyring: &Keyring,
    profiles: &DeskProfiles,
    asked: AskPresence,
    right: DeskRight,
    by: By<'_>,
) -> Result<(PresenceAnswer, ListRecord), VisitError> {
    let list = manageable(store, asked.list, right).await?;
    if asked.from >= asked.until {
        return Err(DeskFault::new("/until", "must be after from").into());
    }
    let settings = ListSettings::of(&list)?;
    let details = json!({
        "from": rfc3339(asked.from),
        "until": rfc3339(asked.until),
        "reason": asked.reason.0,
    });
    let row = audit::record(by, Verb::Presence, What::List(list.id), &details, asked.now);
    store.add_audit_row(row).await?;
    let mut query = PresenceQuery {
        list: list.id,
        from: asked.from,
        until: asked.until,
        stay_secs: (!settings.exits).then(|| u64::from(settings.assumed_stay_minutes) * 60),
        after: None,
        limit: PAGE,
    };
    let (mut present, mut bytes) = (Vec::new(), 0);
    loop {
        let (rows, next) = store.presence(query).await?;
        let visits = rows.iter().filter_map(|row| row.visit.as_ref());
        bytes += visits.map(|visit| visit.document.len()).sum::<usize>();
        if bytes > MOST_BYTES {
            let detail = "more than 32 MiB of documents: ask for a shorter time";
            return Err(DeskFault::new("/until", detail).into());
        }
        present.extend(
            rows.into_iter()
                .map(|row| answer(row, list.id, keyring, profiles)),
        );
        if present.len() > MOST_ENTRIES {
            let detail = format!("more than {MOST_ENTRIES} entries: ask for a shorter time");
            return Err(DeskFault::new("/until", detail).into());
        }
        query.after = next;
        if next.is_none() {
            break;
        }
    }
    let answer = PresenceAnswer {
        list: list.id.to_string(),
        people: present.iter().map(|one| one.people).sum(),
        present,
    };
    Ok((answer, list))
}

fn answer(
    row: Presence,
    list: ListId,
    keyring: &Keyring,
    profiles: &DeskProfiles,
) -> PresentAnswer {
    let entry = row.entry;
    let opened = entry
        .token
        .zip(row.visit)
        .and_then(|(token, visit)| open(keyring, (list, entry.id, token), &visit));
    PresentAnswer {
        check_in: entry.id.to_string(),
        token_id: entry.token.map(|token| token.to_string()),
        entered_at: rfc3339(entry.happened_at),
        left_at: row.left_at.map(rfc3339),
        gate: entry.gate,
        people: entry.people,
        display: opened.map(|(profile, document)| profiles.display(&profile, &document)),
    }
}

/// The same as a table: times of the list's place, and a column for each field that a document has. No cell is a formula.
#[must_use]
pub fn presence_csv(answer: &PresenceAnswer, list: &ListRecord) -> String {
    let zone = csv::zone_of(list);
    let mut labels: Vec<&str> = Vec::new();
    for display in answer.present.iter().filter_map(|one| one.display.as_ref()) {
        for field in &display.fields {
            if !labels.contains(&field.label.as_str()) && labels.len() < 100 {
                labels.push(&field.label);
            }
        }
    }
    let line = |cells: Vec<String>| {
        let cells: Vec<_> = cells.iter().map(|text| csv::cell(text)).collect();
        format!("{}\r\n", cells.join(","))
    };
    let head = ["entered_at", "left_at", "gate", "people", "token_id"].map(str::to_owned);
    let head = head
        .into_iter()
        .chain(labels.iter().map(|label| (*label).to_owned()));
    let mut table = line(head.collect());
    let local = |time: &str| {
        let time = crate::clock::parse_rfc3339(time);
        time.map(|time| zone::local(time, &zone))
            .unwrap_or_default()
    };
    for one in &answer.present {
        let fields = one.display.as_ref();
        let fields = fields.map_or(&[][..], |display| &display.fields[..]);
        let value = |label: &&str| {
            let found = fields.iter().find(|field| field.label == **label);
            found.map(|field| field.value.clone()).unwrap_or_default()
        };
        let cells = [
            local(&one.entered_at),
            one.left_at.as_deref().map(local).unwrap_or_default(),
            one.gate.clone().unwrap_or_default(),
            one.people.to_string(),
            one.token_id.clone().unwrap_or_default(),
        ];
        table.push_str(&line(
            cells.into_iter().chain(labels.iter().map(value)).collect(),
        ));
    }
    table
}

/// Whether something is kept of an entry's document, which is not looked at.
///
/// # Errors
/// What the store says.
pub async fn keeps_visit(store: &dyn Store, entry: CheckInId) -> Result<bool, StoreError> {
    Ok(store.visit(entry).await?.is_some())
}

/// What is kept of an entry's document. That it was looked at, by whom, and why if that was asked, is in the audit log before it is told.
///
/// # Errors
/// What the store says.
pub async fn visit_of(
    store: &dyn Store,
    keyring: &Keyring,
    profiles: &DeskProfiles,
    entry: CheckInId,
    reason: Option<&PresenceReason>,
    by: By<'_>,
    now: UnixTime,
) -> Result<Option<Display>, StoreError> {
    let Some(visit) = store.visit(entry).await? else {
        return Ok(None);
    };
    let mut details = json!({ "list": visit.list.to_string() });
    if let Some(reason) = reason {
        details["reason"] = json!(reason.0);
    }
    let row = audit::record(by, Verb::Presence, What::CheckIn(entry), &details, now);
    store.add_audit_row(row).await?;
    let opened = open(keyring, (visit.list, entry, visit.token), &visit.sealed);
    Ok(opened.map(|(profile, document)| profiles.display(&profile, &document)))
}

/// Erases what is kept of documents: of one entry, or of all of a token at a list. That it was there and counted stays. How many.
///
/// # Errors
/// [`VisitError`]
pub async fn erase(
    store: &dyn Store,
    list: ListId,
    of: ErasedOf,
    right: DeskRight,
    by: By<'_>,
    now: UnixTime,
) -> Result<u64, VisitError> {
    manageable(store, list, right).await?;
    let (what, details) = match of {
        ErasedOf::Entry(entry) => (What::CheckIn(entry), json!({ "list": list.to_string() })),
        ErasedOf::Token(token) => (What::List(list), json!({ "token": token.to_string() })),
    };
    let audit = audit::record(by, Verb::EraseVisit, what, &details, now);
    Ok(store.erase_visits(EraseVisits { list, of, audit }).await?)
}

/// How many visits are under the key of a slot.
///
/// # Errors
/// What the store says.
pub async fn visits_under(store: &dyn Store, slot: Slot) -> Result<u64, StoreError> {
    store.count_visits(slot).await
}

/// What a round of resealing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Visits that are under the primary key now.
    pub moved: u64,
    /// Visits that do not open: their key is gone, or they were tampered with.
    pub unreadable: u64,
}

/// Puts visits under the primary key that are under another, so that the other can be destroyed.
///
/// # Errors
/// [`VisitError`]; what was moved is moved.
pub async fn reseal_visits(
    store: &dyn Store,
    keyring: &Keyring,
    mut told: impl FnMut(Resealed),
) -> Result<Resealed, VisitError> {
    let mut done = Resealed::default();
    let primary = keyring.primary().slot();
    for key in keyring.keys() {
        let slot = key.slot();
        if slot == primary {
            continue;
        }
        let mut after = None;
        loop {
            let visits = store.visits_of_slot(slot, after, PAGE).await?;
            let Some(last) = visits.last() else {
                break;
            };
            after = Some(last.check_in);
            for visit in &visits {
                let at = (visit.list, visit.check_in, visit.token);
                let beside = [&visit.list.0[..], visit.token.as_bytes()];
                let place = place(&visit.check_in, &beside);
                let opened = keyring.open_row(slot, place, &visit.sealed.document);
                let sealed = match opened {
                    Ok(plain) => seal_plain(keyring, at, &plain)?,
                    Err(_) => None,
                };
                match sealed {
                    Some(sealed) => {
                        done.moved +=
                            u64::from(store.reseal_visit(visit.check_in, slot, sealed).await?);
                    }
                    None => done.unreadable += 1,
                }
            }
            told(done);
        }
    }
    Ok(done)
}
