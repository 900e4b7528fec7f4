//! What values there may be, told once for messages, help and the API description.

use std::fmt;

/// The values of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// A whole number of `unit`.
    Whole {
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
        /// What is counted; empty if the option's name says it.
        unit: &'static str,
    },
    /// A number of `unit`.
    Decimal {
        /// The smallest.
        least: f64,
        /// The largest.
        most: f64,
        /// What is measured.
        unit: &'static str,
    },
    /// A time: a whole number of seconds, or text such as `30d`.
    Time {
        /// The fewest seconds.
        least: u64,
        /// The most seconds.
        most: u64,
    },
    /// One of these words.
    Words(&'static [&'static str]),
    /// A text.
    Text {
        /// What it looks like, in words.
        form: &'static str,
        /// The same as a regular expression that JSON Schema takes; empty for any text.
        pattern: &'static str,
        /// The fewest and the most characters, where the pattern does not say it.
        chars: Option<(usize, usize)>,
    },
    /// Yes or no.
    Flag,
    /// The file of a picture.
    Picture,
}

/// A value that is not among those that there may be.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("must be {0}")]
pub struct OutOfRange(pub Range);

impl Range {
    /// The number, if it is one of a [`Range::Whole`] or the seconds of a [`Range::Time`].
    ///
    /// # Errors
    ///
    /// [`OutOfRange`]
    pub fn whole<T: TryFrom<u64>>(self, number: u64) -> Result<T, OutOfRange> {
        let fits = match self {
            Self::Whole { least, most, .. } | Self::Time { least, most } => {
                (least..=most).contains(&number)
            }
            _ => false,
        };
        let number = fits.then(|| T::try_from(number).ok()).flatten();
        number.ok_or(OutOfRange(self))
    }

    /// The number, if it is one of a [`Range::Decimal`].
    ///
    /// # Errors
    ///
    /// [`OutOfRange`]
    pub fn decimal(self, number: f64) -> Result<f64, OutOfRange> {
        match self {
            Self::Decimal { least, most, .. } if (least..=most).contains(&number) => Ok(number),
            _ => Err(OutOfRange(self)),
        }
    }

    /// The values as one would put them between brackets; empty where there is nothing to say.
    #[must_use]
    pub fn brief(self) -> String {
        match self {
            Self::Whole { least, most, .. } => format!("{least} to {most}"),
            Self::Decimal { least, most, .. } => format!("{least} to {most}"),
            Self::Flag | Self::Picture => String::new(),
            other => other.to_string(),
        }
    }
}

/// What a value must be: "a whole number from 1 to 64 (pixels a module side)".
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |f: &mut fmt::Formatter<'_>, unit: &str| match unit {
            "" => Ok(()),
            unit => write!(f, " ({unit})"),
        };
        match *self {
            Self::Whole {
                least,
                most,
                unit: of,
            } => {
                write!(f, "a whole number from {least} to {most}")?;
                unit(f, of)
            }
            Self::Decimal {
                least,
                most,
                unit: of,
            } => {
                write!(f, "a number from {least} to {most}")?;
                unit(f, of)
            }
            Self::Time { least, most } => write!(
                f,
                "a time from {} to {}: seconds, or such as 2h, 30d, 2w or 1y",
                time(least),
                time(most)
            ),
            Self::Words(words) => match words {
                [] => Ok(()),
                [only] => f.write_str(only),
                [first @ .., last] => write!(f, "{} or {last}", first.join(", ")),
            },
            Self::Text { form, .. } => f.write_str(form),
            Self::Flag => f.write_str("true or false"),
            Self::Picture => f.write_str("a PNG or JPEG picture"),
        }
    }
}

/// A number of seconds in the largest unit that divides it.
fn time(seconds: u64) -> String {
    const UNITS: [(u64, &str); 5] = [
        (31_536_000, "year"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let unit = UNITS
        .into_iter()
        .find(|(unit, _)| seconds.is_multiple_of(*unit));
    let (unit, name) = unit.unwrap_or((1, "second"));
    match seconds / unit {
        1 => format!("1 {name}"),
        number => format!("{number} {name}s"),
    }
}

/// Gives an enum its words: `ALL`, `RANGE`, `as_str`, and how it is read and written.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// All of them.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];
            /// Their words.
            pub const RANGE: $crate::options::Range = $crate::options::Range::Words(&[$($word),+]);

            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = $crate::options::OutOfRange;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut all = Self::ALL.into_iter();
                all.find(|one| one.as_str() == text)
                    .ok_or($crate::options::OutOfRange(Self::RANGE))
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_says_what_a_value_must_be() {
        for (range, told) in [
            (
                Range::Whole {
                    least: 1,
                    most: 64,
                    unit: "pixels",
                },
                "a whole number from 1 to 64 (pixels)",
            ),
            (
                Range::Decimal {
                    least: 0.1,
                    most: 50.0,
                    unit: "millimetres",
                },
                "a number from 0.1 to 50 (millimetres)",
            ),
            (
                Range::Words(&["square", "rounded", "dots"]),
                "square, rounded or dots",
            ),
            (Range::Words(&["one"]), "one"),
            (
                Range::Time {
                    least: 60,
                    most: 315_360_000,
                },
                "a time from 1 minute to 10 years: seconds, or such as 2h, 30d, 2w or 1y",
            ),
            (Range::Flag, "true or false"),
        ] {
            assert_eq!(OutOfRange(range).to_string(), format!("must be {told}"));
        }
    }

    #[test]
    fn only_numbers_in_the_range_are_taken() {
        let range = Range::Whole {
            least: 5,
            most: 300,
            unit: "",
        };
        assert_eq!(range.whole::<u16>(5), Ok(5));
        assert_eq!(range.whole::<u16>(300), Ok(300));
        assert_eq!(range.whole::<u8>(300), Err(OutOfRange(range)));
        for outside in [0, 4, 301, u64::MAX] {
            assert_eq!(range.whole::<u16>(outside), Err(OutOfRange(range)));
        }
        assert!(Range::Flag.whole::<u8>(1).is_err());
        let range = Range::Decimal {
            least: 0.1,
            most: 50.0,
            unit: "",
        };
        assert_eq!(range.decimal(50.0), Ok(50.0));
        for outside in [0.09, 50.1, f64::NAN, f64::INFINITY] {
            assert!(range.decimal(outside).is_err(), "{outside}");
        }
    }
}
