//! What workers, migrations and copies must know of a database.

use std::pin::Pin;

use sqlx::AnyConnection;
use tokio::sync::Notify;

use super::StoreReport;
use crate::token::UnixTime;

/// What workers must know of a database.
pub(super) trait Database: Clone + Send + Sync + 'static {
    /// A connection that commits durably, and never waits without end.
    fn connect(&self) -> Later<'_, Result<AnyConnection, sqlx::Error>>;

    /// What the database is called to people and in logs: never with a user or password.
    fn name(&self) -> String;

    /// The statement that begins a transaction.
    fn begin(&self, kind: Begin) -> &'static str;

    /// Whether one transaction at a time writes: whatever it waits for was waited for when it began.
    fn has_one_writer(&self) -> bool;

    /// The statement that, inside a transaction, keeps others from migrating until it ends; none where the right to write
    /// does.
    fn schema_lock(&self) -> Option<&'static str>;

    /// The statements after which a transaction may work for as long as it takes, if it needs any.
    fn long_transaction(&self) -> Option<&'static str>;

    /// The statements after which a connection may work for as long as it takes, if it needs any.
    fn long_work(&self) -> Option<&'static str>;

    /// The statement that tells other nodes that there is something to read, if there can be other nodes. It is a hint, and
    /// may be one that the database does not know.
    fn tell(&self) -> Option<&'static str>;

    /// Notifies `changed` whenever another node may have told, for as long as it is awaited.
    fn listen<'d>(&'d self, changed: &'d Notify) -> Later<'d, ()>;

    /// What an error means for what comes after it.
    fn fault(&self, error: &sqlx::Error) -> Fault;

    /// By how many seconds this machine's clock is ahead of the database's.
    fn clock_ahead_secs<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<i64, sqlx::Error>>;

    /// What is worth knowing about the server's settings, such as a promise that is not in force.
    fn notes<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<Vec<String>, sqlx::Error>>;

    /// What a look at it finds.
    fn check<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<StoreReport, sqlx::Error>>;
}

/// What an error that is not a commit's means for what comes after it. The transaction did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The job is at fault, or its moment.
    Job,
    /// Another transaction was in the way; the same again will see what that one did.
    Conflict,
    /// The database, or the way to it: no other job would fare better now.
    Outage,
}

/// This machine's time by the clock of a database, which it is so many seconds ahead of.
pub(super) fn by_clock_of_database(now: UnixTime, ahead_secs: i64) -> UnixTime {
    let secs = match u64::try_from(ahead_secs) {
        Ok(ahead) => now.as_secs().saturating_sub(ahead),
        Err(_) => now.as_secs().saturating_add(ahead_secs.unsigned_abs()),
    };
    UnixTime::from_secs(secs)
}

/// What comes later.
pub(super) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How a worker's transactions begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// To write.
    Write,
    /// To read what is committed, all of it at one moment.
    Read,
}
