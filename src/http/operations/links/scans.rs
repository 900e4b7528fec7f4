//! `GET /api/links/{id}/scans` and `GET /api/links/scans`: how often links were scanned, as JSON, CSV, or a page with a chart.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::{OperationBuilder, Parameter};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Response, ResponseBuilder, Type};

use super::owned;
use crate::clock::{rfc3339, unix_seconds};
use crate::http::admission::MaySee;
use crate::http::extract::list::{self, each};
use crate::http::openapi::parts::{date_time, fail, filter, operation, string};
use crate::http::openapi::schemas::named;
use crate::http::operations::tokens::{self, TokenIdInPath};
use crate::http::pages::{self, Language, ScansView};
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, TokenNotRecognised, Unauthorized, Validation,
};
use crate::http::problem::{Problem, invalid};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::http::{accept, html};
use crate::issuing::Note;
use crate::links::{ScanReport, ShowScans, Step, StepCounts, report};
use crate::store::ScansOf;

/// Scans of links over a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScansAnswer {
    /// The beginning of the first step, in UTC.
    #[schema(format = DateTime)]
    pub from: String,
    /// The end of the last, in UTC.
    #[schema(format = DateTime)]
    pub until: String,
    /// What was added up: `hour` or `day`.
    #[schema(pattern = "^(hour|day)$")]
    pub by: &'static str,
    /// All together.
    pub total: StepCounts,
    /// Each step that had scans, in the order of time.
    pub steps: Vec<StepAnswer>,
}

/// The scans of an hour or a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepAnswer {
    /// Its beginning, in UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// How many there were.
    pub scans: StepCounts,
}

/// How an answer is to look.
#[derive(Clone, Copy)]
enum Form {
    Json,
    Csv,
}

/// Of one link.
pub async fn handle(
    request: HttpRequest,
    right: MaySee,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let mut show = ShowScans::latest(ScansOf::Link(id), app.now());
    let form = read(&request, &mut show, |_, _| false)?;
    let link = owned(app, id, right.only_of()).await?;
    request.leave_token(id);
    let name = link.row.note.unwrap_or_else(|| id.to_string());
    answer(&request, show, form, &name).await
}

/// Of all links with a note.
pub async fn of_note(request: HttpRequest, right: MaySee) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let mut note: Option<Note> = None;
    let nothing = ScansOf::Noted {
        note: None,
        made_by: right.only_of(),
    };
    let mut show = ShowScans::latest(nothing, app.now());
    let mut wrong = false;
    let form = read(&request, &mut show, |name, value| {
        if name == "note" {
            note = value.parse().ok();
            wrong |= note.is_none();
        }
        name == "note"
    })?;
    let note = note.filter(|_| !wrong);
    let note = note.ok_or_else(|| invalid("/note", "is needed: 1 to 80 characters on one line"))?;
    show.of = ScansOf::Noted {
        note: Some(note.as_str().to_owned()),
        made_by: right.only_of(),
    };
    answer(&request, show, form, note.as_str()).await
}

/// Reads `from`, `until` (or `to`), `by` and `format`; `other` takes what else there may be.
fn read(
    request: &HttpRequest,
    show: &mut ShowScans,
    mut other: impl FnMut(&str, &str) -> bool,
) -> Result<Option<Form>, Problem> {
    let mut form = None;
    let mut from = None;
    each(request.query_string(), |name, value| {
        match name {
            "from" => from = Some(list::time(value)?),
            "to" => show.until = list::time(value)?,
            "by" => show.by = list::parse(value)?,
            "format" => {
                form = Some(match value {
                    "json" => Form::Json,
                    "csv" => Form::Csv,
                    _ => return Err("must be json or csv".to_owned()),
                });
            }
            name if other(name, value) => {}
            _ => return Err("unknown".to_owned()),
        }
        Ok(())
    })?;
    show.from = match from {
        Some(from) => from,
        None => ShowScans::latest(show.of.clone(), show.until).from,
    };
    match show.fault() {
        Some((name, detail)) => Err(invalid(&format!("/{name}"), &detail)),
        None => Ok(form),
    }
}

