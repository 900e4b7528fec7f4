//! The values of a request's options, read by their rows.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{AnswerOptions, BodyOptions, Row, Topic};
use crate::config::Config;
use crate::drawing::{ResolvedStyle, StyleError, StyleRequest};
use crate::http::form;
use crate::http::problem::{Problem, ProblemCode, invalid, sealed_capacity, too_large};
use crate::issuing::{Packing, SealOptions, TokenKind, WantedPin};
use crate::options::{Given, HasOptions as _, Place, Range};
use crate::pointer::escape;
use crate::profiles::{Profile, Registry};
use crate::qr::{Level, LevelChoice, StyledError};

/// The options of a request, with the configured defaults for those that were not given.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is asked of a sealed code.
    pub seal: SealOptions,
    /// How the payload may be packed.
    pub packing: Packing,
    /// What the symbol looks like, and its error correction level.
    pub look: ResolvedStyle,
    /// What is asked of the answer.
    pub answer: AnswerOptions,
    /// How the body is read.
    pub body: BodyOptions,
    /// The profile that the document is to be one of.
    pub profile: Option<Arc<Profile>>,
    profiles: Option<Arc<Registry>>,
    /// Where the name of a profile stands.
    profile_at: String,
    topic: Topic,
    style: StyleRequest,
    /// JSON pointer of what holds the options of looks: nothing, or `/style`.
    style_place: &'static str,
    /// Where the name of a style stands.
    named_at: String,
    /// Characters of the logo in base64.
    logo_chars: usize,
    max_logo_bytes: usize,
    only_level: Option<Level>,
    /// The options of looks as they were given, but for pictures.
    looks_given: Vec<(&'static str, String)>,
    seen: Vec<&'static str>,
    errors: Vec<Value>,
}

