//! What a node keeps in memory of the store, and how it stays current: revocations, API keys and accounts.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, error::Elapsed, interval, timeout};

use super::health::Part;
use super::state::App;
use crate::store::StoreError;
use crate::{accounts, api_keys, revoking};

/// The time between two looks: what other nodes and the command line change is in force within two seconds.
const EVERY: Duration = Duration::from_secs(1);
/// A store that takes longer is as good as down.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a start waits before it answers, so that the first requests find a node that knows its revocations. A store that
/// answers does so in milliseconds, on a busy machine in some hundred; one that is away says so at once.
const AT_START: Duration = Duration::from_secs(2);

/// Reads once what changed. What was read before stays in force if the store does not answer.
///
/// # Errors
///
/// What the store says.
pub async fn refresh(app: &App) -> Result<(), StoreError> {
    revoking::refresh(&*app.store, &app.revocations).await?;
    api_keys::refresh(&*app.store, &app.api_keys).await?;
    accounts::refresh(&*app.store, &app.accounts).await
}

/// The first look, if the store answers quickly; otherwise the server listens, says that it is not ready, and goes on
/// looking.
pub async fn refresh_at_start(app: &App) {
    let all = async {
        refresh(app).await?;
        app.room.look(&*app.store).await
    };
    report(timeout(AT_START, all).await, true);
}

/// Looks again and again: each second, and at once when the store hints that something changed.
pub async fn keep_current(app: Arc<App>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut good = true;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = app.store.changed() => {}
        }
        let looked = timeout(PATIENCE, refresh(&app)).await;
        good = report(looked, good);
        app.health.tell(Part::Store, good);
    }
}

/// Says when a store that answered does so no more, and when it answers again; whether it did.
fn report(looked: Result<Result<(), StoreError>, Elapsed>, good: bool) -> bool {
    let why = match looked {
        Ok(Ok(())) => {
            if !good {
                tracing::info!("revocations and API keys are current again");
            }
            return true;
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the store does not answer".to_owned(),
    };
    if good {
        tracing::error!(error = %why, "revocations and API keys cannot be read; the last ones stay in force");
    }
    false
}
