//! What is said of check-in lists and check-ins.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::envelope::members;
use crate::clock::parse_rfc3339;
use crate::desk::{DeskFault, GateName, ListEdits, PassNote, PresenceReason, RepeatId};
use crate::http::options::pointer_part;
use crate::http::problem::{Problem, invalid};
use crate::principal::Principal;
use crate::store::{CheckInKind, ListId};
use crate::token::{TypedPin, UnixTime};

/// The members of a list, in the body of `POST /api/lists` and `PATCH /api/lists/{id}`.
///
/// # Errors
/// `invalid_json`, `validation`
pub fn list_edits(body: &[u8]) -> Result<ListEdits, Problem> {
    let mut given = Map::new();
    for (name, value) in members(body)? {
        let read: Value = serde_json::from_str(value.get())
            .map_err(|_| invalid(&pointer(&name), "is not acceptable JSON"))?;
        if given.insert(name.clone(), read).is_some() {
            return Err(invalid(&pointer(&name), "given more than once"));
        }
    }
    Ok(ListEdits::read(given)?)
}

/// The staff of a list: `{accounts, api_keys}`, their numbers.
///
/// # Errors
/// `invalid_json`, `validation`
pub fn staff(body: &[u8]) -> Result<Vec<Principal>, Problem> {
    let mut staff = Vec::new();
    let mut seen = Vec::new();
    for (name, value) in members(body)? {
        let principal: fn(u64) -> Principal = match name.as_str() {
            "accounts" => Principal::Account,
            "api_keys" => Principal::Key,
            _ => return Err(invalid(&pointer(&name), "unknown")),
        };
        let numbers: Option<Vec<u32>> = serde_json::from_str(value.get())
            .map_err(|_| invalid(&pointer(&name), "must be a list of numbers"))?;
        if seen.contains(&name) {
            return Err(invalid(&pointer(&name), "given more than once"));
        }
        seen.push(name);
        let numbers = numbers.unwrap_or_default().into_iter();
        staff.extend(numbers.map(|number| principal(u64::from(number))));
    }
    Ok(staff)
}

/// The body of `POST /api/lists/{id}/presence`: from, until, and why.
///
/// # Errors
/// `invalid_json`, `validation`
pub fn presence_body(body: &[u8]) -> Result<(UnixTime, UnixTime, PresenceReason), Problem> {
    const NAMES: [&str; 3] = ["from", "until", "reason"];
    let mut given: [Option<String>; 3] = Default::default();
    for (name, value) in members(body)? {
        let place = NAMES.iter().position(|known| *known == name);
        let place = place.ok_or_else(|| invalid(&pointer(&name), "unknown"))?;
        if let Some(text) = text(value, &pointer(&name))?
            && given[place].replace(text).is_some()
        {
            return Err(invalid(&pointer(&name), "given more than once"));
        }
    }
    let [from, until, reason] = given;
    let needed = |value: Option<String>, name| value.ok_or_else(|| invalid(name, "missing"));
    let time = |value: Option<String>, name| {
        let time = parse_rfc3339(&needed(value, name)?);
        time.ok_or_else(|| {
            invalid(
                name,
                "must be a time such as 2026-11-20T13:10:00Z (RFC 3339)",
            )
        })
    };
    Ok((
        time(from, "/from")?,
        time(until, "/until")?,
        parsed(&needed(reason, "/reason")?, "/reason")?,
    ))
}

/// The body of `POST /api/lists/{id}/passes`: until when, as it was given, and the note.
///
/// # Errors
/// `invalid_json`, `validation`
pub fn pass_body(body: &[u8]) -> Result<(String, Option<PassNote>), Problem> {
    const NAMES: [&str; 2] = ["until", "note"];
    let mut given: [Option<String>; 2] = Default::default();
    for (name, value) in members(body)? {
        let place = NAMES.iter().position(|known| *known == name);
        let place = place.ok_or_else(|| invalid(&pointer(&name), "unknown"))?;
        if let Some(text) = text(value, &pointer(&name))?
            && given[place].replace(text).is_some()
        {
            return Err(invalid(&pointer(&name), "given more than once"));
        }
    }
    let [until, note] = given;
    Ok((
        until.ok_or_else(|| invalid("/until", "missing"))?,
        note.map(|note| parsed(&note, "/note")).transpose()?,
    ))
}

