//! What handlers take from a request, parsed once: bodies, options, and the right to ask.
//!
//! Belongs here: media types, size and time limits of bodies, the names and forms of options, who may ask. Does not
//! belong here: what is done with any of it.

mod body;
mod budget;
mod content;
mod envelope;
mod idempotency;
mod local;
mod looks;
mod multipart;
mod open_body;
mod options;
mod receipts_query;
mod revocation;
mod rights;
mod same_site;

pub use body::{EnvelopeBody, FormOrJson, JsonBody, OptionalJsonBody, PageForm};
pub use budget::{DrawingRateChecked, OpenRateChecked};
pub use envelope::{CodeEnvelope, TokenEnvelope};
pub use idempotency::IdempotencyKey;
pub use open_body::{Destroy, OpenBody, PinGiven, TokenIn};
pub use options::{AnswerFormat, Given, Options, Topic, WantedPin};
pub use receipts_query::receipts_query;
pub use revocation::RevocationEnvelope;
pub use rights::{Caller, MayIssue, MayRead, MayRevoke};
pub use same_site::SameSite;
