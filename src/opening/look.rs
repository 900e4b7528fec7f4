//! The verb of looking: it changes nothing, and asks no store.

use super::document::{Payload, Place};
use super::{FoundLink, OpenedDocument, OpeningError, StaffToken, StatefulToken, Unavailable};
use crate::long::LongWork;
use crate::revoking::RevocationList;
use crate::token::{
    Body, Keyring, OpenError, OpenedToken, ParsedStoredToken, ParsedToken, StoredToken, UnixTime,
};

/// What a token turned out to be.
#[derive(Debug)]
pub enum Looked {
    /// A plain token: whoever has it may read it.
    Plain(OpenedDocument),
    /// A token that is limited or has a PIN: to be opened with [`open`](super::open()).
    Held(StatefulToken),
    /// A token that opens at a desk only.
    ForStaff(StaffToken),
    /// A link that leads on without more: neither limited nor with a PIN.
    Link(FoundLink),
}

/// How far a look comes without asking the store.
#[derive(Debug)]
pub enum FirstLook {
    /// To the end.
    Done(Looked),
    /// The token is ours, and its document is in the store: [`look_in_store`](super::look_in_store) goes on.
    Stored(StoredToken),
    /// The token is plain, and to unpack its document takes milliseconds: [`unpack_long`] goes on.
    Long(LongDocument),
}

/// A plain token whose document is not unpacked yet.
#[derive(Debug)]
pub struct LongDocument {
    token: OpenedToken,
    place: Place,
}

/// Unpacks the document of a plain token on a thread of its own.
///
/// # Errors
/// [`OpeningError`]
pub async fn unpack_long(document: LongDocument, long: &LongWork) -> Result<Looked, OpeningError> {
    let LongDocument { token, place } = document;
    let Body::Packed(body) = token.body() else {
        return Err(OpeningError::NotRecognised);
    };
    let payload = Payload::unpack_long(token.id(), place, token.codec(), body, long).await?;
    Ok(Looked::Plain(OpenedDocument::new(
        &token, payload, None, place,
    )))
}

/// Looks at a token, given in either text form.
///
/// The order is that of docs/token-format.md: what says nothing about the content comes first, and a wrong token costs
/// one AEAD operation at most. Revocations come from memory.
///
/// # Errors
///
/// See [`OpeningError`]; of held tokens, what the ledger says comes later.
pub fn look(
    text: &str,
    keyring: &Keyring,
    revocations: &RevocationList,
    now: UnixTime,
) -> Result<FirstLook, OpeningError> {
    if let Ok(parsed) = ParsedStoredToken::parse(text) {
        let token = parsed.recognise(keyring).map_err(refused)?;
        return Ok(FirstLook::Stored(token));
    }
    let parsed = ParsedToken::parse(text).map_err(|_| OpeningError::NotRecognised)?;
    let opened = parsed.open(keyring, now).map_err(refused)?;
    let id = opened.id();
    if let Some(revocation) = revocations.find(id).map_err(Unavailable::about(id))? {
        return Err(OpeningError::Revoked(revocation));
    }
    looked(opened, Place::Token)
}

/// What a look shows of an authentic token whose time has not passed.
pub(super) fn looked(opened: OpenedToken, place: Place) -> Result<FirstLook, OpeningError> {
    let claims = opened.claims();
    if claims.staff_only {
        let staff = StaffToken::new(opened, place);
        return Ok(FirstLook::Done(Looked::ForStaff(staff)));
    }
    match opened.body() {
        Body::Packed(body) if claims.max_opens.is_none() => {
            let Some(payload) = Payload::unpack(place, opened.codec(), body)? else {
                return Ok(FirstLook::Long(LongDocument {
                    token: opened,
                    place,
                }));
            };
            let document = OpenedDocument::new(&opened, payload, None, place);
            Ok(FirstLook::Done(Looked::Plain(document)))
        }
        Body::Packed(_) | Body::UnderPin(_) => {
            let held = StatefulToken::new(opened, place);
            Ok(FirstLook::Done(Looked::Held(held)))
        }
    }
}

pub(super) fn refused(error: OpenError) -> OpeningError {
    match error {
        OpenError::NotRecognised => OpeningError::NotRecognised,
        OpenError::KeyRetired { id } => OpeningError::KeyRetired { id },
        OpenError::Expired { id, at } => OpeningError::Expired { id, at },
        OpenError::ClockBehind { id, issued_at } => OpeningError::Clock { id, issued_at },
    }
}
