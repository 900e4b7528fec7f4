//! The payload: a JSON document, checked, minified and packed.
//!
//! What belongs here: everything that turns the bytes a client sends into the body of a token, and that judges the body
//! of an opened one. Bytes in, bytes out. What does not: the token around the body (`token`), files, HTTP, and what a
//! document means.
//!
//! * [`minify`] is for issuing: it checks a document strictly and takes the white space out, in one scan and without
//!   building a tree, so that numbers, strings, escapes and the order of members stay as they were written.
//! * [`check()`] is for opening: it demands of a body what the token format demands, and nothing more.
//! * [`zstd1`] is codec 1: a document in fewer bytes.
//! * [`mix2`] is codec 2: in the fewest, at a millisecond a kilobyte.

mod check;
mod document;
mod error;
mod member_names;
pub mod mix2;
mod scanner;
pub mod zstd1;

pub use check::{check, check_up_to};
pub use document::{Document, minify, minify_up_to};
pub use error::{JsonError, JsonErrorClass, JsonErrorKind};

/// The most bytes a document may have, minified: 65,536. A constant of the token format (`docs/token-format.md`).
pub const MAX_BYTES: usize = 65_536;

/// The same for a document in the store: 1 MiB.
pub const MAX_STORED_BYTES: usize = 1 << 20;

/// How many brackets, `[` and `{` together, may be open at once: 32. A constant of the token format
/// (`docs/token-format.md`).
pub const MAX_DEPTH: usize = 32;

/// The most members one object may have when it is issued: 1,000. Opening does not count them.
pub const MAX_MEMBERS: usize = 1_000;

#[cfg(test)]
mod agreement;
