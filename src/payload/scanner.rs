//! The grammar of JSON (RFC 8259) and the depth limit, read once from front to back without building anything.
//!
//! What is done with the text while it is read, and what is demanded beyond the grammar, is up to the [`Rules`]: the
//! scanner knows neither issuing nor opening.

use super::error::Fault;
use super::{JsonErrorKind, MAX_DEPTH};

/// What a caller of [`scan`] is told while the text is read, and may refuse. Offsets are in bytes.
pub(super) trait Rules<'t> {
    /// Whether `\u` escapes may name half of a surrogate pair.
    const LONE_SURROGATES: bool;

    /// White space outside the strings, from one offset up to another.
    fn white_space(&mut self, _from: usize, _to: usize) -> Result<(), Fault> {
        Ok(())
    }

    /// A value begins here.
    fn value(&mut self, _at: usize) -> Result<(), Fault> {
        Ok(())
    }

    /// The bracket of an object was read; its names follow, those of objects inside it in between.
    fn object_opened(&mut self) {}

    /// A member name as it is written, without its quotes.
    fn name(&mut self, _name: Quoted<'t>) -> Result<(), Fault> {
        Ok(())
    }

    /// The closing bracket of the object that was opened last was read.
    fn object_closed(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

/// A string as it is written, between its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quoted<'t> {
    /// The text between the quotes, escapes as they were written.
    pub written: &'t str,
    /// Whether there are escapes in it.
    pub escaped: bool,
    /// Where its first quote is.
    pub at: usize,
}

/// The bytes as text: UTF-8 without a byte order mark (RFC 8259, section 8.1).
pub(super) fn text(input: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(input).map_err(|error| Fault {
        kind: JsonErrorKind::NotUtf8,
        at: error.valid_up_to(),
    })?;
    if text.starts_with('\u{feff}') {
        return Err(Fault {
            kind: JsonErrorKind::ByteOrderMark,
            at: 0,
        });
    }
    Ok(text)
}

/// Reads exactly one JSON value, with white space around it.
pub(super) fn scan<'t, R: Rules<'t>>(text: &'t str, rules: &mut R) -> Result<(), Fault> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        rules,
    };
    scanner.white_space()?;
    scanner.value()?;
    scanner.white_space()?;
    if scanner.at < text.len() {
        return scanner.refuse(JsonErrorKind::TrailingText);
    }
    Ok(())
}

struct Scanner<'t, 'r, R> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    rules: &'r mut R,
}

