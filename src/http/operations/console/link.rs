//! `/console/links/{id}`: one link: how often it was scanned, where it leads, its picture, and its end.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use super::{Page, links, query, secs, text, time};
use crate::audit::By;
use crate::http::admission::{MayIssue, Person};
use crate::http::extract::ConsoleForm;
use crate::http::operations::links::change::changer;
use crate::http::operations::links::scans::view;
use crate::http::operations::tokens::TokenIdInPath;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::AboutToken;
use crate::http::state::App;
use crate::issuing::Note;
use crate::links::{
    ChangeError, ChangeLink, LinkEdits, OwnedLink, ShowScans, Step, WrittenRule, change as changed,
    report, show as find,
};
use crate::revoking::{Reason, RevokeToken, revoke};
use crate::store::{LinkState, ScansOf, Scope};
use crate::token::{ExpiresIn, Pin, TokenId};

/// The page.
pub async fn show(
    request: HttpRequest,
    person: Person,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let link = owned(&request, &person, id).await?;
    page(&request, &person, &link, StatusCode::OK, None).await
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
    page(request, person, &link, status, notice).await
}

/// Changes where it leads, switches it off and on, or ends it.
pub async fn change(
    request: HttpRequest,
    person: Person,
    TokenIdInPath(id): TokenIdInPath,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let before = owned(&request, &person, id).await?;
    request.extensions_mut().insert(AboutToken(id));
    let _right = MayIssue::of_person(&request, &person)?;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if form.get("do") == "end" {
        return match end(&request, &person, &before, form.get("reason").trim()).await? {
            Ok(()) => {
                let after = owned(&request, &person, id).await?;
                let notice =
                    Notice::done("The link has ended: its printed codes lead nowhere any more.");
                page(&request, &person, &after, StatusCode::OK, Some(notice)).await
            }
            Err(notice) => page(&request, &person, &before, wrong, Some(notice)).await,
        };
    }
    let edits = match edits(&form, &before) {
        Ok(edits) => edits,
        Err(words) => {
            let notice = Some(Notice::refused(words));
            return page(&request, &person, &before, wrong, notice).await;
        }
    };
    let keyring = app.keyring.load_full();
    let asked = ChangeLink {
        id,
        edits: &edits,
        of_edition: Some(form.get("revision").parse().unwrap_or(0)),
        by: person.principal(),
        only_of: person.only_of(),
        now: app.now(),
    };
    let done = changed(changer(app, &keyring), asked).await;
    app.link_cache.forget(id);
    match done {
        Ok(link) => {
            let notice = Some(Notice::done(
                "It is changed, on every node within two seconds.",
            ));
            page(&request, &person, &link, StatusCode::OK, notice).await
        }
        Err(ChangeError::Conflict { .. }) => {
            let link = owned(&request, &person, id).await?;
            let words = format!(
                "Somebody else has changed this link meanwhile: it leads to {}, and is {}, now. You wanted {}. Nothing was changed; look, \
                 and send it again.",
                target(&link),
                links::words(link.state),
                wanted(&form)
            );
            let (status, notice) = (StatusCode::PRECONDITION_FAILED, Notice::refused(words));
            page(&request, &person, &link, status, Some(notice)).await
        }
        Err(ChangeError::Fault(fault)) => {
            let what = match fault.pointer.as_str() {
                "/target" => "The address",
                "/fallback" => "The address for after its end",
                "/expires_in" => "The end",
                "/pin" => "The PIN",
                _ => "What it says",
            };
            let notice = Some(Notice::refused(format!(
                "{what} {}. Nothing was changed.",
                fault.detail
            )));
            page(&request, &person, &before, wrong, notice).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What was asked for, in words.
fn wanted(form: &ConsoleForm) -> String {
    match form.get("do") {
        "off" => "to switch it off".to_owned(),
        "on" => "to switch it on".to_owned(),
        _ => format!("it to lead to {}", form.get("target")),
    }
}

/// What is to change; what stays as it is, is not among it.
fn edits(form: &ConsoleForm, before: &OwnedLink) -> Result<LinkEdits, String> {
    let mut edits = LinkEdits::default();
    match form.get("do") {
        what @ ("off" | "on") => edits.enabled = Some(what == "on"),
        "change" => {
            let written = before.written.clone().unwrap_or_default();
            let (target, fallback) = (form.get("target").trim(), form.get("fallback").trim());
            edits.target = (target != written.target).then(|| target.to_owned());
            let fallback = (!fallback.is_empty()).then(|| fallback.to_owned());
            edits.fallback = (fallback != written.fallback).then_some(fallback);
            let note = form.get("note").trim();
            let note = match note.is_empty() {
                true => None,
                false => Some(note.parse::<Note>().map_err(|error| error.to_string())?),
            };
            let is_new = note.as_ref().map(Note::as_str) != before.row.note.as_deref();
            edits.note = is_new.then_some(note);
            edits.expires_in = match form.get("expires_in") {
                "" => None,
                "never" => Some(None),
                text => {
                    let parsed = text.parse::<ExpiresIn>();
                    Some(Some(parsed.map_err(|error| error.to_string())?))
                }
            };
            let pin = form.get("pin").trim();
            if !pin.is_empty() {
                let parsed = Pin::parse(pin);
                edits.pin = Some(parsed.map_err(|error| format!("The PIN: {error}."))?);
            }
        }
        _ => return Err("The form is not one of this page.".to_owned()),
    }
    match edits.is_empty() {
        true => Err("That is as it was: nothing was changed.".to_owned()),
        false => Ok(edits),
    }
}

async fn end(
    request: &HttpRequest,
    person: &Person,
    link: &OwnedLink,
    reason: &str,
) -> Result<Result<(), Notice>, Problem> {
    let app = App::of(request);
    let reason = match reason.is_empty() {
        true => None,
        false => match reason.parse::<Reason>() {
            Ok(reason) => Some(reason),
            Err(error) => return Ok(Err(Notice::refused(error.to_string()))),
        },
    };
    let token = RevokeToken {
        id: link.row.id,
        reason,
        by_holder: false,
        expires_at: link.row.expires_at,
    };
    let keyring = app.keyring.load();
    let by = By::fresh(person.principal(), &keyring)?;
    let ended = revoke(&*app.store, &app.revocations, token, by, app.now()).await;
    app.link_cache.forget(link.row.id);
    ended?;
    Ok(Ok(()))
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
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let id = link.row.id;
    let title = link
        .row
        .note
        .clone()
        .unwrap_or_else(|| format!("Link {id}"));
    let mut parts = facts(link);
    let by_hour = query(request).contains(&("by".to_owned(), "hour".to_owned()));
    let asked = ShowScans {
        by: if by_hour { Step::Hour } else { Step::Day },
        ..ShowScans::latest(ScansOf::Link(id), app.now())
    };
    let scans = report(&*app.store, asked).await?;
    parts.push(Part::Heading("Scans in 30 days".to_owned()));
    parts.push(Part::Scans(Box::new(view(&scans, ""))));
    let here = format!("/console/links/{id}");
    parts.push(match by_hour {
        true => Part::Link(here.clone(), "By day".to_owned()),
        false => Part::Link(format!("{here}?by=hour"), "By hour".to_owned()),
    });
    parts.push(Part::Link(
        format!("/api/links/{id}/scans?format=csv"),
        "As a table for spreadsheets (CSV)".to_owned(),
    ));
    let live = !matches!(link.state, LinkState::Revoked | LinkState::UsedUp);
    if person.account.role.may(Scope::Issue) && live {
        parts.extend(picture(app, id));
        parts.extend(forms(link, &here));
    }
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
        ("State", text(links::words(link.state))),
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
    let choice = |choices: &[&'static str]| {
        FieldKind::Choice(choices.iter().map(|word| (*word, *word)).collect())
    };
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
                    FieldKind::Choice(vec![("png", "PNG"), ("svg", "SVG, for print")]),
                ),
            ],
            button: "Draw it in this style",
            danger: false,
        }),
    ]
}

