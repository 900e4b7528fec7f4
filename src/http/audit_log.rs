//! What a node does for the audit log: it links new rows, tells where the chain ends, and takes out what is old enough.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::health::Part;
use super::state::{App, now};
use crate::audit::{self, Head};
use crate::random;
use crate::store::StoreError;

/// The time between two looks for new rows. With the time that a node which died may hold up the others it is less than the
/// ten seconds within which a row is linked.
const EVERY: Duration = Duration::from_secs(3);
/// The time between two heads in the log, and between two looks for what is old.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Tends the log for as long as the server runs.
pub async fn keep_audit_log(app: Arc<App>) {
    let holder = match random::bytes() {
        Ok(holder) => *holder,
        Err(error) => {
            tracing::error!(%error, "this server links no rows of the audit log");
            return;
        }
    };
    let (mut told, mut pruned, mut good) = (None::<Instant>, None::<Instant>, true);
    let due = |last: Option<Instant>| last.is_none_or(|at| at.elapsed() >= HOUR);
    loop {
        let tended = async {
            let linked = audit::link(&*app.store, &app.keyring.load_full(), holder, now()).await?;
            if due(told) && tell(&app, linked.ends_changed).await? {
                told = Some(Instant::now());
            }
            if due(pruned) {
                prune(&app).await?;
                pruned = Some(Instant::now());
            }
            Ok::<(), StoreError>(())
        };
        let tended = tended.await;
        app.health.tell(Part::AuditLog, tended.is_ok());
        match tended {
            Ok(()) => good = true,
            Err(error) if good => {
                tracing::error!(%error, "the audit log could not be linked; its rows wait");
                good = false;
            }
            Err(_) => {}
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Writes the end of the chain into the server's log; whether there was something to write.
async fn tell(app: &App, ends_changed: bool) -> Result<bool, StoreError> {
    if ends_changed {
        tracing::error!(
            "the ends of the audit log's chain were changed by somebody without the keyring: nothing is linked to them. Run \
             qrseal audit verify, and compare with a backup"
        );
        return Ok(true);
    }
    let ends = app.store.audit_ends().await?;
    let Some(head) = ends.and_then(|ends| ends.head).map(Head::from) else {
        return Ok(false);
    };
    tracing::info!(number = head.number, link = %head.link, "audit head");
    Ok(true)
}

async fn prune(app: &App) -> Result<(), StoreError> {
    let before = app.config.audit.kept_since(now());
    let pruned = audit::prune(&*app.store, &app.keyring.load_full(), before).await?;
    if let Some(number) = pruned.misfit {
        tracing::error!(
            number,
            "a row of the audit log is to go because of its age, and does not fit: it stays. Run qrseal audit verify"
        );
    }
    Ok(())
}
