//! Which arrays become a table: those of alike, flat objects, such as the line items of an invoice.

use std::borrow::Cow;

use super::json::{Member, Shape, look};
use crate::http::pages::words::Written;

/// More columns than this do not fit side by side; such rows are shown as one block each.
const MOST_COLUMNS: usize = 6;
/// A longer cell (in bytes of JSON) makes a column that is mostly empty.
const LONGEST_CELL_BYTES: usize = 240;
/// A column name longer than this would be repeated in every row for narrow screens.
const LONGEST_NAME_BYTES: usize = 60;
/// Columns that name their row, by importance. On a narrow screen they are the row's heading.
const NAMING: &[&str] = &["description", "name", "title", "product", "item", "label"];

/// An array of objects with the same few members.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub columns: Vec<Column<'a>>,
    /// One cell for each column; none where the object has no such member.
    pub rows: Vec<Vec<Option<&'a str>>>,
}

#[derive(Debug)]
pub(super) struct Column<'a> {
    pub name: Cow<'a, str>,
    /// Whether all its values are numbers, also those that are written as strings.
    pub numeric: bool,
    /// Whether it says what the row is about.
    pub naming: bool,
}

impl<'a> Table<'a> {
    /// The table that `items` make, if they are alike enough: objects, nothing nested, at most [`MOST_COLUMNS`]
    /// different members, no name twice in one, and at least half of the cells filled.
    pub(super) fn try_from_items(items: &[&'a str]) -> Option<Self> {
        let mut columns: Vec<Column<'a>> = Vec::new();
        let mut rows = Vec::with_capacity(items.len());
        let mut filled = 0;
        for item in items {
            let Shape::Object(members) = look(item) else {
                return None;
            };
            filled += members.len();
            rows.push(row(&mut columns, members)?);
        }
        if filled == 0 || filled * 2 < rows.len() * columns.len() {
            return None;
        }
        for row in &mut rows {
            row.resize(columns.len(), None);
        }
        let naming = NAMING.iter().find_map(|known| {
            columns
                .iter()
                .position(|column| column.name.eq_ignore_ascii_case(known))
        });
        if let Some(column) = naming.and_then(|index| columns.get_mut(index)) {
            column.naming = true;
        }
        Some(Self { columns, rows })
    }
}

fn row<'a>(
    columns: &mut Vec<Column<'a>>,
    members: Vec<Member<'a>>,
) -> Option<Vec<Option<&'a str>>> {
    let mut row = vec![None; columns.len()];
    for Member { name, value } in members {
        if value.len() > LONGEST_CELL_BYTES || name.len() > LONGEST_NAME_BYTES {
            return None;
        }
        let shape = look(value);
        if !shape.is_plain() {
            return None;
        }
        let numeric = is_numeric(&shape);
        if let Some(index) = columns.iter().position(|column| column.name == name) {
            if row.get(index).is_some_and(Option::is_some) {
                return None;
            }
            if let Some(column) = columns.get_mut(index) {
                column.numeric &= numeric;
            }
            row.resize(row.len().max(index + 1), None);
            if let Some(cell) = row.get_mut(index) {
                *cell = Some(value);
            }
        } else {
            if columns.len() == MOST_COLUMNS {
                return None;
            }
            columns.push(Column {
                name,
                numeric,
                naming: false,
            });
            row.resize(columns.len() - 1, None);
            row.push(Some(value));
        }
    }
    Some(row)
}

/// Whether the value is a number, or a string that is only the digits and signs of one, such as `"1.00"` or `"12,5 %"`.
pub(super) fn is_numeric(shape: &Shape<'_>) -> bool {
    match shape {
        Shape::Number(_) => true,
        Shape::Text(text) => {
            Written::parse(text).is_none()
                && text.bytes().any(|byte| byte.is_ascii_digit())
                && text.len() <= 24
                && text.bytes().all(|byte| {
                    byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b' ' | b'+' | b'-' | b'%')
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(json: &str) -> Option<Table<'_>> {
        let Shape::Array(items) = look(json) else {
            unreachable!("an array")
        };
        Table::try_from_items(&items)
    }

    #[test]
    fn alike_flat_objects_make_a_table() {
        let table =
            table(r#"[{"description":"Tea","price":"2.50","qty":1},{"qty":2,"description":"7"}]"#)
                .expect("alike");
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| (&*column.name, column.numeric, column.naming))
            .collect();
        assert_eq!(
            columns,
            [
                ("description", false, true),
                ("price", true, false),
                ("qty", true, false)
            ]
        );
        assert_eq!(
            table.rows[0],
            [Some("\"Tea\""), Some("\"2.50\""), Some("1")]
        );
        assert_eq!(table.rows[1], [Some("\"7\""), None, Some("2")]);
    }

    #[test]
    fn unlike_nested_wide_or_repeated_members_do_not() {
        let long = format!(r#"[{{"a":"{}"}}]"#, "x".repeat(300));
        for json in [
            "[1,2]",
            "[{}]",
            r#"[{"a":1},2]"#,
            r#"[{"a":{"b":1}}]"#,
            r#"[{"a":1,"a":2}]"#,
            r#"[{"a":1},{"b":1},{"c":1}]"#,
            r#"[{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}]"#,
            &long,
        ] {
            assert!(table(json).is_none(), "{json}");
        }
    }
}
