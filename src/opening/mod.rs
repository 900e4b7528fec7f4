//! Opening: a token's text in; the document out, or why not.
//!
//! Belongs here: the order in which a token is looked at, what an open takes and costs, and the one value that holds a
//! document that may be shown. Does not belong here: how the text arrived, what the answer looks like, and how opens and
//! tries are counted (`store`).
//!
//! There are two steps. [`look()`] changes nothing (for a document that is in the store [`look_in_store()`] goes on): of a
//! plain token it gives the document, of any other a [`StatefulToken`],
//! which knows everything but the document. [`open()`] spends what an open of a held token costs, and only then gives the
//! document. There is no other way to it: [`OpenedDocument`] is made where a plain token was looked at, where an open was
//! counted, and where staff of a desk look at it ([`show_staff()`]), whose list counts.

mod attempt;
mod destroy;
mod document;
mod error;
mod link;
mod look;
mod open;
mod open_id;
mod pass;
mod reset_pin;
mod revise;
mod shown;
mod staff;
mod stateful;
mod stored;
mod suspect;
// They count opens in a real store.
#[cfg(feature = "server")]
#[cfg(test)]
mod tests;

pub use crate::network::ClientNetwork;
pub use attempt::{Attempt, Opener};
pub use destroy::destroy;
pub use document::OpenedDocument;
pub use error::{OpeningError, Unavailable};
pub use link::FoundLink;
pub use look::{FirstLook, LongDocument, Looked, look, unpack_long};
pub use open::open;
pub use open_id::{OpenId, OpenIdError};
pub use pass::{Passed, pass};
pub use reset_pin::reset_pin;
pub use revise::{ReviseError, ReviseToken, Revised, revise};
pub use shown::{ShownToStaff, show_staff};
pub use staff::StaffToken;
pub use stateful::StatefulToken;
pub(crate) use stored::ended;
pub use stored::look_in_store;
pub use suspect::is_suspected_bot;