/// The body of `POST /api/check-ins`.
pub struct CheckInBody {
    /// The code's token, in either text form, or its link.
    pub token: String,
    /// The list.
    pub list: ListId,
    /// Which way.
    pub kind: CheckInKind,
    /// What makes it repeatable.
    pub check_in_id: RepeatId,
    /// At which gate.
    pub gate: Option<GateName>,
    /// The PIN as it was given; empty for none.
    pub pin_text: String,
    /// The same, if a PIN can be it.
    pub pin: Option<TypedPin>,
}

impl CheckInBody {
    /// Reads `{token, list, kind, check_in_id, gate, pin}`.
    ///
    /// # Errors
    /// `invalid_json`, `validation`
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        for (name, value) in members(body)? {
            fields.take(&name, text(value, &pointer(&name))?)?;
        }
        fields.finish()
    }

    /// The same from the fields of a form.
    ///
    /// # Errors
    /// `validation`
    pub fn of_form<'a>(given: impl Fn(&'static str) -> &'a str) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        for name in NAMES {
            let value = given(name);
            fields.take(
                name,
                Some(value.to_owned()).filter(|value| !value.is_empty()),
            )?;
        }
        fields.finish()
    }
}

const NAMES: [&str; 6] = ["token", "list", "kind", "check_in_id", "gate", "pin"];

#[derive(Default)]
struct Fields {
    values: [Option<String>; NAMES.len()],
    given: [bool; NAMES.len()],
}

impl Fields {
    fn take(&mut self, name: &str, value: Option<String>) -> Result<(), Problem> {
        let place = NAMES.iter().position(|known| *known == name);
        let place = place.ok_or_else(|| invalid(&pointer(name), "unknown"))?;
        if std::mem::replace(&mut self.given[place], true) {
            return Err(invalid(&pointer(name), "given more than once"));
        }
        self.values[place] = value;
        Ok(())
    }

    fn finish(self) -> Result<CheckInBody, Problem> {
        let [token, list, kind, check_in_id, gate, pin] = self.values;
        let needed = |value: Option<String>, name| value.ok_or_else(|| invalid(name, "missing"));
        let pin_text = pin.unwrap_or_default();
        let pin = match pin_text.is_empty() {
            true => None,
            false => Some(
                TypedPin::parse(&pin_text)
                    .map_err(|refused| invalid("/pin", &format!("A PIN {refused}.")))?,
            ),
        };
        Ok(CheckInBody {
            token: needed(token, "/token")?,
            list: parsed(&needed(list, "/list")?, "/list")?,
            kind: match kind {
                None => CheckInKind::Entry,
                Some(kind) => kind
                    .parse()
                    .map_err(|_| invalid("/kind", "must be entry or exit"))?,
            },
            check_in_id: parsed(&needed(check_in_id, "/check_in_id")?, "/check_in_id")?,
            gate: gate.map(|gate| parsed(&gate, "/gate")).transpose()?,
            pin_text,
            pin,
        })
    }
}

fn parsed<T: std::str::FromStr<Err: ToString>>(text: &str, pointer: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|error: T::Err| invalid(pointer, &error.to_string()))
}

fn pointer(name: &str) -> String {
    format!("/{}", pointer_part(name))
}

/// A string, or `null`, which is the same as not given.
fn text(value: &RawValue, pointer: &str) -> Result<Option<String>, Problem> {
    serde_json::from_str(value.get()).map_err(|_| invalid(pointer, "must be a string"))
}

impl From<DeskFault> for Problem {
    fn from(fault: DeskFault) -> Self {
        invalid(&fault.pointer, &fault.detail)
    }
}
