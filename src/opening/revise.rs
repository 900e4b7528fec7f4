//! The verb that changes what a stored code shows.

use serde_json::json;

use super::document::Place;
use super::open::{Lock, unlock};
use super::stateful::Holds;
use super::stored::{open_row, row_of};
use super::{Attempt, ClientNetwork, OpenId, Opener, OpeningError, StatefulToken, Unavailable};
use crate::audit::{self, By, Verb, What};
use crate::issuing::{Effort, NoRoom, Packing, StoredRoom, pack};
use crate::payload::Document;
use crate::principal::Principal;
use crate::profiles::{NotAdmitted, Registry, Way};
use crate::random::{self, NoRandomNumbers};
use crate::store::{AuditRow, NextRecord, RecordKind, StoredRecord};
use crate::token::{
    Body, Codec, Nonce, OpenError, ParsedStoredToken, ParsedToken, Pin, Record, RecordHead,
    SealError, SealedClaims, StoredToken, TokenId, TypedPin, UnixTime, record_pin_salt,
    seal_record,
};

/// A new document for a stored code.
#[derive(Clone, Copy)]
pub struct ReviseToken<'a> {
    /// The token's id.
    pub id: TokenId,
    /// The token in either text form: without it nobody can seal its record.
    pub token: &'a str,
    /// What the code shows from now on.
    pub document: &'a Document,
    /// How the document may be packed.
    pub packing: Packing,
    /// What profiles there are: the new document must be one of the code's.
    pub profiles: &'a Registry,
    /// The code's PIN, if it has one.
    pub pin: Option<&'a TypedPin>,
    /// Where the PIN comes from.
    pub network: ClientNetwork,
    /// The revision that is to be replaced; `None`: whichever is there.
    pub of_revision: Option<u32>,
    /// Who asks.
    pub by: Principal,
    /// Only what this one made may be changed; `None`: anything.
    pub only_of: Option<Principal>,
    /// When.
    pub now: UnixTime,
}

/// A document that was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revised {
    /// The revision that the code shows now.
    pub revision: u32,
    /// Bytes of its record.
    pub record_bytes: usize,
    /// How it is packed.
    pub codec: Codec,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviseError {
    /// The token that was given has another id, or is none of ours.
    #[error("is not the token with this id")]
    NotThisToken,
    /// The document is in the code itself.
    #[error("the document of this code is in the code itself, which cannot be changed")]
    Inline,
    /// It leads elsewhere, and has no document.
    #[error("the code is a link, which PATCH /api/links changes")]
    Link,
    /// Somebody else made it.
    #[error("only whoever made this code may change it")]
    NotYours(TokenId),
    /// It is none of the profile that the code has, or that is not for whoever asks.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    /// Somebody changed it meanwhile.
    #[error("the document was changed meanwhile")]
    Conflict {
        /// The token.
        id: TokenId,
        /// The revision that is there.
        revision: u32,
    },
    /// It does not open: ended, expired, the PIN is wrong, the store is away.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// There is no room.
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
}

