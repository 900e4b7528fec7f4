//! The keyring file and what an operator does with it.
//!
//! What belongs here: the file's JSON format, its protection (mode, and encryption under a key-encryption key), loading it,
//! replacing it atomically, and one verb per file: init, list, add, promote, rotate, disable, destroy, encrypt, decrypt. What
//! does not: what a key is and which changes are allowed (`token`), where the file is (`config`), when a server reads it again
//! (`http`). Random numbers and the time are arguments. The file needs owners and modes as Unix has them.
//!
//! `docs/keys.md` is the operator's side of this.

mod add;
mod change;
mod decrypt;
mod destroy;
mod disable;
mod document;
mod encrypt;
mod envelope;
mod error;
mod export;
mod file;
#[cfg(test)]
mod fixture;
mod init;
mod kek;
mod list;
mod promote;
mod random;
mod reload;
mod rotate;
#[cfg(test)]
mod rotation;

pub use add::add;
pub use decrypt::decrypt;
pub use destroy::destroy;
pub use disable::disable;
pub use document::DocumentError;
pub use encrypt::encrypt;
pub use error::{EnvelopeError, KeysError};
pub use export::{create, decrypted, encrypted};
pub use file::{KeyringFile, load};
pub use init::init;
pub use kek::{KekError, KekSource};
pub use list::{KeyView, list};
pub use promote::promote;
pub use reload::{ReplacementError, replacement};
pub use rotate::{
    Begun, Hindrance, Lacking, Step, begin_rotation, lacking, lacking_fingerprint, step,
};
