//! Revoking: a token's end before its time, in force on every node within two seconds.
//!
//! Belongs here: what is asked for, the list that each node keeps in memory so that a plain token is revocable and still
//! needs no query, and how that list follows the store. Does not belong here: who may revoke, what a holder is told.

mod delete;
mod list;
mod reason;
mod refresh;
mod revoke;
mod shown;

pub use delete::delete;
pub use list::{NotReadYet, RevocationList};
pub use reason::{Reason, ReasonError};
pub use refresh::refresh;
pub use revoke::{RevokeToken, revoke};
pub use shown::{NotThisToken, expiry_of};
