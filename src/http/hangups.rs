//! SIGHUP: whoever runs the server asks it to read its files again.

use std::time::Duration;

/// SIGHUP, where there are signals.
pub(super) struct Hangups(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

impl Hangups {
    #[cfg(unix)]
    pub(super) fn listen() -> Self {
        let kind = tokio::signal::unix::SignalKind::hangup();
        Self(
            tokio::signal::unix::signal(kind)
                .inspect_err(|error| tracing::error!(%error, "SIGHUP will not be noticed"))
                .ok(),
        )
    }

    #[cfg(not(unix))]
    pub(super) fn listen() -> Self {
        Self()
    }

    /// Whether the signal arrived before `time` was over.
    pub(super) async fn within(&mut self, time: Duration) -> bool {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0 {
            return tokio::time::timeout(time, signal.recv()).await.is_ok();
        }
        tokio::time::sleep(time).await;
        false
    }
}
