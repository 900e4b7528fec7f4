//! The verb that changes a link.

use serde_json::json;

use super::content::LinkFault;
use super::scan::written_in;
use super::sealed_target::seal_target;
use super::written::{Interstitial, WrittenLink, WrittenRule};
use super::{LinkContent, LinkPolicy, OwnedLink, show};
use crate::audit::{self, By, Verb, What};
use crate::clock::rfc3339;
use crate::issuing::{LongestLife, NoRoom, Note, StoredRoom};
use crate::opening::{FoundLink, OpeningError, Unavailable, ended};
use crate::pins::{PinHashers, PinsBusy};
use crate::principal::Principal;
use crate::random::{self, NoRandomNumbers};
use crate::store::{
    ChangedLink, LinkChange, LinkState, RecordKind, Store, StoreError, StoredRecord,
};
use crate::token::{
    ClaimValue, ExpiresIn, Keyring, Nonce, Pin, Record, RecordHead, SealError, TokenId, UnixTime,
    link_pin_salt, seal_link,
};

/// What of a link is to change. `None` stays; of what may be absent `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct LinkEdits {
    /// Where it leads.
    pub target: Option<String>,
    /// Where it leads once it has expired.
    pub fallback: Option<Option<String>>,
    /// Where it leads under conditions: all rules anew.
    pub rules: Option<Vec<WrittenRule>>,
    /// When its destination is shown first.
    pub interstitial: Option<Interstitial>,
    /// Whether the query of a scan is added to its target's.
    pub forward_query: Option<bool>,
    /// The time before which it leads nowhere (RFC 3339).
    pub not_before: Option<Option<String>>,
    /// How long from now it leads anywhere.
    pub expires_in: Option<Option<ExpiresIn>>,
    /// The note by which its owner finds it.
    pub note: Option<Option<Note>>,
    /// Whether it leads anywhere.
    pub enabled: Option<bool>,
    /// The PIN of a link that has one, which its new record is sealed for: the same, or another from now on.
    pub pin: Option<Pin>,
}

impl LinkEdits {
    /// Names of what changes, for the audit log.
    fn names(&self) -> Vec<&'static str> {
        [
            ("target", self.target.is_some()),
            ("fallback", self.fallback.is_some()),
            ("rules", self.rules.is_some()),
            ("interstitial", self.interstitial.is_some()),
            ("forward_query", self.forward_query.is_some()),
            ("not_before", self.not_before.is_some()),
            ("expires_in", self.expires_in.is_some()),
            ("pin", self.pin.is_some()),
            ("note", self.note.is_some()),
            ("enabled", self.enabled.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, changes)| changes.then_some(name))
        .collect()
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names().is_empty()
    }

    /// Whether something changes that is sealed.
    fn reseals(&self) -> bool {
        self.names()
            .iter()
            .any(|name| !matches!(*name, "note" | "enabled"))
    }

    fn apply(&self, mut written: WrittenLink) -> WrittenLink {
        if let Some(target) = &self.target {
            written.target.clone_from(target);
        }
        if let Some(fallback) = &self.fallback {
            written.fallback.clone_from(fallback);
        }
        if let Some(rules) = &self.rules {
            written.rules.clone_from(rules);
        }
        if let Some(not_before) = &self.not_before {
            written.not_before.clone_from(not_before);
        }
        written.interstitial = self.interstitial.unwrap_or(written.interstitial);
        written.forward_query = self.forward_query.unwrap_or(written.forward_query);
        written
    }
}

/// What changing needs of the installation.
#[derive(Clone, Copy)]
pub struct LinkChanger<'a> {
    /// The keys.
    pub keyring: &'a Keyring,
    /// Where links are kept.
    pub store: &'a dyn Store,
    /// What links may be.
    pub policy: &'a LinkPolicy,
    /// Where PINs are hashed.
    pub pins: &'a PinHashers,
    /// How much room there is.
    pub room: &'a StoredRoom,
    /// The bytes that what one without an API key made may take together; `None`: without limit.
    pub share_bytes: Option<u64>,
}

