//! The verb that checks a code in or out.

use serde_json::Value;

use super::by::called;
use super::display::{BadgePrint, DeskProfiles, Display};
use super::fault::DeskFault;
use super::given::Accepts;
use super::request::CheckInRequest;
use super::settings::ListSettings;
use super::tidy::let_out_if_due;
use super::{DeskRight, visits, zone};
use crate::opening::{
    Attempt, OpenId, Opener, OpeningError, ShownToStaff, Unavailable, show_staff,
};
use crate::random::{self, NoRandomNumbers};
use crate::store::{
    CheckIn, CheckInId, CheckInKind, CheckInOutcome, CheckInRecord, CheckInToken, CheckedIn,
    EntryRules, FindCheckIn, Found, Judged, ListId, ListRecord, NetworkTag, StoreError,
};
use crate::token::{Keyring, TokenId, UnixTime};

/// How often a list that is changed meanwhile is looked at again.
pub(super) const MAX_LOOKS: u32 = 5;

/// What a desk needs of this installation.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// How tokens are opened.
    pub opener: Opener<'a>,
    /// The profiles that are there.
    pub profiles: &'a DeskProfiles,
}

/// How a code was judged.
#[derive(Debug)]
pub struct CheckInResult {
    /// What the ledger says.
    pub judged: Judged,
    /// What its profile shows staff, while its document is there and may be seen.
    pub display: Option<Display>,
    /// What the desk prints for whoever came in, now or before.
    pub badge: Option<BadgePrint>,
    /// The list as it was judged by.
    pub list: ListRecord,
    /// Whether it is known who is inside.
    pub exits: bool,
    /// Why its code does not open, if that is why it was refused; it says more than the outcome.
    pub why: Option<OpeningError>,
    /// What people call whoever let it in before, if that is why it was refused and whoever that was has a name.
    pub before_by: Option<String>,
}

