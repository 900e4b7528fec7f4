//! The servers of a store.

use sqlx::AnyConnection;

use super::values::{Columns as _, secs};
use crate::store::{FoundNode, NODE_FORGOTTEN_SECS, NODE_SILENT_SECS, NodeReport};
use crate::token::UnixTime;

/// The most servers that are listed: far more than there are.
const MOST: i64 = 1000;

/// Writes down what a server says. A process of the same name that was silent for a while was its predecessor.
pub(in crate::store) async fn report_node(
    conn: &mut AnyConnection,
    report: NodeReport,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO nodes (id, name, opens_with, seen_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (id) DO UPDATE SET name = $2, opens_with = $3, seen_at = $4",
    )
    .bind(&report.id[..])
    .bind(report.name.as_str())
    .bind(&report.opens_with[..])
    .bind(secs(report.now))
    .execute(&mut *conn)
    .await?;
    let ago = |age| secs(report.now).saturating_sub(i64::try_from(age).unwrap_or(i64::MAX));
    sqlx::query(
        "DELETE FROM nodes WHERE id <> $1 AND (seen_at < $3 OR (name = $2 AND seen_at < $4))",
    )
    .bind(&report.id[..])
    .bind(report.name.as_str())
    .bind(ago(NODE_FORGOTTEN_SECS))
    .bind(ago(NODE_SILENT_SECS))
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets a server that ends.
pub(in crate::store) async fn forget_node(
    conn: &mut AnyConnection,
    id: [u8; 12],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM nodes WHERE id = $1")
        .bind(&id[..])
        .execute(conn)
        .await?;
    Ok(())
}

/// The servers, in the order of their names.
pub(in crate::store) async fn nodes(
    conn: &mut AnyConnection,
    now: UnixTime,
) -> Result<Vec<FoundNode>, sqlx::Error> {
    sqlx::query("SELECT id, name, opens_with, seen_at FROM nodes ORDER BY name, id LIMIT $1")
        .bind(MOST)
        .fetch_all(conn)
        .await?
        .iter()
        .map(|row| {
            Ok(FoundNode {
                id: row.bytes("id")?,
                name: row.text("name")?,
                opens_with: row.blob("opens_with")?,
                silent_secs: now.as_secs().saturating_sub(row.count("seen_at")?),
            })
        })
        .collect()
}
