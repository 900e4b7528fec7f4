//! What happened at a list: the latest check-ins, those of an outcome or of a code, and a button that undoes one.

use actix_web::HttpRequest;
use jiff::tz::TimeZone;

use super::there;
use crate::desk::{ListCheckIns, list_check_ins};
use crate::http::operations::console::codes::id_of;
use crate::http::operations::console::{next_page, query, text};
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::store::{CheckInKind, CheckInOutcome, CheckInRecord, ListRecord};

/// The check-ins of a page.
const PAGE: u32 = 25;

/// The check-ins that the query asks for.
pub async fn parts(
    request: &HttpRequest,
    list: &ListRecord,
    zone: &TimeZone,
) -> Result<Vec<Part>, Problem> {
    let app = App::of(request);
    let mut parameters = query(request);
    // A link opens its code: the page goes on with the id, which opens nothing.
    for (_, value) in parameters.iter_mut().filter(|(name, _)| name == "code") {
        if let Some(id) = id_of(app, value) {
            *value = id.to_string();
        }
    }
    let value = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let path = format!("/console/lists/{}", list.id);
    let mut find = search(&path, value("outcome"), value("code"));
    let mut wanted = ListCheckIns {
        outcome: value("outcome").parse().ok(),
        cursor: value("cursor").parse().ok(),
        limit: PAGE,
        ..ListCheckIns::default()
    };
    let mut is_known = true;
    if !value("code").is_empty() {
        wanted.token = value("code").parse().ok();
        is_known = wanted.token.is_some();
    }
    let (rows, next) = match is_known {
        true => list_check_ins(&*app.store, list.id, wanted).await?,
        false => {
            let words =
                "This is neither an id of 24 digits and letters a to f nor a link of this server.";
            find.fields[0].error = Some(words.to_owned());
            (Vec::new(), None)
        }
    };
    let next = next.map(|next| next_page(&path, &parameters, &next.to_string()));
    let table = Part::Table(Table {
        caption: "Check-ins, the latest first",
        head: vec!["When", "What", "Door", "People", "Code", "By", "Undo"],
        rows: rows.iter().map(|one| row(one, zone)).collect(),
        empty: "There are none.",
    });
    let parts = [
        Part::Heading("Check-ins".to_owned()),
        Part::Form(find),
        table,
    ];
    Ok(parts.into_iter().chain(next).collect())
}

fn search(path: &str, outcome: &str, code: &str) -> Form {
    let outcomes = CheckInOutcome::ALL.map(|outcome| (outcome.as_str(), outcome_words(outcome)));
    let outcomes = FieldKind::choice([("", "any")].into_iter().chain(outcomes));
    Form {
        id: "search",
        action: path.to_owned(),
        is_query: true,
        hidden: Vec::new(),
        fields: vec![
            Field::new("code", "Code", FieldKind::Line)
                .hint("its id or link")
                .value(code)
                .optional(),
            Field::new("outcome", "What came of it", outcomes).value(outcome),
        ],
        button: "Search",
        danger: false,
    }
}

fn row(row: &CheckInRecord, zone: &TimeZone) -> Vec<Cell> {
    let by = row.made_by.map(|by| by.to_string());
    let undo = match (row.outcome.is_passed(), row.undone_at) {
        (true, None) => {
            let fields = vec![("do", "undo".to_owned()), ("check_in", row.id.to_string())];
            Cell::Button(fields, "Undo")
        }
        (true, Some(at)) => text(format!("undone at {}", there(at, zone))),
        (false, _) => text(""),
    };
    vec![
        Cell::Link(
            format!("/console/check-ins/{}", row.id),
            there(row.happened_at, zone),
        ),
        text(what(row)),
        text(row.gate.clone().unwrap_or_default()),
        text(row.people.to_string()),
        Cell::Code(row.token.map(|token| token.to_string()).unwrap_or_default()),
        text(by.unwrap_or_else(|| "the list".to_owned())),
        undo,
    ]
}

/// What happened, in words.
pub fn what(row: &CheckInRecord) -> String {
    let words = outcome_words(row.outcome);
    match (row.outcome, row.kind, row.no_entry) {
        (CheckInOutcome::LetOut, _, true) => format!("{words}, without an entry"),
        (CheckInOutcome::LetIn | CheckInOutcome::LetOut, ..) => words.to_owned(),
        (_, CheckInKind::Entry, _) => format!("not let in: {words}"),
        (_, CheckInKind::Exit, _) => format!("not let out: {words}"),
    }
}

/// An outcome in plain words.
pub fn outcome_words(outcome: CheckInOutcome) -> &'static str {
    match outcome {
        CheckInOutcome::LetIn => "let in",
        CheckInOutcome::LetOut => "let out",
        CheckInOutcome::AlreadyRedeemed => "had entered before",
        CheckInOutcome::NotOnList => "not on this list",
        CheckInOutcome::OutsideWindow => "the list was not open",
        CheckInOutcome::ListFull => "the list was full",
        CheckInOutcome::Expired => "the code had expired",
        CheckInOutcome::Revoked => "the code was revoked",
        CheckInOutcome::UsedUp => "the code was used up elsewhere",
        CheckInOutcome::PinLocked => "too many wrong PINs",
        CheckInOutcome::NotRecognised => "no code of this server",
        CheckInOutcome::PinIncorrect => "wrong PIN",
        CheckInOutcome::KeyRetired => "the key of the code is switched off",
        CheckInOutcome::Gone => "the document is there no more",
        CheckInOutcome::Closed => "closed after a restoration",
    }
}
