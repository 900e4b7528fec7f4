//! `/console/check-ins/{id}`: one check-in, what its list keeps of the visitor, and the end of that.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::list::change::refusal;
use super::list::{found, there, what};
use super::typed::Typed;
use super::{
    Page, confirmation, confirmed, desk_profiles, desk_right, is_sure, may_check, sure, text,
};
use crate::audit::By;
use crate::desk::{Display, PresenceReason, erase, find_check_in, keeps_visit, visit_of, zone_of};
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::operations::check_ins::undo::undone;
use crate::http::operations::lists::unknown;
use crate::http::pages::console::{Cell, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;
use crate::store::{CheckInId, CheckInRecord, ErasedOf, ListRecord};

/// What a page says beyond the check-in.
#[derive(Default)]
struct Told {
    notice: Option<Notice>,
    /// Whether a tick was missing.
    lacks_tick: bool,
    /// Why somebody wants to see what is kept, as it was typed.
    typed: Typed,
    /// The same, if it is a reason: then it is shown.
    reason: Option<PresenceReason>,
}

/// The page, without what is kept of the visitor.
pub async fn show(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    page(&request, &person, StatusCode::OK, Told::default()).await
}

/// Undoes the check-in, shows what is kept of its visitor to whoever says why, or erases it.
pub async fn change(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, notice) = match form.get("do") {
        "undo" => {
            let id = route::variable(&request, "id");
            match undone(&request, &may_check(&person), id).await {
                Ok(_) => (StatusCode::OK, Notice::done("The check-in is undone.")),
                Err(problem) => (wrong, Notice::refused(refusal(problem)?)),
            }
        }
        "show" => {
            let mut told = Told {
                typed: Typed::of(&form, &["reason"]),
                ..Told::default()
            };
            let status = match told.typed.get("reason").parse::<PresenceReason>() {
                Ok(reason) => {
                    told.reason = Some(reason);
                    StatusCode::OK
                }
                Err(words) => {
                    told.typed.refuse("reason", format!("It {words}."));
                    wrong
                }
            };
            return page(&request, &person, status, told).await;
        }
        "erase" if !is_sure(&form) => {
            let told = Told {
                lacks_tick: true,
                ..Told::default()
            };
            return page(&request, &person, wrong, told).await;
        }
        "erase" => match confirmed(&request, &person, &form).await? {
            Ok(()) => (StatusCode::OK, erased(&request, &person).await?),
            Err(notice) => (wrong, notice),
        },
        _ => {
            let words = "The form is not one of this page.";
            return Err(Problem::new(ProblemCode::Validation).detail(words));
        }
    };
    let told = Told {
        notice: Some(notice),
        ..Told::default()
    };
    page(&request, &person, status, told).await
}

/// Takes out what is kept of the code at its list, as the API does.
async fn erased(request: &HttpRequest, person: &Person) -> Result<Notice, Problem> {
    let app = App::of(request);
    let (row, _) = looked_up(request, person).await?;
    let keyring = app.keyring.load();
    let by = By::fresh(person.principal(), &keyring)?;
    let of = row.token.map_or(ErasedOf::Entry(row.id), ErasedOf::Token);
    let right = desk_right(person);
    erase(&*app.store, row.list, of, right, by, app.now()).await?;
    let words =
        "Nothing of what the code says is kept any more. That it entered, and the counts, stay.";
    Ok(Notice::done(words))
}

async fn looked_up(
    request: &HttpRequest,
    person: &Person,
) -> Result<(CheckInRecord, ListRecord), Problem> {
    let app = App::of(request);
    let id = route::variable(request, "id");
    let row = find_check_in(&*app.store, id, person.principal()).await?;
    let row = row.ok_or_else(unknown)?;
    let list = found(app, row.list).await?;
    Ok((row, list))
}