/// Why a code was not judged.
#[derive(Debug, thiserror::Error)]
pub enum CheckInError {
    /// There is no such list.
    #[error("there is no list of this id")]
    NoList,
    /// Whoever asks does not work there.
    #[error("whoever asks is not staff of this list")]
    NotStaff,
    /// What was asked is not possible.
    #[error(transparent)]
    Fault(#[from] DeskFault),
    /// The `check_in_id` was used for something else.
    #[error("the check_in_id was used for another request")]
    AnotherRequest,
    /// The code takes its PIN, which was not given; nothing was written down.
    #[error("the code takes its PIN")]
    PinMissing(TokenId),
    /// It cannot be opened now, and nobody knows whether it may enter.
    #[error(transparent)]
    Opening(OpeningError),
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
}

/// Checks a code in or out, durably before it answers. The same request again is answered as it was judged the first time.
///
/// # Errors
/// [`CheckInError`]; what is refused is none. After [`StoreError::Unknown`] it may have been judged; the same request tells.
pub async fn check_in(
    desk: Desk<'_>,
    request: &CheckInRequest<'_>,
    right: DeskRight,
) -> Result<CheckInResult, CheckInError> {
    let store = desk.opener.store;
    for _ in 0..MAX_LOOKS {
        let list = store
            .list(request.list)
            .await?
            .ok_or(CheckInError::NoList)?;
        if !right.may_check(&list) {
            return Err(CheckInError::NotStaff);
        }
        let settings = ListSettings::of(&list)?;
        check(&settings, request)?;
        let now = decides(desk, request.now);
        let_out_if_due(store, &list, &settings, now).await?;
        let digest = digest(desk.opener.keyring, request);
        let known = FindCheckIn::Request(right.principal, request.check_in_id.as_str().to_owned());
        let known = store.find_check_in(known).await?;
        if known
            .as_ref()
            .is_some_and(|known| known.digest != Some(digest))
        {
            return Err(CheckInError::AnotherRequest);
        }
        let before = known.map(|known| known.row.outcome);
        let looked = Looked::at(desk, &settings, request, before, now).await?;
        let id = CheckInId(*random::bytes()?);
        let keeps = settings.keeps_visits() && request.kind == CheckInKind::Entry;
        let visit = match (&looked.document, looked.token) {
            (Some((profile, document)), Some(token)) if keeps => {
                let at = (list.id, id, token.id);
                visits::seal(desk.opener.keyring, at, (profile.as_str(), document))?
            }
            _ => None,
        };
        let asked = CheckIn {
            id,
            visit,
            list: list.id,
            list_revision: list.revision,
            kind: request.kind,
            gate: request.gate.as_ref().map(|gate| gate.as_str().to_owned()),
            token: looked.token,
            found: looked.found,
            pin_from: looked.pin_from,
            made_by: right.principal,
            check_in_id: request.check_in_id.as_str().to_owned(),
            digest,
            day: zone::day(now, &settings.zone()),
            now: request.now,
        };
        match store.check_in(asked).await? {
            CheckedIn::Judged(judged) => {
                let shows = shows(&judged.row, looked.token.as_ref());
                let came = matches!(
                    judged.row.outcome,
                    CheckInOutcome::LetIn | CheckInOutcome::AlreadyRedeemed
                );
                let document = looked.document.filter(|_| shows && came);
                let before_by = judged.because.as_ref().and_then(|entry| entry.made_by);
                let before_by = match before_by {
                    // Judged it is, whether or not there is a name for who let it in.
                    Some(by) => called(store, by, request.now).await.unwrap_or_default(),
                    None => None,
                };
                return Ok(CheckInResult {
                    display: looked.display.filter(|_| shows),
                    badge: document
                        .and_then(|(profile, document)| desk.profiles.badge(&profile, &document)),
                    judged: *judged,
                    list,
                    exits: settings.exits,
                    why: looked.why,
                    before_by,
                });
            }
            CheckedIn::AnotherRequest => return Err(CheckInError::AnotherRequest),
            CheckedIn::ListChanged => {}
        }
    }
    Err(always_changed().into())
}

/// The list was changed at each of [`MAX_LOOKS`].
pub(super) fn always_changed() -> StoreError {
    StoreError::Unavailable("the list is changed all the time".to_owned())
}

/// The time that decides, as the store sees it.
fn decides(desk: Desk<'_>, now: UnixTime) -> UnixTime {
    let ahead = desk.opener.store.clock_ahead_secs();
    let secs = match u64::try_from(ahead) {
        Ok(ahead) => now.as_secs().saturating_sub(ahead),
        Err(_) => now.as_secs().saturating_add(ahead.unsigned_abs()),
    };
    UnixTime::from_secs(secs)
}

fn check(settings: &ListSettings, request: &CheckInRequest<'_>) -> Result<(), DeskFault> {
    if request.kind == CheckInKind::Exit && !settings.exits {
        return Err(DeskFault::new("/kind", "this list lets nobody out"));
    }
    match &request.gate {
        Some(gate) if !settings.has_gate(gate) => {
            Err(DeskFault::new("/gate", "must be a gate of this list"))
        }
        _ => Ok(()),
    }
}

/// Whether staff see the document of a code that was judged like this. What opens only so often is not looked at without an
/// open: not before an entry, and not by an exit of somebody who never came.
fn shows(row: &CheckInRecord, token: Option<&CheckInToken>) -> bool {
    let limited = token.is_some_and(|token| token.max_opens.is_some());
    match row.outcome {
        CheckInOutcome::LetOut => !row.no_entry,
        CheckInOutcome::ListFull | CheckInOutcome::OutsideWindow => !limited,
        CheckInOutcome::AlreadyRedeemed => true,
        outcome => outcome.is_passed(),
    }
}

/// A request as the store remembers it: under the key of the oldest slot, which stays the same while keys rotate.
fn digest(keyring: &Keyring, request: &CheckInRequest<'_>) -> [u8; 32] {
    let kind = request.kind.as_str().as_bytes();
    let gate = request.gate.as_ref().map_or("", |gate| gate.as_str());
    let parts = [
        &request.list.0[..],
        kind,
        request.token.as_bytes(),
        gate.as_bytes(),
        request.pin_text.as_bytes(),
    ];
    digest_of(keyring, "check-in", &parts)
}

pub(super) fn digest_of(keyring: &Keyring, label: &'static str, parts: &[&[u8]]) -> [u8; 32] {
    let mut keys = keyring.keys().iter();
    let digest = keys.find_map(|key| keyring.ledger_digest(key.slot(), label, parts));
    // Without any secret no token is recognised.
    digest.unwrap_or_default()
}

/// What was found out about a code before the ledger is asked.
struct Looked {
    token: Option<CheckInToken>,
    found: Found,
    pin_from: Option<NetworkTag>,
    display: Option<Display>,
    /// The name of its profile and what it says, once the list takes it.
    document: Option<(String, Value)>,
    why: Option<OpeningError>,
}

impl Looked {
    async fn at(
        desk: Desk<'_>,
        settings: &ListSettings,
        request: &CheckInRequest<'_>,
        before: Option<CheckInOutcome>,
        now: UnixTime,
    ) -> Result<Self, CheckInError> {
        let shown = match show_staff(request.token, desk.opener, now).await {
            Ok(shown) => shown,
            Err(error) => return Self::unopened(desk, settings, request, error, now),
        };
        let rules = |people| rules(desk, settings, (request.list, shown.id()), people);
        let mut looked = Self {
            token: Some(CheckInToken {
                id: shown.id(),
                issued_at: shown.issued_at().unwrap_or(now),
                expires_at: shown.expires_at(),
                max_opens: shown.max_opens(),
            }),
            found: match request.kind {
                CheckInKind::Entry => Found::Refused(CheckInOutcome::NotOnList),
                // The list may have been changed since they came.
                CheckInKind::Exit => Found::OnlyOut(rules(1)),
            },
            pin_from: None,
            display: None,
            document: None,
            why: None,
        };
        let accepts = settings
            .accepts
            .iter()
            .filter(|one| is_of(desk, settings, &shown, one));
        let accepts: Vec<_> = accepts.collect();
        if accepts.is_empty() {
            return Ok(looked);
        }
        let attempt = Attempt {
            open_id: OpenId::from_random([0; 16]),
            pin: request.pin.clone(),
            network: request.network,
            suspected_bot: false,
            now: request.now,
        };
        // Whoever leaves needs no PIN, and a request that was judged before is not judged anew.
        let locked = shown.needs_pin() && (request.kind == CheckInKind::Exit || before.is_some());
        if locked && (request.pin.is_none() || before.is_some()) {
            looked.found = match before {
                Some(outcome) => Found::Refused(outcome),
                None => Found::Accepted(rules(1)),
            };
            return Ok(looked);
        }
        let document = match shown.reveal(desk.opener, &attempt).await {
            Ok(document) => document,
            Err(error) => {
                looked.found = match refusal(&error) {
                    _ if lets_out(request, &error) => Found::Accepted(rules(1)),
                    Some(outcome) => Found::Refused(outcome),
                    None => return Err(passed_on(error)),
                };
                looked.why = Some(error);
                return Ok(looked);
            }
        };
        looked.pin_from = shown.network_tag(desk.opener, &attempt);
        let Ok(document) = serde_json::from_str::<Value>(document.payload()) else {
            return Ok(looked);
        };
        let Some(accepts) = accepts.into_iter().find(|one| one.takes(&document)) else {
            return Ok(looked);
        };
        looked.display = Some(desk.profiles.display(&accepts.profile, &document));
        looked.found = match (settings.people(&document), request.kind) {
            (Some(people), _) => Found::Accepted(rules(people)),
            // Those leave who came.
            (None, CheckInKind::Exit) => Found::Accepted(rules(1)),
            (None, CheckInKind::Entry) => Found::Refused(CheckInOutcome::NotOnList),
        };
        looked.document = Some((accepts.profile.clone(), document));
        Ok(looked)
    }

