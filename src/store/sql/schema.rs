//! The schema: its migrations, which come with the program, and what a look at it tells.

use std::cmp::Ordering;

use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, SqlSafeStr as _};

use super::values::Columns as _;
use crate::store::StoreError;
use crate::token::UnixTime;

/// Where the numbers of the applied migrations stand.
const APPLIED: &str = "_sqlx_migrations";

/// A released migration never changes: its checksum stands in every store that it was applied to.
fn migrations() -> [Migration; 19] {
    [
        migration(
            1,
            "ledger",
            include_str!("../../../migrations/0001_ledger.sql"),
        ),
        migration(
            2,
            "quotas",
            include_str!("../../../migrations/0002_quotas.sql"),
        ),
        migration(
            3,
            "records",
            include_str!("../../../migrations/0003_records.sql"),
        ),
        migration(
            4,
            "pin tries",
            include_str!("../../../migrations/0004_pin_tries.sql"),
        ),
        migration(
            5,
            "shares",
            include_str!("../../../migrations/0005_shares.sql"),
        ),
        migration(
            6,
            "audit",
            include_str!("../../../migrations/0006_audit.sql"),
        ),
        migration(
            7,
            "makers",
            include_str!("../../../migrations/0007_makers.sql"),
        ),
        migration(
            8,
            "requests",
            include_str!("../../../migrations/0008_requests.sql"),
        ),
        migration(
            9,
            "accounts",
            include_str!("../../../migrations/0009_accounts.sql"),
        ),
        migration(
            10,
            "reports",
            include_str!("../../../migrations/0010_reports.sql"),
        ),
        migration(
            11,
            "links",
            include_str!("../../../migrations/0011_links.sql"),
        ),
        migration(
            12,
            "nodes",
            include_str!("../../../migrations/0012_nodes.sql"),
        ),
        migration(
            13,
            "desk",
            include_str!("../../../migrations/0013_desk.sql"),
        ),
        migration(
            14,
            "visits",
            include_str!("../../../migrations/0014_visits.sql"),
        ),
        migration(
            15,
            "second factors",
            include_str!("../../../migrations/0015_second_factors.sql"),
        ),
        migration(
            16,
            "desk reads",
            include_str!("../../../migrations/0016_desk_reads.sql"),
        ),
        migration(
            17,
            "epochs",
            include_str!("../../../migrations/0017_epochs.sql"),
        ),
        migration(
            18,
            "events",
            include_str!("../../../migrations/0018_events.sql"),
        ),
        migration(
            19,
            "passes",
            include_str!("../../../migrations/0019_passes.sql"),
        ),
    ]
}

fn migration(number: i64, name: &'static str, sql: &'static str) -> Migration {
    Migration::new(
        number,
        name.into(),
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    )
}

/// Brings the schema to this program's version. Inside a transaction that keeps others from doing the same.
///
/// # Errors
///
/// [`StoreError::Refused`]: the schema is newer than this program, or not ours.
pub(in crate::store) async fn migrate(conn: &mut AnyConnection) -> Result<(), StoreError> {
    Migrator::with_migrations(migrations().into())
        .run_direct(None, conn, false)
        .await
        .map_err(|error| match error {
            MigrateError::VersionMissing(found) => StoreError::Refused(newer(found)),
            MigrateError::Execute(error) => StoreError::Unavailable(error.to_string()),
            error => strange(&error),
        })
}

/// Checks whether the schema is this program's.
///
/// # Errors
///
/// [`StoreError::Refused`]: the schema is newer than this program, older, or not ours.
pub(in crate::store) async fn check(conn: &mut AnyConnection) -> Result<(), StoreError> {
    let applied = applied(conn).await?;
    let found = applied.last().map_or(0, |newest| newest.version);
    match found.cmp(&newest()) {
        Ordering::Greater => return Err(StoreError::Refused(newer(found))),
        Ordering::Less => {
            return Err(StoreError::Refused(format!(
                "the store's schema is at version {found}, this qrseal needs {}: start it once with store.migrate = true",
                newest()
            )));
        }
        Ordering::Equal => {}
    }
    let ours = migrations();
    for migration in &ours {
        let same = |done: &AppliedMigration| {
            (done.version, &done.checksum) == (migration.version, &migration.checksum)
        };
        if !applied.iter().any(same) {
            return Err(strange(&MigrateError::VersionMismatch(migration.version)));
        }
    }
    Ok(())
}

fn strange(error: &MigrateError) -> StoreError {
    StoreError::Refused(format!(
        "the store's schema is not as this qrseal made it: {error}"
    ))
}

/// The number of this program's newest migration.
pub(in crate::store) fn newest() -> i64 {
    migrations().last().map_or(0, |newest| newest.version)
}

fn newer(found: i64) -> String {
    format!(
        "the store's schema is at version {found}, newer than this qrseal, which knows {}: use the qrseal that migrated \
         it, or restore the backup from before",
        newest()
    )
}

/// The number of the newest migration that was applied; 0 where none was.
pub(in crate::store) async fn version(conn: &mut AnyConnection) -> Result<i64, StoreError> {
    let applied = applied(conn).await?;
    Ok(applied.last().map_or(0, |newest| newest.version))
}

/// The migrations that were applied, in order.
async fn applied(conn: &mut AnyConnection) -> Result<Vec<AppliedMigration>, StoreError> {
    match conn.list_applied_migrations(APPLIED).await {
        Ok(applied) => Ok(applied),
        // No such table: nothing was ever applied.
        Err(MigrateError::Execute(sqlx::Error::Database(_))) => Ok(Vec::new()),
        Err(error) => Err(StoreError::Unavailable(error.to_string())),
    }
}

/// The newest time at which anything happened, and the latest expiry that was purged.
pub(in crate::store) async fn times(
    conn: &mut AnyConnection,
) -> Result<(Option<UnixTime>, Option<UnixTime>), sqlx::Error> {
    let row = sqlx::query(
        "SELECT (SELECT MAX(updated_at) FROM tokens) AS newest_at, \
         (SELECT value FROM counters WHERE name = 'purged_to' AND value > 0) AS purged_to",
    )
    .fetch_one(conn)
    .await?;
    Ok((
        row.optional_time("newest_at")?,
        row.optional_time("purged_to")?,
    ))
}
