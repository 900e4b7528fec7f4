//! Rows as people have them: CSV in its dialects and encodings (RFC 4180), and lines of JSON.
//!
//! A reader holds one row and what was read ahead, however long the input is. A row that is too long, a quote that is never
//! closed, a carriage return that ends no line or a byte that is no text costs its own row and no other.
//!
//! Belongs here: where rows and cells begin and end, and in which encoding. Does not belong here: what is in them (`mapping`,
//! `plan`), and where the bytes come from.

mod text_reader;

use std::io::{self, Read};
use std::str::FromStr;

use encoding_rs::Encoding;

use self::text_reader::{Fault, PIECE_BYTES, TextReader};

/// The most columns of a table.
const MAX_COLUMNS: usize = 1_024;
/// After so many quotes that were never closed nobody knows any more where rows begin: each costs a look at a mebibyte.
const MAX_UNCLOSED: usize = 8;

/// What rows look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsFormat {
    /// A table whose first row names the columns.
    Csv,
    /// A JSON object a line.
    NdJson,
}

crate::options::words!(RowsFormat {
    Csv = "csv",
    NdJson = "ndjson",
});

/// An encoding of text, by its name (WHATWG Encoding): `windows-1252`, `utf-16le`, `iso-8859-2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl FromStr for TextEncoding {
    type Err = String;

    fn from_str(label: &str) -> Result<Self, String> {
        let known = Encoding::for_label_no_replacement(label.as_bytes());
        known
            .map(Self)
            .ok_or_else(|| "must be an encoding such as utf-8, windows-1252 or utf-16le".to_owned())
    }
}

/// How a table is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dialect {
    /// Its encoding; UTF-8, or UTF-16 where a byte order mark says so, if none is given.
    pub encoding: Option<TextEncoding>,
    /// What stands between columns; found in the first row if none is given.
    pub delimiter: Option<u8>,
}

/// A row.
#[derive(Debug)]
pub struct Row {
    /// 1 for the first one below the names of the columns.
    pub number: u64,
    /// The line of the input where it begins, 1 for the first.
    pub line: u64,
    /// What it holds, or what is wrong with it.
    pub content: Result<RowContent, String>,
}

/// What a row holds.
#[derive(Debug)]
pub enum RowContent {
    /// As many cells as there are columns.
    Cells(csv::StringRecord),
    /// The text of a JSON value.
    Json(String),
}

/// Why there are no rows.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// The input ended with an error.
    #[error("the rows cannot be read: {0}")]
    Io(#[from] io::Error),
    /// There is no first row.
    #[error("there are no rows: the first line names the columns")]
    Empty,
    /// The first row cannot be read.
    #[error("the first line, which names the columns: {0}")]
    Header(String),
    /// See [`TooBroken`].
    #[error(transparent)]
    TooBroken(#[from] TooBroken),
}

/// Quotes that are never closed, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}: again a quote that is never closed: where rows begin and end is not known any more"
)]
pub struct TooBroken {
    /// Where the last of them is.
    pub line: u64,
}

/// Reads rows.
pub struct RowsReader<R> {
    text: TextReader<R>,
    format: RowsFormat,
    delimiter: u8,
    columns: Vec<String>,
    next_number: u64,
    unclosed: usize,
}

impl<R: Read> RowsReader<R> {
    /// Reads the names of the columns, if it is a table.
    ///
    /// # Errors
    /// [`RowsError`]
    pub fn new(input: R, format: RowsFormat, dialect: Dialect) -> Result<Self, RowsError> {
        let mut reader = Self {
            text: TextReader::new(input, dialect.encoding.map(|encoding| encoding.0)),
            format,
            delimiter: dialect.delimiter.unwrap_or(b','),
            columns: Vec::new(),
            next_number: 1,
            unclosed: 0,
        };
        if format == RowsFormat::Csv {
            reader.read_header(dialect.delimiter)?;
        }
        Ok(reader)
    }

