//! Rows of any table: reading, deleting and inserting them, and their digest.
//!
//! They are read in the order of keys: of bytes and whole numbers, which every database puts into the same order. The
//! counters are named by text and few: they are read at once, and put in order here.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row as _};

use super::tables::{Kind, Table};
use crate::store::sql::marks::{Mark, RESTORING, without_mark};

/// What a row has in a column; `None` is NULL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Integer(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

pub(super) type Row = Vec<Value>;

/// The most rows of one INSERT.
const INSERTED_AT_ONCE: usize = 100;

/// The first rows behind a key, or of the table: one chunk. Counters come without a mark, and without that of who fills the store.
pub(super) async fn read(
    conn: &mut AnyConnection,
    table: &Table,
    after: Option<&[Value]>,
) -> Result<Vec<Row>, sqlx::Error> {
    let mut sql = format!("SELECT {} FROM {}", columns(table), table.name);
    sql += &behind(table, after);
    if !table.is_counters() {
        write!(sql, " ORDER BY {} LIMIT {}", key(table), table.chunk).expect("a string takes all");
    }
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in after.into_iter().flatten() {
        query = bind(query, value);
    }
    let found = query.fetch_all(conn).await?;
    let mut rows = found
        .iter()
        .map(|row| row_in(row, table))
        .collect::<Result<Vec<_>, _>>()?;
    if table.is_counters() {
        for row in &mut rows {
            if let Value::Text(Some(name)) = &mut row[0] {
                *name = without_mark(name).to_owned();
            }
        }
        rows.retain(|row| !matches!(&row[0], Value::Text(Some(name)) if name == RESTORING));
        rows.sort();
    }
    Ok(rows)
}

/// Deletes all rows behind a key, or all of the table.
pub(super) async fn delete(
    conn: &mut AnyConnection,
    table: &Table,
    after: Option<&[Value]>,
) -> Result<(), sqlx::Error> {
    let sql = format!("DELETE FROM {}{}", table.name, behind(table, after));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in after.into_iter().flatten() {
        query = bind(query, value);
    }
    query.execute(conn).await?;
    Ok(())
}

/// Inserts rows.
pub(super) async fn insert(
    conn: &mut AnyConnection,
    table: &Table,
    rows: &[Row],
) -> Result<(), sqlx::Error> {
    for rows in rows.chunks(INSERTED_AT_ONCE) {
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", table.name, columns(table));
        for row in 0..rows.len() {
            sql += if row == 0 { "" } else { ", " };
            sql += &placeholders(row * table.columns.len(), table.columns.len());
        }
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for value in rows.iter().flatten() {
            insert = bind(insert, value);
        }
        insert.execute(&mut *conn).await?;
    }
    Ok(())
}

/// The rows as they are to be written into a copy that is not finished.
pub(super) fn marked(table: &Table, rows: Vec<Row>) -> Vec<Row> {
    if !table.is_counters() {
        return rows;
    }
    let mark = |mut row: Row| {
        if let Value::Text(Some(name)) = &mut row[0] {
            *name = Mark::Copying.on(name);
        }
        row
    };
    rows.into_iter().map(mark).collect()
}

/// How many rows a table has.
pub(super) async fn count(conn: &mut AnyConnection, table: &Table) -> Result<u64, sqlx::Error> {
    let sql = format!("SELECT COUNT(*) AS rows FROM {}", table.name);
    let rows: i64 = sqlx::query(AssertSqlSafe(sql))
        .fetch_one(conn)
        .await?
        .try_get("rows")?;
    Ok(u64::try_from(rows).unwrap_or(0))
}

/// Whether a table has no row.
pub(super) async fn is_empty(conn: &mut AnyConnection, table: &Table) -> Result<bool, sqlx::Error> {
    let sql = format!("SELECT 1 FROM {} LIMIT 1", table.name);
    let any = sqlx::query(AssertSqlSafe(sql)).fetch_optional(conn).await?;
    Ok(any.is_none())
}

/// What a table held when it was read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableDigest {
    /// How many rows.
    pub rows: u64,
    /// SHA-256 of all rows in the order of their keys.
    pub sha256: [u8; 32],
}

/// How many rows went by, and the SHA-256 of them in the order of their keys: for each value a byte for its kind and whether
/// it is there, and its 8 bytes or its length and bytes, big-endian.
#[derive(Default)]
pub(super) struct RunningDigest {
    rows: u64,
    sha256: Sha256,
}

