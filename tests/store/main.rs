//! The store: the rules that every backend keeps, and what is particular to each.
//!
//! Here belongs what can be said of the port without HTTP. A backend passes if it passes [`conformance`]; a new one is a line
//! in [`backends`].
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod actors;
mod backends;
#[cfg(feature = "system-tests")]
#[path = "../fixture/cluster.rs"]
mod cluster;
mod conformance;
mod copying;
mod durable;
mod failing;
#[path = "../fixture/failing_store.rs"]
mod failing_store;
mod lists_model;
mod model;
#[cfg(feature = "system-tests")]
#[path = "../fixture/port.rs"]
mod port;
#[cfg(feature = "system-tests")]
mod postgres;
#[cfg(feature = "system-tests")]
mod scale;
mod sqlite;
mod tampering;
mod tidying;
#[cfg(feature = "system-tests")]
#[path = "../nodes/wire.rs"]
#[allow(dead_code, reason = "the tests of several nodes use more of it")]
mod wire;
