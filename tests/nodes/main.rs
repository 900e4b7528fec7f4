//! What is promised of several nodes on one PostgreSQL behind nginx, against the real programs and under load.
//!
//! Each promise is a test that takes seconds here. `tests/torture` sets `TORTURE=full`, and the same tests run with the
//! numbers that the promise is made for, and print their figures. Counts and statuses are asserted; times are printed, and
//! asserted only at full size, on a machine that does nothing else.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../fixture/clients.rs"]
mod clients;
#[path = "../fixture/cluster.rs"]
mod cluster;
#[path = "../fixture/door.rs"]
mod door;
#[path = "../fixture/mod.rs"]
mod fixture;
#[path = "../fixture/mint.rs"]
mod mint;
#[path = "../fixture/port.rs"]
mod port;

mod accounts;
mod balancer;
mod balancing;
mod desk;
mod failover;
mod flood;
mod limits;
mod links;
mod outage;
mod overload;
mod pins;
mod races;
mod random;
mod restarts;
mod revoking;
mod rotating;
mod site;
mod slow;
mod stored;
mod times;
mod wire;

/// Whether the numbers are those of the promise.
fn full() -> bool {
    std::env::var_os("TORTURE").is_some_and(|value| value == "full")
}
