//! The verb that takes out rows that are old enough.

use super::chain;
use super::walk::{Fit, fit};
use crate::store::{AuditEnds, PruneAudit, Store, StoreError};
use crate::token::{Keyring, UnixTime};

/// The most rows of one transaction.
const TOGETHER: u32 = 500;

/// What pruning did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrunedRows {
    /// How many rows are gone.
    pub rows: u64,
    /// The number of a row that does not fit: it stays, and all after it, until an operator has seen it.
    pub misfit: Option<u64>,
}

/// Takes out the rows from before a time, the oldest first, and keeps where they ended. Rows that were tampered with stay:
/// whoever makes a row look old does not get rid of it.
///
/// # Errors
///
/// What the store says.
pub async fn prune(
    store: &dyn Store,
    keyring: &Keyring,
    before: UnixTime,
) -> Result<PrunedRows, StoreError> {
    let mut pruned = PrunedRows::default();
    while let Some(ends) = store.audit_ends().await? {
        if !chain::are_ours(keyring, &ends) {
            pruned.misfit = Some(ends.pruned_number() + 1);
            break;
        }
        let rows = store.audit_chain(ends.pruned_number(), TOGETHER).await?;
        let mut last = ends.pruned;
        let mut taken = 0;
        for found in rows
            .iter()
            .take_while(|found| found.row.happened_at < before)
        {
            match fit(keyring, found, last) {
                Fit::Yes(link) | Fit::Unknown(link) => last = Some(link),
                Fit::No(_) => {
                    pruned.misfit = Some(ends.pruned_number() + taken + 1);
                    break;
                }
            }
            taken += 1;
        }
        if taken == 0 {
            break;
        }
        let request = PruneAudit {
            before: AuditEnds::numbers(Some(&ends)),
            ends: chain::ends(keyring, ends.head, last),
        };
        if store.prune_audit(request).await? {
            pruned.rows += taken;
        }
        if pruned.misfit.is_some() {
            break;
        }
    }
    Ok(pruned)
}
