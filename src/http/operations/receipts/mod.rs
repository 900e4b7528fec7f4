//! What the ledger knows of tokens.

pub mod erase_opens;
pub mod list;
pub mod show;

use crate::http::problem::ProblemCode::{
    self, CrossSite, Forbidden, TemporarilyUnavailable, TokenNotRecognised, Unauthorized,
};

/// When there is no receipt.
pub const NEVER_MET: &str = "404 for an id that the ledger never met: it meets a token when a limited one is first opened, a PIN is \
    tried, or it is revoked, and forgets it an hour after its end. Nothing is stored when a token is issued.";

/// Whose receipts there are.
pub const OWN: &str = "An API key sees what it made, with the scope `read:all` everything. Who made a token is known of stored ones \
    and of those that were issued with `remember` or a `note`.";

/// What a change without a body can be answered with.
pub const CHANGING: [ProblemCode; 5] = [
    Unauthorized,
    Forbidden,
    CrossSite,
    TokenNotRecognised,
    TemporarilyUnavailable,
];
