//! What handlers take from a request, parsed once: bodies and what they are of.
//!
//! Belongs here: media types, size and time limits of bodies, envelopes. Does not
//! belong here: options (see `options`), who may ask (see `admission`), and what is done with any of it.

#[cfg(feature = "server")]
mod body;
#[cfg(feature = "server")]
mod console_form;
mod content;
mod desk;
mod envelope;
#[cfg(feature = "server")]
mod file_form;
mod form_or_json;
#[cfg(feature = "server")]
mod idempotency;
#[cfg(feature = "server")]
mod if_match;
mod link;
#[cfg(feature = "server")]
pub mod list;
mod message;
#[cfg(feature = "server")]
mod multipart;
mod open_body;
#[cfg(feature = "server")]
mod page_form;
#[cfg(feature = "server")]
mod profile_form;
mod report;
mod revision;
mod revocation;
#[cfg(feature = "server")]
mod streamed;

#[cfg(feature = "server")]
pub use body::{JsonBody, OptionalJsonBody};
#[cfg(feature = "server")]
pub use console_form::ConsoleForm;
pub use desk::{CheckInBody, list_edits, pass_body, presence_body, staff};
pub use envelope::{CodeEnvelope, TokenEnvelope, members};
#[cfg(feature = "server")]
pub use file_form::FileForm;
pub use form_or_json::FormOrJson;
#[cfg(feature = "server")]
pub use idempotency::{IdempotencyKey, form_id, is_form_id};
#[cfg(feature = "server")]
pub use if_match::revision_to_change;
pub use link::{LinkEnvelope, link_edits};
pub use message::MessageEnvelope;
pub use open_body::{OpenBody, PinGiven, TokenIn};
#[cfg(feature = "server")]
pub use page_form::{LogoFile, PageForm};
#[cfg(feature = "server")]
pub use profile_form::ProfileForm;
pub use report::ReportEnvelope;
pub use revision::RevisionEnvelope;
pub use revocation::RevocationEnvelope;
#[cfg(feature = "server")]
pub use streamed::StreamedBody;
