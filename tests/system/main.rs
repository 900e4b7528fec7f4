//! qrseal as people and other programs meet it: symbols before independent decoders, tokens before an independent
//! implementation, pages in a browser, the API description before a program that tries to break it, and clients that are generated from it.
//!
//! What these tests need is installed by `tests/run install`. A missing tool is a failure that names the command.

#![allow(
    clippy::panic,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

#[path = "../fixture/cluster.rs"]
mod cluster;
#[path = "../fixture/mod.rs"]
mod fixture;
#[path = "../fixture/port.rs"]
mod port;

mod batch;
mod clients;
mod deploy;
mod description;
mod desk;
mod dictionary;
mod events;
mod independent;
mod pages;
mod styles;
mod symbols;
mod tls;
mod tools;
