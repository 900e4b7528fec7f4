//! The record of a dynamic link, which opens with the server's key alone, so that its owner can see and change the target.
//!
//! A PIN is a gate here and no second seal: the body stays readable, and behind the claims stands a verifier.

use std::fmt;

use subtle::ConstantTimeEq as _;

use super::record::{Place, check};
use super::{MAX_STORED_BODY_BYTES, Record, RecordError, RecordHead};
use crate::token::{
    claims::SealedClaims,
    contents::{Codec, Contents},
    id::{Nonce, TokenId},
    keyring::Keyring,
    layout::Head,
    pin::{PinHash, PinLayer, PinSalt, WrongPin},
    seal::SealError,
    slot::Slot,
    subkey::expand,
    time::UnixTime,
};

const VERIFIER_LABEL: &[u8] = b"qrseal/v2/verifier";
const VERIFIER_BYTES: usize = 16;

/// Seals a link's record. As [`seal_record`](super::seal_record), with [`link_pin_salt`].
///
/// # Errors
/// [`SealError`].
pub fn seal_link(
    keyring: &Keyring,
    (slot, id): (Slot, TokenId),
    head: RecordHead,
    record: Record<'_>,
    pin: Option<&PinHash>,
    nonce: Nonce,
) -> Result<Vec<u8>, SealError> {
    let place = Place::of_link(keyring, slot, id, head).ok_or(SealError::Clock)?;
    check(record, pin)?;
    let nonce = nonce.into_bytes();
    let mut sealed = Place::begin(nonce, record);
    if let Some(pin) = pin {
        let layer = place.pin_layer(&nonce, &sealed[Nonce::BYTES..]);
        if !pin.is_salted_with(layer.salt()) {
            return Err(SealError::PinOfAnotherToken);
        }
        sealed.extend_from_slice(&verifier(&layer, pin));
    }
    sealed.extend_from_slice(record.body);
    Ok(place.finish(nonce, sealed))
}

/// The salt for the PIN of the record that [`seal_link`] makes with the same nonce.
///
/// # Errors
/// [`SealError::Clock`].
pub fn link_pin_salt(
    keyring: &Keyring,
    (slot, id): (Slot, TokenId),
    head: RecordHead,
    nonce: &Nonce,
) -> Result<PinSalt, SealError> {
    let place = Place::of_link(keyring, slot, id, head).ok_or(SealError::Clock)?;
    Ok(place.pin_salt(nonce.as_bytes()))
}

/// Opens a link's record, whether its time has passed or not.
///
/// # Errors
/// [`RecordError::Unreadable`].
pub fn open_link(
    keyring: &Keyring,
    (slot, id): (Slot, TokenId),
    head: RecordHead,
    record: &[u8],
) -> Result<OpenedLink, RecordError> {
    let place = Place::of_link(keyring, slot, id, head).ok_or(RecordError::Unreadable)?;
    let (nonce, plaintext) = place.open(record)?;
    let Contents {
        claims,
        codec,
        body,
    } = Contents::parse_up_to(&plaintext, MAX_STORED_BODY_BYTES)
        .map_err(|_| RecordError::Unreadable)?;
    let flags_and_claims = &plaintext[..plaintext.len() - body.len()];
    let (gate, body) = if claims.pin {
        let (verifier, body) = body.split_first_chunk().ok_or(RecordError::Unreadable)?;
        let gate = Gate {
            layer: place.pin_layer(&nonce, flags_and_claims),
            verifier: *verifier,
        };
        (Some(gate), body)
    } else {
        (None, body)
    };
    Ok(OpenedLink {
        id,
        head: place.head(),
        claims,
        codec,
        body: body.to_vec(),
        gate,
    })
}

/// An authentic link. Whether it leads anywhere now is another question: its time, its gate, and what the row says.
pub struct OpenedLink {
    id: TokenId,
    head: Head,
    claims: SealedClaims,
    codec: Codec,
    body: Vec<u8>,
    gate: Option<Gate>,
}

impl OpenedLink {
    /// Its id, which may be logged.
    #[must_use]
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// The slot of its key.
    #[must_use]
    pub fn slot(&self) -> Slot {
        self.head.slot
    }

    /// The beginning of the minute it was issued in.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        self.head.issue_minute.begins_at()
    }

    /// The beginning of the last minute in which it leads anywhere.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixTime> {
        let expiry = self.claims.expiry?;
        Some(self.head.issue_minute.plus_minutes(expiry.value()))
    }

    /// What was sealed with the target.
    #[must_use]
    pub fn claims(&self) -> &SealedClaims {
        &self.claims
    }

    /// How the body is packed.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// The packed body, for the link's owner, and for a visitor who passed the gate.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What a visitor has to pass, if the link has a PIN.
    #[must_use]
    pub fn gate(&self) -> Option<&Gate> {
        self.gate.as_ref()
    }
}

impl fmt::Debug for OpenedLink {
    /// Without the target.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedLink")
            .field("id", &self.id)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// The PIN of a link.
pub struct Gate {
    layer: PinLayer,
    verifier: [u8; VERIFIER_BYTES],
}

impl Gate {
    /// The salt with which the PIN is to be hashed.
    #[must_use]
    pub fn salt(&self) -> PinSalt {
        self.layer.salt()
    }

    /// Whether the PIN is that of the link.
    ///
    /// # Errors
    /// [`WrongPin`]
    pub fn pass(&self, pin: &PinHash) -> Result<(), WrongPin> {
        match bool::from(verifier(&self.layer, pin).ct_eq(&self.verifier)) {
            true => Ok(()),
            false => Err(WrongPin),
        }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate(redacted)")
    }
}

fn verifier(layer: &PinLayer, pin: &PinHash) -> [u8; VERIFIER_BYTES] {
    *expand(&layer.key(pin), VERIFIER_LABEL)
        .first_chunk()
        .expect("32 bytes begin with 16")
}
