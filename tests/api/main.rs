//! The API as its clients see it, over HTTP against the library's own server.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod app;
mod bad_input;
mod drawing;
mod limits;
mod opening;
mod packing;
mod pages;
mod sealing;
mod service;
mod styles;
