//! The keyring of a running server: read again when its file changes or SIGHUP arrives, and until it can be read.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::hangups::Hangups;
use super::health::Part;
use super::state::App;
use crate::keys;
use crate::stamp::stamp;

/// The longest pause between two tries of a keyring that cannot be read, unless `keys.reload_seconds` is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A keyring that could not be read. A vault that is away comes back: it is tried again until it can.
struct Failed {
    why: String,
    /// How long the next try waits.
    pause: Duration,
    at: Instant,
}

/// Looks at the keyring file every `keys.reload_seconds`, and at once on SIGHUP.
pub async fn keep_keyring_current(app: Arc<App>) {
    let every = app.config.keys.reload;
    let mut hangups = Hangups::listen();
    // Not what the file is like now: it may have changed since the start read it.
    let mut seen = None;
    let mut failed: Option<Failed> = None;
    loop {
        let asked = hangups.within(every).await;
        let now = stamp(&app.config.keys.file);
        let changed = asked || now != seen;
        let again = failed
            .as_ref()
            .is_some_and(|failed| failed.at.elapsed() >= failed.pause);
        if !changed && !again {
            continue;
        }
        seen = now;
        let before = failed.take().filter(|_| !changed);
        let reloaded = reload(&app).await;
        app.health.tell(Part::Keyring, reloaded.is_ok());
        let Err(why) = reloaded else {
            continue;
        };
        match &before {
            Some(before) if before.why == why => {
                tracing::debug!(error = %why, "the keyring still cannot be reloaded");
            }
            _ => {
                tracing::error!(error = %why, "the keyring could not be reloaded; the one before stays in force");
            }
        }
        failed = Some(Failed {
            why,
            pause: before.map_or(every, |before| {
                (before.pause * 2).min(LONGEST_PAUSE.max(every))
            }),
            at: Instant::now(),
        });
    }
}

/// Replaces the keyring; a file that is broken or of another audience changes nothing. Its key-encryption key may take a
/// command's time, so a thread of its own reads it.
async fn reload(app: &App) -> Result<(), String> {
    let file = app.config.keys.keyring();
    let read =
        tokio::task::spawn_blocking(move || keys::load(&file).map_err(|error| error.to_string()));
    let replaced = read
        .await
        .unwrap_or_else(|error| Err(error.to_string()))
        .and_then(|new| {
            keys::replacement(&app.keyring.load(), new).map_err(|error| error.to_string())
        });
    let keyring = replaced?;
    tracing::info!(keys = keyring.keys().len(), "the keyring was reloaded");
    app.keyring.store(Arc::new(keyring));
    Ok(())
}
