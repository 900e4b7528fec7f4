//! NOTIFY and LISTEN: other nodes are told at once that there is something to read.
//!
//! Only hints, since every node looks each second anyway: they may be lost, late or unknown to the database, and nothing that
//! fails here is worth a line in the log.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{Executor as _, PgPool};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::server::Server;
use crate::store::database::{Database as _, Fault};

const CHANNEL: &str = "qrseal";

/// Both statements are one transaction, which nobody waits for to be on a disk.
pub(super) const TELL: &str = "SET LOCAL synchronous_commit = off; NOTIFY qrseal";

/// After so long without a word it is asked whether the connection still leads anywhere.
const QUIET: Duration = Duration::from_secs(10);

/// The longest that anything here waits for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The time between two wake-ups: what is told in a burst is read together.
const REST: Duration = Duration::from_millis(50);

/// The time before listening again, after a connection was lost or could not be made.
const SOON: Duration = Duration::from_secs(1);

/// The same, to a database that does not know how to.
const LATE: Duration = Duration::from_secs(600);

/// Listens, and again whenever that ends.
pub(super) async fn listen(server: &Server, changed: &Notify) {
    loop {
        let pause = match listen_once(server, changed).await {
            Err(error) if server.fault(&error) == Fault::Job => LATE,
            _ => SOON,
        };
        sleep(pause).await;
    }
}

/// Listens until the connection is lost.
async fn listen_once(server: &Server, changed: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = connect(server).await?;
    // What was told before this moment was missed.
    changed.notify_one();
    loop {
        match timeout(QUIET, listener.try_recv()).await {
            Ok(received) => {
                if received?.is_none() {
                    return Ok(());
                }
                changed.notify_one();
                sleep(REST).await;
                let mut more = false;
                while let Ok(received) =
                    timeout(Duration::from_millis(1), listener.try_recv()).await
                {
                    if received?.is_none() {
                        return Ok(());
                    }
                    more = true;
                }
                if more {
                    changed.notify_one();
                }
            }
            Err(_) => within(listener.execute("SELECT 1")).await.map(|_| ())?,
        }
    }
}

/// A connection to the first host that lets one listen. A standby does not.
async fn connect(server: &Server) -> Result<PgListener, sqlx::Error> {
    let mut failed = sqlx::Error::PoolClosed;
    for host in server.hosts() {
        let options = host?;
        // A pool of this one connection, because a listener wants one.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(options);
        match within(listener(&pool)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

async fn listener(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.ignore_pool_close_event(true);
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

async fn within<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    timeout(PATIENCE, answer)
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
