//! The results of a run as a table: what each row became, safe to be opened as a spreadsheet; and read again when a run is
//! resumed.

use std::io::{self, Read, Write};

use crate::spreadsheet::{safe, said};

/// The names of its columns.
pub const COLUMNS: [&str; 8] = ["row", "line", "id", "link", "file", "error", "key", "pin"];

/// What a row became.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultRow {
    /// Its number, from 1.
    pub row: u64,
    /// The line of the input where it begins.
    pub line: u64,
    /// The token's id; empty if there is none.
    pub id: String,
    /// The link.
    pub link: String,
    /// The name of its picture.
    pub file: String,
    /// Why there is no code.
    pub error: String,
    /// The row's key: see [`RowKey`](super::row_key::RowKey).
    pub key: String,
    /// The PIN that was drawn.
    pub pin: String,
}

/// Writes results.
pub struct ResultsWriter<W: Write>(csv::Writer<W>);

impl<W: Write> ResultsWriter<W> {
    /// A table with the names of its columns.
    ///
    /// # Errors
    /// What the output says.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = Self::resumed(out);
        writer.0.write_record(COLUMNS)?;
        Ok(writer)
    }

    /// A table that goes on behind what is there.
    #[must_use]
    pub fn resumed(out: W) -> Self {
        // Lines end as RFC 4180 has them, and as spreadsheets write them.
        Self(
            csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .from_writer(out),
        )
    }

    /// Adds a row.
    ///
    /// # Errors
    /// What the output says.
    pub fn add(&mut self, row: &ResultRow) -> io::Result<()> {
        let (number, line) = (row.row.to_string(), row.line.to_string());
        let cells = [
            &number, &line, &row.id, &row.link, &row.file, &row.error, &row.key, &row.pin,
        ];
        self.0.write_record(cells.map(|cell| safe(cell)))?;
        Ok(())
    }

    /// Hands over what was added.
    ///
    /// # Errors
    /// What the output says.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    /// The output.
    #[must_use]
    pub fn get_ref(&self) -> &W {
        self.0.get_ref()
    }
}

/// Bytes of the rows that were written whole: a program that was ended in the middle of one leaves a part of it.
#[must_use]
pub fn whole_bytes(table: &[u8]) -> usize {
    table
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1)
}

/// Results that were written before.
pub struct ResultsReader<R> {
    reader: csv::Reader<R>,
    expected: u64,
}

/// Why results cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// The file cannot be read.
    #[error("the results of the run cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is another table.
    #[error("the file is not the results of a run")]
    Foreign,
    /// Rows are missing.
    #[error("after row {0} of the results comes another row than the next")]
    OutOfOrder(u64),
}

impl<R: Read> ResultsReader<R> {
    /// Reads the names of the columns.
    ///
    /// # Errors
    /// [`ResultsError`]
    pub fn new(input: R) -> Result<Self, ResultsError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
        let names = reader.headers().map_err(|_| ResultsError::Foreign)?;
        if !names.iter().eq(COLUMNS) {
            return Err(ResultsError::Foreign);
        }
        Ok(Self {
            reader,
            expected: 1,
        })
    }

    /// The next row.
    ///
    /// # Errors
    /// [`ResultsError`]
    pub fn next_row(&mut self) -> Result<Option<ResultRow>, ResultsError> {
        let mut cells = csv::StringRecord::new();
        match self.reader.read_record(&mut cells) {
            Ok(true) if cells.len() == COLUMNS.len() => {}
            Ok(true) => return Err(ResultsError::Foreign),
            Ok(false) => return Ok(None),
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => return Err(error.into()),
                _ => return Err(ResultsError::Foreign),
            },
        }
        let cell = |at: usize| said(cells.get(at).unwrap_or_default());
        if cell(0).parse() != Ok(self.expected) {
            return Err(ResultsError::OutOfOrder(self.expected - 1));
        }
        self.expected += 1;
        Ok(Some(ResultRow {
            row: self.expected - 1,
            line: cell(1).parse().unwrap_or_default(),
            id: cell(2),
            link: cell(3),
            file: cell(4),
            error: cell(5),
            key: cell(6),
            pin: cell(7),
        }))
    }
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;

    fn row(number: u64, error: &str) -> ResultRow {
        ResultRow {
            row: number,
            line: number + 1,
            error: error.to_owned(),
            file: "a,\"b\".png".to_owned(),
            ..ResultRow::default()
        }
    }

    #[test]
    fn no_cell_is_a_formula_and_all_is_read_as_it_was_said() {
        let mut writer = ResultsWriter::new(Vec::new()).unwrap();
        let said = [
            "=1+1",
            "+1",
            "-1",
            "@a",
            " =x",
            "'=x",
            "fine",
            "x;=cmd|' /C calc'!A0",
            "x; \"=1\";'=2;y",
            "\"=1\"",
        ];
        for (number, error) in (1..).zip(said).chain([(11, "\tx"), (12, "\r=\nx")]) {
            writer.add(&row(number, error)).unwrap();
        }
        writer.flush().unwrap();
        let table = writer.get_ref().clone();
        for delimiter in [b',', b';', b'\t'] {
            let mut plain = csv::ReaderBuilder::new();
            let plain = plain.delimiter(delimiter).flexible(true);
            for record in plain.from_reader(&table[..]).records() {
                for cell in &record.unwrap() {
                    let begin = cell.trim_start_matches([' ', '"']);
                    assert!(
                        !begin.starts_with(['=', '+', '-', '@', '\t', '\r']),
                        "{cell:?}"
                    );
                }
            }
        }
        let mut reader = ResultsReader::new(&table[..]).unwrap();
        for (number, error) in (1..).zip(said) {
            assert_eq!(reader.next_row().unwrap().unwrap(), row(number, error));
        }
        assert_eq!(reader.next_row().unwrap().unwrap().error, " x");
        assert_eq!(reader.next_row().unwrap().unwrap().error, " = x");
        assert!(reader.next_row().unwrap().is_none());
    }

    #[test]
    fn a_part_of_a_row_is_not_counted_wherever_it_was_cut() {
        let mut writer = ResultsWriter::new(Vec::new()).unwrap();
        writer.add(&row(1, "é")).unwrap();
        writer.flush().unwrap();
        let first = writer.get_ref().len();
        writer.add(&row(2, "é")).unwrap();
        writer.flush().unwrap();
        let table = writer.get_ref().clone();
        for end in first..table.len() {
            assert_eq!(whole_bytes(&table[..end]), first, "{end}");
        }
        assert_eq!(whole_bytes(&table), table.len());
        let mut reader = ResultsReader::new(&table[..first]).unwrap();
        assert_eq!(reader.next_row().unwrap(), Some(row(1, "é")));
        assert_eq!(reader.next_row().unwrap(), None);
        assert!(ResultsReader::new(&b"a,b\n"[..]).is_err());
    }
}
