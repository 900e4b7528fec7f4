//! What a list asks: read from JSON, written as JSON.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::display::DeskProfiles;
use super::fault::DeskFault;
use super::given::{Accepts, Given, whole};
use super::names::{GateName, ListName};
use super::zone;
use crate::clock::parse_rfc3339;
use crate::pointer::escape;
use crate::store::{Entries, ListRecord, StoreError};
use crate::token::UnixTime;

/// The most people whom a code admits.
pub const MAX_PEOPLE: u32 = 50;

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
    /// Who sees who is inside: `off` nobody, `staff` whoever checks in.
    #[serde(default = "off")]
    pub roll_call: String,
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
                let part = escape(unknown);
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

const MEMBERS: [&str; 15] = [
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
    "roll_call",
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
        let name = given.text("time_zone")?.unwrap_or_else(|| "UTC".to_owned());
        let time_zone = zone::named(&name).ok_or_else(|| {
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
            time_zone: name,
            entries: given.word("entries", Entries::Once)?,
            exits: given.exits()?,
            exit_all_at: given.hour()?,
            max_inside: given.number("max_inside", 1, 1_000_000)?,
            people: given.pointer("people")?,
            store: given.store()?.unwrap_or_else(times),
            assumed_stay_minutes: given
                .number("assumed_stay_minutes", 1, 10_080)?
                .unwrap_or_else(stay),
            retention_days: given
                .number("retention_days", 1, 3_660)?
                .unwrap_or(DEFAULT_DAYS),
            gates: given.gates()?,
            roll_call: given.roll_call()?.unwrap_or_else(off),
        };
        settings.check(profiles)?;
        Ok(settings)
    }

    fn check(&self, profiles: &DeskProfiles) -> Result<(), DeskFault> {
        if self.max_inside.is_some() && !self.exits {
            let detail = "takes exits: without them nobody knows how many are inside";
            return Err(DeskFault::new("/max_inside", detail));
        }
        if self.has_roll_call() && !self.exits {
            let detail = "takes exits: without them nobody knows who is inside";
            return Err(DeskFault::new("/roll_call", detail));
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

    /// What a list asks, as its row says.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: no program of this version wrote it.
    pub(super) fn of(list: &ListRecord) -> Result<Self, StoreError> {
        Self::read(&list.settings).ok_or_else(|| {
            StoreError::Unavailable(format!("the settings of list {} cannot be read", list.id))
        })
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
            roll_call: off(),
        }
    }

    /// As a row of the store has it.
    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Its time zone; UTC for one that this program does not know any more.
    pub(super) fn zone(&self) -> TimeZone {
        zone::named(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    pub(super) fn opens_at(&self) -> Option<UnixTime> {
        parse_rfc3339(self.opens_at.as_deref()?)
    }

    pub(super) fn closes_at(&self) -> Option<UnixTime> {
        parse_rfc3339(self.closes_at.as_deref()?)
    }

    pub(super) fn entries(&self) -> Entries {
        self.entries.parse().unwrap_or(Entries::Once)
    }

    /// The hour at which everybody is let out.
    pub(super) fn exit_hour(&self) -> Time {
        zone::hour(&self.exit_all_at).unwrap_or(Time::constant(3, 0, 0, 0))
    }

    /// Whether documents are kept.
    pub(super) fn keeps_visits(&self) -> bool {
        self.store == "visit"
    }

    /// Whether whoever checks in sees who is inside.
    pub(super) fn has_roll_call(&self) -> bool {
        self.roll_call == "staff"
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
        whole(value).filter(|people| (1..=MAX_PEOPLE).contains(people))
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

/// Whether there is a roll call when nobody says.
fn off() -> String {
    "off".to_owned()
}

/// How many minutes somebody stays when nobody says.
fn stay() -> u32 {
    120
}

/// How many days check-ins are kept when nobody says.
const DEFAULT_DAYS: u32 = 21;
