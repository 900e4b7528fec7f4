//! The verb by which staff of a desk look at a token. It counts no open: what a list lets in is counted there (`desk`).

use super::document::{Payload, Place};
use super::look::refused;
use super::open::{Lock, or_forgive, try_pin};
use super::stored::{open_row, row_of};
use super::{Attempt, OpenedDocument, Opener, OpeningError, StatefulToken, Unavailable};
use crate::store::{NetworkTag, RecordKind, Standing};
use crate::token::{
    Body, ClaimValue, OpenedToken, ParsedStoredToken, ParsedToken, SealedClaims, TokenId, UnixTime,
};

/// An authentic token in force that somebody shows to staff. Its document is read by [`ShownToStaff::reveal`] alone.
#[derive(Debug)]
pub struct ShownToStaff {
    id: TokenId,
    /// What it holds; `None`: it is a link, which is for no desk.
    holds: Option<(OpenedToken, Place)>,
}

/// Looks at a token, given in either text form, for staff. Changes nothing; whether it was revoked a moment ago the store says
/// when it judges.
///
/// # Errors
/// [`OpeningError`]
pub async fn show_staff(
    text: &str,
    opener: Opener<'_>,
    now: UnixTime,
) -> Result<ShownToStaff, OpeningError> {
    let keyring = opener.keyring;
    if let Ok(parsed) = ParsedStoredToken::parse(text) {
        let token = parsed.recognise(keyring).map_err(refused)?;
        let row = row_of(&token, opener.store).await?;
        if row.kind == RecordKind::Link {
            return Ok(ShownToStaff {
                id: token.id(),
                holds: None,
            });
        }
        let (row, opened) = open_row(row, &token, keyring, now)?;
        return Ok(ShownToStaff {
            id: token.id(),
            holds: Some((opened, Place::Store(row.made_by))),
        });
    }
    let parsed = ParsedToken::parse(text).map_err(|_| OpeningError::NotRecognised)?;
    let opened = parsed.open(keyring, now).map_err(refused)?;
    let id = opened.id();
    // Whoever leaves is let out for all that, and nobody sees any more what it says.
    if let Some(revocation) = opener
        .revocations
        .find(id)
        .map_err(Unavailable::about(id))?
    {
        return Err(OpeningError::Revoked(revocation));
    }
    Ok(ShownToStaff {
        id: opened.id(),
        holds: Some((opened, Place::Token)),
    })
}

impl ShownToStaff {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> TokenId {
        self.id
    }

    fn claims(&self) -> Option<&SealedClaims> {
        self.holds.as_ref().map(|(token, _)| token.claims())
    }

    /// The number of its profile, if it has one.
    #[must_use]
    pub fn profile(&self) -> Option<u32> {
        self.claims()?.profile.map(ClaimValue::value)
    }

    /// How many opens count, if they are limited.
    #[must_use]
    pub fn max_opens(&self) -> Option<u32> {
        self.claims()?.max_opens.map(ClaimValue::value)
    }

    /// Whether its document takes a PIN.
    #[must_use]
    pub fn needs_pin(&self) -> bool {
        self.claims().is_some_and(|claims| claims.pin)
    }

    /// The minute it was issued in.
    #[must_use]
    pub fn issued_at(&self) -> Option<UnixTime> {
        self.holds.as_ref().map(|(token, _)| token.issued_at())
    }

    /// The last minute in which it opens, if it ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.holds
            .as_ref()
            .and_then(|(token, _)| token.expires_at())
    }

    /// The network of an attempt, as the ledger knows it: what it spent on PINs is forgiven when the token is judged.
    #[must_use]
    pub fn network_tag(&self, opener: Opener<'_>, attempt: &Attempt) -> Option<NetworkTag> {
        let (token, place) = self.holds.as_ref().filter(|_| self.needs_pin())?;
        let held = StatefulToken::new(token.clone(), *place);
        Some(opener.network_tag(&held, attempt.network))
    }

    /// Its document, for staff to see. A PIN is tried as for an open, but no open is counted.
    ///
    /// # Errors
    /// [`OpeningError`]; [`OpeningError::NotRecognised`] of a link, too.
    pub async fn reveal(
        &self,
        opener: Opener<'_>,
        attempt: &Attempt,
    ) -> Result<OpenedDocument, OpeningError> {
        let Some((token, place)) = &self.holds else {
            return Err(OpeningError::NotRecognised);
        };
        let unpack = async |body: &[u8]| {
            Payload::unpack_long(self.id, *place, token.codec(), body, opener.long).await
        };
        let payload = match token.body() {
            Body::Packed(body) => unpack(body).await?,
            Body::UnderPin(body) => {
                let held = StatefulToken::new(token.clone(), *place);
                if attempt.pin.is_none() {
                    return Err(OpeningError::PinMissing { id: self.id });
                }
                match held.standing(opener.store, attempt.now).await? {
                    // Whether it is used up its list says.
                    Standing::Open { .. } | Standing::UsedUp { .. } => {}
                    standing => return Err(held.dead_end(standing, attempt.now)),
                }
                let unlocked = try_pin(&held, Lock::Body(body), opener, attempt).await?;
                let unpacked = unpack(&unlocked.body).await;
                or_forgive(&held, opener, attempt, unpacked).await?
            }
        };
        Ok(OpenedDocument::new(token, payload, None, *place))
    }
}
