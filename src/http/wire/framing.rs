//! Where messages begin and end on a connection (RFC 9112), read beside the framework's own parser and more strictly.
//!
//! It passes bytes on as they are, but for three things: of a request target only as much as the parser takes is passed on;
//! behind a request that closes the connection nothing is; and what is malformed in a way that the parser would stumble over
//! ends with a byte that it refuses.

use actix_web::http::Uri;
use memchr::memchr;

/// The longest request target that is answered as it is: three times the longest link that a QR code holds. Of a longer one this
/// much is passed on, so that whoever answers can say that it is too long; it leaves a quarter of a head's room to the fields.
pub const MAX_TARGET_BYTES: usize = 24_000;

/// Bytes of a request target that are read and dropped, so that the client gets its answer.
const MAX_DROPPED_BYTES: usize = 1 << 20;
/// Bytes of a field's name. The parser panics at 65,536.
const MAX_NAME_BYTES: usize = 256;
/// Bytes of a line that says how the message is framed.
const MAX_FRAMING_LINE_BYTES: usize = 1024;
/// Bytes of chunk extensions and trailers of a message. Nobody here looks at either.
const MAX_CHUNK_EXTRA_BYTES: usize = 8 * 1024;
/// Hexadecimal digits of a chunk's size: a `u64`.
const MAX_SIZE_DIGITS: u8 = 16;

/// No message has this byte in its head.
const REFUSED: u8 = 0;

/// Whether a request's target was cut, or nearly.
pub fn is_cut(target: &Uri) -> bool {
    let path = target
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    let authority = target
        .authority()
        .map_or(0, |authority| authority.as_str().len());
    // Of an absolute target the scheme and its slashes are in it, too.
    path + authority + "https://".len() >= MAX_TARGET_BYTES
}

/// What is known of the messages on one connection.
#[derive(Debug, Default)]
pub struct Framing {
    state: State,
    head: Head,
    /// The line that is being read, as far as it is needed, where it came in pieces.
    line: Vec<u8>,
    line_bytes: usize,
    /// What is left of the chunk that is being read.
    chunk_left: u64,
    chunk_extra: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    RequestLine,
    Fields,
    /// A body of which so many bytes are left.
    Sized(u64),
    Chunked(Chunk),
    /// Everything to the end of the connection: another protocol, or a message that the parser refuses.
    Rest,
    /// The last request of the connection is complete.
    Over,
    /// The body is malformed: its end cannot be known.
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chunk {
    Size { digits: u8 },
    SizeSpace,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    TrailerStart,
    Trailer { colon: bool },
    TrailerLf,
    EndLf,
}

/// What a head says about its message.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the head")]
struct Head {
    /// Of the request line: spaces so far, and bytes of the target passed on and dropped.
    spaces: u8,
    target: usize,
    dropped: usize,
    /// Its last bytes: the version.
    end: [u8; 8],
    connect: bool,
    close: bool,
    keep_alive: bool,
    websocket: bool,
    length: Option<u64>,
    chunked: bool,
    /// The parser refuses it.
    refused: bool,
}

/// The message cannot be passed on.
struct Refused;

impl Framing {
    /// Looks at the bytes that came next. The first so many of them are to be passed on, and they may have moved there.
    pub fn pass(&mut self, bytes: &mut [u8]) -> usize {
        let (mut at, mut kept) = (0, 0);
        while at < bytes.len() {
            let (taken, passed) = match self.state {
                State::RequestLine | State::Fields => match self.head_piece(&mut bytes[at..]) {
                    Ok(piece) => piece,
                    Err(Refused) => {
                        bytes[kept] = REFUSED;
                        self.state = State::Over;
                        return kept + 1;
                    }
                },
                State::Sized(left) => {
                    let taken = usize::try_from(left)
                        .unwrap_or(usize::MAX)
                        .min(bytes.len() - at);
                    match left - taken as u64 {
                        0 => self.next_message(),
                        left => self.state = State::Sized(left),
                    }
                    (taken, taken)
                }
                State::Chunked(chunk) => {
                    let taken = self.chunk_piece(chunk, &bytes[at..]);
                    (taken, taken)
                }
                State::Rest => (bytes.len() - at, bytes.len() - at),
                State::Over | State::Broken => break,
            };
            if at != kept {
                bytes.copy_within(at..at + passed, kept);
            }
            at += taken;
            kept += passed;
        }
        kept
    }

