//! A target in the audit log: sealed, so that whoever reads the log does not learn where links lead, and there, so that it can be
//! set again behind a backup.

use crate::random::{self, NoRandomNumbers};
use crate::token::base64url;
use crate::token::{Keyring, Nonce, RowPlace, Slot, TokenId};

fn place(id: &TokenId) -> RowPlace<'_> {
    RowPlace {
        column: "audit.target",
        id: id.as_bytes(),
        beside: &[],
    }
}

/// The target of a link as the audit log keeps it.
///
/// # Errors
/// [`NoRandomNumbers`]
pub(super) fn seal_target(
    keyring: &Keyring,
    id: &TokenId,
    target: &str,
) -> Result<String, NoRandomNumbers> {
    let slot = keyring.primary().slot();
    let nonce = Nonce::from(*random::bytes()?);
    let sealed = keyring
        .seal_row(slot, place(id), target.as_bytes(), nonce)
        .expect("the primary key has a secret");
    Ok(base64url::encode(
        &[&[u8::from(slot)], &sealed[..]].concat(),
    ))
}

/// The target that [`seal_target`] sealed; `None` if it is none of this link and keyring, or its key was destroyed.
#[must_use]
pub fn open_target(keyring: &Keyring, id: &TokenId, text: &str) -> Option<String> {
    let bytes = base64url::decode(text).ok()?;
    let (slot, sealed) = bytes.split_first()?;
    let slot = Slot::try_from(*slot).ok()?;
    let target = keyring.open_row(slot, place(id), sealed).ok()?;
    String::from_utf8(target.to_vec()).ok()
}