    /// The names of the columns; none of lines of JSON.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Bytes of the input that were read.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.text.bytes_read
    }

    /// Whether a line is there that was not looked at: the next row does not wait for the input.
    #[must_use]
    pub fn is_at_hand(&self) -> bool {
        self.text.is_at_hand()
    }

    /// The next row, if there is one.
    ///
    /// # Errors
    /// [`RowsError`]
    pub fn next_row(&mut self) -> Result<Option<Row>, RowsError> {
        loop {
            let found = match self.format {
                RowsFormat::Csv => self.text.next_record(self.delimiter)?,
                RowsFormat::NdJson => self.text.next_line()?,
            };
            let Some(found) = found else {
                return Ok(None);
            };
            let content = match found.record {
                Ok(bytes) if is_blank(&bytes) => continue,
                Ok(bytes) => self.content(bytes),
                Err(fault) => {
                    self.unclosed += usize::from(fault == Fault::Unclosed);
                    if self.unclosed > MAX_UNCLOSED {
                        return Err(TooBroken { line: found.line }.into());
                    }
                    Err(fault.to_string())
                }
            };
            let number = self.next_number;
            self.next_number += 1;
            return Ok(Some(Row {
                number,
                line: found.line,
                content,
            }));
        }
    }

    fn read_header(&mut self, delimiter: Option<u8>) -> Result<(), RowsError> {
        if delimiter.is_none() {
            let line = self.text.peek_line()?;
            self.delimiter = delimiter_of(line);
        }
        let found = loop {
            match self.text.next_record(self.delimiter)? {
                None => return Err(RowsError::Empty),
                Some(found) if found.record.as_ref().is_ok_and(|bytes| is_blank(bytes)) => {}
                Some(found) => break found,
            }
        };
        let bytes = found
            .record
            .map_err(|fault| RowsError::Header(fault.to_string()))?;
        let names = cells(&bytes, self.delimiter).map_err(RowsError::Header)?;
        if names.len() > MAX_COLUMNS {
            let detail = format!("there are more than {MAX_COLUMNS} columns");
            return Err(RowsError::Header(detail));
        }
        let mut names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        // Programs write a delimiter at the end of each line, too.
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        self.columns = names;
        Ok(())
    }

    fn content(&self, bytes: Vec<u8>) -> Result<RowContent, String> {
        if self.format == RowsFormat::NdJson {
            let text = String::from_utf8(bytes).map_err(|_| NOT_TEXT.to_owned())?;
            return Ok(RowContent::Json(text));
        }
        let mut cells = cells(&bytes, self.delimiter)?;
        let columns = self.columns.len();
        if cells.len() > columns && cells.iter().skip(columns).all(str::is_empty) {
            cells.truncate(columns);
        }
        match cells.len() == columns {
            true => Ok(RowContent::Cells(cells)),
            false => Err(format!(
                "has {} cells, and there are {columns} columns",
                cells.len()
            )),
        }
    }
}

const NOT_TEXT: &str = "has bytes that are no UTF-8: if the file is in another encoding, say which, such as windows-1252";

const BARE_RETURN: &str = "has a carriage return outside of quotes: lines end with LF or CRLF";

fn cells(record: &[u8], delimiter: u8) -> Result<csv::StringRecord, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(record.len().clamp(64, PIECE_BYTES))
        .from_reader(record);
    let mut cells = csv::StringRecord::new();
    let read = reader.read_record(&mut cells);
    // Where one ends before its line does, the reader took a carriage return for the end of a line.
    match read.and_then(|_| reader.read_byte_record(&mut csv::ByteRecord::new())) {
        Ok(false) => Ok(cells),
        Ok(true) => Err(BARE_RETURN.to_owned()),
        Err(_) => Err(NOT_TEXT.to_owned()),
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// What stands most often between the names of columns.
fn delimiter_of(line: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let mut quoted = false;
        line.iter()
            .filter(|byte| {
                quoted ^= **byte == b'"';
                !quoted && **byte == delimiter
            })
            .count()
    };
    let mut best = b',';
    for delimiter in [b';', b'\t'] {
        if count(delimiter) > count(best) {
            best = delimiter;
        }
    }
    best
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
#[path = "rows_tests.rs"]
mod tests;
