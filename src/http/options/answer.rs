//! The options of an answer, a row each.

use crate::drawing::PictureFormat;
use crate::options::Place::{Envelope, Query};
use crate::options::{HasOptions, OptionRow, OutOfRange, Range, put, row};

/// What is asked of an answer.
#[derive(Debug, Clone, Default)]
pub struct AnswerOptions {
    /// Its form; `None` leaves it to `Accept`.
    pub format: Option<AnswerFormat>,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFormat {
    /// The symbol.
    Picture(PictureFormat),
    /// What is known about the token and its symbol.
    Json,
}

#[rustfmt::skip]
static ROWS: [OptionRow<AnswerOptions>; 1] = [
    row("format", &[Query, Envelope], AnswerFormat::RANGE, "png",
        "Form of the answer. A PNG or SVG picture, half blocks for a terminal, or JSON. It beats `Accept`.",
        |answer, given| put(&mut answer.format, given.parsed())),
];

impl HasOptions for AnswerOptions {
    fn rows() -> &'static [OptionRow<Self>] {
        &ROWS
    }
}

impl AnswerFormat {
    /// The words for them.
    pub const RANGE: Range = Range::Words(&["png", "svg", "txt", "json"]);
}

impl std::str::FromStr for AnswerFormat {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        match text {
            "json" => Ok(Self::Json),
            text => match text.parse() {
                Ok(format) => Ok(Self::Picture(format)),
                Err(_) => Err(OutOfRange(Self::RANGE)),
            },
        }
    }
}
