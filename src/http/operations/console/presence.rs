//! `/console/lists/{id}/presence`: who was at a list, asked with a reason, and the answer, ready to print.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse};
use jiff::tz::TimeZone;

use super::list::{found, there};
use super::typed::Typed;
use super::{Page, desk_profiles, desk_right, text};
use crate::audit::By;
use crate::clock::parse_rfc3339;
use crate::desk::{
    AskPresence, PresenceAnswer, PresenceReason, PresentAnswer, VisitError, moment, presence,
    presence_csv, wall_clock, zone_of,
};
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::operations::lists::ListIdInPath;
use crate::http::pages::console::{Cell, FieldKind, Form, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::store::ListRecord;
use crate::token::UnixTime;

/// How long before now the form begins, in seconds: an hour.
const USUAL_SECS: u64 = 60 * 60;

const NAMES: [&str; 3] = ["from", "until", "reason"];

/// The form.
pub async fn show(
    request: HttpRequest,
    person: Person,
    ListIdInPath(id): ListIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let list = found(app, id).await?;
    let zone = zone_of(&list);
    // The minute that has begun counts.
    let until = (app.now().as_secs() / 60 + 1) * 60;
    let at = |secs| wall_clock(UnixTime::from_secs(secs), &zone);
    let typed = Typed::with([
        ("from", at(until.saturating_sub(USUAL_SECS))),
        ("until", at(until)),
        ("reason", String::new()),
    ]);
    Ok(form_page(&request, &person, &list, StatusCode::OK, &typed))
}

/// Who was there, as a page or as a table.
pub async fn ask(
    request: HttpRequest,
    person: Person,
    ListIdInPath(id): ListIdInPath,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let list = found(app, id).await?;
    let zone = zone_of(&list);
    let mut typed = Typed::of(&form, &NAMES);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let Some((from, until, reason)) = read(&mut typed, &zone) else {
        return Ok(form_page(&request, &person, &list, wrong, &typed));
    };
    let asked = AskPresence {
        list: list.id,
        from,
        until,
        reason,
        now: app.now(),
    };
    let keyring = app.keyring.load_full();
    let by = By::fresh(person.principal(), &keyring)?;
    let profiles = desk_profiles(&request);
    let right = desk_right(&person);
    match presence(&*app.store, &keyring, &profiles, asked, right, by).await {
        Ok((answer, list)) if form.get("format") == "csv" => {
            let name = format!("attachment; filename=\"presence-{}.csv\"", list.id);
            Ok(HttpResponse::Ok()
                .content_type("text/csv; charset=utf-8")
                .insert_header((CONTENT_DISPOSITION, name))
                .body(presence_csv(&answer, &list)))
        }
        Ok((answer, list)) => {
            let told = Told {
                answer,
                from,
                until,
                zone,
            };
            Ok(told.page(&request, &person, &list, &typed))
        }
        Err(VisitError::Fault(fault)) if fault.pointer == "/until" => {
            let words = match fault.detail.strip_prefix("must be after") {
                Some(_) => "It must be after the time from which you ask.".to_owned(),
                None => format!("There are {}.", fault.detail),
            };
            typed.refuse("until", words);
            Ok(form_page(&request, &person, &list, wrong, &typed))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form asks; what is wrong is said beside its field.
fn read(typed: &mut Typed, zone: &TimeZone) -> Option<(UnixTime, UnixTime, PresenceReason)> {
    let mut time = |name| {
        let time = Some(typed.get(name)).filter(|text| text.len() <= 40);
        let time = time.and_then(|text| moment(text, zone));
        if time.is_none() {
            typed.refuse(name, "It must be a time such as 2026-11-27T13:00.");
        }
        time
    };
    let (from, until) = (time("from"), time("until"));
    let reason = typed.get("reason").parse::<PresenceReason>();
    let reason = match reason {
        Ok(reason) => Some(reason),
        Err(words) => {
            typed.refuse("reason", format!("It {words}."));
            None
        }
    };
    Some((from?, until?, reason?))
}

fn page<'a>(request: &'a HttpRequest, person: &'a Person) -> Page<'a> {
    Page {
        request,
        person,
        title: "Who was there",
        at: "/console/lists",
    }
}

fn form_page(
    request: &HttpRequest,
    person: &Person,
    list: &ListRecord,
    status: StatusCode,
    typed: &Typed,
) -> HttpResponse {
    let path = format!("/console/lists/{}", list.id);
    let fields = vec![
        typed
            .field("from", "From", FieldKind::Moment)
            .hint("time of the place"),
        typed.field("until", "Until", FieldKind::Moment),
        typed
            .field("reason", "Why", FieldKind::Line)
            .hint("such as the number of a case: it stands in the audit log"),
    ];
    let parts = vec![
        Part::Link(path.clone(), format!("Back to {}", list.name)),
        Part::Text(format!(
            "Everybody who was there at any time between the two, with what the list keeps of them. Times are those of {}. That you asked, \
             for what time and why, stands in the audit log before anything is shown.",
            zone_name(list)
        )),
        Part::Form(Form {
            id: "presence",
            action: format!("{path}/presence"),
            is_query: false,
            hidden: Vec::new(),
            fields,
            button: "Show who was there",
            danger: false,
        }),
    ];
    page(request, person).answer(status, None, parts)
}

fn zone_name(list: &ListRecord) -> String {
    crate::desk::ListAnswer::of(list.clone()).time_zone
}

/// Who was there, between two times.
struct Told {
    answer: PresenceAnswer,
    from: UnixTime,
    until: UnixTime,
    zone: TimeZone,
}

impl Told {
    fn page(
        &self,
        request: &HttpRequest,
        person: &Person,
        list: &ListRecord,
        typed: &Typed,
    ) -> HttpResponse {
        let path = format!("/console/lists/{}", list.id);
        let at = |time| text(there(time, &self.zone));
        let facts = vec![
            ("List", Cell::Link(path.clone(), list.name.clone())),
            ("From", at(self.from)),
            ("Until", at(self.until)),
            ("Why", text(typed.get("reason"))),
            ("Asked by", text(&person.account.display_name)),
            ("Asked", at(App::of(request).now())),
            ("Time zone", text(zone_name(list))),
            ("Entries", text(self.answer.present.len().to_string())),
            ("People", text(self.answer.people.to_string())),
        ];
        let rows = self.answer.present.iter();
        let table = Table {
            caption: "Who was there",
            head: vec!["Came", "Left", "Door", "People", "Who"],
            rows: rows.map(|one| row(one, &self.zone)).collect(),
            empty: "Nobody was there.",
        };
        let mut hidden = vec![("format", "csv".to_owned())];
        hidden.extend(NAMES.map(|name| (name, typed.get(name).to_owned())));
        let parts = vec![
            Part::Facts(facts),
            Part::Print,
            Part::Form(Form {
                id: "csv",
                action: format!("{path}/presence"),
                is_query: false,
                hidden,
                fields: Vec::new(),
                button: "Save as a table (CSV)",
                danger: false,
            }),
            Part::Table(table),
        ];
        page(request, person).show(parts)
    }
}

fn row(one: &PresentAnswer, zone: &TimeZone) -> Vec<Cell> {
    let local = |time: &str| parse_rfc3339(time).map(|time| there(time, zone));
    let came = local(&one.entered_at).unwrap_or_default();
    let left = one.left_at.as_deref().and_then(local);
    let who = match &one.display {
        Some(display) => {
            let fields = display.fields.iter();
            let fields = fields.map(|field| (field.label.clone(), field.value.clone()));
            Cell::Fields(fields.collect())
        }
        None => text("nothing is kept, or its key is gone"),
    };
    vec![
        Cell::Link(format!("/console/check-ins/{}", one.check_in), came),
        text(left.unwrap_or_else(|| "\u{2013}".to_owned())),
        text(one.gate.clone().unwrap_or_default()),
        text(one.people.to_string()),
        who,
    ]
}
