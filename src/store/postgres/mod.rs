//! PostgreSQL: one database for several nodes.
//!
//! Belongs here: connections and their bounds, and what is PostgreSQL's own about clocks and checks. Does not belong here:
//! SQL (see `sql`) and transactions (see `workers`).

mod hints;
mod server;

use sqlx::{AnyConnection, Row as _};
use tokio::sync::Notify;

use self::server::Server;
use super::database::{Begin, Database, Fault, Later};
use super::prepare::Purpose;
use super::sql::{is_conflict, schema};
use super::workers::SqlStore;
use super::{StoreError, StoreReport};
use crate::clock;
use crate::token::UnixTime;

/// Nodes that start at once migrate one after the other: the lock is held until the transaction ends. Its number is one that
/// other programs in the same database hardly choose. Whoever has it may take its time.
const SCHEMA_LOCK: &str = "\
    SET LOCAL statement_timeout = '1h'; \
    SET LOCAL lock_timeout = '1h'; \
    SELECT CAST(pg_advisory_xact_lock(124736376234348) AS TEXT)";

/// Opens the store in the database that `url` names, and migrates it if `migrate`.
pub(super) fn open(
    url: &str,
    migrate: bool,
    purpose: Purpose,
) -> Result<SqlStore<impl Database>, StoreError> {
    SqlStore::start(server(url)?, migrate, purpose)
}

/// The database that `url` names.
pub(super) fn server(url: &str) -> Result<impl Database + use<>, StoreError> {
    Server::at(url)
}

/// Host and database of `url`.
pub(super) fn name(url: &str) -> String {
    Server::at(url).map_or_else(
        |_| "PostgreSQL".to_owned(),
        |server| server.name().to_owned(),
    )
}

/// Whether any host of `url` is another machine, and its certificate and name are not checked.
pub(super) fn is_unverified(url: &str) -> bool {
    server::is_unverified(url)
}

impl Database for Server {
    fn connect(&self) -> Later<'_, Result<AnyConnection, sqlx::Error>> {
        Box::pin(Server::connect(self))
    }

    fn name(&self) -> String {
        Server::name(self).to_owned()
    }

    fn begin(&self, kind: Begin) -> &'static str {
        match kind {
            // A statement that waited for a row sees that row as it then is: the conditions of the conditional statements
            // are looked at again.
            Begin::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
            Begin::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    fn has_one_writer(&self) -> bool {
        false
    }

    fn schema_lock(&self) -> Option<&'static str> {
        Some(SCHEMA_LOCK)
    }

    fn long_transaction(&self) -> Option<&'static str> {
        Some("SET LOCAL statement_timeout = 0")
    }

    fn long_work(&self) -> Option<&'static str> {
        Some(
            "SET statement_timeout = 0; SET lock_timeout = '1min'; SET idle_in_transaction_session_timeout = 0",
        )
    }

    fn tell(&self) -> Option<&'static str> {
        Some(hints::TELL)
    }

    fn listen<'d>(&'d self, changed: &'d Notify) -> Later<'d, ()> {
        Box::pin(hints::listen(self, changed))
    }

    fn fault(&self, error: &sqlx::Error) -> Fault {
        /// A transaction that cannot be put in an order with another, and a deadlock.
        const CONFLICTS: [&str; 2] = ["40001", "40P01"];
        /// Statement timeout, lock timeout, a standby that takes no writes; the classes of connection failures, missing
        /// resources and shut-downs.
        const OUTAGES: [&str; 6] = ["57014", "55P03", "25006", "08", "53", "57P"];
        let is_one_of =
            |codes: &[&str], code: &str| codes.iter().any(|known| code.starts_with(known));
        match error {
            sqlx::Error::Database(error) => match error.code().unwrap_or_default() {
                code if is_one_of(&CONFLICTS, &code) => Fault::Conflict,
                code if is_one_of(&OUTAGES, &code) => Fault::Outage,
                _ => Fault::Job,
            },
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Fault::Outage,
            error if is_conflict(error) => Fault::Conflict,
            _ => Fault::Job,
        }
    }

    fn clock_ahead_secs<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<i64, sqlx::Error>> {
        Box::pin(async {
            let before = clock::timestamp().as_millisecond();
            let theirs: i64 = sqlx::query(
                "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS millis",
            )
            .fetch_one(conn)
            .await?
            .try_get("millis")?;
            // The server looked at its clock somewhere in between; an answer that took long says nothing finer.
            let middle = before + (clock::timestamp().as_millisecond() - before) / 2;
            Ok((middle - theirs) / 1000)
        })
    }

    fn notes<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<Vec<String>, sqlx::Error>> {
        Box::pin(notes(conn))
    }

    fn check<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<StoreReport, sqlx::Error>> {
        Box::pin(check(conn, self))
    }
}

async fn check(conn: &mut AnyConnection, server: &Server) -> Result<StoreReport, sqlx::Error> {
    let version = setting(conn, "SELECT current_setting('server_version') AS value").await?;
    let mut problems = Vec::new();
    for (name, statement) in [
        (
            "fsync",
            "SELECT COALESCE(current_setting('fsync', TRUE), '') AS value",
        ),
        (
            "full_page_writes",
            "SELECT COALESCE(current_setting('full_page_writes', TRUE), '') AS value",
        ),
        (
            "synchronous_commit",
            "SELECT COALESCE(current_setting('synchronous_commit', TRUE), '') AS value",
        ),
    ] {
        let value = setting(conn, statement).await?;
        if value == "off" {
            problems.push(format!(
                "{name} is off: what was acknowledged can be lost in a crash"
            ));
        }
    }
    let notes = notes(conn).await?;
    let clock_ahead_secs = Database::clock_ahead_secs(server, conn).await?;
    let schema_version = schema::version(conn)
        .await
        .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    let (newest_at, purged_to): (Option<UnixTime>, _) = schema::times(conn).await?;
    Ok(StoreReport {
        kind: format!("PostgreSQL {version}, {}", server.name()),
        schema_version: u64::try_from(schema_version).unwrap_or(0),
        clock_ahead_secs,
        newest_at,
        purged_to,
        problems,
        notes,
    })
}

/// Which promises the server's settings put out of force.
async fn notes(conn: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    // A database that does not know the setting replicates by itself.
    let standbys =
        "SELECT COALESCE(current_setting('synchronous_standby_names', TRUE), 'unknown') AS value";
    let mut notes = Vec::new();
    if setting(conn, standbys).await?.is_empty() {
        notes.push(
            "the database has no synchronous standby: after a failover the opens that were acknowledged last may be \
             missing, and such a code may open once more (synchronous_standby_names)"
                .to_owned(),
        );
    }
    Ok(notes)
}

async fn setting(conn: &mut AnyConnection, statement: &'static str) -> Result<String, sqlx::Error> {
    sqlx::query(statement)
        .fetch_one(conn)
        .await?
        .try_get("value")
}
