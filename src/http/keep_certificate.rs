//! The certificate of a running server: read again when its files change or SIGHUP arrives, and told of when it has expired.

use std::sync::Arc;

use super::hangups::Hangups;
use super::health::Part;
use super::state::App;
use super::tls::Looked;
use crate::clock::{now, rfc3339};

/// Looks at the files every `keys.reload_seconds`, and at once on SIGHUP.
pub async fn keep_certificate_current(app: Arc<App>) {
    let Some(tls) = &app.tls else {
        return;
    };
    let mut hangups = Hangups::listen();
    let mut ended = false;
    loop {
        let asked = hangups.within(app.config.keys.reload).await;
        let looking = Arc::clone(&app);
        let looked = tokio::task::spawn_blocking(move || {
            looking
                .tls
                .as_ref()
                .map_or(Looked::Same, |tls| tls.look(asked))
        });
        match looked.await {
            Ok(Looked::Read(not_after)) => {
                tracing::info!(until = %rfc3339(not_after), "the certificate was reloaded");
            }
            Ok(Looked::Kept(error)) => {
                tracing::error!(%error, "the certificate could not be reloaded; the one before stays in force");
            }
            Ok(Looked::Same) | Err(_) => {}
        }
        let is_over = tls.not_after() < now();
        if is_over && !ended {
            tracing::error!("the certificate has expired: no client takes it any more");
        }
        ended = is_over;
        app.health
            .tell(Part::Certificate, !is_over && !tls.is_in_trouble());
    }
}
