//! Members of a list as somebody gives them: each is read, and bounded, with a fault that names its place.
//!
//! Does not belong here: what the members mean together, and what they are unless they are given (`settings`).

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::display::DeskProfiles;
use super::fault::DeskFault;
use super::names::GateName;
use super::zone;
use crate::clock::rfc3339;
use crate::store::Entries;
use crate::token::UnixTime;

/// The most profiles that a list takes.
const MAX_ACCEPTS: usize = 16;
/// The most fields that must have a value.
const MAX_WHERE: usize = 8;
/// The most gates.
const MAX_GATES: usize = 50;
/// The longest value that a field must have, in bytes of JSON.
const MAX_VALUE_BYTES: usize = 256;
/// The longest pointer, in bytes.
const MAX_POINTER_BYTES: usize = 256;

/// Codes that a list takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Accepts {
    /// The name of their profile.
    #[schema(example = "ticket", pattern = "^[a-z][a-z0-9-]{0,31}$")]
    pub profile: String,
    /// Fields, by JSON pointers (RFC 6901), and the value that each must have.
    #[serde(rename = "where", default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object, example = json!({"/event": "gala-2026"}))]
    pub fields: Map<String, Value>,
}

impl Accepts {
    /// Whether a document has what is asked.
    pub(super) fn takes(&self, document: &Value) -> bool {
        self.fields
            .iter()
            .all(|(pointer, value)| document.pointer(pointer) == Some(value))
    }
}

/// Members without `null`.
pub(super) struct Given(pub(super) Map<String, Value>);

impl Given {
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, DeskFault> {
        let read = |value: &Value| value.as_str().map(str::to_owned);
        self.read(name, "must be a text", read)
    }

