//! What handlers take from a request, parsed once: bodies and what they are of.
//!
//! Belongs here: media types, size and time limits of bodies, envelopes. Does not
//! belong here: options (see `options`), who may ask (see `admission`), and what is done with any of it.

mod body;
mod content;
mod envelope;
mod idempotency;
pub mod list;
mod message;
mod multipart;
mod open_body;
mod page_form;
mod report;
mod revision;
mod revocation;

pub use body::{FormOrJson, JsonBody, OptionalJsonBody};
pub use envelope::{CodeEnvelope, TokenEnvelope, members};
pub use idempotency::{IdempotencyKey, is_key};
pub use message::MessageEnvelope;
pub use open_body::{OpenBody, PinGiven, TokenIn};
pub use page_form::{LogoFile, PageForm};
pub use report::ReportEnvelope;
pub use revision::RevisionEnvelope;
pub use revocation::RevocationEnvelope;
