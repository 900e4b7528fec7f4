//! The record: what the store keeps of a stored token, sealed.

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, aead::inout::InOutBuf};
use zeroize::Zeroizing;

use super::{StoredToken, version_and_slot};
use crate::token::{
    claims::SealedClaims,
    contents::{Codec, Contents},
    id::{Nonce, TokenId},
    keyring::Keyring,
    layout::{Head, TAG_BYTES},
    open::{OpenError, OpenedToken},
    pin::{PinHash, PinLayer, PinSalt},
    seal::SealError,
    slot::Slot,
    subkey::{KeyDerivation, extract_and_expand, first_half, hmac},
    time::{IssueMinute, UnixTime},
};

const RECORD_LABEL: &[u8] = b"qrseal/v2/record";
const DOCUMENT_LABEL: &[u8] = b"qrseal/v2/document";
const LINK_LABEL: &[u8] = b"qrseal/v2/link";
const PIN_SALT_LABEL: &[u8] = b"qrseal/v2/pin-salt";
const PIN_LABEL: &[u8] = b"qrseal/v2/pin";

/// The longest body of a stored document, packed or not, in bytes: 1 MiB.
pub const MAX_STORED_BODY_BYTES: usize = 1 << 20;

/// What a record is bound to besides its token. It stands in the row in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead {
    /// 1 for the first record of a token; each further one has the next number.
    pub revision: u32,
    /// When the token was issued; only the minute counts.
    pub issued_at: UnixTime,
}

/// What is sealed in a record.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// What the flags and claims say; `pin` and a hash go together.
    pub claims: SealedClaims,
    /// How the payload is packed.
    pub codec: Codec,
    /// The packed payload, 1 to [`MAX_STORED_BODY_BYTES`].
    pub body: &'a [u8],
}

impl std::fmt::Debug for Record<'_> {
    /// Without the payload.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("claims", &self.claims)
            .field("codec", &self.codec)
            .finish_non_exhaustive()
    }
}

/// Seals a document into a record. `nonce` must come from the operating system's random numbers, new for every record. With
/// a PIN: [`record_pin_salt`] first, then the hash, then this, all with one nonce.
///
/// # Errors
/// [`SealError`].
pub fn seal_record(
    keyring: &Keyring,
    token: &StoredToken,
    head: RecordHead,
    record: Record<'_>,
    pin: Option<&PinHash>,
    nonce: Nonce,
) -> Result<Vec<u8>, SealError> {
    let place = Place::of_document(keyring, token, head).ok_or(SealError::Clock)?;
    let (nonce, body) = (nonce.into_bytes(), record.body);
    check(record, pin)?;
    let mut sealed = Place::begin(nonce, record);
    let body_at = sealed.len();
    sealed.extend_from_slice(body);
    if let Some(pin) = pin {
        let layer = place.pin_layer(&nonce, &sealed[Nonce::BYTES..body_at]);
        if !pin.is_salted_with(layer.salt()) {
            return Err(SealError::PinOfAnotherToken);
        }
        let tag = layer.seal(pin, &mut sealed[body_at..]);
        sealed.extend_from_slice(&tag);
    }
    Ok(place.finish(nonce, sealed))
}

/// The salt for the PIN of the record that [`seal_record`] makes with the same nonce.
///
/// # Errors
/// [`SealError::Clock`].
pub fn record_pin_salt(
    keyring: &Keyring,
    token: &StoredToken,
    head: RecordHead,
    nonce: &Nonce,
) -> Result<PinSalt, SealError> {
    let place = Place::of_document(keyring, token, head).ok_or(SealError::Clock)?;
    Ok(place.pin_salt(nonce.as_bytes()))
}

/// Opens the record of a document with the token that it belongs to.
///
/// # Errors
/// [`RecordError`].
pub fn open_record(
    keyring: &Keyring,
    token: &StoredToken,
    head: RecordHead,
    record: &[u8],
    now: UnixTime,
) -> Result<OpenedToken, RecordError> {
    let place = Place::of_document(keyring, token, head).ok_or(RecordError::Unreadable)?;
    let (nonce, plaintext) = place.open(record)?;
    let Contents {
        claims,
        codec,
        body,
    } = Contents::parse_up_to(&plaintext, MAX_STORED_BODY_BYTES)
        .map_err(|_| RecordError::Unreadable)?;
    let body_at = plaintext.len() - body.len();
    let pin = claims
        .pin
        .then(|| Box::new(place.pin_layer(&nonce, &plaintext[..body_at])));
    let opened = OpenedToken {
        id: token.id(),
        head: place.head,
        claims,
        codec,
        plaintext,
        body_at,
        pin,
    };
    Ok(opened.in_time(now)?)
}

