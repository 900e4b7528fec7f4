//! A style as a section of a file: its keys are options of a symbol's looks.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::StyleRequest;
use crate::options::{Given, HasOptions as _, Place, Range};

/// Styles by their names.
pub type Styles = BTreeMap<String, StyleRequest>;

impl StyleRequest {
    /// The style of a section, its logo decoded. `read` gives the file of a logo.
    ///
    /// # Errors
    /// Which key is wrong, and why.
    pub fn of_section(
        section: &Table,
        read: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, String> {
        let mut style = Self::default();
        for (key, value) in section {
            let row = Self::row(key).filter(|row| row.facts.stands_in(Place::Config));
            let row = row.ok_or_else(|| format!("unknown key `{key}`"))?;
            let (number, file);
            let given = match value {
                Value::String(path) if row.facts.range == Range::Picture => {
                    file = read(path).map_err(|why| format!("{key}: {path}: {why}"))?;
                    Given::File(&file)
                }
                Value::String(text) => Given::String(text),
                Value::Integer(_) | Value::Float(_) => {
                    number = value.to_string();
                    Given::Number(&number)
                }
                Value::Boolean(flag) => Given::Bool(*flag),
                _ => Given::Other,
            };
            (row.set)(&mut style, given).map_err(|why| format!("{key}: {why}"))?;
        }
        style
            .with_decoded_logo()
            .map_err(|why| format!("logo: {why}"))
    }
}
