//! How a batch is answered: lines of JSON, a ZIP file with pictures and results, or a PDF of labels.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::pipe::Outgoing;
use crate::batch::{
    Archive, LabelPaper, Made, MadeAs, NotMade, Outcome, ResultRow, ResultsWriter, Stop, Summary,
    Witness,
};
use crate::clock;
use crate::drawing::StyleError;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::limits::{Budget, Subject};
use crate::options;
use crate::qr::StyledError;
use crate::telemetry::metrics;

/// How a batch is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line of JSON for each row.
    NdJson,
    /// Pictures, and a table of results.
    Zip,
    /// Labels.
    Pdf,
}

options::words!(Form {
    NdJson = "ndjson",
    Zip = "zip",
    Pdf = "pdf",
});

impl Form {
    /// The media type of such an answer.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::NdJson => "application/x-ndjson",
            Self::Zip => "application/zip",
            Self::Pdf => "application/pdf",
        }
    }
}

/// How long is waited for a rate at a time.
pub const WAIT: Duration = Duration::from_millis(20);
/// Results that a ZIP file gathers before it has a table of them: with more there is another table.
const TABLE_BYTES: usize = 1 << 20;

/// A batch that is being answered.
pub struct Answered {
    app: Arc<App>,
    subject: Subject,
    /// How often each row counts.
    times: u32,
    /// What is written to.
    body: Body,
    /// What became of the rows so far, in the words that a client is told.
    pub summary: Summary,
}

/// The body of an answer.
#[expect(clippy::large_enum_variant, reason = "each batch has one")]
pub enum Body {
    /// Lines of JSON.
    NdJson(Outgoing),
    /// A ZIP file.
    Zip {
        /// The file.
        archive: Archive<Outgoing>,
        /// The table of results that is being filled.
        table: ResultsWriter<Vec<u8>>,
        /// Tables that are in the file.
        tables: usize,
    },
    /// A PDF.
    Pdf(Box<LabelPaper<Outgoing>>),
    /// Nothing is sent before it is over.
    Nothing,
}

impl Body {
    /// A ZIP file.
    pub fn zip(out: Outgoing) -> io::Result<Self> {
        Ok(Self::Zip {
            archive: Archive::new(out, clock::utc()),
            table: ResultsWriter::new(Vec::new())?,
            tables: 0,
        })
    }
}

impl Answered {
    /// An answer to this subject, each of whose rows counts so many times against its rate.
    pub fn new(app: Arc<App>, subject: Subject, times: u32, body: Body) -> Self {
        Self {
            app,
            subject,
            times,
            body,
            summary: Summary::default(),
        }
    }

    /// Writes what is left, with what became of all rows, and why there are no more if the rows did not end.
    pub fn finish(self, stop: Option<&Stop<io::Error>>) -> io::Result<()> {
        let summary = self.summary;
        let stopped = stop.map(stop_problem);
        match self.body {
            Body::NdJson(mut out) => {
                let mut end = json!({
                    "rows": summary.rows, "made": summary.made, "failed": summary.failed,
                });
                if let Some(problem) = &stopped {
                    end["error"] = error(problem);
                }
                writeln!(out, "{}", json!({"end": end}))?;
                out.flush()
            }
            Body::Zip {
                mut archive,
                mut table,
                tables,
            } => {
                if let Some(problem) = &stopped {
                    table.add(&ResultRow {
                        error: format!("no row behind this one was read: {}", words(problem)),
                        ..ResultRow::default()
                    })?;
                }
                table.flush()?;
                archive.add(&table_name(tables), table.get_ref())?;
                archive.finish()?.flush()
            }
            Body::Pdf(mut paper) => {
                let mut lines = Vec::new();
                if summary.failed > 0 {
                    lines.push(format!(
                        "{} of {} rows are not on these labels:",
                        summary.failed, summary.rows
                    ));
                    let failures = summary.failures.iter();
                    lines.extend(failures.map(|(row, why)| format!("row {row}: {why}")));
                    if summary.untold() > 0 {
                        lines.push(format!("and {} more", summary.untold()));
                    }
                }
                if let Some(problem) = &stopped {
                    lines.push(format!("No more rows were read: {}", words(problem)));
                }
                paper.tell(&lines)?;
                paper.finish()?.flush()
            }
            Body::Nothing => Ok(()),
        }
    }

    fn is_closed(&self) -> bool {
        match &self.body {
            Body::NdJson(out) => out.is_closed(),
            Body::Zip { archive, .. } => archive.get_ref().is_closed(),
            Body::Pdf(paper) => paper.get_ref().is_closed(),
            Body::Nothing => false,
        }
    }
}

fn table_name(before: usize) -> String {
    match before {
        0 => "results.csv".to_owned(),
        before => format!("results-{}.csv", before + 1),
    }
}

impl Witness for Answered {
    type Error = io::Error;

