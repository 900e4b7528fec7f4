//! API keys: who may issue, read receipts and revoke from elsewhere.
//!
//! Belongs here: the key as its owner holds it, how one is made, and the list that each node keeps in memory, so that a
//! request is known without a query. Does not belong here: how a key arrives in a request, and who needs none.

mod create;
mod disable;
mod known;
mod name;
mod refresh;
mod secret;

pub use create::{CreateApiKey, create};
pub use disable::disable;
pub use known::{KnownApiKeys, Presented, Refused};
pub use name::{KeyName, KeyNameError};
pub use refresh::refresh;
pub use secret::{ApiKey, ApiKeyError};
