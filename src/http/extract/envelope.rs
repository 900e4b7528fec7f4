//! Envelopes: JSON bodies that hold a document or text together with options.

use std::sync::Arc;

use serde::Deserializer as _;
use serde::de::{self, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::content::{self, KINDS};
use crate::config::Config;
use crate::http::options::{Given, Options, Place, Topic, is_style, pointer_part};
use crate::http::problem::{Problem, ProblemCode, json_problem};
use crate::payload::{Document, minify_up_to};
use crate::profiles::Registry;

/// The body of `POST /api/tokens`.
#[derive(Debug)]
pub struct TokenEnvelope {
    /// What is to be sealed.
    pub document: Document,
    /// Everything else.
    pub options: Options,
}

/// The body of `POST /api/qrcode`.
#[derive(Debug)]
pub struct CodeEnvelope {
    /// What the symbol is to say.
    pub value: String,
    /// Everything else.
    pub options: Options,
}

impl TokenEnvelope {
    /// Reads `{payload, expires_in, codec, format, style: {ecl, scale, ...}}`.
    ///
    /// # Errors
    ///
    /// `invalid_json` and its like if the body or the payload is not acceptable, `validation` for members.
    pub fn parse(body: &[u8], config: &Config, profiles: Arc<Registry>) -> Result<Self, Problem> {
        let mut options = Options::new(Topic::Token, config).knowing(profiles);
        let mut payload = None;
        for (name, value) in members(body)? {
            match name.as_str() {
                "payload" if payload.is_some() => {
                    options.refuse("/payload", "given more than once");
                }
                "payload" => payload = Some(value),
                "style" => set_style(&mut options, value),
                // These belong in `style` here; in a query there is no such place.
                name if is_style(name) => options.refuse(
                    &format!("/{name}"),
                    &format!("unknown; it belongs in style: {{\"style\": {{\"{name}\": ...}}}}"),
                ),
                _ => set(
                    &mut options,
                    &name,
                    &format!("/{}", pointer_part(&name)),
                    value,
                ),
            }
        }
        if payload.is_none() {
            options.refuse("/payload", "missing");
        }
        let options = options.finish_envelope(body.len(), config)?;
        let payload = payload.map_or("", RawValue::get);
        let most = options.seal.max_document_bytes();
        let document = minify_up_to(payload.as_bytes(), most).map_err(|error| {
            // The place is counted from the start of the body, where its author will look for it.
            let (lines, columns) = place_of(body, payload);
            let column = error.column() + if error.line() == 1 { columns } else { 0 };
            json_problem(error.kind(), error.line() + lines, column)
        })?;
        Ok(Self { document, options })
    }
}

impl CodeEnvelope {
    /// Reads `{value, format, ecl, scale, ...}`; in the place of `value` there may be a typed content.
    ///
    /// # Errors
    ///
    /// `invalid_json` if the body is not acceptable, `validation` for members.
    pub fn parse(body: &[u8], config: &Config) -> Result<Self, Problem> {
        let mut options = Options::new(Topic::Code, config);
        let mut contents: Vec<(String, &RawValue)> = Vec::new();
        for (name, value) in members(body)? {
            let pointer = format!("/{}", pointer_part(&name));
            if name != "value" && !KINDS.contains(&name.as_str()) {
                set(&mut options, &name, &pointer, value);
                continue;
            }
            match contents.first() {
                None => contents.push((name, value)),
                Some((first, _)) if *first == name => {
                    options.refuse(&pointer, "given more than once");
                }
                Some((first, _)) => {
                    let detail = format!("there is {first} already, and a symbol says one thing");
                    options.refuse(&pointer, &detail);
                }
            }
        }
        let value = match contents.pop() {
            None => Err(("/value".to_owned(), MISSING.to_owned())),
            Some((name, value)) if name == "value" => text_of(value),
            Some((kind, value)) => match members(value.get().as_bytes()) {
                Ok(members) => content::parse(&kind, members).map(|(text, level)| {
                    options.only_level(level);
                    text
                }),
                Err(_) => Err((format!("/{kind}"), "must be an object".to_owned())),
            },
        };
        let value = value.unwrap_or_else(|(pointer, detail)| {
            options.refuse(&pointer, &detail);
            String::new()
        });
        let options = options.finish_envelope(body.len(), config)?;
        Ok(Self { value, options })
    }
}

/// What a symbol has to say.
const MISSING: &str = "missing; in its place one of wifi, vcard, mecard, epc_payment, geo, sms, mailto and event may be given";

fn text_of(value: &RawValue) -> Result<String, (String, String)> {
    let wrong = |detail: &str| Err(("/value".to_owned(), detail.to_owned()));
    match serde_json::from_str::<String>(value.get()) {
        Ok(text) if !text.is_empty() => Ok(text),
        Ok(_) => wrong("must not be empty"),
        Err(_) => wrong("must be a string of Unicode characters"),
    }
}

/// The name of a style, or an object with options and maybe a name.
pub(super) fn set_style(options: &mut Options, value: &RawValue) {
    if value.get().starts_with('"') {
        return set(options, "style", "/style", value);
    }
    options.style_is_apart();
    match members(value.get().as_bytes()) {
        Ok(members) => {
            for (name, value) in members {
                let pointer = format!("/style/{}", pointer_part(&name));
                if name == "name" {
                    set(options, "style", &pointer, value);
                } else if name != "style" && is_style(&name) {
                    set(options, &name, &pointer, value);
                } else {
                    options.refuse(&pointer, "unknown");
                }
            }
        }
        Err(_) => options.refuse("/style", "must be the name of a style, or an object"),
    }
}

pub(super) fn set(options: &mut Options, name: &str, pointer: &str, value: &RawValue) {
    let json = value.get();
    let text = serde_json::from_str::<String>(json).ok();
    let given = match (json.as_bytes().first(), &text) {
        // `null` is the same as not given.
        (Some(b'n'), _) => return,
        (_, Some(text)) => Given::String(text),
        (Some(b't'), _) => Given::Bool(true),
        (Some(b'f'), _) => Given::Bool(false),
        (Some(b'-' | b'0'..=b'9'), _) => Given::Number(json),
        _ => Given::Other,
    };
    options.set(Place::Envelope, name, pointer, given);
}

/// The members of a JSON object in their order, values unread.
///
/// # Errors
///
/// `invalid_json`, or `validation` if it is no object or has more than 32 members.
pub fn members(body: &[u8]) -> Result<Vec<(String, &RawValue)>, Problem> {
    struct Members;

    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                if members.len() == MAX_ENVELOPE_MEMBERS {
                    return Err(de::Error::custom("too many members"));
                }
                members.push(member);
            }
            Ok(members)
        }
    }

    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = reader.deserialize_map(Members);
    read.and_then(|members| reader.end().map(|()| members))
        .map_err(|error| {
            let problem = if error.is_data() {
                // Its text may repeat the value; ours does not.
                Problem::new(ProblemCode::Validation)
                    .detail("The body must be an object with at most 32 members.")
                    .member("errors", serde_json::json!([{"pointer": "", "detail": "must be an object with at most 32 members"}]))
            } else {
                Problem::new(ProblemCode::InvalidJson).detail(format!(
                    "line {}, column {}: the body is not JSON",
                    error.line(),
                    error.column()
                ))
            };
            problem
                .member("line", error.line())
                .member("column", error.column())
        })
}

/// More than any envelope of ours has.
const MAX_ENVELOPE_MEMBERS: usize = 32;

/// Lines before, and characters before on the line of, `part` of `body`.
pub(super) fn place_of(body: &[u8], part: &str) -> (usize, usize) {
    let start = part.as_ptr().addr().saturating_sub(body.as_ptr().addr());
    let before = String::from_utf8_lossy(&body[..start.min(body.len())]);
    let line = before.matches('\n').count();
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |last| last.chars().count());
    (line, column)
}
