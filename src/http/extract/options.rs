//! Options: the same names and rules in a query, an envelope and a form.

use serde_json::{Value, json};

use super::body::too_large;
use super::looks::GivenLooks;
use crate::config::Config;
use crate::drawing::{PictureFormat, ResolvedStyle, StyleError};
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::issuing::{Effort, MaxOpens, Packing, Storage, WantedPin};
use crate::payload;
use crate::qr::{Level, LevelChoice, StyledError};
use crate::token::{ExpiresIn, Pin};

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
    /// `true` or `false`.
    JsonBool(bool),
    /// Another JSON value.
    JsonOther,
}

/// The options of a request, with the configured defaults for those that were not given.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long the token opens.
    pub expires_in: Option<ExpiresIn>,
    /// How often the token opens.
    pub max_opens: Option<MaxOpens>,
    /// The PIN that the token is to have, if any.
    pub pin: Option<WantedPin>,
    /// Whether a PIN that is drawn is to stand below the symbol.
    pub print_pin: bool,
    /// How the payload may be packed.
    pub packing: Packing,
    /// Where the document is to be.
    pub storage: Storage,
    /// What the symbol looks like, and its error correction level.
    pub look: ResolvedStyle,
    /// The form of the answer, if it was asked for.
    pub format: Option<AnswerFormat>,
    topic: Topic,
    effort: Effort,
    looks: GivenLooks,
    /// The name of a style, and where it stands.
    style: Option<(String, String)>,
    level: LevelChoice,
    only_level: Option<Level>,
    seen: Vec<&'static str>,
    errors: Vec<Value>,
}

