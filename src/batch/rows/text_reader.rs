//! The bytes of one row after the other, in UTF-8.
//!
//! Belongs here: decoding, and where a row ends. Does not belong here: cells and columns.

use std::io::{self, Read};

use encoding_rs::{DecoderResult, Encoding, UTF_8};

/// The most bytes of a row, in UTF-8: a stored document may have as many.
const MAX_ROW_BYTES: usize = 1 << 20;
/// Bytes that are read at once.
pub(super) const PIECE_BYTES: usize = 64 * 1024;

/// What is wrong with the bytes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("has more than {MAX_ROW_BYTES} bytes")]
    TooLong,
    #[error("has a quote that is never closed")]
    Unclosed,
}

/// The bytes of a row.
pub(super) struct Found {
    /// The line where it begins.
    pub(super) line: u64,
    pub(super) record: Result<Vec<u8>, Fault>,
}

/// Text in UTF-8, a row at a time.
pub(super) struct TextReader<R> {
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
    pub(super) bytes_read: u64,
}

impl<R: Read> TextReader<R> {
    pub(super) fn new(input: R, encoding: Option<&'static Encoding>) -> Self {
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

    /// Whether a line is there that was not looked at, or the end.
    pub(super) fn is_at_hand(&self) -> bool {
        self.ended || self.text[self.start..].contains(&b'\n')
    }

    /// The rest of the line that comes next, as far as it is a line of a sensible length.
    pub(super) fn peek_line(&mut self) -> io::Result<&[u8]> {
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

    pub(super) fn next_line(&mut self) -> io::Result<Option<Found>> {
        self.next_until(&mut |_| false)
    }

    pub(super) fn next_record(&mut self, delimiter: u8) -> io::Result<Option<Found>> {
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
