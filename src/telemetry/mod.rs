//! Logs: one line an event, on standard error, as text or JSON; and metrics.
//!
//! Belongs here: where lines go, how they are buffered, and the line that each request gets. Does not belong here:
//! what is worth a line. A token, PIN, payload, key or session never reaches this module; a token id may.

#[cfg(feature = "server")]
mod access;
#[cfg(feature = "server")]
mod install;
#[cfg(feature = "server")]
pub mod metrics;
#[cfg(feature = "server")]
mod sink;
mod throttled;

#[cfg(feature = "server")]
pub use access::{RequestLine, RequestLog};
#[cfg(feature = "server")]
pub use install::install;
#[cfg(feature = "server")]
pub use sink::{LogSink, LogWriter};
pub(crate) use throttled::{Throttle, debug_throttled, error_throttled, event_throttled};
