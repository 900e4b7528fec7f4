//! `/console/lists/{id}`: one check-in list: what happened at it, who works at it, what it asks, and its end.
//!
//! Belongs here: the page. Does not belong here: its forms, and what is done with them (`change`).

pub mod asked;
pub mod change;
mod conditions;
mod history;
mod staff;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use jiff::tz::TimeZone;

use self::asked::Shown;
use super::lists::{Now, keeps, now};
use super::typed::Typed;
use super::{Page, confirmation, desk_profiles, secs, sure, text};
use crate::clock::parse_rfc3339;
use crate::desk::{ListAnswer, counts_of, find_list, local_time, zone_of};
use crate::http::admission::Person;
use crate::http::operations::lists::{ListIdInPath, unknown};
use crate::http::pages::console::{Cell, Form, Notice, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::store::{ListId, ListRecord};
use crate::token::UnixTime;

pub use self::history::what;

/// The page.
pub async fn show(
    request: HttpRequest,
    person: Person,
    ListIdInPath(id): ListIdInPath,
) -> Result<HttpResponse, Problem> {
    let here = Here {
        request: &request,
        person: &person,
    };
    let list = found(App::of(&request), id).await?;
    here.page(list, StatusCode::OK, None, Refused::default())
        .await
}

/// The list of this id.
pub async fn found(app: &App, id: ListId) -> Result<ListRecord, Problem> {
    find_list(&*app.store, id).await?.ok_or_else(unknown)
}

/// A time, as clocks at the place of a list show it.
pub fn there(time: UnixTime, zone: &TimeZone) -> String {
    local_time(time, zone).replacen('T', " ", 1)
}

/// Who looks at the page.
#[derive(Clone, Copy)]
struct Here<'a> {
    request: &'a HttpRequest,
    person: &'a Person,
}

/// What was refused, and is shown again.
#[derive(Default)]
struct Refused {
    /// What was typed into the form of what the list asks.
    typed: Option<Typed>,
    /// What the list asks now beside what somebody wanted.
    differs: Option<Table>,
    /// Whether to close it was not confirmed.
    close: bool,
    /// Whether to delete it was not confirmed.
    delete: bool,
}

impl Here<'_> {
    async fn page(
        self,
        record: ListRecord,
        status: StatusCode,
        notice: Option<Notice>,
        refused: Refused,
    ) -> Result<HttpResponse, Problem> {
        let app = App::of(self.request);
        let zone = zone_of(&record);
        let counts = counts_of(&*app.store, record.id).await?;
        let list = ListAnswer::of(record.clone()).counted(counts);
        let is_refused = refused.typed.is_some();
        let typed = refused.typed.unwrap_or_else(|| asked::filled(&list, &zone));
        let mut settings: Vec<_> = refused.differs.map(Part::Table).into_iter().collect();
        settings.extend(self.settings(&list, &typed));
        let mut parts = ways(&list);
        parts.push(facts(&list, &zone, app.now()));
        parts.push(counted(&list));
        parts.extend(history::parts(self.request, &record, &zone).await?);
        parts.extend(staff::parts(app, &record).await?);
        // What is wrong with a change is seen at once.
        let at = if is_refused { 0 } else { parts.len() };
        parts.splice(at..at, settings);
        parts.extend(self.ends(&list, refused.close, refused.delete));
        let page = Page {
            request: self.request,
            person: self.person,
            title: &list.name,
            at: "/console/lists",
        };
        Ok(page.answer(status, notice, parts))
    }

    /// What it asks, to be changed.
    fn settings(self, list: &ListAnswer, typed: &Typed) -> Vec<Part> {
        let shown = Shown::of(list);
        let mut parts = vec![Part::Heading("Change it".to_owned())];
        if !shown.accepts {
            parts.push(Part::Text(
                "Which codes enter was said in a way that no form here can say. It stays so; a program can change it.".to_owned(),
            ));
        }
        let profiles = desk_profiles(self.request);
        parts.push(Part::Form(Form {
            id: "change",
            action: path(list),
            is_query: false,
            hidden: hidden(list, "change"),
            fields: asked::fields(typed, shown, &profiles),
            button: "Change the list",
            danger: false,
        }));
        parts
    }

    /// Its doors are closed or opened; and its end.
    fn ends(self, list: &ListAnswer, close: bool, delete: bool) -> Vec<Part> {
        let app = App::of(self.request);
        let form = |what: &'static str, fields, button, danger| {
            Part::Form(Form {
                id: what,
                action: path(list),
                is_query: false,
                hidden: hidden(list, what),
                fields,
                button,
                danger,
            })
        };
        let mut parts = Vec::new();
        match now(list, app.now()) {
            Now::Waits => {}
            Now::Open => parts.extend([
                Part::Heading("Close it".to_owned()),
                Part::Text(
                    "Nobody enters any more; whoever is inside can be let out. It can be opened again."
                        .to_owned(),
                ),
                form("close", vec![sure("nobody enters from now on", close)], "Close the list", true),
            ]),
            Now::Closed => parts.extend([
                Part::Heading("Open it again".to_owned()),
                form("open", Vec::new(), "Open the list", false),
            ]),
        }
        let fields = [sure("yes, with its check-ins and what it keeps", delete)];
        let fields = fields
            .into_iter()
            .chain(confirmation(self.person, app.now()));
        parts.extend([
            Part::Heading("Delete it".to_owned()),
            Part::Text(
                "The list goes, with its check-ins and what it keeps of visitors. Whoever entered could enter again at another list. This \
                 cannot be undone."
                    .to_owned(),
            ),
            form("delete", fields.collect(), "Delete the list", true),
        ]);
        parts
    }
}

