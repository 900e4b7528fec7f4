//! A value as it was given, and what can be read from it.

use std::fmt::Display;
use std::str::FromStr;

/// An option's value as it was given.
#[derive(Debug, Clone, Copy)]
pub enum Given<'a> {
    /// Text, whatever it means: in a query, a form, on the command line.
    Text(&'a str),
    /// A string, where strings and numbers are told apart: JSON, TOML.
    String(&'a str),
    /// A number, as it was written.
    Number(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// The bytes of a file.
    File(&'a [u8]),
    /// Another value.
    Other,
}

/// Fills the place of an option.
///
/// # Errors
///
/// What is wrong with the value.
pub fn put<T>(place: &mut Option<T>, value: Result<T, String>) -> Result<(), String> {
    *place = Some(value?);
    Ok(())
}

impl<'a> Given<'a> {
    /// The text.
    ///
    /// # Errors
    ///
    /// It is no string.
    pub fn text(self) -> Result<&'a str, String> {
        match self {
            Self::Text(text) | Self::String(text) => Ok(text),
            _ => Err("must be a string".to_owned()),
        }
    }

    /// The text as its type reads it.
    ///
    /// # Errors
    ///
    /// It is no string, or what the type says.
    pub fn parsed<T: FromStr<Err: Display>>(self) -> Result<T, String> {
        self.text()?
            .parse()
            .map_err(|error: T::Err| error.to_string())
    }

    /// Yes or no; in text also `1` and `0`.
    ///
    /// # Errors
    ///
    /// It is something else.
    pub fn flag(self) -> Result<bool, String> {
        match self {
            Self::Bool(flag) => Ok(flag),
            Self::Text("true" | "1") => Ok(true),
            Self::Text("false" | "0") => Ok(false),
            _ => Err("must be true or false".to_owned()),
        }
    }

    /// The whole number as its type reads it.
    ///
    /// # Errors
    ///
    /// It is no number, or what the type says.
    pub fn whole<T: TryFrom<u64, Error: Display>>(self) -> Result<T, String> {
        T::try_from(self.number()?).map_err(|error| error.to_string())
    }

    /// A time: text as its type reads it, or a number of seconds.
    ///
    /// # Errors
    ///
    /// What the type says.
    pub fn time<T>(self) -> Result<T, String>
    where
        T: FromStr<Err: Display> + TryFrom<u64, Error: Display>,
    {
        match self {
            Self::Number(_) => self.whole(),
            Self::Text(_) => self.parsed(),
            // Where there are numbers, digits alone are a slip.
            Self::String(text) if text.ends_with(|last: char| last.is_ascii_alphabetic()) => {
                self.parsed()
            }
            _ => Err("must be a number of seconds, or a string such as 30d".to_owned()),
        }
    }

    /// A whole number; anything else becomes one that is outside every range.
    fn number(self) -> Result<u64, String> {
        const OUTSIDE: u64 = u64::MAX;
        match self {
            // `parse` would take a plus sign, too.
            Self::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(text.parse().unwrap_or(OUTSIDE))
            }
            Self::Text(_) => Ok(OUTSIDE),
            // In JSON 60, 60.0 and 6e1 are the same number.
            Self::Number(text) => Ok(text
                .parse::<f64>()
                .ok()
                .filter(|number| number.fract() == 0.0 && *number <= 1e15)
                .and_then(|number| format!("{number:.0}").parse().ok())
                .unwrap_or(OUTSIDE)),
            _ => Err("must be a number".to_owned()),
        }
    }

    /// A number; what is none becomes one that is outside every range.
    ///
    /// # Errors
    ///
    /// It is a value of another kind.
    pub fn decimal(self) -> Result<f64, String> {
        let text = match self {
            Self::Text(text) => text,
            Self::Number(text) => return Ok(text.parse().unwrap_or(f64::NAN)),
            _ => return Err("must be a number".to_owned()),
        };
        // `parse` would take signs, exponents and words, too.
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        Ok(if plain && text.len() <= 16 {
            text.parse().unwrap_or(f64::NAN)
        } else {
            f64::NAN
        })
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// It is no file.
    pub fn file(self) -> Result<Vec<u8>, String> {
        match self {
            Self::File(bytes) => Ok(bytes.to_vec()),
            _ => Err("must be a file".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_in_text_and_json_and_nothing_else_is_one() {
        for given in [
            Given::Text("60"),
            Given::Number("60.0"),
            Given::Number("6e1"),
        ] {
            assert_eq!(given.whole::<u64>(), Ok(60), "{given:?}");
        }
        for given in [
            Given::Text("+60"),
            Given::Text("6e1"),
            Given::Number("60.5"),
            Given::Number("-60"),
        ] {
            assert_eq!(given.whole::<u64>(), Ok(u64::MAX), "{given:?}");
        }
        assert!(Given::String("60").whole::<u64>().is_err());
        assert_eq!(Given::Text("0.5").decimal(), Ok(0.5));
        assert!(Given::Text("1e3").decimal().is_ok_and(f64::is_nan));
        assert!(Given::Bool(true).decimal().is_err());
    }

    #[test]
    fn flags_are_flags() {
        assert_eq!(Given::Bool(false).flag(), Ok(false));
        assert_eq!(Given::Text("1").flag(), Ok(true));
        assert!(Given::Text("yes").flag().is_err());
        assert!(Given::String("true").flag().is_err());
    }
}