fn forms(link: &OwnedLink, here: &str) -> Vec<Part> {
    let revision = link.row.link.as_ref().map_or(0, |link| link.edition);
    let form = |id, what: &str, fields, button, danger| {
        Part::Form(Form {
            id,
            action: here.to_owned(),
            is_query: false,
            hidden: vec![("do", what.to_owned()), ("revision", revision.to_string())],
            fields,
            button,
            danger,
        })
    };
    let written = link.written.clone().unwrap_or_default();
    let ends = [("", "as it is"), ("never", "never")];
    let ends = ends.into_iter().chain(links::ENDS).collect();
    let mut fields = vec![
        Field::new("target", "Leads to", FieldKind::Line).value(&written.target),
        Field::new("note", "Note", FieldKind::Line)
            .value(link.row.note.clone().unwrap_or_default())
            .optional(),
        Field::new("expires_in", "Ends", FieldKind::Choice(ends)).hint("counted from now"),
        Field::new("fallback", "Leads there once it has ended", FieldKind::Line)
            .value(written.fallback.unwrap_or_default())
            .optional(),
    ];
    if link.needs_pin {
        let pin = Field::new("pin", "PIN of the link", FieldKind::Line);
        let hint = "for every change but of the note; it is its PIN from now on";
        fields.push(pin.hint(hint).optional());
    }
    let reason = Field::new("reason", "Reason", FieldKind::Line)
        .hint("stands in its receipt; may be left out")
        .optional();
    let (switch, words) = match link.row.link.as_ref().is_some_and(|link| link.disabled) {
        true => ("on", "Switch it on"),
        false => ("off", "Switch it off"),
    };
    vec![
        Part::Heading("Change it".to_owned()),
        form("change", "change", fields, "Change the link", false),
        form("switch", switch, Vec::new(), words, false),
        Part::Heading("End it for ever".to_owned()),
        Part::Text(
            "Its printed codes will lead nowhere any more, and this cannot be undone.".to_owned(),
        ),
        form("end", "end", vec![reason], "End the link for ever", true),
    ]
}