fn path(list: &ListAnswer) -> String {
    format!("/console/lists/{}", list.id)
}

fn hidden(list: &ListAnswer, what: &str) -> Vec<(&'static str, String)> {
    vec![
        ("do", what.to_owned()),
        ("revision", list.revision.to_string()),
    ]
}

/// Where to go from here.
fn ways(list: &ListAnswer) -> Vec<Part> {
    let link = |path: String, words: &str| Part::Link(path, words.to_owned());
    vec![
        link(format!("/desk?list={}", list.id), "Scan codes at the desk"),
        link(format!("{}/presence", path(list)), "Ask who was there"),
        link(
            format!("/api/lists/{}/check-ins?format=csv", list.id),
            "Every check-in as a table (CSV)",
        ),
    ]
}

fn facts(list: &ListAnswer, zone: &TimeZone, at: UnixTime) -> Part {
    let moment = |time: Option<&str>| {
        let time = time.and_then(parse_rfc3339);
        time.map(|time| text(there(time, zone)))
    };
    let mut facts = vec![("Now", text(now(list, at).words()))];
    if let Some(inside) = list.inside {
        let most = list.max_inside;
        let most = most.map_or_else(String::new, |most| format!(" of at most {most}"));
        facts.push(("People inside", text(format!("{inside}{most}"))));
        facts.push(("Everybody has left by", text(&list.exit_all_at)));
        let sees = match list.roll_call.as_str() {
            "staff" => "whoever works at the desk",
            _ => "nobody",
        };
        facts.push(("Who sees who is inside", text(sees)));
    }
    facts.extend(moment(list.opens_at.as_deref()).map(|time| ("Opens", time)));
    facts.extend(moment(list.closes_at.as_deref()).map(|time| ("Closes", time)));
    let takes = list.accepts.iter().map(|one| {
        let fields = one.fields.iter();
        let fields = fields.map(|(pointer, value)| format!(", {pointer} is {value}"));
        format!("{}{}", one.profile, fields.collect::<Vec<_>>().concat())
    });
    let takes = takes.collect::<Vec<_>>().join("; ");
    let made_at = parse_rfc3339(&list.created_at).map(secs);
    facts.extend([
        ("Takes", text(takes)),
        ("A code enters", text(list.entries.replace('_', " "))),
        ("Keeps", text(keeps(list))),
        ("Time zone", text(&list.time_zone)),
        ("Made by", text(&list.made_by)),
        ("Made", Cell::time(made_at)),
        ("Id", Cell::Code(list.id.clone())),
    ]);
    Part::Facts(facts)
}

/// What was counted, gate by gate.
fn counted(list: &ListAnswer) -> Part {
    let row = |name: String, gate: &crate::desk::GateAnswer| {
        vec![
            text(name),
            text(gate.entries.to_string()),
            text(gate.people.to_string()),
            text(gate.exits.to_string()),
            text(gate.refusals.to_string()),
        ]
    };
    let gates = list.by_gate.iter().flatten().map(|gate| {
        let name = gate.gate.clone();
        row(name.unwrap_or_else(|| "no door chosen".to_owned()), gate)
    });
    let mut rows: Vec<_> = gates.collect();
    if let (Some(all), 2..) = (&list.counts, rows.len()) {
        rows.insert(0, row("all".to_owned(), all));
    }
    Part::Table(Table {
        caption: "What was counted at its doors",
        head: vec!["Door", "Entries", "People", "Exits", "Refused"],
        rows,
        empty: "Nothing was counted yet.",
    })
}
