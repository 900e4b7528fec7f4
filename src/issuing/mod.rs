//! Issuing: a document in; a sealed token, its link and its symbol out.
//!
//! Belongs here: what is asked for, what comes back, why it can fail, and the order of the steps. Does not belong
//! here: how the question arrived, who may ask it, and the picture.

mod idempotent;
mod issue;
mod longest_life;
mod max_opens;
mod note;
mod options;
mod pack;
mod replay;
mod room;
mod seal;
mod stored;

pub use idempotent::{IdempotentRequest, run_secret};
pub use issue::issue;
pub use longest_life::{LivesTooLong, LongestLife};
pub use max_opens::MaxOpens;
pub use note::Note;
pub use options::{CodecChoice, SealOptions};
pub(crate) use pack::pack;
pub use pack::{Packed, prepare};
pub use replay::issued_before;
pub use room::{NoRoom, StoredRoom, share_of_client};
pub use seal::{NotSealed, SealRequest, Sealed, Sealer, WantedPin, seal};
pub use stored::{
    FreshToken, Kept, Storage, StoredIssue, fits_inline, issue_stored, pin_salt_of_stored,
    remembered_token, row_of_request, stored_before,
};

use crate::link::Links;
use crate::payload::Document;
use crate::qr::{Capacity, LevelChoice, Symbol};
use crate::token::{ClaimValue, Codec, ExpiresIn, Keyring, SealError, SealedToken};

/// What issuing needs to know of this installation.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    /// The keys; new tokens use the primary one.
    pub keyring: &'a Keyring,
    /// How a token becomes a link.
    pub links: &'a Links,
}

/// A document to be sealed.
#[derive(Debug, Clone)]
pub struct IssueToken {
    /// What the holder will see.
    pub document: Document,
    /// How long the token opens; `None` for as long as its key is enabled.
    pub expires_in: Option<ExpiresIn>,
    /// How often the token opens; `None` for any number of times. Needs an expiry.
    pub max_opens: Option<MaxOpens>,
    /// What kind of document it is.
    pub kind: TokenKind,
    /// How the payload may be packed.
    pub packing: Packing,
    /// What it was packed to; empty until that is needed.
    pub packed: Packed,
    /// The error correction level of the symbol.
    pub level: LevelChoice,
}

/// What kind of document a token holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenKind {
    /// The number of its profile.
    pub profile: Option<ClaimValue>,
    /// Whether it opens at a desk only.
    pub staff_only: bool,
}

/// How a payload may be packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// JSON text as it is, so that the length of the token tells nothing more about the content than its length.
    Raw,
    /// The smallest of what the codecs give that this effort tries.
    Packed(Effort),
}

/// How hard to try for a smaller symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Codec 1, in two or three microseconds for a small document.
    #[default]
    Fast,
    /// Codec 1, ten times slower or more, for a tenth less.
    Best,
    /// Codec 2, at a millisecond a kilobyte, for three fifths of the bytes; codec 3 where samples of the profile are in use and
    /// that is smaller. Documents of more than
    /// [`mix2::MAX_DOCUMENT_BYTES`](crate::payload::mix2::MAX_DOCUMENT_BYTES) get codec 1.
    Smallest,
}

/// A document that was sealed. Nothing of it is stored, unless whoever asked wants to be able to ask again.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// Where the document is in the store, if it is not in the token.
    pub stored: Option<StoredAs>,
    /// The sealed bytes.
    pub token: SealedToken,
    /// The link, as it stands in the symbol.
    pub link: String,
    /// The symbol that carries the link.
    pub symbol: Symbol,
    /// How often the token opens.
    pub max_opens: Option<MaxOpens>,
    /// How the payload is packed.
    pub codec: Codec,
    /// Bytes of the packed document, if it was packed just now.
    pub packed_bytes: Option<usize>,
    /// Bytes of the minified document.
    pub payload_bytes: usize,
}

/// What is known about a document in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredAs {
    /// 1 for the first.
    pub revision: u32,
    /// Bytes of its record.
    pub record_bytes: usize,
}

/// Why a document could not be issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The link does not fit into the largest symbol.
    #[error(transparent)]
    Capacity(#[from] Capacity),
    /// The token could not be sealed: the keyring or the clock of this machine.
    #[error(transparent)]
    Seal(#[from] SealError),
}