impl RunningDigest {
    pub(super) fn add(&mut self, rows: &[Row]) {
        let mut text = Vec::new();
        for value in rows.iter().flatten() {
            encode(value, &mut text);
        }
        self.sha256.update(&text);
        self.rows += u64::try_from(rows.len()).expect("a chunk is small");
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn finish(self) -> TableDigest {
        TableDigest {
            rows: self.rows,
            sha256: self.sha256.finalize().into(),
        }
    }
}

/// Rows as bytes, as their digest sees them.
pub(super) fn encoded(rows: &[Row]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in rows.iter().flatten() {
        encode(value, &mut bytes);
    }
    bytes
}

/// The rows of a table in such bytes; `None` if they are none.
pub(super) fn decoded(mut bytes: &[u8], table: &Table) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let mut row = Vec::with_capacity(table.columns.len());
        for (_, kind) in table.columns {
            let ([tag, there], rest) = bytes.split_first_chunk()?;
            bytes = rest;
            let mut value = |length: usize| {
                let (value, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                Some(value)
            };
            let expected = match kind {
                Kind::Integer => 1,
                Kind::Text => 2,
                Kind::Bytes => 3,
            };
            if *tag != expected || *there > 1 {
                return None;
            }
            let there = *there == 1;
            row.push(match kind {
                Kind::Integer if there => {
                    Value::Integer(Some(i64::from_be_bytes(value(8)?.try_into().ok()?)))
                }
                Kind::Integer => Value::Integer(None),
                Kind::Text | Kind::Bytes => {
                    let content = match there {
                        true => {
                            let length = u64::from_be_bytes(value(8)?.try_into().ok()?);
                            Some(value(usize::try_from(length).ok()?)?.to_vec())
                        }
                        false => None,
                    };
                    match kind {
                        Kind::Bytes => Value::Bytes(content),
                        _ => Value::Text(content.map(String::from_utf8).transpose().ok()?),
                    }
                }
            });
        }
        rows.push(row);
    }
    Some(rows)
}

fn encode(value: &Value, text: &mut Vec<u8>) {
    let mut bytes = |kind: u8, bytes: Option<&[u8]>| {
        text.extend([kind, u8::from(bytes.is_some())]);
        if let Some(bytes) = bytes {
            text.extend(
                u64::try_from(bytes.len())
                    .expect("a value is small")
                    .to_be_bytes(),
            );
            text.extend(bytes);
        }
    };
    match value {
        Value::Integer(Some(number)) => {
            text.extend([1, 1]);
            text.extend(number.to_be_bytes());
        }
        Value::Integer(None) => text.extend([1, 0]),
        Value::Text(words) => bytes(2, words.as_deref().map(str::as_bytes)),
        Value::Bytes(there) => bytes(3, there.as_deref()),
    }
}

fn row_in(row: &AnyRow, table: &Table) -> Result<Row, sqlx::Error> {
    let value = |(place, (_, kind)): (usize, &(&str, Kind))| {
        Ok(match kind {
            Kind::Integer => Value::Integer(row.try_get(place)?),
            Kind::Text => Value::Text(row.try_get(place)?),
            Kind::Bytes => Value::Bytes(row.try_get(place)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

type AnyQuery<'q> = Query<'q, Any, AnyArguments>;

fn bind<'q>(query: AnyQuery<'q>, value: &Value) -> AnyQuery<'q> {
    match value {
        Value::Integer(number) => query.bind(*number),
        Value::Text(words) => query.bind(words.clone()),
        Value::Bytes(bytes) => query.bind(bytes.clone()),
    }
}

fn columns(table: &Table) -> String {
    let names: Vec<_> = table.columns.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

fn key(table: &Table) -> String {
    let names: Vec<_> = table.columns[..table.key]
        .iter()
        .map(|(name, _)| *name)
        .collect();
    names.join(", ")
}

/// The condition of all behind a key.
fn behind(table: &Table, after: Option<&[Value]>) -> String {
    after.map_or_else(String::new, |after| {
        let places = placeholders(0, after.len());
        format!(" WHERE ({}) > {places}", key(table))
    })
}

/// `($1, $2)`, after so many that stand before.
fn placeholders(before: usize, number: usize) -> String {
    let places: Vec<_> = (before + 1..=before + number)
        .map(|place| format!("${place}"))
        .collect();
    format!("({})", places.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::copying::tables::TABLES;

    #[test]
    fn rows_come_back_from_their_bytes_and_nothing_else_is_taken_for_rows() {
        let table = TABLES.iter().find(|table| table.name == "audit").unwrap();
        let row = |number: i64| -> Row {
            let value = |(_, kind): &(&str, Kind)| match kind {
                Kind::Integer => Value::Integer((number != 1).then_some(number)),
                Kind::Text => Value::Text((number != 1).then(|| format!("n\u{e9} {number}"))),
                Kind::Bytes => Value::Bytes((number != 1).then(|| vec![0; 3])),
            };
            table.columns.iter().map(value).collect()
        };
        let rows = [row(i64::MIN), row(1), row(2)];
        let bytes = encoded(&rows);
        assert_eq!(decoded(&bytes, table).unwrap(), rows);
        assert_eq!(decoded(&[], table).unwrap(), [] as [Row; 0]);
        let ends: Vec<_> = (0..=3).map(|count| encoded(&rows[..count]).len()).collect();
        for at in (0..bytes.len()).filter(|at| !ends.contains(at)) {
            assert_eq!(decoded(&bytes[..at], table), None, "cut at {at}");
        }
        let counters = TABLES.iter().find(|table| table.is_counters()).unwrap();
        assert_eq!(decoded(&bytes, counters), None);
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x80;
            // It ends, whatever it says of lengths.
            let _ = decoded(&changed, table);
        }
    }
}
