//! Rows as people have them: CSV in its dialects and encodings (RFC 4180), and lines of JSON.
//!
//! A reader holds one row and what was read ahead, however long the input is. A row that is too long, a quote that is never
//! closed, a carriage return that ends no line or a byte that is no text costs its own row and no other.
//!
//! Belongs here: where rows and cells begin and end, and in which encoding. Does not belong here: what is in them (`mapping`,
//! `plan`), and where the bytes come from.

use std::io::{self, Read};
use std::str::FromStr;

use encoding_rs::{DecoderResult, Encoding, UTF_8};

/// The most bytes of a row, in UTF-8: a stored document may have as many.
pub const MAX_ROW_BYTES: usize = 1 << 20;
/// The most columns of a table.
const MAX_COLUMNS: usize = 1_024;
/// Bytes that are read at once.
const PIECE_BYTES: usize = 64 * 1024;
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
        self.text.ended || self.text.text[self.text.start..].contains(&b'\n')
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

/// What is wrong with the bytes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("has more than {MAX_ROW_BYTES} bytes")]
    TooLong,
    #[error("has a quote that is never closed")]
    Unclosed,
}

struct Found {
    line: u64,
    record: Result<Vec<u8>, Fault>,
}

/// Text in UTF-8, a row at a time.
struct TextReader<R> {
    input: R,
    /// Not decided before the first bytes are there.
    encoding: Option<&'static Encoding>,
    decoder: Option<encoding_rs::Decoder>,
    began: bool,
    piece: Vec<u8>,
    /// What was read and not taken yet begins at `start`.
    text: Vec<u8>,
    start: usize,
    ended: bool,
    line: u64,
    bytes_read: u64,
}

impl<R: Read> TextReader<R> {
    fn new(input: R, encoding: Option<&'static Encoding>) -> Self {
        Self {
            input,
            encoding,
            decoder: None,
            began: false,
            piece: vec![0; PIECE_BYTES],
            text: Vec::new(),
            start: 0,
            ended: false,
            line: 1,
            bytes_read: 0,
        }
    }

    /// Reads more; whether there was more.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.start > 0 {
            self.text.drain(..self.start);
            self.start = 0;
        }
        let before = self.text.len();
        while self.text.len() == before && !self.ended {
            let length = self.read_piece()?;
            self.take_piece(length);
        }
        Ok(self.text.len() > before)
    }

    fn read_piece(&mut self) -> io::Result<usize> {
        let mut length = 0;
        // A byte order mark is looked at whole.
        while length < 4 {
            match self.input.read(&mut self.piece[length..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(more) => length += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if self.began {
                break;
            }
        }
        self.bytes_read += length as u64;
        Ok(length)
    }

    fn take_piece(&mut self, length: usize) {
        let mut piece = &self.piece[..length];
        if !std::mem::replace(&mut self.began, true) {
            let mut encoding = self.encoding.unwrap_or(UTF_8);
            if let Some((marked, mark)) = Encoding::for_bom(piece) {
                encoding = marked;
                piece = &piece[mark..];
            }
            if encoding != UTF_8 {
                self.decoder = Some(encoding.new_decoder_without_bom_handling());
            }
        }
        match &mut self.decoder {
            None => self.text.extend_from_slice(piece),
            Some(decoder) => decode(decoder, piece, self.ended, &mut self.text),
        }
    }

    /// The rest of the line that comes next, as far as it is a line of a sensible length.
    fn peek_line(&mut self) -> io::Result<&[u8]> {
        let mut looked = 0;
        loop {
            let rest = &self.text[self.start..];
            let from = looked.min(rest.len());
            if let Some(end) = rest[from..].iter().position(|byte| *byte == b'\n') {
                return Ok(&self.text[self.start..self.start + from + end]);
            }
            looked = rest.len();
            if looked > MAX_ROW_BYTES || !self.fill()? {
                return Ok(&self.text[self.start..]);
            }
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Found>> {
        self.next_until(&mut |_| false)
    }

    fn next_record(&mut self, delimiter: u8) -> io::Result<Option<Found>> {
        let mut place = CellPlace::Start;
        self.next_until(&mut |byte| {
            place = place.after(byte, delimiter);
            place == CellPlace::Quoted
        })
    }

    /// The bytes to the next line break that is not inside something, without that.
    fn next_until(&mut self, inside: &mut dyn FnMut(u8) -> bool) -> io::Result<Option<Found>> {
        let line = self.line;
        let (mut looked, mut is_inside) = (0, false);
        loop {
            let rest = &self.text[self.start..];
            let found = rest[looked..].iter().position(|&byte| {
                is_inside = inside(byte);
                byte == b'\n' && !is_inside
            });
            if let Some(found) = found {
                let length = looked + found;
                let record = rest[..length].to_vec();
                self.take(length + 1);
                let too_long = length > MAX_ROW_BYTES;
                let record = if too_long {
                    Err(Fault::TooLong)
                } else {
                    Ok(record)
                };
                return Ok(Some(Found { line, record }));
            }
            looked = rest.len();
            let too_long = looked > MAX_ROW_BYTES;
            if !too_long && self.fill()? {
                continue;
            }
            if looked == 0 {
                return Ok(None);
            }
            let record = match (is_inside, too_long) {
                // What stands behind its first line may be rows that are sound.
                (true, _) => {
                    self.skip_line()?;
                    Err(Fault::Unclosed)
                }
                (false, true) => {
                    self.skip_line()?;
                    Err(Fault::TooLong)
                }
                (false, false) => {
                    let record = self.text[self.start..].to_vec();
                    self.take(looked);
                    Ok(record)
                }
            };
            return Ok(Some(Found { line, record }));
        }
    }

    /// Goes on behind the end of this line, without keeping it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = &self.text[self.start..];
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                self.take(end + 1);
                return Ok(());
            }
            self.start = self.text.len();
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    fn take(&mut self, bytes: usize) {
        let taken = &self.text[self.start..(self.start + bytes).min(self.text.len())];
        let lines = taken.split(|byte| *byte == b'\n').count() - 1;
        self.line += lines as u64;
        self.start += taken.len();
    }
}

/// Where in a cell a byte stands (RFC 4180, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellPlace {
    Start,
    Plain,
    Quoted,
    /// Behind a quote inside quotes, which ends them unless another follows.
    Quote,
}

impl CellPlace {
    fn after(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Quote,
            (Self::Quoted, _) | (Self::Start | Self::Quote, b'"') => Self::Quoted,
            (_, byte) if byte == delimiter || byte == b'\n' => Self::Start,
            _ => Self::Plain,
        }
    }
}

/// Decodes a piece. Where it is malformed stands a byte that no UTF-8 has, so that its row is told to be no text.
fn decode(decoder: &mut encoding_rs::Decoder, piece: &[u8], last: bool, text: &mut Vec<u8>) {
    const NO_UTF_8: u8 = 0xff;
    // Made once: each malformed byte ends a call of the decoder, and all of them may be.
    let mut decoded = [0; 4096];
    let mut read = 0;
    loop {
        let (result, taken, written) =
            decoder.decode_to_utf8_without_replacement(&piece[read..], &mut decoded, last);
        text.extend_from_slice(&decoded[..written]);
        read += taken;
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => text.push(NO_UTF_8),
        }
    }
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
#[path = "rows_tests.rs"]
mod tests;
