//! Tokens of version 2, whose document is in the store (`docs/token-format.md`, "Version 2: stored tokens").
//!
//! Belongs here: the 17 bytes that a link carries, the record that the store keeps, what is sealed beside it, and their
//! keys. Does not belong here: the store, and what its rows say besides (`store`).
//!
//! A [`ParsedStoredToken`] is only well formed. [`ParsedStoredToken::recognise`] makes a [`StoredToken`]: it is ours, and
//! only with it does [`open_record`] open a document.

mod beside;
mod link;
mod record;
mod token;

pub use beside::{open_link_token, open_stored_issue, seal_link_token, seal_stored_issue};
pub use link::{Gate, OpenedLink, link_pin_salt, open_link, seal_link};
pub use record::{
    MAX_STORED_BODY_BYTES, Record, RecordError, RecordHead, open_record, record_pin_salt,
    seal_record,
};
pub use token::{ParsedStoredToken, StoredToken};

use super::slot::Slot;

/// The version that the first three bits say.
const VERSION: u8 = 2;

/// Byte 0: version and slot.
fn version_and_slot(slot: Slot) -> u8 {
    VERSION << Slot::BITS | u8::from(slot)
}
