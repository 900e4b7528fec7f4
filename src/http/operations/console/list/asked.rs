//! What a check-in list asks, as a form of the console says it, and as the members that the API takes.
//!
//! Belongs here: the fields, their words, and what is wrong with one. Does not belong here: what a list may ask (`desk` says it),
//! and what is done with it.

use serde_json::{Map, Value, json};

use super::conditions::{self, CONDITION};
use crate::clock::parse_rfc3339;
use crate::desk::{DeskFault, DeskProfiles, ListAnswer, wall_clock};
use crate::http::extract::ConsoleForm;
use crate::http::operations::console::typed::Typed;
use crate::http::pages::console::{Field, FieldKind};

/// The fields, but for those that are ticked.
const NAMES: [&str; 15] = [
    "name",
    "where",
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

/// Which fields a form has.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Whether the list is new: later it stays as it is whether people are let out.
    pub new: bool,
    /// Whether people are let out, or may be.
    pub exits: bool,
    /// Whether the codes that it takes can be said by a form.
    pub accepts: bool,
}

impl Shown {
    /// The form of a new list.
    pub const NEW: Self = Self {
        new: true,
        exits: true,
        accepts: true,
    };

    /// The form of a list that is there.
    pub fn of(list: &ListAnswer) -> Self {
        Self {
            new: false,
            exits: list.exits == "on",
            accepts: conditions::written(&list.accepts).is_some(),
        }
    }

    fn has(self, name: &str) -> bool {
        match name {
            "exits" => self.new,
            "exit_all_at" | "max_inside" | "roll_call" => self.exits,
            "accept" | "where" | "accept_public" => self.accepts,
            _ => true,
        }
    }
}

/// What was typed.
pub fn typed(form: &ConsoleForm) -> Typed {
    Typed::of(form, &NAMES)
        .and_ticked(form, "accept")
        .and_ticked(form, "accept_public")
}

/// What stands in the form of a new list, at a place in this zone.
pub fn usual(time_zone: &str) -> Typed {
    Typed::with(
        [
            ("accept", "ticket"),
            ("time_zone", time_zone),
            ("entries", "once"),
            ("exits", "off"),
            ("exit_all_at", "03:00"),
            ("roll_call", "off"),
            ("store", "times"),
            ("assumed_stay_minutes", "120"),
            ("retention_days", "21"),
        ]
        .map(|(name, value)| (name, value.to_owned())),
    )
}

/// What stands in the form of a list that is there.
pub fn filled(list: &ListAnswer, zone: &jiff::tz::TimeZone) -> Typed {
    let local = |time: Option<&str>| {
        let time = time.and_then(parse_rfc3339);
        time.map(|time| wall_clock(time, zone)).unwrap_or_default()
    };
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let (kinds, lines) = conditions::written(&list.accepts).unwrap_or_default();
    let public = if list.accept_public { "1" } else { "" };
    Typed::with([
        ("name", list.name.clone()),
        ("accept", kinds),
        ("where", lines),
        ("accept_public", public.to_owned()),
        ("time_zone", list.time_zone.clone()),
        ("opens_at", local(list.opens_at.as_deref())),
        ("closes_at", local(list.closes_at.as_deref())),
        ("entries", list.entries.clone()),
        ("exits", list.exits.to_owned()),
        ("exit_all_at", list.exit_all_at.clone()),
        ("max_inside", number(list.max_inside).unwrap_or_default()),
        ("people", list.people.clone().unwrap_or_default()),
        ("store", list.store.clone()),
        (
            "assumed_stay_minutes",
            list.assumed_stay_minutes.to_string(),
        ),
        ("retention_days", list.retention_days.to_string()),
        ("gates", list.gates.join("\n")),
        ("roll_call", list.roll_call.clone()),
    ])
}