impl<'t, R: Rules<'t>> Scanner<'t, '_, R> {
    /// Recursive, as the grammar is: [`MAX_DEPTH`] bounds how far.
    fn value(&mut self) -> Result<(), Fault> {
        self.rules.value(self.at)?;
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            // Not JSON, but what people write when they mean a number.
            Some(b'+' | b'.') => self.refuse(JsonErrorKind::InvalidNumber),
            _ => self.refuse(JsonErrorKind::ExpectedValue),
        }
    }

    fn object(&mut self) -> Result<(), Fault> {
        self.open_bracket()?;
        self.rules.object_opened();
        if self.peek() != Some(b'}') {
            loop {
                self.member()?;
                if !self.comma_or(b'}')? {
                    break;
                }
            }
        }
        self.close_bracket();
        self.rules.object_closed()
    }

    fn member(&mut self) -> Result<(), Fault> {
        if self.peek() != Some(b'"') {
            return self.refuse(JsonErrorKind::ExpectedName);
        }
        let name = self.string()?;
        self.rules.name(name)?;
        self.white_space()?;
        if self.peek() != Some(b':') {
            return self.refuse(JsonErrorKind::ExpectedColon);
        }
        self.at += 1;
        self.white_space()?;
        self.value()
    }

    fn array(&mut self) -> Result<(), Fault> {
        self.open_bracket()?;
        if self.peek() != Some(b']') {
            loop {
                self.value()?;
                if !self.comma_or(b']')? {
                    break;
                }
            }
        }
        self.close_bracket();
        Ok(())
    }

    fn open_bracket(&mut self) -> Result<(), Fault> {
        if self.depth == MAX_DEPTH {
            return self.refuse(JsonErrorKind::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        self.white_space()
    }

    fn close_bracket(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    /// Goes past a comma; stays at the closing bracket.
    fn comma_or(&mut self, end: u8) -> Result<bool, Fault> {
        self.white_space()?;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.white_space()?;
                Ok(true)
            }
            Some(byte) if byte == end => Ok(false),
            _ => self.refuse(JsonErrorKind::ExpectedCommaOrEnd),
        }
    }

    /// RFC 8259, section 7.
    fn string(&mut self) -> Result<Quoted<'t>, Fault> {
        let at = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            let rest = &self.bytes[self.at..];
            self.at += rest
                .iter()
                .position(|&byte| ENDS_PLAIN_TEXT[usize::from(byte)])
                .unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return self.refuse(JsonErrorKind::ControlCharacter),
            }
        }
        let written = &self.text[at + 1..self.at];
        self.at += 1;
        Ok(Quoted {
            written,
            escaped,
            at,
        })
    }

    /// One escape, or the two of a surrogate pair.
    fn escape(&mut self) -> Result<(), Fault> {
        let begins_at = self.at;
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let unit = self.unicode_escape()?;
                if R::LONE_SURROGATES || !is_surrogate(unit) {
                    return Ok(());
                }
                if is_high_surrogate(unit) && self.bytes[self.at..].starts_with(b"\\u") {
                    let next = self.unicode_escape()?;
                    if is_surrogate(next) && !is_high_surrogate(next) {
                        return Ok(());
                    }
                }
                Err(Fault {
                    kind: JsonErrorKind::LoneSurrogate,
                    at: begins_at,
                })
            }
            Some(_) => self.refuse(JsonErrorKind::InvalidEscape),
            None => Err(self.end()),
        }
    }

    /// `\u` and four hex digits: a UTF-16 code unit.
    fn unicode_escape(&mut self) -> Result<u16, Fault> {
        let mut unit = 0;
        for offset in 2..6 {
            let Some(&byte) = self.bytes.get(self.at + offset) else {
                return Err(self.end());
            };
            unit = unit << 4
                | match byte {
                    b'0'..=b'9' => u16::from(byte - b'0'),
                    b'a'..=b'f' => u16::from(byte - b'a' + 10),
                    b'A'..=b'F' => u16::from(byte - b'A' + 10),
                    _ => return self.refuse(JsonErrorKind::InvalidEscape),
                };
        }
        self.at += 6;
        Ok(unit)
    }

    /// RFC 8259, section 6.
    fn number(&mut self) -> Result<(), Fault> {
        let at = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole_at = self.at;
        self.digits(at)?;
        if self.bytes[whole_at] == b'0' && self.at > whole_at + 1 {
            return Err(Fault {
                kind: JsonErrorKind::InvalidNumber,
                at,
            });
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits(at)?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits(at)?;
        }
        Ok(())
    }

    /// At least one digit, of the number that begins at `number_at`.
    fn digits(&mut self, number_at: usize) -> Result<(), Fault> {
        let begin = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at > begin {
            Ok(())
        } else if self.peek().is_none() {
            Err(self.end())
        } else {
            Err(Fault {
                kind: JsonErrorKind::InvalidNumber,
                at: number_at,
            })
        }
    }

    fn literal(&mut self, literal: &'static [u8]) -> Result<(), Fault> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(literal) {
            self.at += literal.len();
            Ok(())
        } else if literal.starts_with(rest) {
            Err(self.end())
        } else {
            self.refuse(JsonErrorKind::ExpectedValue)
        }
    }

    /// RFC 8259, section 2: space, tab, line feed, carriage return.
    #[inline]
    fn white_space(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b' ' | b'\n' | b'\r' | b'\t') => self.some_white_space(),
            _ => Ok(()),
        }
    }

    fn some_white_space(&mut self) -> Result<(), Fault> {
        let from = self.at;
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.rules.white_space(from, self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Refuses what stands here, or that nothing does.
    fn refuse<T>(&self, kind: JsonErrorKind) -> Result<T, Fault> {
        Err(if self.at < self.bytes.len() {
            Fault { kind, at: self.at }
        } else {
            self.end()
        })
    }

    fn end(&self) -> Fault {
        Fault {
            kind: JsonErrorKind::UnexpectedEnd,
            at: self.bytes.len(),
        }
    }
}

fn is_surrogate(unit: u16) -> bool {
    (0xD800..=0xDFFF).contains(&unit)
}

fn is_high_surrogate(unit: u16) -> bool {
    (0xD800..=0xDBFF).contains(&unit)
}

/// By byte: the quote, the backslash and the control characters, which alone matter inside a string.
const ENDS_PLAIN_TEXT: [bool; 256] = {
    let mut ends = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        ends[control] = true;
        control += 1;
    }
    ends[b'"' as usize] = true;
    ends[b'\\' as usize] = true;
    ends
};
