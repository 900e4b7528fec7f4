//! The token: sealing a packed payload into bytes, opening those bytes again, and their two text forms.
//!
//! What belongs here: the wire format of `docs/token-format.md`, the keyring with its invariants, and the claims that
//! are sealed with a payload. What does not: what the payload says (`payload`), the keyring file (`keys`), links,
//! the ledger, HTTP. The module is pure: no files, no clock, no random numbers; time, nonces and secrets are arguments.
//!
//! A [`ParsedToken`] is only well formed. Only [`ParsedToken::open`] makes an [`OpenedToken`], and only what that says
//! may be believed.

pub mod base64url;
mod capsule;
mod claims;
mod contents;
pub mod digits;
mod fingerprint;
#[cfg(test)]
mod forgeries;
mod id;
mod key;
mod keyring;
mod keyring_error;
mod layout;
mod ledger_digest;
mod not_recognised;
mod open;
mod parse;
mod pin;
mod row;
mod seal;
mod secret;
mod slot;
mod stored;
mod subkey;
mod time;

pub use capsule::{CapsuleKind, open_capsule, seal_capsule};
pub use claims::{ClaimValue, ClaimValueError, Claims, SealedClaims};
pub use contents::{Codec, Contents};
pub use fingerprint::FINGERPRINT_BYTES;
pub use id::{Nonce, TokenId, TokenIdError};
pub use key::{Key, KeyState};
pub use keyring::{Keyring, TransitionError};
pub use keyring_error::KeyringError;
pub use layout::{MAX_BODY_BYTES, MAX_TOKEN_BYTES, MIN_TOKEN_BYTES};
pub use not_recognised::NotRecognised;
pub use open::{Body, BodyUnderPin, OpenError, OpenedToken};
pub use parse::ParsedToken;
pub use pin::{
    HashCost, OutOfMemory, Pin, PinHash, PinRefused, PinSalt, TypedPin, WrongPin, argon2id,
};
pub use row::{RowError, RowPlace};
pub use seal::{SealError, SealedToken, pin_salt, seal, seal_exact, seal_with_pin, sealed_claims};
pub use secret::{Secret, SecretError};
pub use slot::{Slot, SlotError};
pub use stored::{
    Gate, MAX_STORED_BODY_BYTES, OpenedLink, ParsedStoredToken, Record, RecordError, RecordHead,
    StoredToken, link_pin_salt, open_link, open_link_token, open_record, open_stored_issue,
    record_pin_salt, seal_link, seal_link_token, seal_record, seal_stored_issue,
};
pub use time::{ExpiresIn, TOKEN_EPOCH, UnixTime};
