//! What of a table goes into a document: `amount:number=Total`.

use std::fmt::Write as _;
use std::str::FromStr;

use serde_json::Value;
use serde_json::value::RawValue;

use super::number::{Decimal, number};
use crate::options::words;
use crate::pointer;

/// A field of the document, and the column that fills it: `id=Invoice No`, `amount:number=Total`, `/customer/name=Name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMap {
    /// The names of the members that lead to it.
    path: Vec<String>,
    kind: FieldKind,
    /// Whether an empty cell leaves it out.
    optional: bool,
    column: String,
}

impl FieldMap {
    /// The field that a column of the same name fills, unless its cell is empty.
    pub(super) fn same(name: &str) -> Self {
        Self {
            path: vec![name.to_owned()],
            kind: FieldKind::String,
            optional: true,
            column: name.to_owned(),
        }
    }
}

/// What a cell is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldKind {
    String,
    Number,
    Integer,
    Boolean,
    Json,
}

words!(FieldKind {
    String = "string",
    Number = "number",
    Integer = "integer",
    Boolean = "boolean",
    Json = "json",
});

/// The longest path to a field.
const MAX_DEPTH: usize = 8;

impl FromStr for FieldMap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (field, column) = text
            .split_once('=')
            .filter(|(field, column)| !field.is_empty() && !column.trim().is_empty())
            .ok_or("must be FIELD=COLUMN or FIELD:TYPE=COLUMN, such as amount:number=Total")?;
        let (name, kind) = field.rsplit_once(':').unwrap_or((field, "string"));
        let (kind, optional) = match kind.strip_suffix('?') {
            Some(kind) => (kind, true),
            None => (kind, false),
        };
        let kind = kind.parse().map_err(|_| {
            format!(
                "the type of a field must be {}, with a ? behind it where an empty cell leaves the field out",
                FieldKind::RANGE
            )
        })?;
        let path: Vec<String> = match name.starts_with('/') {
            false => vec![name.to_owned()],
            true => pointer::names(name).collect(),
        };
        if path.len() > MAX_DEPTH || path.iter().any(String::is_empty) {
            return Err(format!(
                "the field must be a name, or such as /customer/name with at most {MAX_DEPTH} names"
            ));
        }
        Ok(Self {
            path,
            kind,
            optional,
            column: column.trim().to_owned(),
        })
    }
}

/// Why a table does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// It is not there.
    #[error("there is no column {column:?}; there are {}", among(.columns))]
    NoColumn {
        /// What was asked for.
        column: String,
        /// What there is.
        columns: Vec<String>,
    },
    /// Two columns have the name.
    #[error("two columns are named {0:?}: which of them fills the field is not known")]
    TwoColumns(String),
    /// Two columns for one field.
    #[error("the field {0:?} is filled twice")]
    TwoForOne(String),
    /// Of a column without a name nobody knows what to do.
    #[error("column {0} has no name, and every column becomes a field: say which do, with map")]
    Nameless(usize),
}

/// The names of columns, a few of them.
fn among(columns: &[String]) -> String {
    const MOST: usize = 20;
    let mut text = columns
        .iter()
        .take(MOST)
        .map(|name| format!("{name:?}"))
        .collect::<Vec<_>>()
        .join(", ");
    if columns.len() > MOST {
        let _always = write!(text, " and {} more", columns.len() - MOST);
    }
    text
}

/// Where a column stands.
///
/// # Errors
/// [`MappingError`]
pub fn column(columns: &[String], wanted: &str) -> Result<usize, MappingError> {
    let mut found = (0..columns.len()).filter(|&at| columns[at] == wanted);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => Err(MappingError::TwoColumns(wanted.to_owned())),
        (None, _) => Err(MappingError::NoColumn {
            column: wanted.to_owned(),
            columns: columns.to_vec(),
        }),
    }
}

/// The fields of a document, with the columns of a table.
#[derive(Debug)]
pub struct Mapping {
    root: Vec<(String, Node)>,
    /// Fields that are not inside others, by their name.
    fields: Vec<(String, usize)>,
    decimal: Decimal,
}

#[derive(Debug)]
enum Node {
    Cell {
        at: usize,
        kind: FieldKind,
        optional: bool,
    },
    Object(Vec<(String, Self)>),
}

impl Mapping {
    /// The fields that `maps` ask for; every column as a string if they ask for none.
    ///
    /// # Errors
    /// [`MappingError`]
    pub fn new(
        maps: &[FieldMap],
        columns: &[String],
        decimal: Decimal,
    ) -> Result<Self, MappingError> {
        let mut mapping = Self {
            root: Vec::new(),
            fields: Vec::new(),
            decimal,
        };
        if maps.is_empty() {
            for (at, name) in columns.iter().enumerate() {
                if name.is_empty() {
                    return Err(MappingError::Nameless(at + 1));
                }
                column(columns, name)?;
                mapping.add(std::slice::from_ref(name), at, FieldKind::String, false)?;
            }
        }
        for map in maps {
            let at = column(columns, &map.column)?;
            mapping.add(&map.path, at, map.kind, map.optional)?;
        }
        Ok(mapping)
    }

