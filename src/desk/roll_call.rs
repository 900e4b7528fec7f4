//! Roll call: who is inside a list, and whoever is there is let out without their code.
//!
//! The one place where somebody is found by name, and bounded by who is inside: what is looked through is what the page shows.

use serde_json::json;

use super::check_in::{MAX_LOOKS, always_changed, digest_of, rules};
use super::display::{DeskProfiles, Display};
use super::settings::ListSettings;
use super::tidy::let_out_if_due;
use super::{Desk, DeskRight, RepeatId, find_list, visits, zone};
use crate::audit::{self, By, Verb, What};
use crate::random::NoRandomNumbers;
use crate::store::{
    CheckIn, CheckInId, CheckInKind, CheckInRecord, CheckInToken, CheckedIn, Found, Inside,
    InsideQuery, ListId, ListRecord, Store, StoreError,
};
use crate::token::{Keyring, TokenId, UnixTime};
use crate::{clock, random};

/// Codes that are read together: each takes two statements, and others wait for the same worker.
const PAGE: u32 = 100;

/// The most codes that a roll call tells.
const MOST_CODES: usize = 5_000;

/// The most bytes of sealed documents that are opened: 32 MiB.
const MOST_BYTES: usize = 32 << 20;

/// The longest text that somebody is found by, in characters.
const MOST_CHARS: usize = 120;

/// Somebody wants to know who is inside.
#[derive(Debug, Clone, Copy)]
pub struct AskRollCall<'a> {
    /// The list.
    pub list: ListId,
    /// Only those in whose documents this stands; empty: everybody.
    pub find: &'a str,
    /// By what right.
    pub right: DeskRight,
    /// When.
    pub now: UnixTime,
}

/// Who is inside.
#[derive(Debug)]
pub struct RollCall {
    /// The list.
    pub list: ListRecord,
    /// How many people are inside, found or not.
    pub people: u64,
    /// Those who were asked for, in the order of what stands out in their documents.
    pub present: Vec<PersonInside>,
    /// Whether there are more than can be told.
    pub more: bool,
}

/// A code that is inside.
#[derive(Debug)]
pub struct PersonInside {
    /// The code's token.
    pub token: TokenId,
    /// How many people it brought, and are inside.
    pub people: u64,
    /// When it came in, while that is known.
    pub entered_at: Option<UnixTime>,
    /// At which gate.
    pub gate: Option<String>,
    /// What its document says; `None` if the list kept none, it was erased, or its key is gone.
    pub display: Option<Display>,
}

/// Why it is not told, or nobody let out.
#[derive(Debug, thiserror::Error)]
pub enum RollCallError {
    /// There is no such list.
    #[error("there is no such list")]
    Unknown,
    /// Whoever asks does not work there, or the list has no roll call.
    #[error("whoever asks may not call the roll of this list")]
    NotYours,
    /// The `check_in_id` was used for something else.
    #[error("the check_in_id was used for another request")]
    AnotherRequest,
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
}

/// Who is inside. That it was asked, and by whom, is in the audit log before anything is told.
///
/// # Errors
/// [`RollCallError`]
pub async fn roll_call(
    store: &dyn Store,
    keyring: &Keyring,
    profiles: &DeskProfiles,
    asked: AskRollCall<'_>,
) -> Result<RollCall, RollCallError> {
    let (list, settings) = called(store, asked.list, asked.right).await?;
    // Whoever is let out at an hour is not called after it.
    let_out_if_due(store, &list, &settings, asked.now).await?;
    let by = By::fresh(asked.right.principal, keyring)?;
    let find: String = asked.find.trim().chars().take(MOST_CHARS).collect();
    let details = json!({ "searched": !find.is_empty() });
    let row = audit::record(by, Verb::RollCall, What::List(list.id), &details, asked.now);
    store.add_audit_row(row).await?;
    let find = find.to_lowercase();
    let (mut present, mut people, mut bytes, mut codes) = (Vec::new(), 0, 0, 0);
    let mut query = InsideQuery {
        list: list.id,
        after: None,
        limit: PAGE,
    };
    let more = loop {
        let (rows, next) = store.inside(query).await?;
        for row in rows {
            codes += 1;
            people += row.people;
            bytes += row.visit.as_ref().map_or(0, |visit| visit.document.len());
            let person = person(row, list.id, keyring, profiles);
            if is_meant(&person, &find) {
                present.push(person);
            }
        }
        query.after = next;
        match next {
            None => break false,
            Some(_) if codes >= MOST_CODES || bytes > MOST_BYTES => break true,
            Some(_) => {}
        }
    };
    present.sort_by_cached_key(|person| (first_words(person), person.entered_at));
    // What was counted just now may be more than was read.
    let people = match more {
        true => list.inside.max(people),
        false => people,
    };
    Ok(RollCall {
        list,
        people,
        present,
        more,
    })
}

