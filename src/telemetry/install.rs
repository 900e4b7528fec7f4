//! Where events go.

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, Registry, fmt};

use super::LogSink;
use crate::config::{LogFormat, LogSettings};

/// Sends `tracing` events to `sink` from here on, in the configured form. Of libraries only warnings and errors are
/// kept, unless the level is `debug` or `trace`. A second call in a process does nothing: the first one stays in force.
pub fn install(settings: &LogSettings, sink: &LogSink) {
    let others = match settings.level {
        Level::INFO => Level::WARN,
        level => level,
    };
    // The framework has an error to say of every request that is no HTTP, which anybody can send; we say it ourselves, at
    // `debug` and throttled (`http::wire`).
    let http = match settings.level {
        Level::TRACE => LevelFilter::TRACE,
        _ => LevelFilter::OFF,
    };
    let targets = Targets::new()
        .with_default(others)
        .with_target("actix_http::h1", http)
        .with_target(env!("CARGO_CRATE_NAME"), settings.level);
    let lines = fmt::layer().with_writer(sink.clone()).with_target(false);
    let layer = match settings.format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // An error here says that a subscriber is in force already, which is what the caller wants.
    let _already_installed = Registry::default()
        .with(layer.with_filter(targets))
        .try_init();
}