    fn add(
        &mut self,
        path: &[String],
        at: usize,
        kind: FieldKind,
        optional: bool,
    ) -> Result<(), MappingError> {
        let twice = || MappingError::TwoForOne(path.join("/"));
        let (last, parents) = path.split_last().ok_or_else(twice)?;
        let mut members = &mut self.root;
        for parent in parents {
            let found = members.iter().position(|(name, _)| name == parent);
            let found = found.unwrap_or_else(|| {
                members.push((parent.clone(), Node::Object(Vec::new())));
                members.len() - 1
            });
            members = match &mut members[found].1 {
                Node::Object(members) => members,
                Node::Cell { .. } => return Err(twice()),
            };
        }
        if members.iter().any(|(name, _)| name == last) {
            return Err(twice());
        }
        members.push((last.clone(), Node::Cell { at, kind, optional }));
        if parents.is_empty() {
            self.fields.push((last.clone(), at));
        }
        Ok(())
    }

    /// The column of a field that is not inside another.
    #[must_use]
    pub fn column_of(&self, field: &str) -> Option<usize> {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map(|(_, at)| *at)
    }

    /// The document of a row, as JSON.
    ///
    /// # Errors
    /// The field, and what is wrong with its cell.
    pub fn document(&self, cells: &csv::StringRecord) -> Result<String, (String, String)> {
        let mut json = String::new();
        self.write(&self.root, cells, &mut json)?;
        Ok(json)
    }

    /// Whether anything was written.
    fn write(
        &self,
        members: &[(String, Node)],
        cells: &csv::StringRecord,
        json: &mut String,
    ) -> Result<bool, (String, String)> {
        json.push('{');
        let mut any = false;
        for (name, node) in members {
            let before = json.len();
            if any {
                json.push(',');
            }
            let _always = write!(json, "{}:", Value::from(name.as_str()));
            let written = match node {
                Node::Object(members) => self.write(members, cells, json)?,
                Node::Cell { at, kind, optional } => {
                    let cell = cells.get(*at).unwrap_or_default();
                    match cell.trim().is_empty() && *optional {
                        true => false,
                        false => {
                            let value = kind.read(cell, self.decimal);
                            json.push_str(&value.map_err(|why| (name.clone(), why))?);
                            true
                        }
                    }
                }
            };
            match written {
                true => any = true,
                false => json.truncate(before),
            }
        }
        json.push('}');
        Ok(any)
    }
}

impl FieldKind {
    /// A cell as JSON.
    fn read(self, cell: &str, decimal: Decimal) -> Result<String, String> {
        let trimmed = cell.trim_matches(|char: char| char.is_whitespace());
        if self != Self::String && trimmed.is_empty() {
            return Err(format!(
                "is empty, and must be {}; {}? leaves the field out then",
                self.words(),
                self.as_str()
            ));
        }
        match self {
            Self::String => Ok(Value::from(cell).to_string()),
            Self::Number => number(trimmed, decimal),
            Self::Integer => match number(trimmed, decimal)? {
                number if number.contains('.') => Err("must be a whole number".to_owned()),
                number => Ok(number),
            },
            Self::Boolean => match trimmed.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Ok("true".to_owned()),
                "false" | "no" | "0" => Ok("false".to_owned()),
                _ => Err("must be true, false, yes, no, 1 or 0".to_owned()),
            },
            Self::Json => serde_json::from_str::<&RawValue>(trimmed)
                .map(|value| value.get().to_owned())
                .map_err(|_| "must be JSON".to_owned()),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::String => "a text",
            Self::Number => "a number",
            Self::Integer => "a whole number",
            Self::Boolean => "yes or no",
            Self::Json => "JSON",
        }
    }
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;

    fn document(
        maps: &[&str],
        columns: &[&str],
        cells: &[&str],
        decimal: Decimal,
    ) -> Result<String, String> {
        let maps: Vec<FieldMap> = maps.iter().map(|map| map.parse().unwrap()).collect();
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        let mapping = Mapping::new(&maps, &columns, decimal).map_err(|error| error.to_string())?;
        let cells = csv::StringRecord::from(cells.to_vec());
        mapping
            .document(&cells)
            .map_err(|(field, why)| format!("{field}: {why}"))
    }

    #[test]
    fn columns_become_fields_of_their_types() {
        let maps = [
            "id=No",
            "amount:number=Total",
            "/to/name=Name",
            "/to/vip:boolean=VIP",
            "n:integer?=N",
            "more:json=J",
        ];
        let columns = ["No", "Total", "Name", "VIP", "N", "J"];
        assert_eq!(
            document(&maps, &columns, &["007", "1.234,50", "Ana \"A\"", "yes", "", "[1.10]"], Decimal::Comma),
            Ok(r#"{"id":"007","amount":1234.50,"to":{"name":"Ana \"A\"","vip":true},"more":[1.10]}"#.to_owned())
        );
        assert_eq!(
            document(&[], &["a", "b"], &["1", ""], Decimal::Point),
            Ok(r#"{"a":"1","b":""}"#.to_owned())
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (maps, columns, told) in [
            (&["id=No"][..], &["Nr", "Total"][..], "\"Nr\", \"Total\""),
            (&["id=No"], &["No", "No"], "two columns"),
            (&["id=A", "id=B"], &["A", "B"], "filled twice"),
            (&["id=A", "/id/x=B"], &["A", "B"], "filled twice"),
            (&["/id/x=B", "id=A"], &["A", "B"], "filled twice"),
            (&[], &["A", ""], "column 2 has no name"),
        ] {
            let error = document(maps, columns, &["1", "2"], Decimal::Point).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
        for wrong in ["id", "=No", "id=", "a:money=No", "/=No", "//x=No"] {
            assert!(wrong.parse::<FieldMap>().is_err(), "{wrong}");
        }
    }
}