/// Somebody wants to change a link.
#[derive(Clone, Copy)]
pub struct ChangeLink<'a> {
    /// The link.
    pub id: TokenId,
    /// What is to change.
    pub edits: &'a LinkEdits,
    /// The edition that is to be changed; `None`: whichever is there.
    pub of_edition: Option<u32>,
    /// Who asks.
    pub by: Principal,
    /// Only what this one made may be changed; `None`: anything.
    pub only_of: Option<Principal>,
    /// When.
    pub now: UnixTime,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such link.
    #[error("there is no link of this id")]
    Unknown,
    /// Somebody else made it.
    #[error("only whoever made this link may change it")]
    NotYours(TokenId),
    /// Somebody changed it meanwhile.
    #[error("the link was changed meanwhile")]
    Conflict {
        /// The link.
        id: TokenId,
        /// The edition that is there.
        edition: u32,
    },
    /// What it would say is not allowed.
    #[error(transparent)]
    Fault(#[from] LinkFault),
    /// It has ended for ever, or does not open.
    #[error(transparent)]
    Ended(#[from] OpeningError),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// There is no room.
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
    /// No PIN can be hashed now.
    #[error(transparent)]
    Pins(#[from] PinsBusy),
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
}

/// Changes a link: through this node at once, through others within two seconds. One conditional statement decides whether what
/// was looked at is still there.
///
/// # Errors
/// [`ChangeError`]. After [`StoreError::Unknown`] it may have been changed; its edition tells.
pub async fn change(
    changer: LinkChanger<'_>,
    request: ChangeLink<'_>,
) -> Result<OwnedLink, ChangeError> {
    let LinkChanger {
        keyring,
        store,
        policy,
        ..
    } = changer;
    let (id, edits, now) = (request.id, request.edits, request.now);
    let row = store.record(id).await?;
    let row = row.filter(|row| row.kind == RecordKind::Link);
    let row = row.ok_or(ChangeError::Unknown)?;
    if request.only_of.is_some_and(|by| row.made_by != Some(by)) {
        return Err(ChangeError::NotYours(id));
    }
    let edition = row.link.as_ref().map_or(0, |link| link.edition);
    if request.of_edition.is_some_and(|of| of != edition) {
        return Err(ChangeError::Conflict { id, edition });
    }
    let found = FoundLink::open(keyring, &row).map_err(|error| OpeningError::Unavailable {
        id,
        cause: Unavailable::Record(error),
    })?;
    let used_up = row.link_state(now) == LinkState::UsedUp;
    let Some(found) = found.filter(|_| !used_up) else {
        return Err(ended(row).into());
    };
    let (record, expires_at) = match edits.reseals() {
        true => {
            let (record, expires_at) = resealed(changer, request, &row, &found).await?;
            // Only what it grows by is new.
            let before = row.record.as_ref().map_or(0, Vec::len);
            changer.room.take(record.len().saturating_sub(before))?;
            (Some(record), expires_at)
        }
        false => (None, found.expires_at()),
    };
    let mut details = json!({ "edition": edition.saturating_add(1), "changed": edits.names() });
    if let Some(target) = &edits.target {
        details["sealed_target"] = seal_target(keyring, &id, target)?.into();
    }
    if let Some(enabled) = edits.enabled {
        details["enabled"] = enabled.into();
    }
    let by = By::fresh(request.by, keyring)?;
    let change = LinkChange {
        audit: audit::record(by, Verb::Change, What::Token(id), &details, now),
        id,
        replaces: edition,
        record,
        expires_at,
        keep_expired_secs: policy.keep_expired_secs,
        disabled: match edits.enabled {
            Some(enabled) => !enabled,
            None => found.disabled(),
        },
        share_bytes: match request.by {
            Principal::Anonymous => changer.share_bytes,
            _ => None,
        },
        note: match &edits.note {
            Some(note) => note.as_ref().map(Note::to_string),
            None => row.note.clone(),
        },
        now,
    };
    let changed = store.change_link(change).await?;
    let link = show(store, keyring, policy, id, now).await?;
    let link = link.ok_or(ChangeError::Unknown)?;
    match changed {
        ChangedLink::Done => return Ok(link),
        ChangedLink::ShareFull => {
            let most_bytes = changer.share_bytes.unwrap_or_default();
            return Err(NoRoom::Share { most_bytes }.into());
        }
        ChangedLink::Conflict => {}
    }
    // It ended meanwhile, or was changed.
    let edition = link.row.link.as_ref().map_or(0, |link| link.edition);
    match link.row.record {
        Some(_) if link.state != LinkState::UsedUp => Err(ChangeError::Conflict { id, edition }),
        _ => Err(ended(link.row).into()),
    }
}

/// The next record, and its end.
async fn resealed(
    changer: LinkChanger<'_>,
    request: ChangeLink<'_>,
    row: &StoredRecord,
    found: &FoundLink,
) -> Result<(Vec<u8>, Option<UnixTime>), ChangeError> {
    let (keyring, id) = (changer.keyring, request.id);
    let written = written_in(found).map_err(|error| OpeningError::Unavailable {
        id,
        cause: Unavailable::Record(error),
    })?;
    let content = LinkContent::read(&request.edits.apply(written), &changer.policy.rules)?;
    content.check(changer.policy)?;
    let mut claims = *found.opened().claims();
    if let Some(expires_in) = request.edits.expires_in {
        claims.expiry = expiry(
            expires_in,
            row,
            found,
            (changer.policy.longest_life, request.now),
        )?;
    }
    let head = RecordHead {
        revision: row.head.revision.saturating_add(1),
        ..row.head
    };
    let nonce = Nonce::from(*random::bytes()?);
    let of = (row.slot, id);
    let hash = match (claims.pin, &request.edits.pin) {
        (false, None) => None,
        (false, Some(_)) => {
            let detail = "this link was made without a PIN, and gets none";
            return Err(LinkFault::new("/pin", detail).into());
        }
        (true, None) => {
            let detail = "is needed for this change: nobody else knows it. What is given here is the link's PIN from now on";
            return Err(LinkFault::new("/pin", detail).into());
        }
        (true, Some(pin)) => {
            let salt = link_pin_salt(keyring, of, head, &nonce)?;
            Some(changer.pins.permit()?.hash(pin.clone(), salt).await?)
        }
    };
    let document = content
        .document()
        .map_err(|error| LinkFault::new("", error.to_string()))?;
    let record = Record {
        claims,
        codec: crate::token::Codec::Json,
        body: document.as_bytes(),
    };
    let sealed = seal_link(keyring, of, head, record, hash.as_ref(), nonce)?;
    let expires_at = claims
        .expiry
        .map(|minutes| head.issued_at.plus_secs(60 * u64::from(minutes.value())));
    Ok((sealed, expires_at))
}

/// The claim of an end so long from now.
fn expiry(
    expires_in: Option<ExpiresIn>,
    row: &StoredRecord,
    found: &FoundLink,
    (longest, now): (LongestLife, UnixTime),
) -> Result<Option<ClaimValue>, LinkFault> {
    /// How long somebody without an API key keeps a link at most: 365 days.
    const LONGEST_SHARE_SECS: u64 = 365 * 24 * 60 * 60;
    let fault = |detail: &str| LinkFault::new("/expires_in", detail);
    let secs = expires_in.map(ExpiresIn::as_secs);
    let anonymous = row.made_by == Some(Principal::Anonymous);
    if anonymous && secs.is_none_or(|secs| secs > LONGEST_SHARE_SECS) {
        return Err(fault(
            "must be at most 31536000 for a link that was made without an API key",
        ));
    }
    // From when it was made: its key does not change.
    let latest = longest
        .0
        .map(|life| row.head.issued_at.plus_secs(life.as_secs()));
    let end = match (secs, latest) {
        (Some(secs), latest) => {
            let end = now.plus_secs(secs);
            if let Some(latest) = latest.filter(|latest| end > *latest) {
                return Err(fault(&format!(
                    "is too long: on this server the link ends at the latest at {} (issuing.max_expires_in)",
                    rfc3339(latest)
                )));
            }
            Some(end)
        }
        (None, latest) => latest,
    };
    let Some(end) = end else {
        return match found.is_stateful() {
            true => Err(fault("is needed: a link with max_opens or a PIN ends")),
            false => Ok(None),
        };
    };
    let minutes = end
        .as_secs()
        .saturating_sub(row.head.issued_at.as_secs())
        .div_ceil(60);
    let minutes = u32::try_from(minutes)
        .ok()
        .and_then(|value| value.try_into().ok());
    minutes
        .map(Some)
        .ok_or_else(|| fault("is too long for a link of this age"))
}