impl Options {
    /// The defaults.
    #[must_use]
    pub fn new(topic: Topic, config: &Config) -> Self {
        Self {
            seal: SealOptions::default(),
            packing: config.payload.packing(&SealOptions::default()),
            look: ResolvedStyle::default(),
            answer: AnswerOptions::default(),
            body: BodyOptions::default(),
            profile: None,
            profiles: None,
            profile_at: String::new(),
            topic,
            style: StyleRequest::default(),
            style_place: "",
            named_at: String::new(),
            logo_chars: 0,
            max_logo_bytes: config.limits.max_logo_bytes,
            only_level: None,
            looks_given: Vec::new(),
            seen: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The same, where a document may be one of these profiles.
    #[must_use]
    pub fn knowing(mut self, profiles: Arc<Registry>) -> Self {
        self.profiles = Some(profiles);
        self
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
        other: impl FnMut(&str, &str) -> bool,
    ) -> Result<Self, Problem> {
        Self::new(topic, config).with_query(config, query, other)
    }

    /// The same, beside what was set before.
    ///
    /// # Errors
    ///
    /// [`ProblemCode::Validation`] with everything that is wrong.
    pub fn with_query(
        self,
        config: &Config,
        query: &str,
        mut other: impl FnMut(&str, &str) -> bool,
    ) -> Result<Self, Problem> {
        let mut options = self;
        for (name, value) in form::pairs(query.as_bytes()) {
            let pointer = format!("/{}", pointer_part(&name));
            match value {
                None => options.refuse(&pointer, form::NOT_UTF_8),
                Some(value) if other(&name, &value) => {}
                Some(value) => options.set(Place::Query, &name, &pointer, Given::Text(&value)),
            }
        }
        options.finish(config)
    }

    /// Sets one option; what is wrong with it is kept for [`Options::finish`]. `pointer` is where it stands (RFC 6901).
    pub fn set(&mut self, place: Place, name: &str, pointer: &str, given: Given<'_>) {
        if let Err(detail) = self.try_set(place, name, pointer, given) {
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
    /// [`ProblemCode::Validation`] with everything that is wrong, [`ProblemCode::StyleUnscannable`] for colours.
    pub fn finish(mut self, config: &Config) -> Result<Self, Problem> {
        self.take_profile(config);
        let named = self
            .style
            .named
            .as_ref()
            .map(|name| config.styles.get(name));
        if matches!(named, Some(None)) {
            let pointer = std::mem::take(&mut self.named_at);
            self.refuse(&pointer, "no style of this name is configured");
        }
        let named = named.flatten();
        if let Some(only) = self.only_level {
            // What the request itself asks for is refused; what a named style or the configuration says gives way.
            match self.style.clone().at(only) {
                Ok(style) => self.style = style,
                Err(wrong) => {
                    let pointer = format!("{}/ecl", self.style_place);
                    self.refuse(&pointer, &wrong.to_string());
                }
            }
        }
        if self.errors.is_empty() {
            self.compare();
        }
        let Some(first) = self.errors.first() else {
            let mut style = std::mem::take(&mut self.style);
            if let Some(named) = named {
                style = style.or(named);
            }
            if let Some(profile) = &self.profile {
                style = style.or(&profile.style);
            }
            let level = match self.topic {
                Topic::Token | Topic::Link | Topic::Picture => config.symbol.ecl,
                Topic::Code => LevelChoice::Auto,
            };
            self.look = style.or(&config.symbol.looks()).look(level)?;
            self.packing = config.payload.packing(&self.seal);
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
    pub fn only_level(&mut self, level: Option<Level>) {
        self.only_level = level;
    }

    /// Options of looks stand in a member `style` of their own.
    pub fn style_is_apart(&mut self) {
        self.style_place = "/style";
    }

    /// The options of looks as a query has them, for a picture that is drawn later.
    ///
    /// # Errors
    ///
    /// [`ProblemCode::Validation`] for a logo of one's own: it has no room in an address.
    pub fn looks_text(&self) -> Result<String, Problem> {
        if self.seen.contains(&"logo") {
            let pointer = format!("{}/logo", self.style_place);
            return Err(invalid(
                &pointer,
                "a picture with an address of its own takes no logo but that of a named style",
            ));
        }
        let looks = self.looks_given.iter();
        Ok(url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(looks)
            .finish())
    }

    /// Whether a PIN is to be made.
    #[must_use]
    pub fn makes_pin(&self) -> bool {
        matches!(self.seal.pin, Some(WantedPin::Generated))
    }

    /// Why the symbol could not be drawn in this look, with the option that is the reason.
    #[must_use]
    pub fn refusal(&self, error: StyleError) -> Problem {
        let at = |name| format!("{}/{name}", self.style_place);
        match error {
            StyleError::Logo(error) => invalid(&at("logo"), &error.to_string()),
            StyleError::Width(_) => invalid(&at("width_mm"), &error.to_string()),
            StyleError::Styled(StyledError::PictureTooLarge(error)) => {
                invalid(&at("scale"), &error.to_string())
            }
            StyleError::Styled(StyledError::Capacity(error)) => match self.topic {
                Topic::Token => sealed_capacity(error),
                Topic::Code | Topic::Link | Topic::Picture => error.into(),
            },
            StyleError::Styled(StyledError::Unscannable(error)) => error.into(),
        }
    }

    /// The options of an envelope of so many bytes, if it is not too large without its logo.
    ///
    /// # Errors
    ///
    /// [`ProblemCode::PayloadTooLarge`]; as [`Options::finish`].
    pub fn finish_envelope(self, bytes: usize, config: &Config) -> Result<Self, Problem> {
        let most = match self.seal.is_inline() {
            true => config.limits.max_body_bytes,
            false => config.limits.largest_body_bytes(),
        };
        if bytes.saturating_sub(self.logo_chars) > most {
            return Err(too_large(most));
        }
        self.finish(config)
    }

    fn try_set(
        &mut self,
        place: Place,
        name: &str,
        pointer: &str,
        given: Given<'_>,
    ) -> Result<(), String> {
        let Some(row) = Row::find(self.topic, name) else {
            return Err("unknown".to_owned());
        };
        let facts = row.facts();
        if !facts.stands_in(place) {
            return Err(match (place, self.topic) {
                (Place::Query, Topic::Token) => {
                    "belongs in the body of POST /api/tokens, not in a URL".to_owned()
                }
                (Place::Query, _) if self.topic == Topic::Picture => "is not for a URL".to_owned(),
                (Place::Query, _) => {
                    "belongs in the body of POST /api/qrcode, not in a URL".to_owned()
                }
                _ => "is not for here".to_owned(),
            });
        }
        let file;
        let given = match facts.range {
            Range::Picture => {
                file = self.picture(given)?;
                Given::File(&file)
            }
            _ => given,
        };
        if row.is_style() && facts.range != Range::Picture {
            self.looks_given.push((facts.name, as_text(given)));
        }
        match row {
            Row::Seal(row) => (row.set)(&mut self.seal, given)?,
            Row::Style(row) => (row.set)(&mut self.style, given)?,
            Row::Answer(row) => (row.set)(&mut self.answer, given)?,
            Row::Body(row) => (row.set)(&mut self.body, given)?,
        }
        if self.seen.contains(&facts.name) {
            return Err("given more than once".to_owned());
        }
        self.seen.push(facts.name);
        match facts.name {
            "style" => pointer.clone_into(&mut self.named_at),
            "profile" => pointer.clone_into(&mut self.profile_at),
            _ => {}
        }
        Ok(())
    }

    /// The bytes of a picture: of a file, or in base64. They are looked into where the symbol is drawn, not here.
    fn picture(&mut self, given: Given<'_>) -> Result<Vec<u8>, String> {
        let most = self.max_logo_bytes;
        if most == 0 {
            return Err("logos in requests are switched off here".to_owned());
        }
        let too_large = || Err(format!("must be a picture of at most {most} bytes"));
        let bytes = match given {
            Given::File(bytes) => bytes.to_vec(),
            given => {
                let text = given.text()?;
                self.logo_chars = text.len();
                if text.len() / 4 > most / 3 + 1 {
                    return too_large();
                }
                STANDARD
                    .decode(text)
                    .map_err(|_| "must be a PNG or JPEG picture in base64 (RFC 4648, section 4)")?
            }
        };
        match bytes.len() > most {
            true => too_large(),
            false => Ok(bytes),
        }
    }

    /// Finds the profile, and lets it say what was left open.
    fn take_profile(&mut self, config: &Config) {
        let Some(name) = &self.seal.profile else {
            return;
        };
        let found = self.profiles.as_ref().and_then(|known| known.find(name));
        let Some(profile) = found.map(Arc::clone) else {
            let pointer = std::mem::take(&mut self.profile_at);
            return self.refuse(&pointer, "there is no profile of this name");
        };
        for (name, detail) in profile
            .policy
            .apply(&mut self.seal, config.issuing.longest_life)
            .err()
            .unwrap_or_default()
        {
            self.refuse(&format!("/{name}"), &detail);
        }
        self.profile = Some(profile);
    }

    /// What kind of document the profile makes of it.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        self.profile
            .as_ref()
            .map_or_else(TokenKind::default, |profile| TokenKind {
                profile: Some(profile.number),
                staff_only: profile.policy.staff_only,
            })
    }

    /// What options demand of each other.
    fn compare(&mut self) {
        let checked = self.seal.check().and_then(|()| self.answer.check());
        if let Err((name, detail)) = checked {
            self.refuse(&format!("/{name}"), detail);
        }
        if self.seal.print_pin && self.style.caption.is_some() {
            let pointer = format!("{}/caption", self.style_place);
            self.refuse(&pointer, "print_pin puts the PIN there");
        }
    }
}

/// A value as a query has it.
fn as_text(given: Given<'_>) -> String {
    match given {
        Given::Text(text) | Given::String(text) => text.to_owned(),
        Given::Bool(flag) => flag.to_string(),
        // JSON may write 4 as 4.0 or 4e0.
        Given::Number(text) => match text.parse::<f64>() {
            Ok(number) if number.fract() == 0.0 => format!("{number:.0}"),
            Ok(number) => number.to_string(),
            Err(_) => text.to_owned(),
        },
        Given::File(_) | Given::Other => String::new(),
    }
}

/// A name as a part of a JSON pointer (RFC 6901, section 3), cut to a length that an answer may repeat.
pub fn pointer_part(name: &str) -> String {
    let short: String = name.chars().take(64).collect();
    escape(&short)
}
