//! Profiles: what kinds of documents there are.

pub mod form;
pub mod list;
pub mod show;
