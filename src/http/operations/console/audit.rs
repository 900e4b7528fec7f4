//! `/console/audit`: who did what when.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, next_page, query, text};
use crate::audit::{Entry, ListAudit, Verb, What, list as rows};
use crate::cursor::MOST_ROWS;
use crate::http::admission::Person;
use crate::http::extract::list;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;

/// The most rows of an export; beyond it the command line exports.
const MOST_EXPORTED: usize = 10_000;

/// A page of rows.
pub async fn list(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let parameters = query(&request);
    let (mut wanted, wrong) = filter(&parameters);
    wanted.limit = 100;
    let found = rows(&*app.store, &app.keyring.load(), wanted).await?;
    let encoded = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters.iter().filter(|(name, _)| name != "cursor"))
        .finish();
    let mut parts = vec![
        Part::Form(search(&parameters)),
        Part::Table(Table {
            caption: "Audit log",
            head: vec![
                "When (UTC)",
                "Who",
                "Did",
                "What",
                "Which",
                "Details",
                "As written",
            ],
            rows: found.rows.iter().map(row).collect(),
            empty: "There are no such rows.",
        }),
    ];
    if let Some(next) = found.next {
        parts.push(next_page("/console/audit", &parameters, &next.to_string()));
    }
    let export = format!("/console/audit.ndjson?{encoded}");
    parts.push(Part::Link(
        export,
        "Export these rows, a JSON object a line".to_owned(),
    ));
    let page = Page {
        request: &request,
        person: &person,
        title: "Audit log",
        at: "/console/audit",
    };
    let (status, notice) = match wrong {
        None => (StatusCode::OK, None),
        Some(words) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(Notice::refused(words)),
        ),
    };
    Ok(page.answer(status, notice, parts))
}

/// The same rows as lines of JSON, the oldest first.
pub async fn export(request: HttpRequest, _person: Person) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (mut wanted, _) = filter(&query(&request));
    wanted.oldest_first = true;
    wanted.cursor = None;
    wanted.limit = MOST_ROWS;
    let (mut lines, mut count) = (Vec::new(), 0);
    loop {
        let page = rows(&*app.store, &app.keyring.load(), wanted.clone()).await?;
        for entry in &page.rows {
            serde_json::to_writer(&mut lines, entry).map_err(|error| {
                tracing::error!(%error, "a row of the audit log could not be written");
                Problem::new(crate::http::problem::ProblemCode::Internal)
            })?;
            lines.push(b'\n');
        }
        count += page.rows.len();
        match page.next {
            Some(next) if count < MOST_EXPORTED => wanted.cursor = Some(next),
            _ => break,
        }
    }
    let name = HeaderValue::from_static("attachment; filename=\"audit.ndjson\"");
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((CONTENT_DISPOSITION, name))
        .body(Bytes::from(lines)))
}

/// What the form's fields ask for, and what is wrong with one of them.
fn filter(parameters: &[(String, String)]) -> (ListAudit, Option<String>) {
    let (mut wanted, mut wrong) = (ListAudit::default(), None);
    for (name, value) in parameters {
        let read = match name.as_str() {
            "since" => list::time(value).map(|at| wanted.since = Some(at)),
            "until" => list::time(value).map(|at| wanted.until = Some(at)),
            "principal" => list::parse(value).map(|who| wanted.principal = Some(who)),
            "verb" => list::parse(value).map(|verb| wanted.verb = Some(verb)),
            "what" => {
                wanted.what = What::kind_of(value);
                Ok(())
            }
            "cursor" => list::parse(value).map(|cursor| wanted.cursor = Some(cursor)),
            _ => Ok(()),
        };
        if let Err(error) = read {
            wrong = Some(format!(
                "{name}: {error}. All rows are shown as if it was empty."
            ));
        }
    }
    (wanted, wrong)
}

fn search(parameters: &[(String, String)]) -> Form {
    let value = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let any = |words: Vec<&'static str>| {
        let words = words.into_iter().map(|word| (word, word));
        FieldKind::choice([("", "any")].into_iter().chain(words))
    };
    let verbs = Verb::ALL.map(Verb::as_str).to_vec();
    Form {
        id: "search",
        action: "/console/audit".to_owned(),
        is_query: true,
        hidden: Vec::new(),
        fields: vec![
            Field::new("principal", "Who", FieldKind::Line)
                .hint("such as account:1, key:3 or cli")
                .value(value("principal"))
                .optional(),
            Field::new("verb", "Did", any(verbs)).value(value("verb")),
            Field::new("what", "What", any(What::KINDS.to_vec())).value(value("what")),
            Field::new("since", "From", FieldKind::Line)
                .hint("such as 2026-11-20T00:00:00Z")
                .value(value("since"))
                .optional(),
            Field::new("until", "Before", FieldKind::Line)
                .value(value("until"))
                .optional(),
        ],
        button: "Filter",
        danger: false,
    }
}

fn row(entry: &Entry) -> Vec<Cell> {
    let details = entry.details.as_ref().map_or_else(
        || "cannot be read".to_owned(),
        |details| {
            let one = |(name, value): (&String, &serde_json::Value)| match value {
                serde_json::Value::String(text) => format!("{name}: {text}"),
                value => format!("{name}: {value}"),
            };
            details.iter().map(one).collect::<Vec<_>>().join(", ")
        },
    );
    vec![
        text(&entry.happened_at),
        text(&entry.principal),
        text(&entry.verb),
        text(&entry.what),
        Cell::Code(entry.what_id.clone()),
        text(details),
        text(match entry.authentic {
            Some(true) => "yes",
            Some(false) => "no",
            None => "its key is gone",
        }),
    ]
}