    /// Of a code that does not open. An exit is not refused for that.
    fn unopened(
        desk: Desk<'_>,
        settings: &ListSettings,
        request: &CheckInRequest<'_>,
        error: OpeningError,
        now: UnixTime,
    ) -> Result<Self, CheckInError> {
        let Some(outcome) = refusal(&error) else {
            return Err(passed_on(error));
        };
        let token = error.token_id().map(|id| CheckInToken {
            id,
            issued_at: now,
            // It is known only for as long as it takes to undo it.
            expires_at: Some(now),
            max_opens: None,
        });
        let found = match token {
            Some(token) if request.kind == CheckInKind::Exit => {
                Found::Accepted(rules(desk, settings, (request.list, token.id), 1))
            }
            _ => Found::Refused(outcome),
        };
        Ok(Self {
            token,
            found,
            pin_from: None,
            display: None,
            document: None,
            why: Some(error),
        })
    }
}

/// Whether a code is of an accepted profile.
fn is_of(desk: Desk<'_>, settings: &ListSettings, shown: &ShownToStaff, accepts: &Accepts) -> bool {
    let known = desk.profiles.find(&accepts.profile);
    known.is_some_and(|known| {
        shown.profile() == Some(known.number) && (settings.accept_public || !known.for_anyone)
    })
}

pub(super) fn rules(
    desk: Desk<'_>,
    settings: &ListSettings,
    (list, token): (ListId, TokenId),
    people: u32,
) -> EntryRules {
    let parts = [&list.0[..], token.as_bytes()];
    let open_id = digest_of(desk.opener.keyring, "check-in-open", &parts);
    EntryRules {
        entries: settings.entries(),
        exits: settings.exits,
        people,
        max_inside: settings.max_inside,
        opens_at: settings.opens_at(),
        closes_at: settings.closes_at(),
        open_id: *open_id.first_chunk().expect("16 of 32 bytes"),
    }
}

fn passed_on(error: OpeningError) -> CheckInError {
    match error {
        OpeningError::PinMissing { id } => CheckInError::PinMissing(id),
        error => CheckInError::Opening(error),
    }
}

/// Whether whoever leaves is let out though the code does not open: not if it may open in a moment.
fn lets_out(request: &CheckInRequest<'_>, error: &OpeningError) -> bool {
    // A set of samples may never come back.
    let lacks_samples = matches!(
        error,
        OpeningError::Unavailable {
            cause: Unavailable::Samples(_),
            ..
        }
    );
    request.kind == CheckInKind::Exit && (lacks_samples || refusal(error).is_some())
}

/// As what a code is refused that does not open; `None`: it is not known whether it would.
fn refusal(error: &OpeningError) -> Option<CheckInOutcome> {
    Some(match error {
        OpeningError::NotRecognised => CheckInOutcome::NotRecognised,
        OpeningError::Expired { .. } => CheckInOutcome::Expired,
        OpeningError::KeyRetired { .. } => CheckInOutcome::KeyRetired,
        OpeningError::Gone { .. } => CheckInOutcome::Gone,
        OpeningError::Closed { .. } => CheckInOutcome::Closed,
        OpeningError::Revoked(_) => CheckInOutcome::Revoked,
        OpeningError::UsedUp { .. } => CheckInOutcome::UsedUp,
        OpeningError::PinIncorrect { .. } => CheckInOutcome::PinIncorrect,
        OpeningError::PinLocked { .. } => CheckInOutcome::PinLocked,
        OpeningError::Clock { .. }
        | OpeningError::StaffOnly { .. }
        | OpeningError::PinMissing { .. }
        | OpeningError::NotLimited { .. }
        | OpeningError::Unavailable { .. } => return None,
    })
}
