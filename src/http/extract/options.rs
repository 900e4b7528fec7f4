//! Options: the same names and rules in a query, an envelope and a form.

use serde_json::{Value, json};

use crate::config::Config;
use crate::drawing::PictureFormat;
use crate::http::problem::{Problem, ProblemCode};
use crate::issuing::Packing;
use crate::payload::zstd1::Effort;
use crate::qr::{Colour, Colours, LevelChoice, Light, QuietZone, Scale, Style};
use crate::token::ExpiresIn;

/// What is asked for: tokens take options that plain codes do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A sealed document.
    Token,
    /// A plain code.
    Code,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFormat {
    /// The symbol.
    Picture(PictureFormat),
    /// What is known about the token and its symbol.
    Json,
}

/// An option's value as it was given.
#[derive(Debug, Clone, Copy)]
pub enum Given<'a> {
    /// In a query or form: text, whatever it means.
    Text(&'a str),
    /// A JSON string.
    JsonText(&'a str),
    /// A JSON number, as it was written.
    JsonNumber(&'a str),
    /// Another JSON value.
    JsonOther,
}

/// The options of a request, with the configured defaults for those that were not given.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long the token opens.
    pub expires_in: Option<ExpiresIn>,
    /// How the payload may be packed.
    pub packing: Packing,
    /// The error correction level.
    pub level: LevelChoice,
    /// What the symbol looks like.
    pub style: Style,
    /// The form of the answer, if it was asked for.
    pub format: Option<AnswerFormat>,
    topic: Topic,
    effort: Effort,
    dark: Colour,
    light: Light,
    seen: Vec<&'static str>,
    errors: Vec<Value>,
}

impl Options {
    /// The defaults.
    #[must_use]
    pub fn new(topic: Topic, config: &Config) -> Self {
        Self {
            expires_in: None,
            packing: config.payload.packing(),
            effort: config.payload.effort,
            level: config.symbol.ecl,
            style: Style {
                scale: config.symbol.scale,
                quiet_zone: config.symbol.quiet_zone,
                ..Style::default()
            },
            format: None,
            topic,
            dark: Colours::default().dark(),
            light: Colours::default().light(),
            seen: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The options of a query string; `other` takes the parameters that are no options and says whether it knew one.
    ///
    /// # Errors
    ///
    /// [`ProblemCode::Validation`] with everything that is wrong.
    pub fn from_query(
        topic: Topic,
        config: &Config,
        query: &str,
        mut other: impl FnMut(&str, &str) -> bool,
    ) -> Result<Self, Problem> {
        let mut options = Self::new(topic, config);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if !other(&name, &value) {
                options.set(
                    &name,
                    &format!("/{}", pointer_part(&name)),
                    Given::Text(&value),
                );
            }
        }
        options.finish()
    }

    /// Sets one option; what is wrong with it is kept for [`Options::finish`]. `pointer` is where it stands (RFC 6901).
    pub fn set(&mut self, name: &str, pointer: &str, given: Given<'_>) {
        if let Err(detail) = self.try_set(name, given) {
            self.refuse(pointer, &detail);
        }
    }

    /// Notes that something at `pointer` is wrong.
    pub fn refuse(&mut self, pointer: &str, detail: &str) {
        // A request of nothing but mistakes gets an answer of bounded size.
        if self.errors.len() < 32 {
            self.errors
                .push(json!({"pointer": pointer, "detail": detail}));
        }
    }

    /// The options, if nothing was wrong.
    ///
    /// # Errors
    ///
    /// [`ProblemCode::Validation`] with everything that is wrong.
    pub fn finish(mut self) -> Result<Self, Problem> {
        let Some(first) = self.errors.first() else {
            self.style.colours = Colours::new(self.dark, self.light)?;
            return Ok(self);
        };
        let detail = format!(
            "{}: {}",
            first["pointer"].as_str().unwrap_or_default(),
            first["detail"].as_str().unwrap_or_default()
        );
        Err(Problem::new(ProblemCode::Validation)
            .detail(detail)
            .member("errors", self.errors))
    }

    fn try_set(&mut self, name: &str, given: Given<'_>) -> Result<(), String> {
        let token = self.topic == Topic::Token;
        let name = match name {
            "ecl" => {
                self.level = given
                    .text()?
                    .parse()
                    .map_err(|_| "must be L, M, Q, H or auto")?;
                "ecl"
            }
            "scale" => {
                self.style.scale = Scale::try_from(given.number()?)
                    .map_err(|_| "must be a whole number from 1 to 64 (pixels a module side)")?;
                "scale"
            }
            "quiet_zone" => {
                self.style.quiet_zone = QuietZone::try_from(given.number()?)
                    .map_err(|_| "must be a whole number from 0 to 16 (modules)")?;
                "quiet_zone"
            }
            "dark" => {
                let colour: Result<Colour, _> = given.text()?.parse();
                self.dark = colour.map_err(|_| "must be a colour like #1a2b3c")?;
                "dark"
            }
            "light" => {
                let light: Result<Light, _> = given.text()?.parse();
                self.light = light.map_err(|_| "must be a colour like #ffffff, or transparent")?;
                "light"
            }
            "format" => {
                self.format = Some(parse_format(given.text()?)?);
                "format"
            }
            "expires_in" if token => {
                let seconds = given.number()?;
                self.expires_in = Some(ExpiresIn::try_from(seconds).map_err(
                    |_| "must be a whole number of seconds from 60 to 315360000 (10 years)",
                )?);
                "expires_in"
            }
            "codec" if token => {
                self.packing = match given.text()? {
                    "auto" => Packing::Smallest(self.effort),
                    "raw" => Packing::Raw,
                    _ => return Err("must be auto or raw".to_owned()),
                };
                "codec"
            }
            "max_opens" | "pin" | "profile" if token => {
                return Err("not available in this version".to_owned());
            }
            _ => return Err("unknown".to_owned()),
        };
        if self.seen.contains(&name) {
            return Err("given more than once".to_owned());
        }
        self.seen.push(name);
        Ok(())
    }
}

impl<'a> Given<'a> {
    fn text(self) -> Result<&'a str, String> {
        match self {
            Self::Text(text) | Self::JsonText(text) => Ok(text),
            Self::JsonNumber(_) | Self::JsonOther => Err("must be a string".to_owned()),
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
            Self::JsonNumber(text) => Ok(text
                .parse::<f64>()
                .ok()
                .filter(|number| number.fract() == 0.0 && *number <= 1e15)
                .and_then(|number| format!("{number:.0}").parse().ok())
                .unwrap_or(OUTSIDE)),
            Self::JsonText(_) | Self::JsonOther => Err("must be a number".to_owned()),
        }
    }
}

fn parse_format(text: &str) -> Result<AnswerFormat, String> {
    match text {
        "json" => Ok(AnswerFormat::Json),
        text => text
            .parse()
            .map(AnswerFormat::Picture)
            .map_err(|_| "must be png, svg, txt or json".to_owned()),
    }
}

/// A name as a part of a JSON pointer (RFC 6901, section 3), cut to a length that an answer may repeat.
pub fn pointer_part(name: &str) -> String {
    let short: String = name.chars().take(64).collect();
    short.replace('~', "~0").replace('/', "~1")
}
