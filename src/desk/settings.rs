//! What a list asks: read from JSON, written as JSON.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::display::DeskProfiles;
use super::fault::DeskFault;
use super::request::GateName;
use crate::clock::rfc3339;
use crate::store::Entries;
use crate::token::UnixTime;

/// The most profiles that a list takes.
pub const MAX_ACCEPTS: usize = 16;
/// The most fields that must have a value.
pub const MAX_WHERE: usize = 8;
/// The most gates.
pub const MAX_GATES: usize = 50;
/// The longest value that a field must have, in bytes of JSON.
const MAX_VALUE_BYTES: usize = 256;
/// The longest pointer, in bytes.
const MAX_POINTER_BYTES: usize = 256;
/// The most people whom a code admits.
pub const MAX_PEOPLE: u32 = 50;

/// What people call a list: 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListName(String);

impl ListName {
    /// The most characters.
    pub const MAX_CHARS: usize = 80;

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ListName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        printable(text, Self::MAX_CHARS).map(Self)
    }
}

/// A text of 1 to `most` characters, none of which is a control character, without white space around it.
pub(super) fn printable(text: &str, most: usize) -> Result<String, String> {
    let chars = text.chars().count();
    let clean = !text.chars().any(char::is_control) && text.trim() == text;
    match (1..=most).contains(&chars) && clean {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "must be 1 to {most} characters, without control characters and white space around them"
        )),
    }
}

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

/// What a list asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListSettings {
    /// Codes that it takes.
    pub accepts: Vec<Accepts>,
    /// Whether they may be of profiles under which anyone may issue.
    #[serde(default)]
    pub accept_public: bool,
    /// The time zone of its place (IANA).
    pub time_zone: String,
    /// The time before which nobody enters, in UTC (RFC 3339).
    #[serde(default)]
    pub opens_at: Option<String>,
    /// The time from which on nobody enters.
    #[serde(default)]
    pub closes_at: Option<String>,
    /// How often a code enters: `once`, `once_a_day`, `many`.
    pub entries: String,
    /// Whether people are let out, so that it is known who is inside.
    #[serde(default)]
    pub exits: bool,
    /// The local hour at which everybody inside is let out, as `03:00`.
    pub exit_all_at: String,
    /// How many people may be inside.
    #[serde(default)]
    pub max_inside: Option<u32>,
    /// The field that says how many people a code admits.
    #[serde(default)]
    pub people: Option<String>,
    /// What is kept of whoever is let in: `times`, or with `visit` the document, too.
    #[serde(default = "times")]
    pub store: String,
    /// How many minutes somebody stays who is not let out.
    #[serde(default = "stay")]
    pub assumed_stay_minutes: u32,
    /// How many days check-ins and visits are kept.
    pub retention_days: u32,
    /// Its doors.
    #[serde(default)]
    pub gates: Vec<String>,
}

/// What of a list is given: `null` is the default.
#[derive(Debug, Clone, Default)]
pub struct ListEdits {
    /// What people call it.
    pub name: Option<ListName>,
    members: Map<String, Value>,
}

impl ListEdits {
    /// Reads the members of an object.
    ///
    /// # Errors
    /// [`DeskFault`] of the name and of unknown members; the others are looked at with the list that they are for.
    pub fn read(members: Map<String, Value>) -> Result<Self, DeskFault> {
        let mut edits = Self {
            name: None,
            members,
        };
        if let Some(name) = edits.members.remove("name") {
            let text = name.as_str().ok_or("must be a text".to_owned());
            let name = text.and_then(str::parse::<ListName>);
            edits.name = Some(name.map_err(|detail| DeskFault::new("/name", detail))?);
        }
        match edits
            .members
            .keys()
            .find(|name| !MEMBERS.contains(&name.as_str()))
        {
            Some(unknown) => {
                let part = unknown.replace('~', "~0").replace('/', "~1");
                let part: String = part.chars().take(64).collect();
                Err(DeskFault::new(format!("/{part}"), "unknown"))
            }
            None => Ok(edits),
        }
    }

    /// Whether nothing is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.members.is_empty()
    }

    /// The names of what is given, for the audit log.
    pub(super) fn names(&self) -> Vec<&str> {
        let name = self.name.as_ref().map(|_| "name");
        name.into_iter()
            .chain(self.members.keys().map(String::as_str))
            .collect()
    }
}

