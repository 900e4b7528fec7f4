//! What handlers take from a request, parsed once: bodies, options, and the right to issue.
//!
//! Belongs here: media types, size and time limits of bodies, the names and forms of options, who may ask. Does not
//! belong here: what is done with any of it.

mod body;
mod envelope;
mod looks;
mod may_issue;
mod options;
mod same_site;

pub use body::{EnvelopeBody, FormBody, JsonBody};
pub use envelope::{CodeEnvelope, TokenEnvelope};
pub use may_issue::MayIssue;
pub use options::{AnswerFormat, Given, Options, Topic};
pub use same_site::SameSite;
