//! The verb of opening a held token: it spends what that costs, and only then gives the document.

use super::document::Payload;
use super::stateful::{Holds, may_be_repeat, wait_secs};
use super::{Attempt, OpenedDocument, Opener, OpeningError, StatefulToken, Unavailable};
use crate::store::{Counted, OpenAttempt, OpenOutcome, PinGate, PinTry, Standing};
use crate::token::{Body, BodyUnderPin, Gate, Pin, PinHash, PinSalt, WrongPin};

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
    let Holds::Document(token, place) = held.holds() else {
        return Err(OpeningError::NotRecognised);
    };
    let (place, codec) = (*place, token.codec());
    let unpack =
        async |body| Payload::unpack_long(held.id(), place, codec, body, opener.long).await;
    let payload = match token.body() {
        Body::Packed(body) => unpack(body).await?,
        Body::UnderPin(body) => {
            let unlocked = unlock(held, Lock::Body(body), opener, attempt).await?;
            let unpacked = unpack(&unlocked.body).await;
            or_forgive(held, opener, attempt, unpacked).await?
        }
    };
    let counted = count_open(held, opener, attempt).await?;
    let opens_left = held.left_after(counted.opens);
    Ok(OpenedDocument::new(token, payload, opens_left, place))
}

/// What a PIN opens.
pub(super) enum Lock<'a> {
    /// The body of a document, which is sealed with it.
    Body(BodyUnderPin<'a>),
    /// The gate of a link, which gives nothing but way.
    Gate(&'a Gate),
}

impl Lock<'_> {
    fn salt(&self) -> PinSalt {
        match self {
            Self::Body(body) => body.salt(),
            Self::Gate(gate) => gate.salt(),
        }
    }

    fn open(&self, hash: &PinHash) -> Result<Vec<u8>, WrongPin> {
        match self {
            Self::Body(body) => body.open(hash),
            Self::Gate(gate) => gate.pass(hash).map(|()| Vec::new()),
        }
    }
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
    lock: Lock<'_>,
    opener: Opener<'_>,
    attempt: &Attempt,
) -> Result<Unlocked, OpeningError> {
    if attempt.pin.is_none() {
        return Err(OpeningError::PinMissing { id: held.id() });
    }
    match held.standing(opener.store, attempt.now).await? {
        Standing::Open { .. } => {}
        // Who repeats an open that is still repeatable has to show the PIN again.
        Standing::UsedUp { last_opened_at } if may_be_repeat(last_opened_at, attempt.now) => {}
        standing => return Err(held.dead_end(standing, attempt.now)),
    }
    try_pin(held, lock, opener, attempt).await
}

/// The same of a token that may be opened now, as far as its opens go.
pub(super) async fn try_pin(
    held: &StatefulToken,
    lock: Lock<'_>,
    opener: Opener<'_>,
    attempt: &Attempt,
) -> Result<Unlocked, OpeningError> {
    let id = held.id();
    let pin = attempt.pin.clone();
    let pin = pin.ok_or(OpeningError::PinMissing { id })?;
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
        let hash = permit.hash(form.clone(), lock.salt()).await;
        let hash = hash.map_err(Unavailable::about(id))?;
        if let Ok(body) = lock.open(&hash) {
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

/// What came of the right PIN. If it cannot be had now, what its network spent is forgiven, as a counted open would have it.
pub(super) async fn or_forgive<T>(
    held: &StatefulToken,
    opener: Opener<'_>,
    attempt: &Attempt,
    came: Result<T, OpeningError>,
) -> Result<T, OpeningError> {
    if let Err(OpeningError::Unavailable { .. }) = came {
        opener.forgive(held, attempt.network).await?;
    }
    came
}

/// The only way past a held token: through the ledger.
pub(super) async fn count_open(
    held: &StatefulToken,
    opener: Opener<'_>,
    attempt: &Attempt,
) -> Result<Counted, OpeningError> {
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
        OpenOutcome::Counted(counted) => Ok(counted),
        OpenOutcome::UsedUp { last_opened_at } => Err(OpeningError::UsedUp { id, last_opened_at }),
        OpenOutcome::Revoked(revocation) => Err(OpeningError::Revoked(revocation)),
        OpenOutcome::Purged => Err(held.purged()),
        OpenOutcome::Closed => Err(OpeningError::Closed { id }),
    }
}
