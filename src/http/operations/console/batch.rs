//! `/console/batch`: many codes at once, for those without a shell.

use std::io::Cursor;
use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, text};
use crate::batch::{RowsFormat, Summary, Versions};
use crate::http::admission::{MayIssue, Person};
use crate::http::connection::Flow;
use crate::http::extract::FileForm;
use crate::http::operations::batches::{Asked, Batch, Form as Output, as_query, begin};
use crate::http::pages::console::{Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;

/// What the form's fields are called beside those of a batch.
const WHAT: &str = "what";
const TOKEN: &str = "form_token";

/// The form.
pub async fn show(request: HttpRequest, person: Person) -> HttpResponse {
    let parts = vec![introduction(), Part::Form(form(&request, &[]))];
    page(&request, &person).show(parts)
}

/// Looks at the rows, or makes what they ask for.
pub async fn make(
    request: HttpRequest,
    person: Person,
    sent: FileForm,
) -> Result<HttpResponse, Problem> {
    match try_make(&request, &person, &sent).await {
        Ok(answer) => Ok(answer),
        // What was typed is kept, but for the file, which a page cannot keep.
        Err(problem) if problem.code.status().is_client_error() => {
            let words = problem
                .detail
                .clone()
                .unwrap_or_else(|| problem.code.title().to_owned());
            let words = format!("{words} Nothing was made. Choose the file again.");
            let parts = vec![introduction(), Part::Form(form(&request, &sent.fields))];
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page(&request, &person).answer(status, Some(Notice::refused(words)), parts))
        }
        Err(problem) => Err(problem),
    }
}

async fn try_make(
    request: &HttpRequest,
    person: &Person,
    sent: &FileForm,
) -> Result<HttpResponse, Problem> {
    if sent.file.is_empty() {
        return Err(
            Problem::new(ProblemCode::Validation).detail("No file was chosen, or it is empty.")
        );
    }
    let on_paper = sent.get(WHAT) == "pdf";
    let wanted = |name: &str| match name {
        WHAT | TOKEN => false,
        "sheet" | "skip" | "line" => {
            on_paper || sent.get(WHAT) == "check" && !sent.get("sheet").trim().is_empty()
        }
        _ => true,
    };
    let fields: Vec<_> = sent
        .fields
        .iter()
        .filter(|(name, _)| wanted(name))
        .cloned()
        .collect();
    let output = match sent.get(WHAT) {
        "check" => None,
        "pdf" => Some(Output::Pdf),
        _ => Some(Output::Zip),
    };
    let asked = Asked::read(App::of(request), &as_query(&fields), output)?;
    let dialect = asked.dialect(None)?;
    let first = sent.file.iter().find(|byte| !byte.is_ascii_whitespace());
    let format = match first {
        Some(b'{') => RowsFormat::NdJson,
        _ => RowsFormat::Csv,
    };
    let right = MayIssue(person.principal());
    let batch = Batch::new(request, &right, None, asked, (format, dialect))?;
    let rows = Cursor::new(sent.file.clone());
    if output.is_some() {
        // The connection stays at this request until the last row is answered, however long rows wait.
        let streaming = request.conn_data::<Rc<Flow>>().map(Flow::stream);
        return begin(batch, rows, streaming).await;
    }
    let place = batch.place()?;
    let looked = tokio::task::spawn_blocking(move || {
        let looked = batch.look(rows);
        drop(place);
        looked
    });
    let summary = looked
        .await
        .map_err(|_| Problem::new(ProblemCode::Internal))??;
    let mut parts = found(&summary);
    parts.push(Part::Form(form(request, &sent.fields)));
    let notice = match summary.failed {
        0 => Notice::done(
            "Every row would be made. Nothing was made yet: choose the file again, and what to make of it.",
        ),
        _ => Notice::refused(
            "Some rows would fail. Nothing was made yet; the other rows would be, if you made it now.",
        ),
    };
    Ok(page(request, person).answer(StatusCode::OK, Some(notice), parts))
}

fn page<'a>(request: &'a HttpRequest, person: &'a Person) -> Page<'a> {
    Page {
        request,
        person,
        title: "Many codes",
        at: "/console/batch",
    }
}