/// Why a record does not give what was sealed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It is damaged, was changed, or belongs to another row. Nothing about the token follows from it: restore a backup.
    #[error("the record in the store does not open with its token")]
    Unreadable,
    /// It opened, and its time has not come or has passed.
    #[error(transparent)]
    OutOfTime(#[from] OpenError),
}

/// What the format asks of every record.
pub(super) fn check(record: Record<'_>, pin: Option<&PinHash>) -> Result<(), SealError> {
    if record.claims.max_opens.is_some() && record.claims.expiry.is_none() {
        return Err(SealError::LimitedWithoutExpiry);
    }
    if !(1..=MAX_STORED_BODY_BYTES).contains(&record.body.len()) {
        return Err(SealError::BodyLength {
            bytes: record.body.len(),
            most: MAX_STORED_BODY_BYTES,
        });
    }
    if record.claims.pin != pin.is_some() {
        return Err(SealError::PinOfAnotherToken);
    }
    Ok(())
}

/// Where a record stands, and the keys of that place.
pub(super) struct Place<'a> {
    derivation: &'a KeyDerivation,
    audience: &'a str,
    head: Head,
    id: TokenId,
    key: Zeroizing<[u8; 32]>,
    /// First byte, kind, token id, revision, issue minute.
    bytes: Vec<u8>,
}

impl<'a> Place<'a> {
    const DOCUMENT: u8 = 1;
    const LINK: u8 = 2;

    /// None if no issue minute can say the time, or the slot has no secret.
    fn of_document(keyring: &'a Keyring, token: &StoredToken, head: RecordHead) -> Option<Self> {
        let derivation = keyring.key(token.slot())?.derivation()?;
        let first = [version_and_slot(token.slot())];
        let salt = derivation.stored_subkey(&[DOCUMENT_LABEL, &first]);
        let key = extract_and_expand(
            &salt,
            token.secret(),
            &[
                DOCUMENT_LABEL,
                token.id().as_bytes(),
                &head.revision.to_be_bytes(),
            ],
        );
        Self::new(keyring, token.slot(), token.id(), head, Self::DOCUMENT, key)
    }

    /// The same for a link, whose record opens without its token.
    pub(super) fn of_link(
        keyring: &'a Keyring,
        slot: Slot,
        id: TokenId,
        head: RecordHead,
    ) -> Option<Self> {
        let derivation = keyring.key(slot)?.derivation()?;
        let key = derivation.stored_subkey(&[
            LINK_LABEL,
            &[version_and_slot(slot)],
            id.as_bytes(),
            &head.revision.to_be_bytes(),
        ]);
        Self::new(keyring, slot, id, head, Self::LINK, key)
    }

    fn new(
        keyring: &'a Keyring,
        slot: Slot,
        id: TokenId,
        head: RecordHead,
        kind: u8,
        key: Zeroizing<[u8; 32]>,
    ) -> Option<Self> {
        let issue_minute = IssueMinute::at(head.issued_at)?;
        let bytes = [
            &[version_and_slot(slot), kind][..],
            id.as_bytes(),
            &head.revision.to_be_bytes(),
            &issue_minute.to_be_bytes(),
        ]
        .concat();
        Some(Self {
            derivation: keyring.key(slot)?.derivation()?,
            audience: keyring.audience(),
            head: Head { slot, issue_minute },
            id,
            key,
            bytes,
        })
    }

    pub(super) fn head(&self) -> Head {
        self.head
    }

    /// Nonce, flags and claims, with room for the rest.
    pub(super) fn begin(nonce: [u8; Nonce::BYTES], record: Record<'_>) -> Vec<u8> {
        /// Flags, claims and two tags.
        const AROUND_BYTES: usize = Nonce::BYTES + 13 + 2 * TAG_BYTES;
        let mut sealed = Vec::with_capacity(record.body.len() + AROUND_BYTES);
        sealed.extend_from_slice(&nonce);
        Contents {
            claims: record.claims,
            codec: record.codec,
            body: &[],
        }
        .write_to(&mut sealed);
        sealed
    }

    /// Seals what stands behind the nonce.
    pub(super) fn finish(&self, nonce: [u8; Nonce::BYTES], mut sealed: Vec<u8>) -> Vec<u8> {
        let tag = self
            .cipher()
            .encrypt_inout_detached(
                &nonce.into(),
                &self.associated_data(),
                InOutBuf::from(&mut sealed[Nonce::BYTES..]),
            )
            .expect("AES-GCM seals up to 2^36 - 32 bytes");
        sealed.extend_from_slice(&<[u8; TAG_BYTES]>::from(tag));
        sealed
    }

