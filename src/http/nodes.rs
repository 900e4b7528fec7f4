//! What a node does so that the keys of all nodes can be rotated: it says which it has, and rotates them when they are old. It
//! says with them which samples it has.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::state::{App, now};
use crate::audit::{By, Verb, What, record};
use crate::keys::{self, Hindrance, Step};
use crate::principal::Principal;
use crate::random;
use crate::samples::SampleSets;
use crate::store::{Job, Lease, NodeReport};
use crate::token::{Keyring, Slot};

/// The time between two looks at what is to be said.
const EVERY: Duration = Duration::from_secs(1);
/// What did not change is said so often.
const SAID_EVERY: Duration = Duration::from_secs(10);
/// The time between two looks at the age of the keys.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(60);
/// The time between two lines of the log about the same hindrance.
const TOLD_EVERY: Duration = Duration::from_secs(60 * 60);
/// How long a node keeps the job of rotating. One that dies in between holds up the others for no longer.
const LEASE_SECS: u64 = 150;

/// The name of this node, for people: its host and where it listens.
pub(super) fn name(app: &App) -> String {
    let host = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    format!("{host}/{}", app.config.server.listen)
}

/// Tells the store which keys and samples this node opens codes with, as soon as they change and every ten seconds, until the
/// server ends.
pub async fn keep_node_reported(app: Arc<App>, id: [u8; 12]) {
    let name = name(&app);
    let mut said: Option<(Arc<Keyring>, Arc<SampleSets>, Instant)> = None;
    let mut good = true;
    loop {
        let keyring = app.keyring.load_full();
        let samples = app.long.samples().sets();
        let due = said.as_ref().is_none_or(|(keys, sets, at)| {
            !Arc::ptr_eq(keys, &keyring)
                || !Arc::ptr_eq(sets, &samples)
                || at.elapsed() >= SAID_EVERY
        });
        if due {
            let report = NodeReport {
                id,
                name: name.clone(),
                opens_with: [keyring.fingerprints(), samples.fingerprints()].concat(),
                now: now(),
            };
            match app.store.report_node(report).await {
                Ok(()) => {
                    said = Some((keyring, samples, Instant::now()));
                    good = true;
                }
                Err(error) if good => {
                    tracing::error!(%error, "the store could not be told which keys and samples this server has");
                    good = false;
                }
                Err(_) => {}
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Rotates the keys when the one that seals is older than `keys.rotate_every`: on one node at a time, as `qrseal keys rotate`
/// does, a step at each look.
pub async fn keep_keys_rotated(app: Arc<App>, id: [u8; 12]) {
    let Some(every) = app.config.keys.rotate_every else {
        return;
    };
    let every = Duration::from_secs(every.as_secs());
    let mut told: Option<(String, Instant)> = None;
    loop {
        tokio::time::sleep(LOOKED_AT_EVERY).await;
        // Of the keyring in use, without a look at the file: what it says may be old, and then the step says that nothing is due.
        let age = {
            let keyring = app.keyring.load();
            let made = keyring.primary().created_at().as_secs();
            now().as_secs().saturating_sub(made)
        };
        if age < every.as_secs() {
            continue;
        }
        let Err(hindrance) = rotate(&app, id, every).await else {
            told = None;
            continue;
        };
        let hindrance = hindrance.to_string();
        let is_new = told
            .as_ref()
            .is_none_or(|(before, at)| *before != hindrance || at.elapsed() >= TOLD_EVERY);
        if is_new {
            tracing::warn!("the keys are to be rotated (keys.rotate_every): {hindrance}");
            told = Some((hindrance, Instant::now()));
        }
    }
}

/// One step of a rotation, or what stands in its way. Where another node has the job there is nothing to do.
async fn rotate(app: &App, id: [u8; 12], every: Duration) -> Result<(), Hindrance> {
    let lease = Lease {
        job: Job::RotateKeys,
        holder: id,
        secs: LEASE_SECS,
        now: now(),
    };
    if !app.store.take_lease(lease).await? {
        return Ok(());
    }
    let (keyring, file) = (app.keyring.load_full(), app.config.keys.keyring());
    match keys::step(&*app.store, &file, &keyring, every, random::fill, now()).await? {
        Step::NotDue => {}
        Step::Added(slot) => {
            tracing::info!(slot = %slot, "a key was added, because the one that seals is old; it seals when all servers have it");
            tell(app, Verb::Add, slot).await;
        }
        Step::Promoted(slot) => {
            tracing::info!(slot = %slot, "all servers have the new key: it seals from now on");
            tell(app, Verb::Promote, slot).await;
        }
    }
    Ok(())
}

/// Writes into the audit log what was done. It is done, whether the log can be reached or not.
async fn tell(app: &App, verb: Verb, slot: Slot) {
    let keyring = app.keyring.load_full();
    let told = match By::fresh(Principal::Local, &keyring) {
        Ok(by) => {
            let row = record(
                by,
                verb,
                What::Key(slot),
                &json!({"by": "keys.rotate_every"}),
                now(),
            );
            app.store
                .add_audit_row(row)
                .await
                .map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    if let Err(error) = told {
        tracing::error!(%error, "a rotation of keys is not in the audit log");
    }
}
