//! Profiles: what kinds of documents there are.

pub mod list;
pub mod show;
