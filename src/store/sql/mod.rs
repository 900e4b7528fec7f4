//! The statements: what each operation of the port does to the tables of `migrations/`.
//!
//! Belongs here: SQL that SQLite and PostgreSQL understand alike, and what its rows mean. Does not belong here: connections,
//! transactions, and which database it is. Every function runs inside a transaction that its caller begins and commits, and
//! may be run again from the start if that transaction was rolled back.

pub(super) mod api_keys;
pub(super) mod issues;
pub(super) mod opens;
pub(super) mod pins;
pub(super) mod purge;
pub(super) mod receipts;
pub(super) mod revocations;
pub(super) mod schema;
mod values;