/// Lets somebody out who is inside, without their code: an exit as any other, repeatable by its id. That it was done so is in the
/// audit log. The check-in.
///
/// # Errors
/// [`RollCallError`]
pub async fn let_out(
    desk: Desk<'_>,
    (list, token): (ListId, TokenId),
    check_in_id: &RepeatId,
    right: DeskRight,
    now: UnixTime,
) -> Result<CheckInRecord, RollCallError> {
    let (store, keyring) = (desk.opener.store, desk.opener.keyring);
    let (mut list, mut settings) = called(store, list, right).await?;
    let by = By::fresh(right.principal, keyring)?;
    let details = json!({ "let_out": token.to_string() });
    let row = audit::record(by, Verb::RollCall, What::List(list.id), &details, now);
    store.add_audit_row(row).await?;
    for _ in 0..MAX_LOOKS {
        let parts = [&list.id.0[..], token.as_bytes()];
        let asked = CheckIn {
            id: CheckInId(*random::bytes()?),
            visit: None,
            list: list.id,
            list_revision: list.revision,
            kind: CheckInKind::Exit,
            gate: None,
            token: Some(CheckInToken {
                id: token,
                issued_at: now,
                expires_at: None,
                max_opens: None,
            }),
            // Nobody leaves who is not inside.
            found: Found::OnlyOut(rules(desk, &settings, (list.id, token), u32::MAX)),
            pin_from: None,
            made_by: right.principal,
            check_in_id: check_in_id.as_str().to_owned(),
            digest: digest_of(keyring, "roll-call-exit", &parts),
            day: zone::day(now, &settings.zone()),
            now,
        };
        match store.check_in(asked).await? {
            CheckedIn::Judged(judged) => return Ok(judged.row),
            CheckedIn::AnotherRequest => return Err(RollCallError::AnotherRequest),
            CheckedIn::ListChanged => (list, settings) = called(store, list.id, right).await?,
        }
    }
    Err(always_changed().into())
}

/// A list whose roll whoever asks may call.
async fn called(
    store: &dyn Store,
    list: ListId,
    right: DeskRight,
) -> Result<(ListRecord, ListSettings), RollCallError> {
    let list = find_list(store, list).await?;
    let list = list.ok_or(RollCallError::Unknown)?;
    let settings = ListSettings::of(&list)?;
    match right.may_check(&list) && settings.has_roll_call() {
        true => Ok((list, settings)),
        false => Err(RollCallError::NotYours),
    }
}

fn person(
    inside: Inside,
    list: ListId,
    keyring: &Keyring,
    profiles: &DeskProfiles,
) -> PersonInside {
    let opened = inside
        .entry
        .as_ref()
        .zip(inside.visit)
        .and_then(|(entry, visit)| visits::open(keyring, (list, entry.id, inside.token), &visit));
    PersonInside {
        token: inside.token,
        people: inside.people,
        entered_at: inside.entry.as_ref().map(|entry| entry.happened_at),
        gate: inside.entry.and_then(|entry| entry.gate),
        display: opened.map(|(profile, document)| profiles.display(&profile, &document)),
    }
}

/// Whether a text in small letters stands in what is known of somebody.
fn is_meant(person: &PersonInside, find: &str) -> bool {
    let fields = person.display.iter().flat_map(|display| &display.fields);
    find.is_empty()
        || fields
            .map(|field| field.value.to_lowercase())
            .any(|value| value.contains(find))
}

/// What stands out in somebody's document, or else its first field; who has none comes last.
fn first_words(person: &PersonInside) -> (bool, String) {
    let fields = person.display.as_ref().map(|display| &display.fields[..]);
    let fields = fields.unwrap_or_default();
    let field = fields.iter().find(|field| field.emphasis);
    let words = field
        .or(fields.first())
        .map(|field| field.value.to_lowercase());
    (words.is_none(), words.unwrap_or_default())
}

impl PersonInside {
    /// When it came in, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn entered_secs(&self) -> Option<i64> {
        self.entered_at.map(clock::unix_seconds)
    }
}
