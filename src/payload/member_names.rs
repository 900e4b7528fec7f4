//! The names of the members of the objects that are open, to find two that are the same.
//!
//! Names are compared as what they stand for: `"a"` and `"\u0061"` are the same (RFC 8259, section 8.3).

use std::borrow::Cow;

use super::error::Fault;
use super::scanner::Quoted;
use super::{JsonErrorKind, MAX_MEMBERS};

/// The names of all open objects, those of the innermost last.
///
/// Names are collected while an object is open and sorted when it closes: no document makes this slower than n log n,
/// and there is no hash to attack.
pub(super) struct MemberNames<'t> {
    names: Vec<Name<'t>>,
    /// Where in `names` each open object begins.
    begins: Vec<usize>,
}

struct Name<'t> {
    unescaped: Cow<'t, str>,
    at: usize,
}

impl<'t> MemberNames<'t> {
    /// Room for those of a usual document at once.
    pub(super) fn new() -> Self {
        Self {
            names: Vec::with_capacity(16),
            begins: Vec::with_capacity(8),
        }
    }

    pub(super) fn open_object(&mut self) {
        self.begins.push(self.names.len());
    }

    /// Adds a name to the innermost object; one too many is refused at once, a second of the same name at the end.
    pub(super) fn add(&mut self, name: Quoted<'t>) -> Result<(), Fault> {
        let begin = self.begins.last().copied().unwrap_or(0);
        if self.names.len() - begin == MAX_MEMBERS {
            return Err(Fault {
                kind: JsonErrorKind::TooManyMembers,
                at: name.at,
            });
        }
        let unescaped = if name.escaped {
            Cow::Owned(unescape(name.written))
        } else {
            Cow::Borrowed(name.written)
        };
        self.names.push(Name {
            unescaped,
            at: name.at,
        });
        Ok(())
    }

    /// Forgets the innermost object, or refuses the first of its names that was there before.
    pub(super) fn close_object(&mut self) -> Result<(), Fault> {
        let begin = self.begins.pop().unwrap_or(0);
        let names = &mut self.names[begin..];
        // By length first: most names differ in it, and comparing numbers is cheaper than comparing texts.
        names.sort_unstable_by(|a, b| {
            let by_length = a.unescaped.len().cmp(&b.unescaped.len());
            by_length
                .then_with(|| a.unescaped.cmp(&b.unescaped))
                .then(a.at.cmp(&b.at))
        });
        let again = names
            .windows(2)
            .filter(|pair| pair[0].unescaped == pair[1].unescaped)
            .map(|pair| pair[1].at)
            .min();
        self.names.truncate(begin);
        match again {
            Some(at) => Err(Fault {
                kind: JsonErrorKind::DuplicateName,
                at,
            }),
            None => Ok(()),
        }
    }
}

/// What a string stands for. Its escapes are well formed and its surrogates paired: the scanner saw to that.
fn unescape(written: &str) -> String {
    let mut unescaped = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(backslash) = rest.find('\\') {
        unescaped.push_str(&rest[..backslash]);
        let escape = &rest[backslash..];
        let (character, length) = match escape.as_bytes()[1] {
            b'b' => ('\u{8}', 2),
            b'f' => ('\u{c}', 2),
            b'n' => ('\n', 2),
            b'r' => ('\r', 2),
            b't' => ('\t', 2),
            b'u' => unicode_character(escape),
            itself => (char::from(itself), 2),
        };
        unescaped.push(character);
        rest = &escape[length..];
    }
    unescaped.push_str(rest);
    unescaped
}

/// The character at the beginning of `escape`, and in how many bytes it is written: one `\u` escape, or two that pair.
fn unicode_character(escape: &str) -> (char, usize) {
    let unit = |from: usize| {
        escape
            .get(from..from + 4)
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
    };
    let units = [unit(2), unit(8)].into_iter().flatten();
    let character = char::decode_utf16(units)
        .next()
        .and_then(Result::ok)
        .expect("the scanner refuses lone surrogates");
    (
        character,
        if u32::from(character) > 0xFFFF { 12 } else { 6 },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::minify;

    #[test]
    fn names_are_compared_unescaped() {
        for text in [
            r#"{"a":1,"\u0061":2}"#,
            r#"{"\u0061":1,"a":2}"#,
            r#"{"\n":1,"\u000A":2}"#,
            r#"{"\u000a":1,"\u000A":2}"#,
            r#"{"/":1,"\/":2}"#,
            r#"{"\"":1,"\u0022":2}"#,
            r#"{"\\":1,"\u005c":2}"#,
            r#"{"x\b\f\r\ty":1,"x\u0008\u000c\u000d\u0009y":2}"#,
            r#"{"\ud83d\ude00!":1,"😀!":2}"#,
            r#"{"":1,"":2}"#,
            r#"{"é":1,"\u00e9":2}"#,
        ] {
            assert_eq!(
                minify(text.as_bytes()).unwrap_err().kind(),
                JsonErrorKind::DuplicateName,
                "{text}"
            );
        }
    }

    #[test]
    fn names_that_only_look_alike_are_different() {
        for text in [
            r#"{"a":1,"A":2}"#,
            r#"{"a":1,"\\u0061":2}"#,
            r#"{"é":1,"e\u0301":2}"#,
            r#"{"a":{"a":1},"b":[{"a":1},{"a":2}]}"#,
            r#"{"\ud83d\ude00":1,"\ud83d\ude01":2}"#,
            r#"{"a":1,"a ":2}"#,
        ] {
            assert_eq!(minify(text.as_bytes()).unwrap().as_str(), text);
        }
    }

    #[test]
    fn the_first_repeated_name_in_reading_order_is_reported() {
        let error = minify(br#"{"b":0,"a":1,"c":{"a":1},"a":2,"b":3,"a":4}"#).unwrap_err();
        assert_eq!(
            (error.kind(), error.column()),
            (JsonErrorKind::DuplicateName, 26)
        );
        let error = minify(br#"{"a":0,"a":1,"c":{"b":1,"b":2}}"#).unwrap_err();
        assert_eq!(
            (error.kind(), error.column()),
            (JsonErrorKind::DuplicateName, 25)
        );
    }
}
