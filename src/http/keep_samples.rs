//! The samples of a running server: held against the audit log at the start, and read again when their file changes or SIGHUP
//! arrives.

use std::sync::Arc;

use super::hangups::Hangups;
use super::state::App;
use crate::samples::told_sets;

/// Looks at the file of samples every `keys.reload_seconds`, and at once on SIGHUP.
pub async fn keep_samples_current(app: Arc<App>) {
    let mut hangups = Hangups::listen();
    if app.long.samples().sets().is_cut() {
        tell_cut();
    }
    tell_lacking(&app).await;
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
        "the file of samples ends within a line, or its last line is damaged, and that is not used: see `qrseal profiles samples list`"
    );
}

/// Says which sets the audit log tells of that are not here.
async fn tell_lacking(app: &App) {
    // Without a store it is said elsewhere that it is away.
    let told = told_sets(&*app.store, &app.keyring.load_full()).await;
    let sets = app.long.samples().sets();
    for told in sets.lacks(&told.unwrap_or_default()) {
        tracing::error!(
            number = told.number,
            "a sample set that the audit log tells of is missing here, or is another one: codes that were made after it do not open; \
             put the file of samples beside the keyring back"
        );
    }
}