    fn read<T>(
        &self,
        name: &str,
        detail: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, DeskFault> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        let read = read(value).ok_or_else(|| DeskFault::new(format!("/{name}"), detail))?;
        Ok(Some(read))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, DeskFault> {
        let flag = self.read(name, "must be true or false", Value::as_bool)?;
        Ok(flag.unwrap_or(false))
    }

    pub(super) fn number(
        &self,
        name: &str,
        least: u32,
        most: u32,
    ) -> Result<Option<u32>, DeskFault> {
        let detail = format!("must be a whole number from {least} to {most}");
        self.read(name, &detail, |value| {
            let number = whole(value)?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    pub(super) fn word(&self, name: &str, default: Entries) -> Result<String, DeskFault> {
        let words = "must be once, once_a_day or many";
        let word = self.read(name, words, |value| value.as_str()?.parse::<Entries>().ok())?;
        Ok(word.unwrap_or(default).as_str().to_owned())
    }

    /// `on` and `off`, as people say, or `true` and `false`.
    pub(super) fn exits(&self) -> Result<bool, DeskFault> {
        let exits = self.read("exits", "must be on or off", |value| match value {
            Value::Bool(exits) => Some(*exits),
            Value::String(word) => match word.as_str() {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            },
            _ => None,
        })?;
        Ok(exits.unwrap_or(false))
    }

    pub(super) fn store(&self) -> Result<Option<String>, DeskFault> {
        self.read("store", "must be times or visit", |value| {
            let word = value.as_str()?;
            matches!(word, "times" | "visit").then(|| word.to_owned())
        })
    }

    pub(super) fn roll_call(&self) -> Result<Option<String>, DeskFault> {
        self.read("roll_call", "must be off or staff", |value| {
            let word = value.as_str()?;
            matches!(word, "off" | "staff").then(|| word.to_owned())
        })
    }

    pub(super) fn hour(&self) -> Result<String, DeskFault> {
        let words = "must be a local hour such as 03:00";
        let text = self.read("exit_all_at", words, |value| {
            let text = value.as_str()?;
            zone::hour(text).map(|_| text.to_owned())
        })?;
        Ok(text.unwrap_or_else(|| "03:00".to_owned()))
    }

    pub(super) fn time(&self, name: &str, zone: &TimeZone) -> Result<Option<String>, DeskFault> {
        self.read(name, TIME, |value| {
            moment(value.as_str()?, zone).map(rfc3339)
        })
    }

    pub(super) fn pointer(&self, name: &str) -> Result<Option<String>, DeskFault> {
        self.read(name, POINTER, |value| {
            value
                .as_str()
                .filter(|text| is_pointer(text))
                .map(str::to_owned)
        })
    }

    pub(super) fn gates(&self) -> Result<Vec<String>, DeskFault> {
        let detail = format!("must be a list of at most {MAX_GATES} names");
        let given = self.read("gates", &detail, |value| {
            value
                .as_array()
                .filter(|gates| gates.len() <= MAX_GATES)
                .cloned()
        })?;
        let mut gates: Vec<String> = Vec::new();
        for (place, gate) in given.unwrap_or_default().iter().enumerate() {
            let name = gate.as_str().ok_or("must be a text".to_owned());
            let name = name.and_then(str::parse::<GateName>);
            let wrong = |detail| DeskFault::new(format!("/gates/{place}"), detail);
            let name = name.map_err(wrong)?.as_str().to_owned();
            if gates.contains(&name) {
                return Err(DeskFault::new(format!("/gates/{place}"), "is there twice"));
            }
            gates.push(name);
        }
        Ok(gates)
    }

    pub(super) fn accepts(&self, profiles: &DeskProfiles) -> Result<Vec<Accepts>, DeskFault> {
        let detail =
            format!("must be a list of 1 to {MAX_ACCEPTS}, such as [{{\"profile\": \"ticket\"}}]");
        let given = self.read("accepts", &detail, |value| {
            value
                .as_array()
                .filter(|all| (1..=MAX_ACCEPTS).contains(&all.len()))
                .cloned()
        })?;
        let given = given.ok_or_else(|| DeskFault::new("/accepts", "missing"))?;
        given
            .iter()
            .enumerate()
            .map(|(place, one)| accepts(one, &format!("/accepts/{place}"), profiles))
            .collect()
    }
}

/// A whole number: in JSON 60, 60.0 and 6e1 are the same.
pub(super) fn whole(value: &Value) -> Option<u32> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
    format!("{number:.0}").parse().ok()
}

/// What a time must be.
pub(super) const TIME: &str =
    "must be a time such as 2026-11-27T18:00:00Z (RFC 3339), or without an offset a local one";

/// A time; one without an offset is of this zone.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Option<UnixTime> {
    let text = Some(text).filter(|text| text.len() <= 40)?;
    zone::moment(text, zone)
}

const POINTER: &str = "must be a JSON pointer such as /guests (RFC 6901)";

fn is_pointer(text: &str) -> bool {
    text.starts_with('/') && text.len() <= MAX_POINTER_BYTES && !text.chars().any(char::is_control)
}

fn accepts(value: &Value, place: &str, profiles: &DeskProfiles) -> Result<Accepts, DeskFault> {
    let members = value
        .as_object()
        .ok_or_else(|| DeskFault::new(place, "must be an object"))?;
    if members
        .keys()
        .any(|name| name != "profile" && name != "where")
    {
        return Err(DeskFault::new(
            place,
            "takes profile and where, and nothing else",
        ));
    }
    let profile = members.get("profile").and_then(Value::as_str);
    let known = profile.filter(|name| profiles.find(name).is_some());
    let profile = known.ok_or_else(|| {
        DeskFault::new(
            format!("{place}/profile"),
            "must be the name of a profile of this server",
        )
    })?;
    let where_ = format!("{place}/where");
    let fields = match members.get("where") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(fields)) if fields.len() <= MAX_WHERE => fields.clone(),
        Some(_) => {
            let detail = format!("must be an object of at most {MAX_WHERE} pointers with values");
            return Err(DeskFault::new(where_, detail));
        }
    };
    for (pointer, value) in &fields {
        if !is_pointer(pointer) {
            return Err(DeskFault::new(where_, POINTER));
        }
        let plain = !value.is_array() && !value.is_object();
        if !plain || value.to_string().len() > MAX_VALUE_BYTES {
            let detail = format!(
                "a value must be a text, a number, true, false or null, of at most {MAX_VALUE_BYTES} bytes"
            );
            return Err(DeskFault::new(where_, detail));
        }
    }
    Ok(Accepts {
        profile: profile.to_owned(),
        fields,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let read = |text: &str| whole(&serde_json::from_str(text).unwrap());
        assert_eq!(
            ["60", "60.0", "6e1", "0"].map(read),
            [Some(60), Some(60), Some(60), Some(0)]
        );
        assert_eq!(
            ["60.5", "-1", "4294967296", "1e300", "\"60\""].map(read),
            [None; 5]
        );
        assert_eq!(whole(&json!(null)), None);
    }
}