impl Options {
    /// The defaults.
    #[must_use]
    pub fn new(topic: Topic, config: &Config) -> Self {
        Self {
            expires_in: None,
            max_opens: None,
            pin: None,
            print_pin: false,
            packing: config.payload.packing(),
            storage: Storage::default(),
            effort: config.payload.effort,
            look: ResolvedStyle::default(),
            format: None,
            topic,
            looks: GivenLooks::new(config.limits.max_logo_bytes),
            style: None,
            level: match topic {
                Topic::Token => config.symbol.ecl,
                Topic::Code => LevelChoice::Auto,
            },
            only_level: None,
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
        options.finish(config)
    }

    /// Sets one option; what is wrong with it is kept for [`Options::finish`]. `pointer` is where it stands (RFC 6901).
    pub fn set(&mut self, name: &str, pointer: &str, given: Given<'_>) {
        if let Err(detail) = self.try_set(name, pointer, given) {
            self.refuse(pointer, &detail);
        }
    }

    /// The logo, where it came as a file and not as text.
    pub fn set_logo(&mut self, file: Vec<u8>) {
        if let Err(detail) = self.looks.set_logo(file) {
            self.refuse("logo", &detail);
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
    /// [`ProblemCode::Validation`] with everything that is wrong, [`ProblemCode::StyleUnscannable`] for colours.
    pub fn finish(mut self, config: &Config) -> Result<Self, Problem> {
        let mut named = None;
        if let Some((name, pointer)) = self.style.take() {
            named = config.styles.get(&name);
            if named.is_none() {
                self.refuse(&pointer, "no style of this name is configured");
            }
        }
        if let Some(only) = self.only_level {
            // What the request itself asks for is refused; what a named style or the configuration says gives way.
            match self.looks.looks.clone().at(only) {
                Ok(looks) => self.looks.looks = looks,
                Err(wrong) => {
                    let pointer = format!("{}/ecl", self.looks.place);
                    self.refuse(&pointer, &wrong.to_string());
                }
            }
        }
        if self.errors.is_empty() {
            self.compare();
        }
        let Some(first) = self.errors.first() else {
            let mut looks = std::mem::take(&mut self.looks.looks);
            if let Some(named) = named {
                looks = looks.or(named);
            }
            self.look = looks.or(&config.symbol.looks()).look(self.level)?;
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

    /// The only level that the symbol's content allows, if it allows one.
    pub(super) fn only_level(&mut self, level: Option<Level>) {
        self.only_level = level;
    }

    /// Options of looks stand in a member `style` of their own.
    pub(super) fn style_is_apart(&mut self) {
        self.looks.place = "/style";
    }

    /// Why the symbol could not be drawn in this look, with the option that is the reason.
    #[must_use]
    pub fn refusal(&self, error: StyleError) -> Problem {
        let at = |name| format!("{}/{name}", self.looks.place);
        match error {
            StyleError::Logo(error) => invalid(&at("logo"), &error.to_string()),
            StyleError::Width(error) => invalid(&at("width_mm"), &error.to_string()),
            StyleError::Styled(StyledError::PictureTooLarge(error)) => {
                invalid(&at("scale"), &error.to_string())
            }
            StyleError::Styled(StyledError::Capacity(error)) => error.into(),
            StyleError::Styled(StyledError::Unscannable(error)) => error.into(),
        }
    }

    /// How many bytes the document may have without its white space: more where it need not fit into a symbol.
    #[must_use]
    pub fn max_document_bytes(&self) -> usize {
        match self.storage {
            Storage::Inline => payload::MAX_BYTES,
            Storage::Stored | Storage::Auto => payload::MAX_STORED_BYTES,
        }
    }

    /// The options of an envelope of so many bytes, if it is not too large without its logo.
    pub(super) fn finish_envelope(self, bytes: usize, config: &Config) -> Result<Self, Problem> {
        let most = match self.storage {
            Storage::Inline => config.limits.max_body_bytes,
            Storage::Stored | Storage::Auto => config.limits.largest_body_bytes(),
        };
        if bytes.saturating_sub(self.looks.logo_chars) > most {
            return Err(too_large(most));
        }
        self.finish(config)
    }

    fn try_set(&mut self, name: &str, pointer: &str, given: Given<'_>) -> Result<(), String> {
        let token = self.topic == Topic::Token;
        let name = match name {
            "format" => {
                self.format = Some(parse_format(given.text()?)?);
                "format"
            }
            "style" => {
                self.style = Some((given.text()?.to_owned(), pointer.to_owned()));
                "style"
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
                    "auto" => Packing::Packed(self.effort),
                    "raw" => Packing::Raw,
                    _ => return Err("must be auto or raw".to_owned()),
                };
                "codec"
            }
            "effort" if token => {
                self.effort = match given.text()? {
                    "fast" => Effort::Fast,
                    "best" => Effort::Best,
                    "smallest" => Effort::Smallest,
                    _ => return Err("must be fast, best or smallest".to_owned()),
                };
                if matches!(self.packing, Packing::Packed(_)) {
                    self.packing = Packing::Packed(self.effort);
                }
                "effort"
            }
            "storage" if token => {
                let storage = given.text()?.parse::<Storage>();
                self.storage = storage.map_err(|error| error.to_string())?;
                "storage"
            }
            "max_opens" if token => {
                let opens = MaxOpens::try_from(given.number()?);
                self.max_opens = Some(opens.map_err(|error| error.to_string())?);
                "max_opens"
            }
            "pin" | "pin_auto" | "print_pin" if token && matches!(given, Given::Text(_)) => {
                return Err(
                    "belongs in the body of POST /api/tokens: a PIN must not stand in a URL"
                        .to_owned(),
                );
            }
            "pin" if token => {
                let pin = Pin::parse(given.text()?).map_err(|error| error.to_string())?;
                self.want_pin(WantedPin::Given(pin))?;
                "pin"
            }
            "pin_auto" if token => {
                if given.flag()? {
                    self.want_pin(WantedPin::Generated)?;
                }
                "pin_auto"
            }
            "print_pin" if token => {
                self.print_pin = given.flag()?;
                "print_pin"
            }
            "profile" if token => return Err("not available in this version".to_owned()),
            _ => match self.looks.set(name, given)? {
                Some(name) => name,
                None => return Err("unknown".to_owned()),
            },
        };
        if self.seen.contains(&name) {
            return Err("given more than once".to_owned());
        }
        self.seen.push(name);
        Ok(())
    }

    fn want_pin(&mut self, pin: WantedPin) -> Result<(), String> {
        let other = match pin {
            WantedPin::Given(_) => matches!(self.pin, Some(WantedPin::Generated)),
            WantedPin::Generated => matches!(self.pin, Some(WantedPin::Given(_))),
        };
        if other {
            return Err("give either pin or pin_auto".to_owned());
        }
        self.pin = Some(pin);
        Ok(())
    }

    /// What options demand of each other.
    fn compare(&mut self) {
        if self.expires_in.is_none() && (self.max_opens.is_some() || self.pin.is_some()) {
            self.refuse("/expires_in", "is needed with max_opens and with a PIN");
        }
        if self.print_pin {
            if !matches!(self.pin, Some(WantedPin::Generated)) {
                self.refuse("/print_pin", "is for pin_auto only");
            }
            if self.looks.looks.caption.is_some() {
                let pointer = format!("{}/caption", self.looks.place);
                self.refuse(&pointer, "print_pin puts the PIN there");
            }
        }
    }
}

impl<'a> Given<'a> {
    pub(super) fn text(self) -> Result<&'a str, String> {
        match self {
            Self::Text(text) | Self::JsonText(text) => Ok(text),
            Self::JsonNumber(_) | Self::JsonBool(_) | Self::JsonOther => {
                Err("must be a string".to_owned())
            }
        }
    }

    fn flag(self) -> Result<bool, String> {
        match self {
            Self::JsonBool(flag) => Ok(flag),
            _ => Err("must be true or false".to_owned()),
        }
    }

    /// A whole number; anything else becomes one that is outside every range.
    pub(super) fn number(self) -> Result<u64, String> {
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
            Self::JsonText(_) | Self::JsonBool(_) | Self::JsonOther => {
                Err("must be a number".to_owned())
            }
        }
    }
}

/// A number with up to three decimals.
impl Given<'_> {
    pub(super) fn decimal(self) -> Result<f64, String> {
        let text = match self {
            Self::Text(text) => text,
            Self::JsonNumber(text) => return Ok(text.parse().unwrap_or(f64::NAN)),
            Self::JsonText(_) | Self::JsonBool(_) | Self::JsonOther => {
                return Err("must be a number".to_owned());
            }
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
