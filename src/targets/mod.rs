//! Where a dynamic link may lead.
//!
//! Belongs here: what a target may be and how it is written, hosts that look like others, hosts that are trusted, and
//! lists of hosts that are blocked. Does not belong here: links, files, and whoever asks. Nothing is ever fetched.

mod block_list;
mod host;
mod look_alike;
mod refused;
mod rules;
mod target;
#[cfg(test)]
mod tests;
mod trusted;

pub use block_list::{BlockList, BrokenList, MAX_LISTS, MAX_NAMES, ReadList};
pub use host::normalised;
pub use look_alike::LookAlike;
pub use refused::{MAX_TARGET_CHARS, TargetRefused};
pub use rules::TargetRules;
pub use target::Target;
pub use trusted::{MAX_TRUSTED_HOSTS, TrustedHosts, TrustedHostsError};
