//! The samples of a running server: read again when their file changes or SIGHUP arrives.

use std::sync::Arc;

use super::hangups::Hangups;
use super::state::App;

/// Looks at the file of samples every `keys.reload_seconds`, and at once on SIGHUP.
pub async fn keep_samples_current(app: Arc<App>) {
    let mut hangups = Hangups::listen();
    if app.long.samples().sets().is_cut() {
        tell_cut();
    }
    loop {
        let asked = hangups.within(app.config.keys.reload).await;
        let samples = Arc::clone(app.long.samples());
        match tokio::task::spawn_blocking(move || samples.look(asked)).await {
            Ok(Ok(true)) => {
                let sets = app.long.samples().sets();
                tracing::info!(sets = sets.all().count(), "the samples were reloaded");
                if sets.is_cut() {
                    tell_cut();
                }
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the samples could not be reloaded; those before stay in force");
            }
            Ok(Ok(false)) | Err(_) => {}
        }
    }
}

fn tell_cut() {
    tracing::error!(
        "the file of samples ends within a line, which is not used: see `qrseal profiles samples list`"
    );
}
