//! What is promised of codes with a life, against the real program and under load.
//!
//! Each promise is a test that runs in seconds here. `tests/torture` sets `TORTURE=full`, and the same tests run with the
//! numbers that the promise is made for, and print their figures.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../fixture/clients.rs"]
mod clients;
#[path = "../fixture/door.rs"]
mod door;
#[path = "../fixture/mod.rs"]
mod fixture;
#[path = "../fixture/mint.rs"]
mod mint;

mod canaries;
mod desk;
mod disk;
mod kills;
mod pins;
mod races;
mod rates;
mod rotations;
mod soak;
#[path = "../nodes/times.rs"]
mod times;

/// Whether the numbers are those of the promise.
fn full() -> bool {
    std::env::var_os("TORTURE").is_some_and(|value| value == "full")
}
