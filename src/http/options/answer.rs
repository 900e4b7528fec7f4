//! The options that only HTTP has, a row each: of an answer, and of how a body is read.

use crate::drawing::PictureFormat;
use crate::options::Place::{Envelope, Query};
use crate::options::{HasOptions, OptionRow, OutOfRange, Range, put, row};
use crate::pictures::PictureLife;

/// What is asked of an answer.
#[derive(Debug, Clone, Default)]
pub struct AnswerOptions {
    /// Its form; `None` leaves it to `Accept`.
    pub format: Option<AnswerFormat>,
    /// Pictures that a JSON answer brings with it.
    pub include: Vec<PictureFormat>,
    /// How long a picture of the code can be asked for without a key; `None`: there is no address for one.
    pub picture_expires_in: Option<PictureLife>,
}

/// What is asked of a body that is a document.
#[derive(Debug, Clone, Default)]
pub struct BodyOptions {
    /// Whether it is the document even if it looks like an envelope.
    pub literal: bool,
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
static ANSWER: [OptionRow<AnswerOptions>; 3] = [
    row("format", &[Query, Envelope], AnswerFormat::RANGE, "png",
        "Form of the answer. A PNG or SVG picture, a page of PDF, half blocks for a terminal, or JSON. It beats `Accept`.",
        |answer, given| put(&mut answer.format, given.parsed())),
    row("include", &[Query, Envelope], INCLUDE, "png",
        "Pictures that come with a JSON answer, as data URIs in `qr`. `png`, `svg`, or both as `png,svg`. It makes the answer JSON \
         where nothing else was asked for.",
        |answer, given| {
            answer.include = include(given.text()?).ok_or_else(|| OutOfRange(INCLUDE).to_string())?;
            Ok(())
        }),
    row("picture_expires_in", &[Envelope], PictureLife::RANGE, "3600",
        "Answer the address of a picture, which anybody who has it gets for so long. For an `img` in a mail or a front end; the \
         answer has to be JSON. A number of seconds from a minute to a week, or a number with `m`, `h` or `d`.",
        |answer, given| put(&mut answer.picture_expires_in, given.time())),
];

#[rustfmt::skip]
static BODY: [OptionRow<BodyOptions>; 1] = [
    row("literal", &[Query], Range::Flag, "true",
        "Seal the body as it is, even if it looks like an envelope of `POST /api/tokens`: an object with `payload` and options.",
        |body, given| {
            body.literal = given.flag()?;
            Ok(())
        }),
];

const INCLUDE: Range = Range::Text {
    form: "png, svg or png,svg",
    pattern: "^(png|svg|png,svg|svg,png)$",
    chars: None,
};

fn include(text: &str) -> Option<Vec<PictureFormat>> {
    let format = |word| match word {
        "png" => Some(PictureFormat::Png),
        "svg" => Some(PictureFormat::Svg),
        _ => None,
    };
    match text.split_once(',') {
        None => Some(vec![format(text)?]),
        Some((first, second)) if first != second => Some(vec![format(first)?, format(second)?]),
        Some(_) => None,
    }
}

impl HasOptions for AnswerOptions {
    fn rows() -> &'static [OptionRow<Self>] {
        &ANSWER
    }

    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        match self.format {
            Some(AnswerFormat::Picture(_)) if !self.include.is_empty() => Err((
                "include",
                "is for a JSON answer: leave out format, or ask for json",
            )),
            _ => Ok(()),
        }
    }
}

impl HasOptions for BodyOptions {
    fn rows() -> &'static [OptionRow<Self>] {
        &BODY
    }
}

impl AnswerFormat {
    /// The words for them.
    pub const RANGE: Range = Range::Words(&["png", "svg", "txt", "pdf", "json"]);
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
