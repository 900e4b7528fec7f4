//! `/console/lists`: check-in lists, and how one is made.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::list::asked::{self, Shown};
use super::typed::Typed;
use super::{Page, desk_profiles, next_page, query, text, time};
use crate::audit::By;
use crate::clock::parse_rfc3339;
use crate::desk::{
    CreateError, CreateList, DeskFault, ListAnswer, ListEdits, counts_of, create_list, list_lists,
};
use crate::http::admission::{Person, people};
use crate::http::extract::{ConsoleForm, IdempotencyKey, form_id};
use crate::http::pages::console::{Cell, Form, Notice, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::issuing::IdempotentRequest;
use crate::store::{ListId, ListRecord};
use crate::token::UnixTime;

/// The lists of a page.
const PAGE: u32 = 25;

/// A page of lists.
pub async fn list(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    page(&request, &person, StatusCode::OK, None, None).await
}

/// Makes a list.
pub async fn create(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let mut typed = asked::typed(&form);
    match made(&request, &person, &form, &mut typed).await? {
        Ok(id) => {
            let to = format!("/console/lists/{id}");
            Ok(people::see_other(App::of(&request), &to))
        }
        Err(notice) => {
            let wrong = StatusCode::UNPROCESSABLE_ENTITY;
            page(&request, &person, wrong, notice, Some(typed)).await
        }
    }
}

/// Makes the list as the API does; or what is said above the page, if it is not said beside a field.
async fn made(
    request: &HttpRequest,
    person: &Person,
    form: &ConsoleForm,
    typed: &mut Typed,
) -> Result<Result<ListId, Option<Notice>>, Problem> {
    let app = App::of(request);
    let members = asked::members(typed, Shown::NEW);
    if typed.is_refused() {
        return Ok(Err(None));
    }
    let body = Value::Object(members.clone()).to_string();
    let profiles = desk_profiles(request);
    let refused = |typed: &mut Typed, fault: &DeskFault| {
        let beside = asked::refuse(typed, fault, Shown::NEW, &profiles);
        (!beside).then(|| Notice::refused(format!("{fault}. Nothing was made.")))
    };
    let edits = match ListEdits::read(members) {
        Ok(edits) => edits,
        Err(fault) => return Ok(Err(refused(typed, &fault))),
    };
    let (keyring, who) = (app.keyring.load_full(), person.principal());
    // The same form sent twice makes one list.
    let key = IdempotencyKey::of_form(form.get("form_id"), &[body.as_bytes()]);
    let create = CreateList {
        edits: &edits,
        request: key.0.map(|key| {
            let parts = [b"/console/lists".as_slice(), b"", body.as_bytes()];
            IdempotentRequest::new(key, who, None, parts, &keyring)
        }),
        now: app.now(),
    };
    let by = By::fresh(who, &keyring)?;
    match create_list(&*app.store, &profiles, &keyring, create, by).await {
        Ok((list, _)) => Ok(Ok(list.id)),
        Err(CreateError::Fault(fault)) => Ok(Err(refused(typed, &fault))),
        Err(error) => Err(error.into()),
    }
}

/// The page: the lists, and a form for a new one.
pub async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    mut notice: Option<Notice>,
    typed: Option<Typed>,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let parameters = query(request);
    let cursor = parameters.iter().find(|(name, _)| name == "cursor");
    let cursor = cursor.map(|(_, cursor)| cursor.parse());
    if matches!(cursor, Some(Err(_))) && notice.is_none() {
        notice = Some(Notice::refused("There is no such page: this is the first."));
    }
    let cursor = cursor.and_then(Result::ok);
    let (lists, next) = list_lists(&*app.store, None, false, cursor, PAGE).await?;
    // The place of the list that was made last is the place of the next.
    let zone = lists
        .first()
        .map(|list| ListAnswer::of(list.clone()).time_zone);
    let mut rows = Vec::with_capacity(lists.len());
    for list in lists {
        rows.push(row(app, list).await?);
    }
    let table = Part::Table(Table {
        caption: "Check-in lists",
        head: vec!["Name", "Now", "Entries", "People inside", "Keeps", "Made"],
        rows,
        empty: "There are none.",
    });
    let profiles = desk_profiles(request);
    let is_refused = typed.is_some();
    let typed = typed.unwrap_or_else(|| asked::usual(zone.as_deref().unwrap_or("UTC")));
    let fields = asked::fields(&typed, Shown::NEW, &profiles);
    let new = [
        Part::Heading("New list".to_owned()),
        Part::Text(
            "One place is one list, whatever its number of doors: a code that entered at one door has entered.".to_owned(),
        ),
        Part::Form(Form {
            id: "new",
            action: "/console/lists".to_owned(),
            is_query: false,
            hidden: vec![("form_id", form_id())],
            fields,
            button: "Make the list",
            danger: false,
        }),
    ];
    let next = next.map(|next| next_page("/console/lists", &parameters, &next.to_string()));
    let mut parts: Vec<_> = [table].into_iter().chain(next).collect();
    // What is wrong with a new list is seen at once.
    let at = if is_refused { 0 } else { parts.len() };
    parts.splice(at..at, new);
    let page = Page {
        request,
        person,
        title: "Check-in lists",
        at: "/console/lists",
    };
    Ok(page.answer(status, notice, parts))
}

async fn row(app: &App, list: ListRecord) -> Result<Vec<Cell>, Problem> {
    let counts = counts_of(&*app.store, list.id).await?;
    let created_at = list.created_at;
    let list = ListAnswer::of(list).counted(counts);
    let entries = list.counts.as_ref().map_or(0, |counts| counts.entries);
    let inside = list
        .inside
        .map_or_else(|| "\u{2013}".to_owned(), |inside| inside.to_string());
    Ok(vec![
        Cell::Link(format!("/console/lists/{}", list.id), list.name.clone()),
        text(now(&list, app.now()).words()),
        text(entries.to_string()),
        text(inside),
        text(keeps(&list)),
        time(Some(created_at)),
    ])
}

/// What a list keeps of visitors, in words.
pub fn keeps(list: &ListAnswer) -> String {
    let what = match list.store.as_str() {
        "visit" => "what codes say",
        _ => "times",
    };
    format!("{what}, {} days", list.retention_days)
}

/// Whether people enter now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// Not yet.
    Waits,
    /// They do.
    Open,
    /// Not any more.
    Closed,
}

impl Now {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Waits => "not open yet",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// Whether people enter at this time.
pub fn now(list: &ListAnswer, now: UnixTime) -> Now {
    let time = |text: Option<&str>| text.and_then(parse_rfc3339);
    match (
        time(list.opens_at.as_deref()),
        time(list.closes_at.as_deref()),
    ) {
        (_, Some(closes)) if now >= closes => Now::Closed,
        (Some(opens), _) if now < opens => Now::Waits,
        _ => Now::Open,
    }
}
