//! What handlers take from a request, parsed once: bodies and options.
//!
//! Belongs here: media types, size and time limits of bodies, the names and forms of options. Does not
//! belong here: who may ask (see `admission`), and what is done with any of it.

mod body;
mod content;
mod envelope;
mod idempotency;
mod looks;
mod multipart;
mod open_body;
mod options;
mod revocation;

pub use body::{DocumentBody, EnvelopeBody, FormOrJson, OptionalJsonBody, PageForm};
pub use envelope::{CodeEnvelope, TokenEnvelope};
pub use idempotency::IdempotencyKey;
pub use open_body::{Destroy, OpenBody, PinGiven, TokenIn};
pub use options::{AnswerFormat, Given, Options, Topic, pointer_part};
pub use revocation::RevocationEnvelope;
