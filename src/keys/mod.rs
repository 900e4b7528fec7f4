//! The keyring file and what an operator does with it.
//!
//! What belongs here: the file's JSON format, its protection, loading it, replacing it atomically, and one verb per
//! file: init, list, add, promote, disable, destroy. What does not: what a key is and which changes are allowed
//! (`token`), where the file is (`config`), when a server reads it again (`http`). Random numbers and the time are
//! arguments. The file needs owners and modes as Unix has them.
//!
//! `docs/keys.md` is the operator's side of this.

mod add;
mod change;
mod destroy;
mod disable;
mod document;
mod error;
mod file;
mod init;
mod list;
mod promote;
mod random;
mod reload;
#[cfg(test)]
mod rotation;

pub use add::add;
pub use destroy::destroy;
pub use disable::disable;
pub use document::DocumentError;
pub use error::KeysError;
pub use file::load;
pub use init::init;
pub use list::{KeyView, list};
pub use promote::promote;
pub use reload::{ReplacementError, replacement};