fn introduction() -> Part {
    Part::Text(
        "A table as a spreadsheet saves it (CSV), its first line with the names of the columns, becomes a QR code for each row. Check \
         the rows first: nothing is made then. Rows that are wrong are named, and stop no others."
            .to_owned(),
    )
}

/// What a look at the rows found.
fn found(summary: &Summary) -> Vec<Part> {
    let mut parts = vec![Part::Facts(vec![
        ("Rows", text(summary.rows.to_string())),
        ("Would be made", text(summary.made.to_string())),
        ("Would fail", text(summary.failed.to_string())),
        ("QR codes", text(Versions(summary).to_string())),
    ])];
    if summary.failed > 0 {
        let rows = summary.failures.iter();
        let mut rows: Vec<_> = rows
            .map(|(row, why)| vec![text(row.to_string()), text(why)])
            .collect();
        if summary.untold() > 0 {
            rows.push(vec![text("more"), text(summary.untold().to_string())]);
        }
        parts.push(Part::Table(Table {
            caption: "Rows that would fail",
            head: vec!["Row", "Why"],
            rows,
            empty: "",
        }));
    }
    parts
}

#[expect(clippy::too_many_lines, reason = "a field after the other")]
fn form(request: &HttpRequest, sent: &[(String, String)]) -> Form {
    let value = |name: &str| {
        let found = sent.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let configured = App::of(request).config.sheets.len();
    let sheet_hint = match configured {
        0 => {
            "avery-l7160, avery-l7159, avery-5160, or your own in millimetres: page=a4,columns=3,rows=8,width=63.5,height=33.9"
        }
        _ => "avery-l7160, avery-l7159, avery-5160, or one of this server's",
    };
    let line = |name: &'static str, label: &'static str, hint: &'static str| {
        Field::new(name, label, FieldKind::Line)
            .hint(hint)
            .value(value(name))
            .optional()
    };
    let choice =
        |name: &'static str, label: &'static str, choices: Vec<(&'static str, &'static str)>| {
            Field::new(name, label, FieldKind::choice(choices)).value(value(name))
        };
    Form {
        id: "batch",
        action: "/console/batch".to_owned(),
        is_query: false,
        hidden: Vec::new(),
        fields: vec![
            Field::new(
                "rows",
                "File",
                FieldKind::File(".csv,.tsv,.txt,.ndjson,.jsonl"),
            )
            .hint("CSV, or a JSON object a line"),
            choice(
                "kind",
                "Each row is",
                vec![
                    ("document", "a document"),
                    ("link", "a link, from the column target"),
                ],
            ),
            Field::new("map", "Fields", FieldKind::Lines)
                .hint(
                    "one a line, such as id=Invoice No or amount:number=Total; none: every column",
                )
                .value(value("map"))
                .optional(),
            choice(
                "encoding",
                "Saved as",
                vec![
                    ("", "Unicode (UTF-8 or UTF-16)"),
                    ("windows-1252", "Windows, Western Europe"),
                    ("windows-1250", "Windows, Central Europe"),
                    ("windows-1251", "Windows, Cyrillic"),
                    ("windows-1254", "Windows, Turkish"),
                    ("iso-8859-1", "Latin 1"),
                ],
            ),
            choice(
                "decimal",
                "Decimals",
                vec![("point", "1234.50"), ("comma", "1234,50")],
            ),
            line(
                "expires_in",
                "Ends after",
                "such as 30d, 2w or 1y; empty: it does not end",
            ),
            choice(
                "pin_auto",
                "PIN",
                vec![
                    ("", "none"),
                    ("true", "one for each row, told in the results"),
                ],
            ),
            line(
                "name",
                "Name of each picture",
                "such as {{id}}.png; empty: the number of the row",
            ),
            line("sheet", "Sheet of labels", sheet_hint),
            Field::new("line", "Lines on each label", FieldKind::Lines)
                .hint("such as {{Name}}")
                .value(value("line"))
                .optional(),
            line("skip", "Labels that are gone already", "on the first sheet"),
            choice(
                WHAT,
                "What to do",
                vec![
                    ("check", "check the rows, make nothing"),
                    ("zip", "make a ZIP file of pictures, with a table of links"),
                    ("pdf", "make a PDF of labels"),
                ],
            ),
        ],
        button: "Go",
        danger: false,
    }
}