async fn answer(
    request: &HttpRequest,
    show: ShowScans,
    form: Option<Form>,
    name: &str,
) -> Result<HttpResponse, Problem> {
    const OFFERS: [(&str, Form); 2] = [("application/json", Form::Json), ("text/csv", Form::Csv)];
    let app = App::of(request);
    let report = report(&*app.store, show).await?;
    if form.is_none() && accept::names_html(request) {
        let site = app.site(Language::English);
        let page = pages::scans(&site, &view(&report, name));
        return Ok(html::page(HttpResponse::Ok(), Language::English, page));
    }
    let form = form.or_else(|| accept::most_wanted(request, &OFFERS));
    Ok(match form.unwrap_or(Form::Json) {
        Form::Json => HttpResponse::Ok().json(ScansAnswer::from(&report)),
        Form::Csv => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", "attachment; filename=\"scans.csv\""))
            .body(report.csv()),
    })
}

/// What the page shows of a report.
pub fn view<'a>(report: &ScanReport, name: &'a str) -> ScansView<'a> {
    ScansView {
        name,
        by_hour: report.by == Step::Hour,
        first: unix_seconds(report.from),
        step_secs: report.by.secs(),
        steps: (report.until.as_secs() - report.from.as_secs()) / report.by.secs(),
        counts: report
            .steps()
            .into_iter()
            .map(|(at, counts)| (unix_seconds(at), counts))
            .collect(),
        total: report.total(),
    }
}

impl From<&ScanReport> for ScansAnswer {
    fn from(report: &ScanReport) -> Self {
        let steps = report.steps().into_iter();
        Self {
            from: rfc3339(report.from),
            until: rfc3339(report.until),
            by: report.by.as_str(),
            total: report.total(),
            steps: steps
                .map(|(at, scans)| StepAnswer {
                    at: rfc3339(at),
                    scans,
                })
                .collect(),
        }
    }
}

fn times() -> Vec<Parameter> {
    let by = string()
        .enum_values(Some(Step::ALL.map(|step| json!(step.as_str()))))
        .build();
    let format = string()
        .enum_values(Some([json!("json"), json!("csv")]))
        .build();
    vec![
        filter(
            "from",
            "From the beginning of the hour or day that this time is in; 30 days before `to` if it is not given.",
            date_time(),
            json!("2026-11-01T00:00:00Z"),
        ),
        filter(
            "to",
            "To the end of the hour or day that this time is in; now if it is not given.",
            date_time(),
            json!("2026-11-20T00:00:00Z"),
        ),
        filter(
            "by",
            "What is added up: an hour, of 31 days at most, or a UTC day, which is the default.",
            by,
            json!("day"),
        ),
        filter("format", "It beats `Accept`.", format, json!("json")),
    ]
}

fn scans() -> Response {
    let json = ContentBuilder::new().schema(Some(named("ScansAnswer")));
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    ResponseBuilder::new()
        .description("The scans.")
        .content("application/json", json.build())
        .content("text/csv", ContentBuilder::new().schema(Some(text)).build())
        .build()
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "showScans",
        "Links",
        "How often a link was scanned",
        "By hour or day and kind of device, and bots apart; never by whom. A browser gets a page with a chart. Scans of the last \
         second may be missing.",
    )
    .parameter(tokens::id())
    .parameters(Some(times()))
    .response("200", scans());
    let problems = [
        Unauthorized,
        Forbidden,
        TokenNotRecognised,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// What OpenAPI says.
pub fn describe_of_note() -> OperationBuilder {
    let note = string()
        .min_length(Some(1))
        .max_length(Some(Note::MAX_CHARS))
        .pattern(Some(Note::PATTERN))
        .build();
    let mut note = filter(
        "note",
        "The links whose note has this text in it, letter by letter: one link a poster.",
        note,
        json!("poster"),
    );
    note.required = utoipa::openapi::Required::True;
    let operation = operation(
        "sumScans",
        "Links",
        "How often links with a note were scanned, together",
        "The same for all links with a note that the API key made, or all with `read:all`.",
    )
    .parameter(note)
    .parameters(Some(times()))
    .response("200", scans());
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}