    /// Nonce and plaintext of a record.
    pub(super) fn open(&self, record: &[u8]) -> Result<([u8; Nonce::BYTES], Vec<u8>), RecordError> {
        let (nonce, rest) = record
            .split_first_chunk::<{ Nonce::BYTES }>()
            .ok_or(RecordError::Unreadable)?;
        let (ciphertext, tag) = rest
            .split_last_chunk::<TAG_BYTES>()
            .ok_or(RecordError::Unreadable)?;
        let mut plaintext = ciphertext.to_vec();
        self.cipher()
            .decrypt_inout_detached(
                &(*nonce).into(),
                &self.associated_data(),
                InOutBuf::from(plaintext.as_mut_slice()),
                &(*tag).into(),
            )
            .map_err(|_| RecordError::Unreadable)?;
        Ok((*nonce, plaintext))
    }

    pub(super) fn pin_salt(&self, nonce: &[u8; Nonce::BYTES]) -> PinSalt {
        let first = version_and_slot(self.head.slot);
        let key = self.derivation.stored_subkey(&[PIN_SALT_LABEL, &[first]]);
        PinSalt(first_half(hmac(
            &key,
            &[&self.pin_head(), self.id.as_bytes(), nonce],
        )))
    }

    /// `flags_and_claims` as they stand in the plaintext.
    pub(super) fn pin_layer(
        &self,
        nonce: &[u8; Nonce::BYTES],
        flags_and_claims: &[u8],
    ) -> PinLayer {
        let first = version_and_slot(self.head.slot);
        PinLayer {
            salt: self.pin_salt(nonce),
            extract_salt: self.derivation.stored_subkey(&[PIN_LABEL, &[first]]),
            info: [PIN_LABEL, &self.pin_head(), self.id.as_bytes(), nonce].concat(),
            nonce: *nonce,
            associated_data: [
                PIN_LABEL,
                &self.bytes,
                flags_and_claims,
                self.audience.as_bytes(),
            ]
            .concat(),
        }
    }

    /// First byte and issue minute.
    fn pin_head(&self) -> [u8; 4] {
        let [high, middle, low] = self.head.issue_minute.to_be_bytes();
        [version_and_slot(self.head.slot), high, middle, low]
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.key).into())
    }

    fn associated_data(&self) -> Vec<u8> {
        [RECORD_LABEL, &self.bytes, self.audience.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    fn keyring() -> Keyring {
        Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
    }

    const HEAD: RecordHead = RecordHead {
        revision: 1,
        issued_at: TOKEN_EPOCH,
    };

    fn sealed(body: &[u8]) -> Result<Vec<u8>, SealError> {
        let token = StoredToken::new(&keyring(), [9; 12]);
        let record = Record {
            claims: SealedClaims::default(),
            codec: Codec::Json,
            body,
        };
        seal_record(&keyring(), &token, HEAD, record, None, Nonce::from([3; 12]))
    }

    #[test]
    fn a_document_of_one_mebibyte_is_stored_and_one_byte_more_is_not() {
        let token = StoredToken::new(&keyring(), [9; 12]);
        let body = vec![b'0'; 1 << 20];
        let record = sealed(&body).unwrap();
        assert_eq!(record.len(), body.len() + 29);
        let opened = open_record(&keyring(), &token, HEAD, &record, TOKEN_EPOCH).unwrap();
        assert_eq!(opened.body().packed(), Some(&body[..]));
        for bytes in [0, (1 << 20) + 1] {
            let most = MAX_STORED_BODY_BYTES;
            assert_eq!(
                sealed(&vec![b'0'; bytes]),
                Err(SealError::BodyLength { bytes, most })
            );
        }
    }

    #[test]
    fn a_record_opens_in_its_own_place_only() {
        let token = StoredToken::new(&keyring(), [9; 12]);
        let record = sealed(b"{}").unwrap();
        let another = StoredToken::new(&keyring(), [8; 12]);
        let opened = |token, head| open_record(&keyring(), token, head, &record, TOKEN_EPOCH);
        assert!(opened(&token, HEAD).is_ok());
        let later = RecordHead {
            issued_at: TOKEN_EPOCH.plus_secs(60),
            ..HEAD
        };
        let next = RecordHead {
            revision: 2,
            ..HEAD
        };
        for refused in [
            opened(&another, HEAD),
            opened(&token, later),
            opened(&token, next),
        ] {
            assert_eq!(refused, Err(RecordError::Unreadable));
        }
    }

    #[test]
    fn a_record_whose_bytes_changed_anywhere_does_not_open() {
        let token = StoredToken::new(&keyring(), [9; 12]);
        let record = sealed(b"{\"n\":1}").unwrap();
        for bit in 0..8 * record.len() {
            let mut changed = record.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                open_record(&keyring(), &token, HEAD, &changed, TOKEN_EPOCH),
                Err(RecordError::Unreadable)
            );
        }
        for length in 0..record.len() {
            assert_eq!(
                open_record(&keyring(), &token, HEAD, &record[..length], TOKEN_EPOCH),
                Err(RecordError::Unreadable)
            );
        }
    }
}
