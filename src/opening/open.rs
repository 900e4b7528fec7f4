//! The verb of opening a held token: it spends what that costs, and only then gives the document.

use super::document::Payload;
use super::stateful::may_be_repeat;
use super::stateful::wait_secs;
use super::{Attempt, OpenedDocument, Opener, OpeningError, StatefulToken, Unavailable};
use crate::store::{OpenAttempt, OpenOutcome, PinGate, PinTry, Standing};
use crate::token::{Body, BodyUnderPin, Pin};

/// Opens a held token: PIN, if it has one; unpack; check; count. Durable before it returns.
///
/// A wrong PIN never spends an open, and what cannot be shown is not counted. The same `open_id` within two minutes gives
/// the document again and counts once; its PIN is checked again.
///
/// # Errors
///
/// See [`OpeningError`]. After [`OpeningError::Unavailable`] an open may have been counted; a repeat with the same
/// `open_id` tells.
pub async fn open(
    held: &StatefulToken,
    opener: Opener<'_>,
    attempt: &Attempt,
) -> Result<OpenedDocument, OpeningError> {
    let (place, codec) = (held.place(), held.token().codec());
    let unpack =
        async |body| Payload::unpack_long(held.id(), place, codec, body, opener.long).await;
    let payload = match held.token().body() {
        Body::Packed(body) => unpack(body).await?,
        Body::UnderPin(body) => {
            let unlocked = unlock(held, body, opener, attempt).await?;
            unpack(&unlocked.body).await?
        }
    };
    count(held, payload, opener, attempt).await
}

/// What the right PIN gave.
pub(super) struct Unlocked {
    /// The packed payload.
    pub(super) body: Vec<u8>,
    /// The form of the PIN that it was sealed with.
    pub(super) pin: Pin,
}

/// Tries the PIN: the try is spent in a transaction of its own before the PIN is looked at, so that neither parallel
/// requests nor a crash give one back.
pub(super) async fn unlock(
    held: &StatefulToken,
    body: BodyUnderPin<'_>,
    opener: Opener<'_>,
    attempt: &Attempt,
) -> Result<Unlocked, OpeningError> {
    let id = held.id();
    let pin = attempt.pin.clone();
    let pin = pin.ok_or(OpeningError::PinMissing { id })?;
    match held.standing(opener.store, attempt.now).await? {
        Standing::Open { .. } => {}
        // Who repeats an open that is still repeatable has to show the PIN again.
        Standing::UsedUp { last_opened_at } if may_be_repeat(last_opened_at, attempt.now) => {}
        standing => return Err(held.dead_end(standing, attempt.now)),
    }
    // First a permit, so that a full queue costs nobody a try.
    let permit = opener.pins.permit().map_err(Unavailable::about(id))?;
    let spent = PinTry {
        token: held.stateful(),
        network: opener.network_tag(held, attempt.network),
        now: attempt.now,
    };
    let gate = opener.store.spend_pin_try(spent).await;
    let attempts_left = match gate.map_err(Unavailable::about(id))? {
        PinGate::Evaluate { attempts_left } => attempts_left,
        PinGate::Locked(until) => return Err(held.locked(until, attempt.now)),
        PinGate::Purged => return Err(held.purged()),
    };
    // However many forms of it there are: it was one try.
    for form in pin.into_forms() {
        let hash = permit.hash(form.clone(), body.salt()).await;
        let hash = hash.map_err(Unavailable::about(id))?;
        if let Ok(body) = body.open(&hash) {
            return Ok(Unlocked { body, pin: form });
        }
    }
    // After the last try the same question is answered with the lock, and spends nothing.
    let lock = match attempts_left {
        0 => opener.store.spend_pin_try(spent).await.ok(),
        _ => None,
    };
    let lock = match lock {
        Some(PinGate::Locked(until)) => Some((until, wait_secs(until, attempt.now))),
        _ => None,
    };
    Err(OpeningError::PinIncorrect {
        id,
        attempts_left,
        lock,
    })
}

/// The only way from the payload of a held token to a document: through the ledger.
async fn count(
    held: &StatefulToken,
    payload: Payload,
    opener: Opener<'_>,
    attempt: &Attempt,
) -> Result<OpenedDocument, OpeningError> {
    let id = held.id();
    let wanted = OpenAttempt {
        token: held.stateful(),
        open_id: opener.open_id_hash(held, &attempt.open_id),
        pin_from: held
            .needs_pin()
            .then(|| opener.network_tag(held, attempt.network)),
        suspected_bot: attempt.suspected_bot,
        now: attempt.now,
    };
    let outcome = opener.store.count_open(wanted).await;
    match outcome.map_err(Unavailable::about(id))? {
        OpenOutcome::Counted(counted) => {
            let opens_left = held.left_after(counted.opens);
            Ok(OpenedDocument::new(
                held.token(),
                payload,
                opens_left,
                held.place(),
            ))
        }
        OpenOutcome::UsedUp { last_opened_at } => Err(OpeningError::UsedUp { id, last_opened_at }),
        OpenOutcome::Revoked(revocation) => Err(OpeningError::Revoked(revocation)),
        OpenOutcome::Purged => Err(held.purged()),
    }
}
