//! What of a table goes into a document: `amount:number=Total`.

use std::fmt::Write as _;
use std::str::FromStr;

use serde_json::Value;
use serde_json::value::RawValue;

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

/// How decimals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decimal {
    /// 1234.50
    #[default]
    Point,
    /// 1234,50 and 1.234,50
    Comma,
}

words!(Decimal {
    Point = "point",
    Comma = "comma",
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

/// A number as JSON writes it, with all its digits.
fn number(text: &str, decimal: Decimal) -> Result<String, String> {
    let wrong = || match decimal {
        Decimal::Point if text.contains(',') => {
            "must be a number such as 1234.50; if the table has decimal commas, say decimal=comma"
                .to_owned()
        }
        Decimal::Point => "must be a number such as 1234.50".to_owned(),
        Decimal::Comma => "must be a number such as 1234,50 or 1.234,50".to_owned(),
    };
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, fraction) = match decimal {
        Decimal::Point => digits
            .split_once('.')
            .map_or((digits, None), |(a, b)| (a, Some(b))),
        Decimal::Comma => digits
            .split_once(',')
            .map_or((digits, None), |(a, b)| (a, Some(b))),
    };
    let whole = match decimal {
        Decimal::Point => whole.to_owned(),
        Decimal::Comma => ungrouped(whole).ok_or_else(wrong)?,
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(&whole) || !fraction.is_none_or(is_digits) {
        return Err(wrong());
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err("begins with 0: a number does not, and what does is a string".to_owned());
    }
    Ok(match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    })
}

/// Digits without the points or spaces between groups of three.
fn ungrouped(text: &str) -> Option<String> {
    let is_separator = |char: char| matches!(char, '.' | ' ' | '\u{a0}' | '\u{202f}' | '\'');
    let mut groups = text.split(is_separator);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let fits = rest.is_empty()
        || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    fits.then(|| [&[first][..], &rest].concat().concat())
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
    fn numbers_keep_their_digits_and_what_is_none_is_said() {
        for (text, decimal, expected) in [
            ("1234.50", Decimal::Point, Some("1234.50")),
            ("-0.5", Decimal::Point, Some("-0.5")),
            ("1,234.50", Decimal::Point, None),
            ("1.234,50", Decimal::Point, None),
            ("1e5", Decimal::Point, None),
            ("+1", Decimal::Point, None),
            (".5", Decimal::Point, None),
            ("5.", Decimal::Point, None),
            ("007", Decimal::Point, None),
            ("12 EUR", Decimal::Point, None),
            ("1234,50", Decimal::Comma, Some("1234.50")),
            ("1.234.567,8", Decimal::Comma, Some("1234567.8")),
            ("1\u{a0}234,5", Decimal::Comma, Some("1234.5")),
            ("\u{2212}3,1", Decimal::Comma, Some("-3.1")),
            ("12.34", Decimal::Comma, None),
            ("1234.567,1", Decimal::Comma, None),
            ("0,5", Decimal::Comma, Some("0.5")),
        ] {
            assert_eq!(number(text, decimal).ok().as_deref(), expected, "{text}");
        }
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
