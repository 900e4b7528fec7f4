//! Whole tokens, sealed for those rows of the store that need them: of an idempotent request and of a link.

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, aead::inout::InOutBuf};
use zeroize::Zeroizing;

use super::{ParsedStoredToken, StoredToken, version_and_slot};
use crate::token::{
    id::{Nonce, TokenId},
    keyring::Keyring,
    layout::TAG_BYTES,
    slot::Slot,
    subkey::extract_and_expand,
};

const ISSUE_LABEL: &[u8] = b"qrseal/v2/issue";
const LINK_TOKEN_LABEL: &[u8] = b"qrseal/v2/link-token";

/// The token of a request as its row keeps it: whoever has the database and the keyring, and not the `Idempotency-Key`,
/// does not have the token. None if the token's slot has no secret.
#[must_use]
pub fn seal_stored_issue(
    keyring: &Keyring,
    token: &StoredToken,
    idempotency_key: &[u8],
    nonce: Nonce,
) -> Option<Vec<u8>> {
    let (slot, id) = (token.slot(), token.id());
    let key = issue_key(keyring, slot, id, idempotency_key)?;
    Some(seal(&key, ISSUE_LABEL, keyring, token, nonce))
}

/// The token that [`seal_stored_issue`] sealed, for whoever sends the same key again.
#[must_use]
pub fn open_stored_issue(
    keyring: &Keyring,
    (slot, id): (Slot, TokenId),
    idempotency_key: &[u8],
    sealed: &[u8],
) -> Option<StoredToken> {
    let key = issue_key(keyring, slot, id, idempotency_key)?;
    open(&key, ISSUE_LABEL, keyring, (slot, id), sealed)
}

/// The token of a link as its row keeps it, so that its picture can be drawn again. None if the token's slot has no secret.
#[must_use]
pub fn seal_link_token(keyring: &Keyring, token: &StoredToken, nonce: Nonce) -> Option<Vec<u8>> {
    let key = link_token_key(keyring, token.slot(), token.id())?;
    Some(seal(&key, LINK_TOKEN_LABEL, keyring, token, nonce))
}

/// The token that [`seal_link_token`] sealed.
#[must_use]
pub fn open_link_token(
    keyring: &Keyring,
    (slot, id): (Slot, TokenId),
    sealed: &[u8],
) -> Option<StoredToken> {
    let key = link_token_key(keyring, slot, id)?;
    open(&key, LINK_TOKEN_LABEL, keyring, (slot, id), sealed)
}

fn issue_key(
    keyring: &Keyring,
    slot: Slot,
    id: TokenId,
    idempotency_key: &[u8],
) -> Option<Zeroizing<[u8; 32]>> {
    let derivation = keyring.key(slot)?.derivation()?;
    let salt = derivation.stored_subkey(&[ISSUE_LABEL, &[version_and_slot(slot)]]);
    let info = [ISSUE_LABEL, id.as_bytes()];
    Some(extract_and_expand(&salt, idempotency_key, &info))
}

fn link_token_key(keyring: &Keyring, slot: Slot, id: TokenId) -> Option<Zeroizing<[u8; 32]>> {
    let derivation = keyring.key(slot)?.derivation()?;
    let info = [LINK_TOKEN_LABEL, &[version_and_slot(slot)], id.as_bytes()];
    Some(derivation.stored_subkey(&info))
}

fn seal(
    key: &[u8; 32],
    label: &[u8],
    keyring: &Keyring,
    token: &StoredToken,
    nonce: Nonce,
) -> Vec<u8> {
    let nonce = nonce.into_bytes();
    let mut sealed = nonce.to_vec();
    sealed.extend_from_slice(token.as_bytes());
    let tag = Aes256Gcm::new(&(*key).into())
        .encrypt_inout_detached(
            &nonce.into(),
            &associated_data(label, keyring, token.slot(), token.id()),
            InOutBuf::from(&mut sealed[Nonce::BYTES..]),
        )
        .expect("AES-GCM seals up to 2^36 - 32 bytes");
    sealed.extend_from_slice(&<[u8; TAG_BYTES]>::from(tag));
    sealed
}

fn open(
    key: &[u8; 32],
    label: &[u8],
    keyring: &Keyring,
    (slot, id): (Slot, TokenId),
    sealed: &[u8],
) -> Option<StoredToken> {
    let (nonce, rest) = sealed.split_first_chunk::<{ Nonce::BYTES }>()?;
    let (ciphertext, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
    let mut bytes = ciphertext.to_vec();
    Aes256Gcm::new(&(*key).into())
        .decrypt_inout_detached(
            &(*nonce).into(),
            &associated_data(label, keyring, slot, id),
            InOutBuf::from(bytes.as_mut_slice()),
            &(*tag).into(),
        )
        .ok()?;
    let parsed = ParsedStoredToken::from_bytes(&bytes).ok()?;
    parsed
        .recognise(keyring)
        .ok()
        .filter(|token| token.id() == id)
}

fn associated_data(label: &[u8], keyring: &Keyring, slot: Slot, id: TokenId) -> Vec<u8> {
    [
        label,
        &[version_and_slot(slot)],
        id.as_bytes(),
        keyring.audience().as_bytes(),
    ]
    .concat()
}
