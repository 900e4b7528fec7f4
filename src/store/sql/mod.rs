//! The statements: what each operation of the port does to the tables of `migrations/`.
//!
//! Belongs here: SQL that SQLite and PostgreSQL understand alike, and what its rows mean. Does not belong here: connections,
//! transactions, and which database it is. Every function runs inside a transaction that its caller begins and commits, and
//! may be run again from the start if that transaction was rolled back.

mod account_rows;
pub(super) mod accounts;
pub(super) mod api_keys;
pub(super) mod audit;
pub(super) mod check_in_rows;
pub(super) mod check_ins;
pub(super) mod epoch;
pub(super) mod events;
pub(super) mod handing;
mod held_list;
pub(super) mod inside;
pub(super) mod links;
pub(super) mod list_tidying;
pub(super) mod lists;
pub(super) mod marks;
pub(super) mod nodes;
pub(super) mod opens;
pub(super) mod passes;
pub(super) mod pins;
pub(super) mod purge;
pub(super) mod quotas;
pub(super) mod receipts;
pub(super) mod records;
pub(super) mod reports;
pub(super) mod requests;
mod revocation_row;
pub(super) mod revocations;
pub(super) mod schema;
pub(super) mod second_factors;
pub(super) mod sessions;
mod tries;
pub(super) mod undoing;
mod values;
pub(super) mod visits;

/// The most rows on a page, whatever is asked for.
const MAX_PAGE: u32 = 1000;

/// Said inside an [`sqlx::Error::Protocol`] by a statement that found another transaction in its way.
const CONFLICT: &str = "another transaction did the same at the same time";

/// Whether `error` is about another transaction that was in the way: the same again will see what that one did.
pub(super) fn is_conflict(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Protocol(why) if why == CONFLICT)
}

fn conflict() -> sqlx::Error {
    sqlx::Error::Protocol(CONFLICT.to_owned())
}