/// Replaces the document of a stored code. Flags, claims, minute of issue, count and PIN stay; whoever opens it next, on any
/// node, sees the new one. A code with a PIN takes the PIN, which spends a try as opening does.
///
/// One conditional statement decides whether the record that was looked at is still there.
///
/// # Errors
/// [`ReviseError`]. After [`OpeningError::Unavailable`] it may have been replaced; the revision tells.
pub async fn revise(
    opener: Opener<'_>,
    room: &StoredRoom,
    request: ReviseToken<'_>,
) -> Result<Revised, ReviseError> {
    let (keyring, now) = (opener.keyring, request.now);
    let token = recognised(opener, request)?;
    let id = token.id();
    let row = row_of(&token, opener.store).await?;
    if row.kind == RecordKind::Link {
        return Err(ReviseError::Link);
    }
    let (row, opened) = open_row(row, &token, keyring, now)?;
    if request.only_of.is_some_and(|by| row.made_by != Some(by)) {
        return Err(ReviseError::NotYours(id));
    }
    not_used_up(&row)?;
    let conflict = |revision| ReviseError::Conflict { id, revision };
    if request
        .of_revision
        .is_some_and(|of| of != row.head.revision)
    {
        return Err(conflict(row.head.revision));
    }
    let claims = *opened.claims();
    // One whose file is gone has nothing to say any more.
    let profile = claims
        .profile
        .and_then(|number| request.profiles.numbered(number));
    if let Some(profile) = profile {
        profile.admit(request.by, Way::Request, request.document)?;
    }
    let held = StatefulToken::new(opened, Place::Store(row.made_by));
    let Holds::Document(opened, _) = held.holds() else {
        return Err(ReviseError::NotThisToken);
    };
    let pin = match opened.body() {
        Body::Packed(_) => None,
        Body::UnderPin(body) => {
            let attempt = Attempt {
                open_id: OpenId::from_random(*random::bytes()?),
                pin: request.pin.cloned(),
                network: request.network,
                suspected_bot: false,
                now,
            };
            let unlocked = unlock(&held, Lock::Body(body), opener, &attempt).await?;
            Some(unlocked.pin)
        }
    };
    let head = RecordHead {
        revision: row.head.revision.saturating_add(1),
        ..row.head
    };
    let sealed = seal_next(opener, room, &request, &token, (head, claims), pin.as_ref()).await;
    if pin.is_some() && sealed.is_err() {
        opener.forgive(&held, request.network).await?;
    }
    let (codec, record) = sealed?;
    let record_bytes = record.len();
    let next = NextRecord {
        audit: record_change(By::fresh(request.by, keyring)?, id, head.revision, now),
        id,
        replaces: row.head.revision,
        record,
        pin_from: pin.map(|_| opener.network_tag(&held, request.network)),
        now,
    };
    let replaced = opener.store.replace_record(next).await;
    if replaced.map_err(Unavailable::about(id))? {
        return Ok(Revised {
            revision: head.revision,
            record_bytes,
            codec,
        });
    }
    // It ended meanwhile, or was changed. Of a used-up one the record stays for a while.
    let row = row_of(&token, opener.store).await?;
    let (row, _) = open_row(row, &token, keyring, now)?;
    not_used_up(&row)?;
    Err(conflict(row.head.revision))
}

/// The record of the next revision, for which there is room.
async fn seal_next(
    opener: Opener<'_>,
    room: &StoredRoom,
    request: &ReviseToken<'_>,
    token: &StoredToken,
    (head, claims): (RecordHead, SealedClaims),
    pin: Option<&Pin>,
) -> Result<(Codec, Vec<u8>), ReviseError> {
    let (keyring, id) = (opener.keyring, token.id());
    let nonce = Nonce::from(*random::bytes()?);
    let hash = match pin {
        None => None,
        Some(pin) => {
            let salt = record_pin_salt(keyring, token, head, &nonce)?;
            let permit = opener.pins.permit().map_err(Unavailable::about(id))?;
            let hash = permit.hash(pin.clone(), salt).await;
            Some(hash.map_err(Unavailable::about(id))?)
        }
    };
    // Codec 2 is for small codes, and what is stored has one anyway.
    let packing = match request.packing {
        Packing::Packed(Effort::Smallest) => Packing::Packed(Effort::Best),
        packing => packing,
    };
    let packed = pack(request.document, packing);
    let (codec, body) = match &packed {
        Some((codec, packed)) => (*codec, packed.as_slice()),
        None => (Codec::Json, request.document.as_bytes()),
    };
    let record = Record {
        claims,
        codec,
        body,
    };
    let record = seal_record(keyring, token, head, record, hash.as_ref(), nonce)?;
    room.take(record.len())?;
    Ok((codec, record))
}

fn not_used_up(row: &StoredRecord) -> Result<(), OpeningError> {
    let (id, last_opened_at) = (row.id, row.last_opened_at);
    match row.max_opens {
        Some(most) if row.opens >= u64::from(most) => {
            Err(OpeningError::UsedUp { id, last_opened_at })
        }
        _ => Ok(()),
    }
}

fn record_change(by: By<'_>, id: TokenId, revision: u32, now: UnixTime) -> AuditRow {
    let details = json!({ "revision": revision });
    audit::record(by, Verb::Change, What::Token(id), &details, now)
}

fn recognised(opener: Opener<'_>, request: ReviseToken<'_>) -> Result<StoredToken, ReviseError> {
    let Ok(parsed) = ParsedStoredToken::parse(request.token) else {
        let inline = ParsedToken::parse(request.token).is_ok_and(|token| token.id() == request.id);
        return Err(match inline {
            true => ReviseError::Inline,
            false => ReviseError::NotThisToken,
        });
    };
    match parsed.recognise(opener.keyring) {
        Ok(token) if token.id() == request.id => Ok(token),
        Err(OpenError::KeyRetired { id }) if id == request.id => {
            Err(OpeningError::KeyRetired { id }.into())
        }
        _ => Err(ReviseError::NotThisToken),
    }
}
