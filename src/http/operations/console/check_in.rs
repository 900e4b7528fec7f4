//! `/console/check-ins/{id}`: one check-in, what its list keeps of the visitor, and the end of that.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::list::change::refusal;
use super::list::{found, there, what};
use super::{
    Page, confirmation, confirmed, desk_profiles, desk_right, is_sure, may_check, sure, text,
};
use crate::audit::By;
use crate::desk::{Display, erase, find_check_in, visit_of, zone_of};
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::operations::check_ins::undo::undone;
use crate::http::operations::lists::unknown;
use crate::http::pages::console::{Cell, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::store::{CheckInRecord, ErasedOf, ListRecord};

/// The page.
pub async fn show(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    page(&request, &person, StatusCode::OK, None, false).await
}

/// Undoes the check-in, or erases what is kept of its visitor.
pub async fn change(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, notice) = match form.get("do") {
        "undo" => {
            let id = request.match_info().query("id");
            match undone(&request, &may_check(&person), id).await {
                Ok(_) => (StatusCode::OK, Notice::done("The check-in is undone.")),
                Err(problem) => (wrong, Notice::refused(refusal(problem)?)),
            }
        }
        "erase" if !is_sure(&form) => return page(&request, &person, wrong, None, true).await,
        "erase" => match confirmed(&request, &person, &form).await? {
            Ok(()) => (StatusCode::OK, erased(&request, &person).await?),
            Err(notice) => (wrong, notice),
        },
        _ => {
            let words = "The form is not one of this page.";
            return Err(Problem::new(ProblemCode::Validation).detail(words));
        }
    };
    page(&request, &person, status, Some(notice), false).await
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
    let id = request.match_info().query("id");
    let row = find_check_in(&*app.store, id, person.principal()).await?;
    let row = row.ok_or_else(unknown)?;
    let list = found(app, row.list).await?;
    Ok((row, list))
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    notice: Option<Notice>,
    lacks_tick: bool,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let (row, list) = looked_up(request, person).await?;
    let keyring = app.keyring.load_full();
    let by = By::fresh(person.principal(), &keyring)?;
    let profiles = desk_profiles(request);
    let visit = visit_of(&*app.store, &keyring, &profiles, row.id, by, app.now()).await?;
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
    match visit {
        None => parts.push(Part::Text(
            "Nothing, or nothing that can be read: its key is gone.".to_owned(),
        )),
        Some(visit) => {
            let fields = [sure(
                "nothing of what this code says is to be kept at this list",
                lacks_tick,
            )];
            let fields = fields.into_iter().chain(confirmation(person, app.now()));
            parts.extend([
                Part::Text("That you looked stands in the audit log.".to_owned()),
                kept(visit),
                Part::Heading("Erase it".to_owned()),
                Part::Text(
                    "What is kept of every entry of this code at the list goes. That it entered, and the counts, stay."
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
    Ok(page.answer(status, notice, parts))
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
