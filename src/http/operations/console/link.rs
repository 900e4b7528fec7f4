//! `/console/links/{id}`: one link: how often it was scanned, where it leads, its picture, and its end.
//!
//! Belongs here: the page. Does not belong here: its forms (`forms`), and what is done with them (`change`).

pub mod change;
mod forms;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use self::forms::{filled, forms};
use super::link_words::state_words;
use super::typed::Typed;
use super::{Page, query, secs, text, time};
use crate::http::admission::Person;
use crate::http::operations::links::scans::view;
use crate::http::operations::tokens::TokenIdInPath;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::links::{OwnedLink, ShowScans, Step, WrittenRule, report, show as find};
use crate::store::{LinkState, ScansOf, Scope};
use crate::token::TokenId;

/// The page.
pub async fn show(
    request: HttpRequest,
    person: Person,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let link = owned(&request, &person, id).await?;
    let typed = filled(&link, None);
    page(&request, &person, &link, StatusCode::OK, None, typed).await
}

/// The page of the link with this id, which was just made.
pub async fn shown(
    request: &HttpRequest,
    person: &Person,
    id: &str,
    status: StatusCode,
    notice: Option<Notice>,
) -> Result<HttpResponse, Problem> {
    let id = id.parse().map_err(|_| unknown())?;
    let link = owned(request, person, id).await?;
    let typed = filled(&link, None);
    page(request, person, &link, status, notice, typed).await
}

/// The link, if this person sees it: what others made is as unknown as what nobody made.
async fn owned(request: &HttpRequest, person: &Person, id: TokenId) -> Result<OwnedLink, Problem> {
    let app = App::of(request);
    let keyring = app.keyring.load_full();
    let found = find(&*app.store, &keyring, &app.link_policy, id, app.now()).await?;
    let only_of = person.only_of();
    found
        .filter(|link| only_of.is_none() || link.row.made_by == only_of)
        .ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::new(ProblemCode::NotFound).detail("There is no such link of yours.")
}

/// Whether it can be changed still.
fn is_live(link: &OwnedLink) -> bool {
    !matches!(link.state, LinkState::Revoked | LinkState::UsedUp)
}

fn target(link: &OwnedLink) -> &str {
    link.written.as_ref().map_or("", |written| &*written.target)
}

/// What has to be fulfilled, in words.
fn condition(rule: &WrittenRule) -> String {
    let device = match rule.device.as_deref() {
        Some("ios") => Some("on iPhones and iPads".to_owned()),
        Some("android") => Some("on Android".to_owned()),
        Some("desktop") => Some("on computers".to_owned()),
        _ => None,
    };
    let language = rule.language.as_ref().map(|tag| format!("in {tag}"));
    let from = rule.from.as_ref().map(|at| format!("from {at}"));
    let until = rule.until.as_ref().map(|at| format!("until {at}"));
    let all: Vec<_> = [device, language, from, until]
        .into_iter()
        .flatten()
        .collect();
    all.join(", ")
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    link: &OwnedLink,
    status: StatusCode,
    notice: Option<Notice>,
    typed: Typed,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let id = link.row.id;
    let here = format!("/console/links/{id}");
    let makes = person.account.role.may(Scope::Issue) && is_live(link);
    let forms = makes.then(|| forms(link, &here, &typed));
    let title = link
        .row
        .note
        .clone()
        .unwrap_or_else(|| format!("Link {id}"));
    let mut parts = Vec::new();
    // What is wrong with a change is seen at once.
    let (first, last) = match typed.is_refused() {
        true => (forms, None),
        false => (None, forms),
    };
    parts.extend(first.into_iter().flatten());
    parts.extend(facts(link));
    let by_hour = query(request).contains(&("by".to_owned(), "hour".to_owned()));
    let asked = ShowScans {
        by: if by_hour { Step::Hour } else { Step::Day },
        ..ShowScans::latest(ScansOf::Link(id), app.now())
    };
    let scans = report(&*app.store, asked).await?;
    parts.push(Part::Heading("Scans in 30 days".to_owned()));
    parts.push(Part::Scans(Box::new(view(&scans, ""))));
    parts.push(match by_hour {
        true => Part::Link(here.clone(), "By day".to_owned()),
        false => Part::Link(format!("{here}?by=hour"), "By hour".to_owned()),
    });
    parts.push(Part::Link(
        format!("/api/links/{id}/scans?format=csv"),
        "As a table for spreadsheets (CSV)".to_owned(),
    ));
    if makes {
        parts.extend(picture(app, id));
    }
    parts.extend(last.into_iter().flatten());
    let page = Page {
        request,
        person,
        title: &title,
        at: "/console/links",
    };
    Ok(page.answer(status, notice, parts))
}