const MEMBERS: [&str; 14] = [
    "accepts",
    "accept_public",
    "time_zone",
    "opens_at",
    "closes_at",
    "entries",
    "exits",
    "exit_all_at",
    "max_inside",
    "people",
    "store",
    "assumed_stay_minutes",
    "retention_days",
    "gates",
];

impl ListSettings {
    /// What a list asks from now on: what it asked before, if it did, and what is given.
    ///
    /// # Errors
    /// [`DeskFault`]
    pub fn with(
        before: Option<&Self>,
        edits: &ListEdits,
        profiles: &DeskProfiles,
    ) -> Result<Self, DeskFault> {
        let mut all = match before {
            Some(before) => match serde_json::to_value(before) {
                Ok(Value::Object(all)) => all,
                _ => Map::new(),
            },
            None => Map::new(),
        };
        for (name, value) in &edits.members {
            all.insert(name.clone(), value.clone());
        }
        all.retain(|_, value| !value.is_null());
        let given = Given(all);
        let zone = given.text("time_zone")?.unwrap_or_else(|| "UTC".to_owned());
        let time_zone = zone_of(&zone).ok_or_else(|| {
            DeskFault::new(
                "/time_zone",
                "must be a time zone such as Europe/Berlin (IANA)",
            )
        })?;
        let settings = Self {
            accepts: given.accepts(profiles)?,
            accept_public: given.flag("accept_public")?,
            opens_at: given.time("opens_at", &time_zone)?,
            closes_at: given.time("closes_at", &time_zone)?,
            time_zone: zone,
            entries: given.word("entries", Entries::Once)?,
            exits: given.exits()?,
            exit_all_at: given.hour()?,
            max_inside: given.number("max_inside", 1, 1_000_000)?,
            people: given.pointer("people")?,
            store: given.store()?,
            assumed_stay_minutes: given
                .number("assumed_stay_minutes", 1, 10_080)?
                .unwrap_or_else(stay),
            retention_days: given
                .number("retention_days", 1, 3_660)?
                .unwrap_or(DEFAULT_DAYS),
            gates: given.gates()?,
        };
        settings.check(profiles)?;
        Ok(settings)
    }

    fn check(&self, profiles: &DeskProfiles) -> Result<(), DeskFault> {
        if self.max_inside.is_some() && !self.exits {
            let detail = "takes exits: without them nobody knows how many are inside";
            return Err(DeskFault::new("/max_inside", detail));
        }
        if let (Some(opens), Some(closes)) = (self.opens_at(), self.closes_at())
            && opens >= closes
        {
            return Err(DeskFault::new("/closes_at", "must be after opens_at"));
        }
        let public = |accepts: &Accepts| {
            let known = profiles.find(&accepts.profile);
            known.is_some_and(|known| known.for_anyone)
        };
        match self.accepts.iter().position(public) {
            Some(place) if !self.accept_public => Err(DeskFault::new(
                format!("/accepts/{place}/profile"),
                "anyone may issue under this profile, so that whoever wants to be let in can: it takes accept_public",
            )),
            _ => Ok(()),
        }
    }

    /// What stands in a row of the store.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Instead of what no list of ours asks: it takes nothing.
    pub(super) fn unreadable() -> Self {
        Self {
            accepts: Vec::new(),
            accept_public: false,
            time_zone: "UTC".to_owned(),
            opens_at: None,
            closes_at: None,
            entries: Entries::Once.as_str().to_owned(),
            exits: false,
            exit_all_at: "03:00".to_owned(),
            max_inside: None,
            people: None,
            store: times(),
            assumed_stay_minutes: stay(),
            retention_days: DEFAULT_DAYS,
            gates: Vec::new(),
        }
    }

