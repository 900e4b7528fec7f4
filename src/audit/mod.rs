//! The audit log: who did what when, a row for each change, in the transaction of the change itself.
//!
//! Belongs here: what a row says and how it is sealed, the chain that shows whether rows were changed or taken out, and
//! what reads them. Does not belong here: who did it (`principal`), how somebody proves to be one, and where rows are kept
//! (`store`). Never in a row: a token, PIN, password or document.
//!
//! To write one: a verb that changes something takes a [`By`], which its caller makes of the principal and the keyring
//! ([`By::fresh`]); it makes the row with [`record()`] and hands it to the operation of the store that does the change,
//! which takes an [`AuditRow`](crate::store::AuditRow) beside its other arguments and writes it in its transaction
//! (`store::sql::audit::add_audit_row`), if anything changed. What is not in the store (the keyring) is written by
//! [`Store::add_audit_row`](crate::store::Store::add_audit_row).
//!
//! ```text
//! let audit = audit::record(by, Verb::Revoke, What::Token(id), &json!({"reason": reason}), now);
//! store.revoke(revocation, audit).await
//! ```

mod chain;
mod entry;
mod head;
mod link;
mod list;
mod prune;
mod record;
mod verify;
mod walk;
mod words;

pub use entry::Entry;
pub use head::Head;
pub use link::{LinkedRows, link};
pub use list::{AuditAnswer, ListAudit, Page, list};
pub use prune::{PrunedRows, prune};
pub use record::{By, record};
pub use verify::{Misfit, Verified, verify};
pub use walk::Why;
pub use words::{UnknownWord, Verb, What};
