//! The verb that gives new rows their places in the chain.

use super::chain::{self, Sealed};
use crate::store::{AuditEnds, Job, Lease, LinkAudit, Store, StoreError};
use crate::token::{Keyring, UnixTime};

/// The most rows of one transaction.
const TOGETHER: u32 = 200;

/// How long a node keeps the job after its last rows. One that dies in between holds up the others for no longer.
const LEASE_SECS: u64 = 6;

/// What linking did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkedRows {
    /// How many rows got their places.
    pub rows: u64,
    /// Whether somebody without the key moved the ends of the chain: then nothing is linked to them.
    pub ends_changed: bool,
}

/// Links the rows that are new, on the node that has the job. `holder` is random, the same for the life of a node.
///
/// # Errors
///
/// What the store says. Rows that were not linked are the next time.
pub async fn link(
    store: &dyn Store,
    keyring: &Keyring,
    holder: [u8; 12],
    now: UnixTime,
) -> Result<LinkedRows, StoreError> {
    let mut linked = LinkedRows::default();
    while !store.unlinked_audit_rows(None, 1).await?.is_empty() {
        let lease = Lease {
            job: Job::LinkAudit,
            holder,
            secs: LEASE_SECS,
            now,
        };
        if !store.take_lease(lease).await? {
            break;
        }
        // The ends first: if they are still there when the rows are written, none of these rows was linked meanwhile.
        let before = store.audit_ends().await?;
        if before.is_some_and(|ends| !chain::are_ours(keyring, &ends)) {
            linked.ends_changed = true;
            break;
        }
        let rows = store.unlinked_audit_rows(None, TOGETHER).await?;
        let slot = keyring.primary().slot();
        let mut head = before.and_then(|ends| ends.head);
        let mut links = Vec::with_capacity(rows.len());
        for row in &rows {
            let number = head.map_or(0, |head| head.number) + 1;
            let sealed = Sealed::of(row, keyring);
            let link = chain::link(keyring, slot, row, sealed, (number, head))
                .expect("the primary key has a secret");
            links.push((row.happened_at, row.id, link));
            head = Some(link);
        }
        let request = LinkAudit {
            before: AuditEnds::numbers(before.as_ref()),
            links,
            ends: chain::ends(keyring, head, before.and_then(|ends| ends.pruned)),
        };
        if store.link_audit(request).await? {
            linked.rows += u64::try_from(rows.len()).expect("a few hundred fit");
        }
    }
    Ok(linked)
}
