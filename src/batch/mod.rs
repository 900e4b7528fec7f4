//! Many codes at once: rows in, codes out, of each of which a few dozen bytes are kept; one bad row stops no other.
//!
//! Belongs here: how rows are read and become documents and links ([`rows`], [`mapping`], [`template`], [`names`], [`plan`]), how
//! they are sealed beside each other ([`make`], [`run()`]), and what they are put into ([`archive`], [`paper`], [`results`]). Does
//! not belong here: how a document is sealed (`issuing`), where files lie (`cli`), how rows arrive over HTTP (`http`).

mod archive;
mod looks;
mod make;
mod mapping;
mod names;
mod number;
mod options;
mod paper;
mod plan;
mod results;
mod row_key;
mod rows;
mod run;
mod sheet;
mod summary;
mod template;
mod text;

pub use archive::Archive;
pub use looks::PaperLooks;
pub use make::{Drawing, Made, MadeAs, NotMade, Replays, Workshop};
pub use mapping::FieldMap;
pub use number::Decimal;
pub use options::{BatchOptions, Delimiter};
pub use paper::LabelPaper;
pub use plan::{BatchKind, Plan, PlanError, RowFault, UNTOLD_PIN, Wanted};
pub use results::{ResultRow, ResultsError, ResultsReader, ResultsWriter, whole_bytes};
pub use row_key::RunKey;
pub use rows::{Dialect, RowsError, RowsFormat, RowsReader};
pub use run::{Course, Outcome, Stop, Witness, run};
pub use sheet::{LabelSheet, MAX_LINES, SheetError};
pub use summary::{Summary, Versions};
pub use template::Template;
pub use text::{Face, Typeface};