/// The members that say the same; what cannot be one is said beside its field.
pub fn members(typed: &mut Typed, shown: Shown) -> Map<String, Value> {
    let mut members = Map::new();
    let mut say = |name: &str, value: Value| {
        if shown.has(name) {
            members.insert(name.to_owned(), value);
        }
    };
    for name in ["name", "entries", "exits", "store"] {
        say(name, typed.get(name).into());
    }
    for name in ["time_zone", "opens_at", "closes_at", "exit_all_at"] {
        say(name, some(typed.get(name)));
    }
    for name in ["max_inside", "assumed_stay_minutes", "retention_days"] {
        let text = typed.get(name);
        let number = text.parse::<u64>();
        say(name, number.map_or_else(|_| some(text), Value::from));
    }
    let roll_call = typed.get("roll_call");
    say(
        "roll_call",
        match roll_call {
            "" => "off".into(),
            word => word.into(),
        },
    );
    let people = typed.get("people");
    let is_name = !people.is_empty() && !people.starts_with('/');
    say(
        "people",
        match is_name {
            true => format!("/{people}").into(),
            false => some(people),
        },
    );
    let gates = typed.get("gates").lines().map(str::trim);
    let gates: Vec<_> = gates.filter(|gate| !gate.is_empty()).collect();
    say("gates", json!(gates));
    say("accept_public", (typed.get("accept_public") == "1").into());
    if shown.accepts {
        let read = conditions::read(typed.get("accept"), typed.get("where"));
        let accepts = read.unwrap_or_else(|words| {
            typed.refuse("where", words);
            Value::Null
        });
        members.insert("accepts".to_owned(), accepts);
    }
    members
}

/// The members that are others than they were.
pub fn changed(
    mut members: Map<String, Value>,
    list: &ListAnswer,
    zone: &jiff::tz::TimeZone,
) -> Map<String, Value> {
    let before = self::members(&mut filled(list, zone), Shown::of(list));
    // Times of a place are others in another zone.
    let moved = members.get("time_zone") != before.get("time_zone");
    members.retain(|name, value| {
        let is_time = name == "opens_at" || name == "closes_at";
        moved && is_time || before.get(name) != Some(value)
    });
    members
}

/// Nothing for an empty text.
fn some(text: &str) -> Value {
    match text {
        "" => Value::Null,
        text => text.into(),
    }
}

/// Says beside its field what `desk` refused; whether there is such a field.
pub fn refuse(typed: &mut Typed, fault: &DeskFault, shown: Shown, profiles: &DeskProfiles) -> bool {
    let mut parts = fault.pointer.split('/').skip(1);
    let member = parts.next().unwrap_or_default();
    let place = parts.next().and_then(|place| place.parse::<usize>().ok());
    let detail = &fault.detail;
    let (field, words) = match (member, place) {
        ("accepts", Some(place)) if fault.pointer.ends_with("/profile") => {
            let kind = typed.get("accept").split(',').nth(place);
            let kind = kind.unwrap_or_default().to_owned();
            match profiles.find(&kind) {
                Some(_) => (
                    "accept_public",
                    format!(
                        "Anyone may make codes of the kind {kind}, so that whoever wants to enter can. Tick this if they are to be let in."
                    ),
                ),
                None => (
                    "accept",
                    format!("This server has no kind of code called {kind}."),
                ),
            }
        }
        ("accepts", Some(_)) => (
            "where",
            format!(
                "A kind of code takes at most eight lines, of at most 256 bytes each. {CONDITION}"
            ),
        ),
        ("accepts", None) => ("accept", "Tick one to 16 kinds of codes.".to_owned()),
        ("gates", Some(place)) => ("gates", format!("Door {} {detail}.", place + 1)),
        ("closes_at", _) if detail.contains("opens_at") => (
            "closes_at",
            "It must be after the time at which it opens.".to_owned(),
        ),
        (member, _) => match NAMES.into_iter().find(|name| *name == member) {
            Some(name) => (name, format!("It {detail}.")),
            None => return false,
        },
    };
    let is_shown = shown.has(field);
    if is_shown {
        typed.refuse(field, words);
    }
    is_shown
}

