//! One step along the chain.

use super::chain::{self, Sealed};
use crate::store::{AuditLink, FoundAuditRow};
use crate::token::Keyring;

/// Whether a row fits behind the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It does.
    Yes(AuditLink),
    /// The key of its link was destroyed: it stands where it must, and nobody can tell more.
    Unknown(AuditLink),
    /// It does not.
    No(Why),
}

/// Why a row, or an end, does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Numbers have no holes.
    #[error("a row before it was taken out")]
    Missing,
    /// The link is not that of this row in this place.
    #[error("it, or the link before it, was changed")]
    Changed,
    /// It was not sealed with the keyring.
    #[error("it was not written by this installation")]
    Foreign,
    /// The ends of the chain are not as they were left.
    #[error("the ends of the chain were changed")]
    Ends,
    /// The last rows are not there.
    #[error("rows at the end were taken out")]
    Cut,
    /// Another row stood there when a head was exported.
    #[error("it is not the row that was there when the head was exported")]
    NotTheHead,
}

/// Whether `found` stands where it must behind `before`.
pub(super) fn fit(keyring: &Keyring, found: &FoundAuditRow, before: Option<AuditLink>) -> Fit {
    let number = before.map_or(0, |before| before.number) + 1;
    let Some(link) = found.link.filter(|link| link.number == number) else {
        return Fit::No(Why::Missing);
    };
    let as_it_was = |sealed| chain::link(keyring, link.slot, &found.row, sealed, (number, before));
    match (as_it_was(Sealed::Yes), as_it_was(Sealed::No)) {
        (Some(whole), _) if whole == link => Fit::Yes(link),
        (_, Some(foreign)) if foreign == link => Fit::No(Why::Foreign),
        (None, _) => Fit::Unknown(link),
        _ => Fit::No(Why::Changed),
    }
}
