//! Texts with places that each row fills in: `{{Invoice No}}.png`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The longest text of a template.
const MAX_CHARS: usize = 256;
/// The most bytes that it may become: nothing longer is named, noted or printed, and a cell may have a mebibyte.
const MAX_FILLED_BYTES: usize = 4_096;

/// A text with places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(String),
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It has no end.
    #[error("{{{{ is never closed by }}}}")]
    Open,
    /// It names nothing.
    #[error("between {{{{ and }}}} stands the name of a column")]
    Nameless,
    /// Too long.
    #[error("must be a text of 1 to {MAX_CHARS} characters")]
    Length,
}

/// Why a row does not fill a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError<'a> {
    /// The row does not have what is named.
    #[error("{{{{{0}}}}} is not in the row")]
    Missing(&'a str),
    /// It would become too long.
    #[error("has more than {MAX_FILLED_BYTES} bytes with what stands in the row")]
    TooLong,
}

impl Template {
    /// Whether a text has places.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.contains("{{")
    }

    /// The names in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Place(name) => Some(name.as_str()),
        })
    }

    /// The text outside of places.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Place(_) => None,
        })
    }

    /// The text, with what `value` has for each name.
    ///
    /// # Errors
    /// [`FillError`]
    pub fn fill(
        &self,
        mut value: impl FnMut(&str) -> Option<String>,
    ) -> Result<String, FillError<'_>> {
        let mut filled = String::new();
        for piece in &self.0 {
            let text = match piece {
                Piece::Text(text) => Cow::Borrowed(text),
                Piece::Place(name) => Cow::Owned(value(name).ok_or(FillError::Missing(name))?),
            };
            if filled.len() + text.len() > MAX_FILLED_BYTES {
                return Err(FillError::TooLong);
            }
            filled.push_str(&text);
        }
        Ok(filled)
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        if !(1..=MAX_CHARS).contains(&text.chars().count()) {
            return Err(TemplateError::Length);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, behind) = after.split_once("}}").ok_or(TemplateError::Open)?;
            let name = name.trim();
            if name.is_empty() {
                return Err(TemplateError::Nameless);
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Place(name.to_owned()));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Place(name) => write!(f, "{{{{{name}}}}}"),
        })
    }
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_what_is_no_template_is_said() {
        let template: Template = "{{id}} of {{ Invoice No }}!".parse().unwrap();
        assert_eq!(template.names().collect::<Vec<_>>(), ["id", "Invoice No"]);
        let value = |name: &str| (name != "x").then(|| format!("<{name}>"));
        assert_eq!(template.fill(value).unwrap(), "<id> of <Invoice No>!");
        assert_eq!(template.to_string(), "{{id}} of {{Invoice No}}!");
        assert_eq!(
            "{{x}}".parse::<Template>().unwrap().fill(value),
            Err(FillError::Missing("x"))
        );
        assert_eq!(
            "}} {".parse::<Template>().unwrap().fill(value).unwrap(),
            "}} {"
        );
        assert_eq!("a{{b".parse::<Template>(), Err(TemplateError::Open));
        assert_eq!("{{ }}".parse::<Template>(), Err(TemplateError::Nameless));
        assert_eq!("".parse::<Template>(), Err(TemplateError::Length));
    }

    #[test]
    fn what_a_template_becomes_has_an_end() {
        let template: Template = "{{a}}{{b}}".parse().unwrap();
        let filled = |a: usize, b: usize| {
            let value = |name: &str| Some("x".repeat(if name == "a" { a } else { b }));
            template.fill(value).map(|text| text.len())
        };
        assert_eq!(filled(4_000, 96), Ok(4_096));
        assert_eq!(filled(4_000, 97), Err(FillError::TooLong));
    }
}