/// What is kept of the visitor, if something is: a form that asks why, or what it says.
async fn visit(
    request: &HttpRequest,
    person: &Person,
    entry: CheckInId,
    told: &Told,
) -> Result<Option<Part>, Problem> {
    let app = App::of(request);
    if !keeps_visit(&*app.store, entry).await? {
        return Ok(None);
    }
    let Some(reason) = &told.reason else {
        let reason = told.typed.field("reason", "Why", FieldKind::Line);
        return Ok(Some(Part::Form(Form {
            id: "show",
            action: format!("/console/check-ins/{entry}"),
            is_query: false,
            hidden: vec![("do", "show".to_owned())],
            fields: vec![reason.hint("such as the number of a case: it stands in the audit log")],
            button: "Show what is kept",
            danger: false,
        })));
    };
    let keyring = app.keyring.load_full();
    let by = By::fresh(person.principal(), &keyring)?;
    let profiles = desk_profiles(request);
    let visit = visit_of(
        &*app.store,
        &keyring,
        &profiles,
        entry,
        Some(reason),
        by,
        app.now(),
    );
    Ok(Some(match visit.await? {
        Some(visit) => kept(visit),
        None => Part::Text("It cannot be read: its key is gone.".to_owned()),
    }))
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    told: Told,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let (row, list) = looked_up(request, person).await?;
    let mut parts = vec![facts(&row, &list)];
    let path = format!("/console/check-ins/{}", row.id);
    let form = |what: &'static str, fields, button, danger| {
        Part::Form(Form {
            id: what,
            action: path.clone(),
            is_query: false,
            hidden: vec![("do", what.to_owned())],
            fields,
            button,
            danger,
        })
    };
    if row.outcome.is_passed() && row.undone_at.is_none() {
        parts.push(form("undo", Vec::new(), "Undo this check-in", false));
    }
    parts.push(Part::Heading("What is kept of the visitor".to_owned()));
    match visit(request, person, row.id, &told).await? {
        None => parts.push(Part::Text("Nothing.".to_owned())),
        Some(visit) => {
            let fields = [sure(
                "nothing of what this code says is to be kept at this list",
                told.lacks_tick,
            )];
            let fields = fields.into_iter().chain(confirmation(person, app.now()));
            parts.extend([
                Part::Text("Who looks, and why, is written to the audit log.".to_owned()),
                visit,
                Part::Heading("Erase it".to_owned()),
                Part::Text(
                    "What is kept of every entry of this code at the list goes. The entry itself and the counts remain."
                        .to_owned(),
                ),
                form("erase", fields.collect(), "Erase what is kept", true),
            ]);
        }
    }
    let page = Page {
        request,
        person,
        title: "A check-in",
        at: "/console/lists",
    };
    Ok(page.answer(status, told.notice, parts))
}

fn facts(row: &CheckInRecord, list: &ListRecord) -> Part {
    let zone = zone_of(list);
    let by = row.made_by.map(|by| by.to_string());
    let mut facts = vec![
        (
            "List",
            Cell::Link(format!("/console/lists/{}", list.id), list.name.clone()),
        ),
        ("When", text(there(row.happened_at, &zone))),
        ("What", text(what(row))),
        ("Door", text(row.gate.clone().unwrap_or_default())),
        ("People", text(row.people.to_string())),
        ("By", text(by.unwrap_or_else(|| "the list".to_owned()))),
    ];
    if let Some(at) = row.undone_at {
        let by = row.undone_by.map(|by| format!(" by {by}"));
        let words = format!("{}{}", there(at, &zone), by.unwrap_or_default());
        facts.push(("Undone", text(words)));
    }
    let token = row.token.map(|token| token.to_string());
    facts.push(("Code", Cell::Code(token.unwrap_or_default())));
    facts.push(("Id", Cell::Code(row.id.to_string())));
    Part::Facts(facts)
}

/// What the document says.
fn kept(visit: Display) -> Part {
    let fields = visit.fields.into_iter();
    Part::Table(Table {
        caption: "What the code said",
        head: vec!["Field", "It says"],
        rows: fields
            .map(|field| vec![text(field.label), text(field.value)])
            .collect(),
        empty: "It said nothing.",
    })
}
