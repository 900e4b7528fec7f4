//! Events: the operator's own programs are told what happens to codes (Standard Webhooks).
//!
//! Belongs here: who is told, what a message is, how it is signed, and when it is tried again. Does not belong here: where events
//! wait (`store`), and the loop that sends them (`http`). `docs/events.md` is the receiver's side of this.
//!
//! A further kind of event is a row in [`EventKind`](crate::store::EventKind), and `tell` in the transaction of what it tells.

mod message;
mod secret;
mod target;

pub use message::{Message, message, next_try};
pub use secret::{SecretError, Signer};
pub use target::{Receiver, ReceiverError};