    /// As a row of the store has it.
    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Its time zone; UTC for one that this program does not know any more.
    pub(super) fn zone(&self) -> TimeZone {
        zone_of(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    pub(super) fn opens_at(&self) -> Option<UnixTime> {
        instant(self.opens_at.as_deref()?)
    }

    pub(super) fn closes_at(&self) -> Option<UnixTime> {
        instant(self.closes_at.as_deref()?)
    }

    pub(super) fn entries(&self) -> Entries {
        self.entries.parse().unwrap_or(Entries::Once)
    }

    /// The hour at which everybody is let out.
    pub(super) fn exit_hour(&self) -> Time {
        hour(&self.exit_all_at).unwrap_or(Time::constant(3, 0, 0, 0))
    }

    /// Whether documents are kept.
    pub(super) fn keeps_visits(&self) -> bool {
        self.store == "visit"
    }

    /// How many people a document admits: 1 if it does not say; `None` if it says what nobody can be.
    pub(super) fn people(&self, document: &Value) -> Option<u32> {
        let Some(value) = self
            .people
            .as_ref()
            .and_then(|pointer| document.pointer(pointer))
        else {
            return Some(1);
        };
        let people = value.as_u64().and_then(|people| u32::try_from(people).ok());
        people.filter(|people| (1..=MAX_PEOPLE).contains(people))
    }

    /// Whether this is one of its gates; a list without gates takes any.
    pub(super) fn has_gate(&self, gate: &GateName) -> bool {
        self.gates.is_empty() || self.gates.iter().any(|known| known == gate.as_str())
    }
}

/// What is kept when nobody says.
fn times() -> String {
    "times".to_owned()
}

/// How many minutes somebody stays when nobody says.
fn stay() -> u32 {
    120
}

/// How many days check-ins are kept when nobody says.
const DEFAULT_DAYS: u32 = 21;

fn zone_of(name: &str) -> Option<TimeZone> {
    let plain = name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
    plain.then(|| TimeZone::get(name).ok()).flatten()
}

fn hour(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i8>().ok()).flatten()
    };
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

fn instant(text: &str) -> Option<UnixTime> {
    let time: Timestamp = text.parse().ok()?;
    u64::try_from(time.as_second())
        .ok()
        .map(UnixTime::from_secs)
}

/// Members without `null`.
struct Given(Map<String, Value>);

impl Given {
    fn text(&self, name: &str) -> Result<Option<String>, DeskFault> {
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

    fn flag(&self, name: &str) -> Result<bool, DeskFault> {
        let flag = self.read(name, "must be true or false", Value::as_bool)?;
        Ok(flag.unwrap_or(false))
    }

    fn number(&self, name: &str, least: u32, most: u32) -> Result<Option<u32>, DeskFault> {
        let detail = format!("must be a whole number from {least} to {most}");
        self.read(name, &detail, |value| {
            let number = u32::try_from(value.as_u64()?).ok()?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    fn word(&self, name: &str, default: Entries) -> Result<String, DeskFault> {
        let words = "must be once, once_a_day or many";
        let word = self.read(name, words, |value| value.as_str()?.parse::<Entries>().ok())?;
        Ok(word.unwrap_or(default).as_str().to_owned())
    }

    /// `on` and `off`, as people say, or `true` and `false`.
    fn exits(&self) -> Result<bool, DeskFault> {
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

    fn store(&self) -> Result<String, DeskFault> {
        let word = self.read("store", "must be times or visit", |value| {
            let word = value.as_str()?;
            matches!(word, "times" | "visit").then(|| word.to_owned())
        })?;
        Ok(word.unwrap_or_else(times))
    }

    fn hour(&self) -> Result<String, DeskFault> {
        let words = "must be a local hour such as 03:00";
        let text = self.read("exit_all_at", words, |value| {
            let text = value.as_str()?;
            hour(text).map(|_| text.to_owned())
        })?;
        Ok(text.unwrap_or_else(|| "03:00".to_owned()))
    }

    fn time(&self, name: &str, zone: &TimeZone) -> Result<Option<String>, DeskFault> {
        let words = "must be a time such as 2026-11-27T18:00:00Z (RFC 3339), or without an offset a local one";
        self.read(name, words, |value| {
            let text = value.as_str().filter(|text| text.len() <= 40)?;
            let time = match text.parse::<Timestamp>() {
                Ok(time) => time,
                Err(_) => {
                    let local: DateTime = text.parse().ok()?;
                    local.to_zoned(zone.clone()).ok()?.timestamp()
                }
            };
            let secs = u64::try_from(time.as_second()).ok()?;
            Some(rfc3339(UnixTime::from_secs(secs)))
        })
    }

    fn pointer(&self, name: &str) -> Result<Option<String>, DeskFault> {
        self.read(name, POINTER, |value| {
            value
                .as_str()
                .filter(|text| is_pointer(text))
                .map(str::to_owned)
        })
    }

    fn gates(&self) -> Result<Vec<String>, DeskFault> {
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

    fn accepts(&self, profiles: &DeskProfiles) -> Result<Vec<Accepts>, DeskFault> {
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