    /// Whether the body that is being read is malformed: no more of it will be passed on.
    pub fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    /// Reads a line of a head, or a piece of one: how many bytes it had, and how many of them are passed on.
    fn head_piece(&mut self, bytes: &mut [u8]) -> Result<(usize, usize), Refused> {
        let end = memchr(b'\n', bytes);
        let taken = end.map_or(bytes.len(), |end| end + 1);
        let piece = &mut bytes[..taken];
        let passed = match self.state {
            State::RequestLine => {
                let passed = self.cut_target(piece)?;
                self.head.see_end(&piece[..passed]);
                passed
            }
            _ => taken,
        };
        let piece = &piece[..passed];
        self.line_bytes += passed;
        if end.is_none() || !self.line.is_empty() {
            let room = (MAX_FRAMING_LINE_BYTES + 2).saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..passed.min(room)]);
        }
        match (end, self.state) {
            (None, State::Fields) => no_endless_name(&self.line)?,
            (None, _) => {}
            (Some(_), state) => {
                let pieces = std::mem::take(&mut self.line);
                let line = match pieces.is_empty() {
                    true => piece,
                    false => &pieces,
                };
                let line_bytes = std::mem::take(&mut self.line_bytes);
                match state {
                    State::RequestLine => self.request_line(line),
                    _ => self.field_line(line, line_bytes)?,
                }
            }
        }
        Ok((taken, passed))
    }

    /// Takes what is too long out of the target, the second word of a request line.
    fn cut_target(&mut self, piece: &mut [u8]) -> Result<usize, Refused> {
        // A whole line that is short needs no look at each byte.
        if self.line_bytes == 0 && piece.len() <= MAX_TARGET_BYTES && piece.ends_with(b"\n") {
            return Ok(piece.len());
        }
        let mut kept = 0;
        for at in 0..piece.len() {
            let byte = piece[at];
            match byte {
                b' ' => self.head.spaces = self.head.spaces.saturating_add(1),
                b'\r' | b'\n' => {}
                _ if self.head.spaces != 1 => {}
                _ if self.head.target < MAX_TARGET_BYTES => self.head.target += 1,
                _ => {
                    self.head.dropped += 1;
                    if self.head.dropped > MAX_DROPPED_BYTES {
                        return Err(Refused);
                    }
                    continue;
                }
            }
            piece[kept] = byte;
            kept += 1;
        }
        Ok(kept)
    }

    /// `line` is the request line, or its beginning if it is long.
    fn request_line(&mut self, line: &[u8]) {
        // Empty lines before a request are no request (RFC 9112, section 2.2).
        if !without_end(line).is_empty() {
            self.head.connect = line.starts_with(b"CONNECT ");
            self.state = State::Fields;
        }
    }

    fn field_line(&mut self, line: &[u8], line_bytes: usize) -> Result<(), Refused> {
        let text = without_end(line);
        if text.is_empty() {
            self.end_of_head();
            return Ok(());
        }
        no_endless_name(text)?;
        let Some(colon) = memchr(b':', text) else {
            self.head.refused = true;
            return Ok(());
        };
        let (name, value) = (&text[..colon], &text[colon + 1..]);
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        // Nearly every other name has another length.
        let framing = match name.len() {
            7 => is(b"upgrade"),
            10 => is(b"connection"),
            14 => is(b"content-length"),
            17 => is(b"transfer-encoding"),
            _ => false,
        };
        if !framing {
            return Ok(());
        }
        if line_bytes > MAX_FRAMING_LINE_BYTES {
            return Err(Refused);
        }
        let value = value.trim_ascii();
        match name.len() {
            7 => self.head.websocket |= value.eq_ignore_ascii_case(b"websocket"),
            10 => {
                for option in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
                    // Nobody here takes an upgrade: it is answered as if there was none, and the connection closed.
                    self.head.close |= option.eq_ignore_ascii_case(b"close")
                        || option.eq_ignore_ascii_case(b"upgrade");
                    self.head.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
                }
            }
            14 => {
                let length = std::str::from_utf8(value).ok().filter(|text| {
                    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
                });
                let length = length.and_then(|text| text.parse().ok());
                self.head.refused |= length.is_none() || self.head.length.is_some();
                self.head.length = length;
            }
            _ => {
                self.head.refused |= self.head.chunked || !value.eq_ignore_ascii_case(b"chunked");
                self.head.chunked = true;
            }
        }
        Ok(())
    }

    fn end_of_head(&mut self) {
        let head = &self.head;
        let refused = head.refused || head.chunked && (head.is_http_1_0() || head.length.is_some());
        self.state = match head.length {
            _ if refused => State::Rest,
            _ if head.chunked => {
                self.chunk_extra = 0;
                State::Chunked(Chunk::Size { digits: 0 })
            }
            _ if head.websocket => State::Rest,
            Some(length @ 1..) => State::Sized(length),
            _ if head.connect => State::Rest,
            _ => return self.next_message(),
        };
    }

    fn next_message(&mut self) {
        let head = std::mem::take(&mut self.head);
        let last = head.close || head.is_http_1_0() && !head.keep_alive;
        self.state = match last {
            true => State::Over,
            false => State::RequestLine,
        };
    }

    /// Reads a part of a chunked body (RFC 9112, section 7.1): how many bytes it had, none if it is malformed.
    fn chunk_piece(&mut self, chunk: Chunk, bytes: &[u8]) -> usize {
        if chunk == Chunk::Data {
            let taken = usize::try_from(self.chunk_left)
                .unwrap_or(usize::MAX)
                .min(bytes.len());
            self.chunk_left -= taken as u64;
            if self.chunk_left == 0 {
                self.state = State::Chunked(Chunk::DataCr);
            }
            return taken;
        }
        match self.after(chunk, bytes[0]) {
            // It may be the end of the message.
            Some(Chunk::EndLf) if chunk == Chunk::EndLf => self.next_message(),
            Some(next) => self.state = State::Chunked(next),
            None => {
                self.state = State::Broken;
                return 0;
            }
        }
        1
    }

    /// What comes after this byte, or `None` if it must not be there.
    #[expect(clippy::match_same_arms, reason = "a table, in the order of a body")]
    fn after(&mut self, chunk: Chunk, byte: u8) -> Option<Chunk> {
        if matches!(
            chunk,
            Chunk::SizeSpace | Chunk::Extension | Chunk::TrailerStart | Chunk::Trailer { .. }
        ) {
            self.chunk_extra += 1;
            if self.chunk_extra > MAX_CHUNK_EXTRA_BYTES {
                return None;
            }
        }
        match (chunk, byte) {
            (Chunk::Size { digits }, _) if byte.is_ascii_hexdigit() => {
                let digit = u64::from(char::from(byte).to_digit(16)?);
                self.chunk_left = match digits {
                    0 => digit,
                    _ => self.chunk_left << 4 | digit,
                };
                (digits < MAX_SIZE_DIGITS).then_some(Chunk::Size { digits: digits + 1 })
            }
            (Chunk::Size { digits: 0 }, _) => None,
            (Chunk::Size { .. } | Chunk::SizeSpace, b' ' | b'\t') => Some(Chunk::SizeSpace),
            (Chunk::Size { .. } | Chunk::SizeSpace, b';') => Some(Chunk::Extension),
            (Chunk::Size { .. } | Chunk::SizeSpace | Chunk::Extension, b'\r') => {
                Some(Chunk::SizeLf)
            }
            (Chunk::Extension, b'\t' | 0x20..=0x7e | 0x80..) => Some(Chunk::Extension),
            (Chunk::SizeLf, b'\n') if self.chunk_left == 0 => Some(Chunk::TrailerStart),
            (Chunk::SizeLf, b'\n') => Some(Chunk::Data),
            (Chunk::DataCr, b'\r') => Some(Chunk::DataLf),
            (Chunk::DataLf, b'\n') => Some(Chunk::Size { digits: 0 }),
            (Chunk::TrailerStart, b'\r') => Some(Chunk::EndLf),
            (Chunk::TrailerStart, 0x21..=0x7e) if byte != b':' => {
                Some(Chunk::Trailer { colon: false })
            }
            (Chunk::Trailer { colon: true }, b'\r') => Some(Chunk::TrailerLf),
            (Chunk::Trailer { .. }, b':') => Some(Chunk::Trailer { colon: true }),
            (Chunk::Trailer { colon }, b'\t' | 0x20..=0x7e | 0x80..) => {
                Some(Chunk::Trailer { colon })
            }
            (Chunk::TrailerLf, b'\n') => Some(Chunk::TrailerStart),
            (Chunk::EndLf, b'\n') => Some(Chunk::EndLf),
            _ => None,
        }
    }
}

impl Head {
    fn see_end(&mut self, piece: &[u8]) {
        // A whole line is longer, and ends as lines do.
        if let Some(line) = piece.strip_suffix(b"\r\n")
            && let Some(end) = line.last_chunk()
            && !end.iter().any(|byte| matches!(byte, b'\r' | b'\n'))
        {
            self.end = *end;
            return;
        }
        let last = &piece[piece.len().saturating_sub(self.end.len() + 2)..];
        for byte in last.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
            self.end.rotate_left(1);
            self.end[7] = *byte;
        }
    }

    fn is_http_1_0(&self) -> bool {
        self.end != *b"HTTP/1.1"
    }
}

/// A field's name ends soon.
fn no_endless_name(line: &[u8]) -> Result<(), Refused> {
    let beginning = &line[..line.len().min(MAX_NAME_BYTES + 1)];
    let endless = beginning.len() > MAX_NAME_BYTES && !beginning.contains(&b':');
    match endless {
        true => Err(Refused),
        false => Ok(()),
    }
}

/// The line without its end, which the parser takes with and without a carriage return.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
#[path = "framing_tests.rs"]
mod tests;