    /// Rows go as fast as the rate of whoever asks lets them. One at a time: a minute may have fewer than there are copies.
    fn admit(&mut self) -> io::Result<()> {
        for _ in 0..self.times {
            while self
                .app
                .rates
                .take(Budget::Issues, self.subject, 1)
                .is_err()
            {
                if self.is_closed() {
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                std::thread::sleep(WAIT);
            }
        }
        Ok(())
    }

    fn take(&mut self, outcome: Outcome) -> io::Result<()> {
        let told = Told {
            row: outcome.row,
            line: outcome.line,
            key: outcome.key,
            result: outcome.result.map_err(problem),
        };
        match &told.result {
            Ok(made) => {
                self.summary.add_made(made);
                if let Some((payload, sealed)) = made.bytes {
                    let storage = if made.stored { "stored" } else { "inline" };
                    metrics::issued(made.version, storage, payload, sealed);
                }
            }
            Err(problem) => self.summary.add_failure(told.row, &words(problem)),
        }
        match &mut self.body {
            Body::NdJson(out) => writeln!(out, "{}", line(told)),
            Body::Zip {
                archive,
                table,
                tables,
            } => {
                if let Ok(Made {
                    drawn: MadeAs::Picture(picture),
                    name,
                    ..
                }) = &told.result
                {
                    archive.add(name, picture)?;
                }
                table.add(&result_row(told))?;
                table.flush()?;
                if table.get_ref().len() >= TABLE_BYTES {
                    archive.add(&table_name(*tables), table.get_ref())?;
                    *tables += 1;
                    *table = ResultsWriter::new(Vec::new())?;
                }
                Ok(())
            }
            Body::Pdf(paper) => match &told.result {
                Ok(Made {
                    drawn: MadeAs::Label(label),
                    ..
                }) => paper.put(label),
                _ => Ok(()),
            },
            Body::Nothing => Ok(()),
        }
    }

    fn round(&mut self, _bytes_read: u64) -> io::Result<()> {
        match &mut self.body {
            // Whoever waits for these rows before sending more gets them.
            Body::NdJson(out) => out.flush(),
            _ => Ok(()),
        }
    }
}

/// What became of a row, as a client is told.
struct Told {
    row: u64,
    line: u64,
    key: String,
    result: Result<Made, Problem>,
}

fn line(told: Told) -> serde_json::Value {
    let mut line = json!({"row": told.row, "line": told.line, "key": told.key});
    match told.result {
        Ok(made) => {
            line["id"] = made.id.as_str().into();
            line["link"] = made.link.as_str().into();
            line["name"] = made.name.as_str().into();
            line["storage"] = if made.stored { "stored" } else { "inline" }.into();
            line["qr"] = json!({"version": made.version, "modules": made.modules});
            if let Some(pin) = &made.pin {
                line["pin"] = pin.as_str().into();
            }
        }
        Err(problem) => line["error"] = error(&problem),
    }
    line
}

fn result_row(told: Told) -> ResultRow {
    let mut row = ResultRow {
        row: told.row,
        line: told.line,
        key: told.key,
        ..ResultRow::default()
    };
    match told.result {
        Ok(made) => {
            row.pin = made
                .pin
                .as_ref()
                .map(|pin| pin.as_str().to_owned())
                .unwrap_or_default();
            row.id = made.id;
            row.link = made.link;
            row.file = made.name;
        }
        Err(problem) => row.error = words(&problem),
    }
    row
}

fn error(problem: &Problem) -> serde_json::Value {
    json!({"code": problem.code.as_str(), "detail": words(problem)})
}

/// The detail of a problem; its title if it has none.
fn words(problem: &Problem) -> String {
    let detail = problem.detail.clone();
    detail.unwrap_or_else(|| problem.code.title().to_owned())
}

/// What a client is told of a row.
pub fn problem(why: NotMade) -> Problem {
    let words = why.to_string();
    match why {
        NotMade::Style(StyleError::Styled(StyledError::Unscannable(error))) => error.into(),
        NotMade::Row(_)
        | NotMade::Paper(_)
        | NotMade::Before(_)
        | NotMade::TooLarge(_)
        | NotMade::Style(_) => Problem::new(ProblemCode::Validation).detail(words),
        NotMade::Sealed(error) => error.into(),
        NotMade::Busy(_) => Problem::new(ProblemCode::TemporarilyUnavailable),
        NotMade::Rate(_) => Problem::new(ProblemCode::RateLimited),
    }
}

/// What a client is told of the end of a batch before that of its rows.
pub fn stop_problem(stop: &Stop<io::Error>) -> Problem {
    let code = match stop {
        Stop::Runtime(error) => {
            tracing::error!(%error, "a batch has nothing to be sealed on");
            return Problem::new(ProblemCode::TemporarilyUnavailable);
        }
        Stop::TooMany(_) => ProblemCode::PayloadTooLarge,
        Stop::Rows(crate::batch::RowsError::Io(error))
            if error.kind() == io::ErrorKind::TimedOut =>
        {
            ProblemCode::RequestTimeout
        }
        Stop::Rows(crate::batch::RowsError::Io(_)) => ProblemCode::MalformedRequest,
        Stop::Rows(_) | Stop::Changed(_) | Stop::Answer(_) => ProblemCode::Validation,
    };
    Problem::new(code).detail(stop.to_string())
}
