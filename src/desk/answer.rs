//! Lists and check-ins as whoever may read them sees them.

use serde::Serialize;
use utoipa::ToSchema;

use super::display::Display;
use super::given::Accepts;
use super::settings::ListSettings;
use crate::clock::rfc3339;
use crate::store::{CheckInRecord, GateCounts, ListRecord};

/// A check-in list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListAnswer {
    /// Its id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Codes that it takes.
    pub accepts: Vec<Accepts>,
    /// Whether they may be of profiles under which anyone may issue.
    pub accept_public: bool,
    /// The time zone of its place (IANA).
    pub time_zone: String,
    /// The time before which nobody enters, in UTC.
    #[schema(format = DateTime)]
    pub opens_at: Option<String>,
    /// The time from which on nobody enters, in UTC.
    #[schema(format = DateTime)]
    pub closes_at: Option<String>,
    /// How often a code enters: `once`, `once_a_day` or `many`.
    #[schema(pattern = "^(once|once_a_day|many)$")]
    pub entries: String,
    /// Whether people are let out: `on` or `off`.
    #[schema(pattern = "^(on|off)$")]
    pub exits: &'static str,
    /// The local hour at which everybody inside is let out.
    pub exit_all_at: String,
    /// How many people may be inside.
    pub max_inside: Option<u32>,
    /// The field that says how many people a code admits.
    pub people: Option<String>,
    /// What is kept of whoever is let in: `times`, or `visit`: a copy of the document, under the server's key, of one with a PIN, too.
    #[schema(pattern = "^(times|visit)$")]
    pub store: String,
    /// How many minutes somebody stays who is not let out, as far as presence goes.
    pub assumed_stay_minutes: u32,
    /// How many days check-ins and visits are kept.
    pub retention_days: u32,
    /// Its doors.
    pub gates: Vec<String>,
    /// Who sees who is inside: `off` nobody, `staff` whoever checks in.
    #[schema(pattern = "^(off|staff)$")]
    pub roll_call: String,
    /// Who checks in on it besides those who may everywhere: `account:3`, `key:7`.
    pub staff: Vec<String>,
    /// Who made it.
    pub made_by: String,
    /// 1 as it was made, one more for each change: what `If-Match` takes.
    pub revision: u64,
    /// When it was made, in UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was changed last, in UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// How many people are inside; null where nobody is let out.
    pub inside: Option<u64>,
    /// What was counted since it was made; of one list only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<GateAnswer>,
    /// The same, gate by gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_gate: Option<Vec<GateAnswer>>,
}

/// What was counted at a gate, or at all of them.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct GateAnswer {
    /// The gate; null if none was said, and of all together.
    pub gate: Option<String>,
    /// Entries that were not undone.
    pub entries: u64,
    /// People who came with them.
    pub people: u64,
    /// Exits that were not undone, but for those of the list itself.
    pub exits: u64,
    /// Attempts that were refused.
    pub refusals: u64,
}

/// A page of lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListsAnswer {
    /// The lists, the newest first.
    pub lists: Vec<ListAnswer>,
    /// What to give as `cursor` for the next page; null if this is the last.
    pub next_cursor: Option<String>,
}

impl ListAnswer {
    /// A list without its counts.
    #[must_use]
    pub fn of(list: ListRecord) -> Self {
        let settings = ListSettings::read(&list.settings);
        let settings = settings.unwrap_or_else(ListSettings::unreadable);
        Self {
            id: list.id.to_string(),
            name: list.name,
            accepts: settings.accepts,
            accept_public: settings.accept_public,
            time_zone: settings.time_zone,
            opens_at: settings.opens_at,
            closes_at: settings.closes_at,
            entries: settings.entries,
            exits: if settings.exits { "on" } else { "off" },
            exit_all_at: settings.exit_all_at,
            max_inside: settings.max_inside,
            people: settings.people,
            store: settings.store,
            assumed_stay_minutes: settings.assumed_stay_minutes,
            retention_days: settings.retention_days,
            gates: settings.gates,
            roll_call: settings.roll_call,
            staff: list.staff.iter().map(ToString::to_string).collect(),
            made_by: list.made_by.to_string(),
            revision: list.revision,
            created_at: rfc3339(list.created_at),
            updated_at: rfc3339(list.updated_at),
            inside: settings.exits.then_some(list.inside),
            counts: None,
            by_gate: None,
        }
    }

    /// The same with what was counted.
    #[must_use]
    pub fn counted(mut self, gates: Vec<GateCounts>) -> Self {
        let mut all = GateAnswer::default();
        let mut by_gate = Vec::with_capacity(gates.len());
        for gate in gates {
            all.entries += gate.entries;
            all.people += gate.people;
            all.exits += gate.exits;
            all.refusals += gate.refusals;
            by_gate.push(GateAnswer {
                gate: Some(gate.gate).filter(|gate| !gate.is_empty()),
                entries: gate.entries,
                people: gate.people,
                exits: gate.exits,
                refusals: gate.refusals,
            });
        }
        self.counts = Some(all);
        self.by_gate = Some(by_gate);
        self
    }
}

/// A check-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckInAnswer {
    /// The id of its row.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// The list.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub list: String,
    /// When, in UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// `entry` or `exit`.
    #[schema(pattern = "^(entry|exit)$")]
    pub kind: &'static str,
    /// What came of it: `let_in`, `let_out`, or the code of the problem that it was refused with.
    pub outcome: &'static str,
    /// The token's id, which opens nothing; null if the code was not recognised.
    pub token_id: Option<String>,
    /// At which gate.
    pub gate: Option<String>,
    /// Who checked in; null if the list did it by itself.
    pub made_by: Option<String>,
    /// Whether the list let out by itself, at its hour.
    pub automatic: bool,
    /// What made it repeatable.
    pub check_in_id: Option<String>,
    /// How many people went in or out.
    pub people: u64,
    /// Whether it was an exit of somebody who was not inside.
    pub no_entry: bool,
    /// When it was undone, in UTC.
    #[schema(format = DateTime)]
    pub undone_at: Option<String>,
    /// Who undid it.
    pub undone_by: Option<String>,
    /// What is kept of the document; of one check-in only, with the scope `visits`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<Display>,
}

impl From<CheckInRecord> for CheckInAnswer {
    fn from(row: CheckInRecord) -> Self {
        Self {
            id: row.id.to_string(),
            list: row.list.to_string(),
            at: rfc3339(row.happened_at),
            kind: row.kind.as_str(),
            outcome: row.outcome.as_str(),
            token_id: row.token.map(|token| token.to_string()),
            gate: row.gate,
            made_by: row.made_by.map(|by| by.to_string()),
            automatic: row.made_by.is_none(),
            check_in_id: row.check_in_id,
            people: row.people,
            no_entry: row.no_entry,
            undone_at: row.undone_at.map(rfc3339),
            undone_by: row.undone_by.map(|by| by.to_string()),
            visit: None,
        }
    }
}

/// A page of check-ins.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckInsAnswer {
    /// The check-ins, the latest first.
    pub check_ins: Vec<CheckInAnswer>,
    /// What to give as `cursor` for the next page; null if this is the last.
    pub next_cursor: Option<String>,
}