/// The fields of the form.
pub fn fields(typed: &Typed, shown: Shown, profiles: &DeskProfiles) -> Vec<Field> {
    let fields = [which(typed, profiles), when(typed), kept(typed)];
    let fields = fields.into_iter().flatten();
    fields.filter(|field| shown.has(field.name)).collect()
}

/// What it is called, and which codes enter.
fn which(typed: &Typed, profiles: &DeskProfiles) -> Vec<Field> {
    let known = profiles.registry.all().map(|profile| {
        let title = profile.title.of(profiles.language);
        let public = match profile.is_for_anyone() {
            true => ": anyone can make one",
            false => "",
        };
        let name = profile.name.as_str().to_owned();
        let words = format!("{title} ({name}){public}");
        (name, words)
    });
    let ticked = typed.get("accept").split(',');
    let gone = ticked
        .filter(|name| !name.is_empty() && profiles.find(name).is_none())
        .map(|name| {
            let words = format!("{name}: this server does not have it any more");
            (name.to_owned(), words)
        });
    let kinds = FieldKind::ticks(known.chain(gone));
    vec![
        typed
            .field("name", "Name", FieldKind::Line)
            .hint("what staff choose at the desk"),
        typed.field("accept", "Kinds of codes that enter", kinds),
        typed
            .field("where", "Only codes that say", FieldKind::Lines)
            .hint("a line each, such as /event = gala-2026; empty: every code of these kinds")
            .optional(),
        typed.field(
            "accept_public",
            "Codes that anyone can make",
            FieldKind::ticks([("1", "let them in, too")]),
        ),
    ]
}

/// When, how often, and how many people.
fn when(typed: &Typed) -> Vec<Field> {
    let entries = FieldKind::choice([
        ("once", "once"),
        ("once_a_day", "once a day"),
        ("many", "as often as it is shown"),
    ]);
    let exits = FieldKind::choice([("off", "no, only entries"), ("on", "yes")]);
    let roll_call = FieldKind::choice([("off", "nobody"), ("staff", "whoever works at the desk")]);
    vec![
        typed
            .field("time_zone", "Time zone of the place", FieldKind::Line)
            .hint("such as Europe/Berlin"),
        typed
            .field("opens_at", "Opens", FieldKind::Moment)
            .hint("time of the place; empty: it is open")
            .optional(),
        typed
            .field("closes_at", "Closes", FieldKind::Moment)
            .hint("empty: never")
            .optional(),
        typed
            .field("gates", "Doors", FieldKind::Lines)
            .hint("a name a line; may be left out")
            .optional(),
        typed.field("entries", "A code enters", entries),
        typed
            .field("exits", "People are let out, too", exits)
            .hint("then it is known how many are inside; cannot be changed later"),
        typed
            .field("max_inside", "Most people inside", FieldKind::Number)
            .hint("where people are let out; empty: any number")
            .optional(),
        typed
            .field("exit_all_at", "Everybody has left by", FieldKind::Hour)
            .hint("where people are let out: the hour at which whoever is inside counts as out")
            .optional(),
        typed
            .field("roll_call", "Who sees who is inside", roll_call)
            .hint("where people are let out: to call the roll in an alarm"),
        typed
            .field(
                "people",
                "Field that says how many people a code admits",
                FieldKind::Line,
            )
            .hint("such as guests; empty: one each")
            .optional(),
    ]
}

/// What is remembered.
fn kept(typed: &Typed) -> Vec<Field> {
    let store = FieldKind::choice([
        ("times", "when they came, and no more"),
        ("visit", "what their code says"),
    ]);
    vec![
        typed
            .field("store", "What is kept of visitors", store)
            .hint("what their code says is a copy under the server\u{2019}s key, of codes with a PIN, too"),
        typed
            .field("retention_days", "Kept for", FieldKind::Number)
            .hint("days; 21 if it is empty")
            .optional(),
        typed
            .field(
                "assumed_stay_minutes",
                "Somebody stays for",
                FieldKind::Number,
            )
            .hint("minutes, where nobody is let out; 120 if it is empty")
            .optional(),
    ]
}
