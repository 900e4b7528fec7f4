//! Nothing of a store is left behind when it is copied.

use sqlx::Row as _;

use super::*;
use crate::store::prepare::{Purpose, prepare};
use crate::store::sqlite;

/// A migration that adds a table or a column adds it here, or a copy would lose it.
#[test]
fn every_table_and_column_of_the_schema_is_copied() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = sqlite::file(&folder.path().join("qrseal.db"), true).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut there: Vec<(String, String, String, i64)> = runtime.block_on(async {
        let mut conn = prepare(&file, true, Purpose::Use).await.unwrap();
        sqlx::query(
            "SELECT t.name AS of_table, c.name AS name, c.type AS kind, c.pk AS place \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'",
        )
        .fetch_all(&mut conn)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect()
    });
    let mut copied: Vec<(String, String, String, i64)> = TABLES
        .iter()
        .flat_map(|table| {
            table
                .columns
                .iter()
                .zip(1..)
                .map(|((column, kind), place)| {
                    let kind = match kind {
                        Integer => "BIGINT",
                        Text => "TEXT",
                        Bytes => "BYTEA",
                    };
                    let key = i64::try_from(table.key).unwrap();
                    let place = if place <= key { place } else { 0 };
                    (
                        table.name.to_owned(),
                        (*column).to_owned(),
                        kind.to_owned(),
                        place,
                    )
                })
        })
        .collect();
    there.sort();
    copied.sort();
    assert_eq!(copied, there);
}