fn facts(link: &OwnedLink) -> Vec<Part> {
    let row = &link.row;
    let written = link.written.clone().unwrap_or_default();
    let mut facts = vec![
        ("State", text(state_words(link.state))),
        ("Leads to", text(target(link))),
        (
            "Note",
            text(row.note.clone().unwrap_or_else(|| "none".to_owned())),
        ),
        ("Ends", time(row.expires_at)),
    ];
    if let Some(fallback) = &written.fallback {
        facts.push(("Then leads to", text(fallback)));
    }
    if let Some(not_before) = &written.not_before {
        facts.push(("Not before", text(not_before)));
    }
    if row.max_opens.is_some() || link.needs_pin {
        let opens = match row.max_opens {
            Some(most) => format!("{} of {most}", row.opens),
            None => format!("{}, without limit", row.opens),
        };
        facts.push(("Opens", text(opens)));
    }
    if link.needs_pin {
        facts.push(("PIN", text("asked for")));
    }
    let made_by = row
        .made_by
        .map_or_else(|| "not known".to_owned(), |by| by.to_string());
    facts.push(("Made by", text(made_by)));
    if let Some(times) = &row.link {
        facts.push(("Made", Cell::Time(secs(times.created_at))));
        facts.push(("Changed", Cell::Time(secs(times.updated_at))));
    }
    facts.push(("Id", Cell::Code(row.id.to_string())));
    let mut parts = Vec::new();
    if let Some(blocked) = &link.blocked {
        parts.push(Part::Warning(format!("Scans are stopped: {blocked}.")));
    }
    if let Some(warning) = &link.warning {
        parts.push(Part::Warning(format!("{warning}.")));
    }
    parts.push(Part::Facts(facts));
    if !written.rules.is_empty() {
        let rows = written.rules.iter();
        parts.push(Part::Table(Table {
            caption: "Where it leads under conditions; the first that fits counts",
            head: vec!["Condition", "Leads to"],
            rows: rows
                .map(|rule| vec![text(condition(rule)), text(&rule.target)])
                .collect(),
            empty: "",
        }));
    }
    parts
}

/// The code once more, and in any style.
fn picture(app: &App, id: TokenId) -> Vec<Part> {
    let path = format!("/api/links/{id}/picture");
    let choice =
        |choices: &[&'static str]| FieldKind::choice(choices.iter().map(|word| (*word, *word)));
    vec![
        Part::Heading("Its QR code".to_owned()),
        Part::Picture {
            address: format!("{}{path}?format=svg", app.links.base_path()),
            words: "QR code of the link",
        },
        Part::Link(format!("{path}?format=png"), "PNG".to_owned()),
        Part::Link(format!("{path}?format=svg"), "SVG, for print".to_owned()),
        Part::Form(Form {
            id: "style",
            action: path,
            is_query: true,
            hidden: Vec::new(),
            fields: vec![
                Field::new(
                    "module_shape",
                    "Dots",
                    choice(&["square", "rounded", "dots"]),
                ),
                Field::new(
                    "finder_shape",
                    "Corners",
                    choice(&["square", "rounded", "circle"]),
                )
                .hint("the three large squares"),
                Field::new("dark", "Dark", FieldKind::Colour).value("#000000"),
                Field::new("light", "Light", FieldKind::Colour).value("#ffffff"),
                Field::new(
                    "format",
                    "File",
                    FieldKind::choice([("png", "PNG"), ("svg", "SVG, for print")]),
                ),
            ],
            button: "Draw it in this style",
            danger: false,
        }),
    ]
}
