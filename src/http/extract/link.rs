//! What requests say of links.

use serde_json::value::RawValue;

use super::envelope::{members, set, set_style};
use crate::config::Config;
use crate::http::options::{Options, Topic, is_style, pointer_part};
use crate::http::problem::{Problem, invalid};
use crate::issuing::Note;
use crate::links::{Interstitial, LinkEdits, MAX_RULES, WrittenLink, WrittenRule};
use crate::token::{ExpiresIn, Pin};

/// The body of `POST /api/links`.
#[derive(Debug)]
pub struct LinkEnvelope {
    /// What the link is to say.
    pub link: WrittenLink,
    /// Everything else.
    pub options: Options,
}

impl LinkEnvelope {
    /// Reads `{target, fallback, rules, interstitial, forward_query, not_before, expires_in, max_opens, pin, note, style}`.
    ///
    /// # Errors
    ///
    /// `invalid_json`; `validation` for members.
    pub fn parse(body: &[u8], config: &Config) -> Result<Self, Problem> {
        let mut options = Options::new(Topic::Link, config);
        let mut link = WrittenLink::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in members(body)? {
            let pointer = format!("/{}", pointer_part(&name));
            if is_of_link(&name) {
                if seen.contains(&name) {
                    options.refuse(&pointer, "given more than once");
                }
                set_of_link(&mut link, &name, value)?;
                seen.push(name);
            } else if name == "style" {
                set_style(&mut options, value);
            } else if is_style(&name) {
                let detail =
                    format!("unknown; it belongs in style: {{\"style\": {{\"{name}\": ...}}}}");
                options.refuse(&pointer, &detail);
            } else {
                set(&mut options, &name, &pointer, value);
            }
        }
        if link.target.is_empty() {
            options.refuse("/target", "missing");
        }
        let options = options.finish_envelope(body.len(), config)?;
        Ok(Self { link, options })
    }
}

fn is_of_link(name: &str) -> bool {
    matches!(
        name,
        "target" | "fallback" | "rules" | "interstitial" | "forward_query" | "not_before"
    )
}

fn set_of_link(link: &mut WrittenLink, name: &str, value: &RawValue) -> Result<(), Problem> {
    match name {
        "target" => link.target = text(value, "/target")?.unwrap_or_default(),
        "fallback" => link.fallback = text(value, "/fallback")?,
        "rules" => link.rules = rules(value)?,
        "interstitial" => link.interstitial = interstitial(value)?.unwrap_or_default(),
        "forward_query" => {
            link.forward_query = flag(value, "/forward_query")?.unwrap_or_default();
        }
        _ => link.not_before = text(value, "/not_before")?,
    }
    Ok(())
}

/// The body of `PATCH /api/links/{id}`: members that are not there stay as they are, and `null` takes away what may be absent.
///
/// # Errors
///
/// `invalid_json`; `validation` for members.
pub fn link_edits(body: &[u8]) -> Result<LinkEdits, Problem> {
    let mut edits = LinkEdits::default();
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in members(body)? {
        let pointer = format!("/{}", pointer_part(&name));
        if seen.contains(&name) {
            return Err(invalid(&pointer, "given more than once"));
        }
        let given =
            |text: Option<String>| text.ok_or_else(|| invalid(&pointer, "must be a string"));
        match name.as_str() {
            "target" => edits.target = Some(given(text(value, &pointer)?)?),
            "fallback" => edits.fallback = Some(text(value, &pointer)?),
            "rules" => edits.rules = Some(rules(value)?),
            "interstitial" => edits.interstitial = Some(interstitial(value)?.unwrap_or_default()),
            "forward_query" => {
                edits.forward_query = Some(flag(value, &pointer)?.unwrap_or_default());
            }
            "not_before" => edits.not_before = Some(text(value, &pointer)?),
            "note" => edits.note = Some(note(value)?),
            "enabled" => {
                let enabled = flag(value, &pointer)?;
                edits.enabled = Some(enabled.ok_or_else(|| invalid(&pointer, FLAG))?);
            }
            "expires_in" => edits.expires_in = Some(expires_in(value)?),
            "pin" => {
                let pin = Pin::parse(&given(text(value, &pointer)?)?);
                edits.pin = Some(pin.map_err(|error| invalid(&pointer, &error.to_string()))?);
            }
            "max_opens" => {
                let detail = "cannot be changed: what was counted was counted for this many";
                return Err(invalid(&pointer, detail));
            }
            _ => return Err(invalid(&pointer, "unknown")),
        }
        seen.push(name);
    }
    if seen.is_empty() {
        return Err(invalid("", "there is nothing to change"));
    }
    Ok(edits)
}

const FLAG: &str = "must be true or false";

/// A string, or `null`, which is the same as not given.
fn text(value: &RawValue, pointer: &str) -> Result<Option<String>, Problem> {
    serde_json::from_str(value.get()).map_err(|_| invalid(pointer, "must be a string"))
}

fn flag(value: &RawValue, pointer: &str) -> Result<Option<bool>, Problem> {
    serde_json::from_str(value.get()).map_err(|_| invalid(pointer, FLAG))
}

fn interstitial(value: &RawValue) -> Result<Option<Interstitial>, Problem> {
    let text = text(value, "/interstitial")?;
    text.map(|text| text.parse())
        .transpose()
        .map_err(|error: crate::options::OutOfRange| invalid("/interstitial", &error.to_string()))
}

fn note(value: &RawValue) -> Result<Option<Note>, Problem> {
    let note = text(value, "/note")?.map(|text| text.parse::<Note>());
    note.transpose()
        .map_err(|error| invalid("/note", &error.to_string()))
}

/// A number of seconds, or a text such as `30d`; `null`: no end.
fn expires_in(value: &RawValue) -> Result<Option<ExpiresIn>, Problem> {
    let json = value.get();
    if json == "null" {
        return Ok(None);
    }
    let text = serde_json::from_str(json).unwrap_or_else(|_| json.to_owned());
    let parsed = text.parse::<ExpiresIn>();
    parsed
        .map(Some)
        .map_err(|error| invalid("/expires_in", &error.to_string()))
}

fn rules(value: &RawValue) -> Result<Vec<WrittenRule>, Problem> {
    let given: Option<Vec<&RawValue>> = serde_json::from_str(value.get())
        .map_err(|_| invalid("/rules", "must be an array of rules"))?;
    let given = given.unwrap_or_default();
    if given.len() > MAX_RULES {
        let detail = format!("has too many rules: {MAX_RULES} are the most");
        return Err(invalid("/rules", &detail));
    }
    given
        .into_iter()
        .enumerate()
        .map(|(number, rule)| self::rule(rule, &format!("/rules/{number}")))
        .collect()
}

fn rule(value: &RawValue, pointer: &str) -> Result<WrittenRule, Problem> {
    let Ok(members) = members(value.get().as_bytes()) else {
        return Err(invalid(pointer, "must be an object"));
    };
    let mut rule = WrittenRule {
        device: None,
        language: None,
        from: None,
        until: None,
        target: String::new(),
    };
    for (name, value) in members {
        let pointer = format!("{pointer}/{}", pointer_part(&name));
        let text = text(value, &pointer)?;
        match name.as_str() {
            "device" => rule.device = text,
            "language" => rule.language = text,
            "from" => rule.from = text,
            "until" => rule.until = text,
            "target" => rule.target = text.unwrap_or_default(),
            _ => return Err(invalid(&pointer, "unknown")),
        }
    }
    match rule.target.is_empty() {
        true => Err(invalid(&format!("{pointer}/target"), "missing")),
        false => Ok(rule),
    }
}
