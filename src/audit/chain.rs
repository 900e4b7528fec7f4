//! The chain: what each row's link is made of, and the two ends.
//!
//! A link is HMAC-SHA-256 under the ledger's key of a slot, over the row, its number and the link before with its slot. So
//! none of the linked rows is changed, moved or taken out, and none is put between them, without that key. The mac over both
//! ends is renewed with each link: rows cannot be taken from either end.

use super::record::details_of;
use crate::store::{AuditEnds, AuditLink, AuditRow};
use crate::token::{Keyring, Slot};

const LINK: &str = "audit-link";
const ENDS: &str = "audit-ends";

/// Whether a row was sealed by this installation, as it was seen when it was linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sealed {
    Yes,
    /// Somebody without the key wrote it. It gets its place, and is found there ever after.
    No,
}

impl Sealed {
    pub(super) fn of(row: &AuditRow, keyring: &Keyring) -> Self {
        match details_of(row, keyring) {
            Ok(_) => Self::Yes,
            Err(_) => Self::No,
        }
    }
}

/// The link of a row in this place. `None` if the slot has no secret.
pub(super) fn link(
    keyring: &Keyring,
    slot: Slot,
    row: &AuditRow,
    sealed: Sealed,
    (number, before): (u64, Option<AuditLink>),
) -> Option<AuditLink> {
    let [before_slot, before_link]: [&[u8]; 2] = match &before {
        Some(before) => [&[u8::from(before.slot)], &before.link],
        None => [&[], &[]],
    };
    let link = keyring.ledger_digest(
        slot,
        LINK,
        &[
            &number.to_be_bytes(),
            before_slot,
            before_link,
            &[u8::from(sealed == Sealed::Yes)],
            &row.happened_at.as_secs().to_be_bytes(),
            &row.id.0,
            row.principal.as_bytes(),
            row.verb.as_bytes(),
            row.what.as_bytes(),
            row.what_id.as_bytes(),
            &[u8::from(row.slot)],
            &row.details,
        ],
    )?;
    Some(AuditLink { number, slot, link })
}

/// Both ends with their mac, under the primary key.
pub(super) fn ends(
    keyring: &Keyring,
    head: Option<AuditLink>,
    pruned: Option<AuditLink>,
) -> AuditEnds {
    let slot = keyring.primary().slot();
    AuditEnds {
        head,
        pruned,
        slot,
        mac: mac(keyring, slot, head, pruned).expect("the primary key has a secret"),
    }
}

/// Whether the ends are where this installation left them.
pub(super) fn are_ours(keyring: &Keyring, ends: &AuditEnds) -> bool {
    mac(keyring, ends.slot, ends.head, ends.pruned).is_some_and(|mac| mac == ends.mac)
}

fn mac(
    keyring: &Keyring,
    slot: Slot,
    head: Option<AuditLink>,
    pruned: Option<AuditLink>,
) -> Option<[u8; 32]> {
    let part = |end: Option<AuditLink>| match end {
        None => Vec::new(),
        Some(link) => [
            &link.number.to_be_bytes()[..],
            &[u8::from(link.slot)],
            &link.link,
        ]
        .concat(),
    };
    keyring.ledger_digest(slot, ENDS, &[&part(head), &part(pruned)])
}
