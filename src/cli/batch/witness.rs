//! What becomes of rows: codes to their output, a line to the results, and how far it is on the terminal.

use std::fs::File;
use std::io::{IsTerminal as _, Seek as _, SeekFrom, Write as _};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::files::{NewFile, Outputs, RecordedRows, RunFiles};
use crate::batch::{MadeAs, Outcome, ResultRow, ResultsWriter, Witness};
use crate::cli::Failure;

/// Of a run that makes codes.
pub struct RunWitness {
    outputs: Option<Outputs>,
    results: ResultsWriter<File>,
    pins: Option<csv::Writer<File>>,
    recorded: Option<RecordedRows>,
    progress: Progress,
}

impl RunWitness {
    /// Goes on behind what was recorded, if anything was. `resumed` is whether files may be there.
    pub fn new(
        files: &RunFiles,
        outputs: Outputs,
        recorded: Option<RecordedRows>,
        resumed: bool,
        progress: Progress,
    ) -> Result<Self, Failure> {
        let mut results = NewFile::at(&files.results)?.create_or_open(resumed)?;
        results.seek(SeekFrom::End(0))?;
        let results = match recorded {
            Some(_) => ResultsWriter::resumed(results),
            None => ResultsWriter::new(results)?,
        };
        // PINs follow from the run: of rows that were recorded they are written again.
        let pins = files.pins.as_deref().map(|path| {
            let file = NewFile::at(path)?.create_or_open(resumed)?;
            file.set_len(0)?;
            let mut table = csv::Writer::from_writer(file);
            table.write_record(["row", "id", "pin"])?;
            Ok::<_, Failure>(table)
        });
        Ok(Self {
            outputs: Some(outputs),
            results,
            pins: pins.transpose()?,
            recorded,
            progress,
        })
    }

    /// Ends the files.
    pub fn finish(mut self) -> Result<(), Failure> {
        if let Some(outputs) = self.outputs.take() {
            outputs.finish()?;
        }
        self.flush()?;
        self.results.get_ref().sync_all()?;
        self.progress.end();
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        // A PIN is told before its row is recorded: a row that is recorded is not made again.
        if let Some(pins) = &mut self.pins {
            pins.flush()?;
        }
        Ok(self.results.flush()?)
    }
}

impl Witness for RunWitness {
    type Error = Failure;

    fn recorded(&mut self) -> Result<Option<ResultRow>, Failure> {
        match &mut self.recorded {
            None => Ok(None),
            Some(rows) => Ok(rows.next_row()?),
        }
    }

    fn take(&mut self, outcome: Outcome) -> Result<(), Failure> {
        let mut result = ResultRow {
            row: outcome.row,
            line: outcome.line,
            key: outcome.key,
            ..ResultRow::default()
        };
        match outcome.result {
            Ok(made) => {
                if let Some(outputs) = &mut self.outputs {
                    outputs.put(&made, outcome.recorded)?;
                }
                let pin = made
                    .pin
                    .as_ref()
                    .map(|pin| pin.as_str().to_owned())
                    .unwrap_or_default();
                match &mut self.pins {
                    Some(pins) if !pin.is_empty() => {
                        pins.write_record([outcome.row.to_string(), made.id.clone(), pin])?;
                    }
                    Some(_) => {}
                    None => result.pin = pin,
                }
                result.id = made.id;
                result.link = made.link;
                if matches!(made.drawn, MadeAs::Picture(_)) {
                    result.file = made.name;
                }
            }
            Err(why) => {
                result.error = why.to_string();
                self.progress.failed += 1;
            }
        }
        self.progress.rows += 1;
        if !outcome.recorded {
            self.results.add(&result)?;
        }
        Ok(())
    }

    fn round(&mut self, bytes_read: u64) -> Result<(), Failure> {
        self.flush()?;
        self.progress.show(bytes_read);
        Ok(())
    }
}

/// Of a run that makes nothing.
pub struct DryWitness(pub Progress);

impl Witness for DryWitness {
    type Error = Failure;

    fn take(&mut self, outcome: Outcome) -> Result<(), Failure> {
        self.0.rows += 1;
        self.0.failed += u64::from(outcome.result.is_err());
        Ok(())
    }

    fn round(&mut self, bytes_read: u64) -> Result<(), Failure> {
        self.0.show(bytes_read);
        Ok(())
    }
}

/// How far it is; only on a terminal.
pub struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    rows: u64,
    failed: u64,
}

impl Progress {
    /// Of an input of so many bytes, if that is known.
    pub fn new(bytes: Option<u64>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let (bar, template) = match bytes {
                Some(bytes) => (
                    ProgressBar::new(bytes),
                    "{bar:30} {percent:>3} %  {msg}, {eta} left",
                ),
                None => (ProgressBar::new_spinner(), "{spinner}  {msg}"),
            };
            match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self {
            bar,
            started: Instant::now(),
            rows: 0,
            failed: 0,
        }
    }

    fn show(&self, bytes_read: u64) {
        let Some(bar) = &self.bar else {
            return;
        };
        let rows = f64::from(u32::try_from(self.rows).unwrap_or(u32::MAX));
        let rate = rows / self.started.elapsed().as_secs_f64().max(0.001);
        let failed = match self.failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        bar.set_message(format!("{} rows, {rate:.0} a second{failed}", self.rows));
        bar.set_position(bytes_read);
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let _flushed = std::io::stderr().flush();
    }
}
