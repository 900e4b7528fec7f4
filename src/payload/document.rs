//! A document as it is sealed: strictly checked, without white space between its tokens.

use super::error::Fault;
use super::member_names::MemberNames;
use super::scanner::{Quoted, Rules, scan, text};
use super::{JsonError, JsonErrorKind, MAX_BYTES};

/// A JSON document that was checked and minified: the text that gets sealed, shown and returned, byte for byte.
///
/// `Debug` shows its length only: a payload must not reach a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Document(String);

impl Document {
    /// The minified JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The minified JSON text as UTF-8: 1 to [`MAX_BYTES`] bytes, or as many as [`minify_up_to`] took.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The minified JSON text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Document")
            .field("bytes", &self.0.len())
            .finish_non_exhaustive()
    }
}

/// Checks one JSON value strictly and takes out the white space between its tokens.
///
/// Numbers, the contents and escapes of strings, and the order of members stay as they were written. Beyond the grammar
/// (RFC 8259), UTF-8 without a byte order mark, and the depth limit, it refuses what readers understand differently or
/// what costs them too much: two members of one name in an object (compared unescaped), half a surrogate pair, more than
/// [`MAX_MEMBERS`](super::MAX_MEMBERS) members in one object, more than [`MAX_BYTES`] bytes without the white space.
///
/// The work grows with the length of the input, by n log n only in the number of members of an object; how long the input
/// may be, white space included, is for the caller to limit.
///
/// # Errors
/// The first thing that is wrong, with its line and column. Two members of one name are found at the end of their object.
pub fn minify(input: &[u8]) -> Result<Document, JsonError> {
    minify_up_to(input, MAX_BYTES)
}

/// As [`minify`], with at most `most` bytes without the white space.
///
/// # Errors
/// As [`minify`].
pub fn minify_up_to(input: &[u8], most: usize) -> Result<Document, JsonError> {
    minified(input, most)
        .map(Document)
        .map_err(|fault| fault.locate(input))
}

fn minified(input: &[u8], most: usize) -> Result<String, Fault> {
    let text = text(input)?;
    let mut issuing = Issuing {
        text,
        most,
        minified: String::with_capacity(text.len().min(most)),
        kept_from: 0,
        names: MemberNames::new(),
    };
    scan(text, &mut issuing)?;
    issuing.keep_until(text.len())?;
    Ok(issuing.minified)
}

/// Collects the text between the white space and asks for more than the grammar does.
struct Issuing<'t> {
    text: &'t str,
    /// How many bytes it may have.
    most: usize,
    minified: String,
    /// Where the text begins that is to be kept but not yet in `minified`.
    kept_from: usize,
    names: MemberNames<'t>,
}

impl Issuing<'_> {
    fn keep_until(&mut self, end: usize) -> Result<(), Fault> {
        self.measure(end)?;
        self.minified.push_str(&self.text[self.kept_from..end]);
        Ok(())
    }

    /// Refuses a text that is too long, minified, up to `end`.
    fn measure(&self, end: usize) -> Result<(), Fault> {
        let room = self.most - self.minified.len();
        if end - self.kept_from > room {
            return Err(Fault {
                kind: JsonErrorKind::TooLarge { most: self.most },
                at: self.kept_from + room,
            });
        }
        Ok(())
    }
}

impl<'t> Rules<'t> for Issuing<'t> {
    const LONE_SURROGATES: bool = false;

    fn white_space(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        self.keep_until(from)?;
        self.kept_from = to;
        Ok(())
    }

    /// Here only to stop early on a text that is far too long; what counts is measured when it is kept.
    fn value(&mut self, at: usize) -> Result<(), Fault> {
        self.measure(at)
    }

    fn object_opened(&mut self) {
        self.names.open_object();
    }

    fn name(&mut self, name: Quoted<'t>) -> Result<(), Fault> {
        self.names.add(name)
    }

    fn object_closed(&mut self) -> Result<(), Fault> {
        self.names.close_object()
    }
}

#[cfg(test)]
mod tests {
    use JsonErrorKind::{
        ByteOrderMark, ControlCharacter, DuplicateName, ExpectedColon, ExpectedCommaOrEnd,
        ExpectedName, ExpectedValue, InvalidEscape, InvalidNumber, LoneSurrogate, NotUtf8, TooDeep,
        TooManyMembers, TrailingText, UnexpectedEnd,
    };

    use super::*;
    use crate::payload::{MAX_DEPTH, MAX_MEMBERS, MAX_STORED_BYTES};

    const TOO_LARGE: JsonErrorKind = JsonErrorKind::TooLarge { most: MAX_BYTES };

    fn minified_text(input: &str) -> String {
        minify(input.as_bytes()).unwrap().into_string()
    }

    #[track_caller]
    fn assert_refused(input: impl AsRef<[u8]>, kind: JsonErrorKind, line: usize, column: usize) {
        let error = minify(input.as_ref()).unwrap_err();
        assert_eq!(
            (error.kind(), error.line(), error.column()),
            (kind, line, column)
        );
    }

    #[test]
    fn white_space_goes_and_nothing_else() {
        for (input, output) in [
            (" null\n", "null"),
            ("\t[ 1 ,\r\n2 , [ ] , { } ]\r", "[1,2,[],{}]"),
            (
                r#"{ "b" : 1 , "a" : { "c d" : "  e\t " } }"#,
                r#"{"b":1,"a":{"c d":"  e\t "}}"#,
            ),
            (
                "[12.50,1e400,-0,0.10E+05,123456789012345678901234567890]",
                "[12.50,1e400,-0,0.10E+05,123456789012345678901234567890]",
            ),
            (
                r#" "\ud7ff\ue000\udbff\udfff\uD800\uDC00" "#,
                r#""\ud7ff\ue000\udbff\udfff\uD800\uDC00""#,
            ),
            (r#" "\u00e9\/\ud83d\ude00" "#, r#""\u00e9\/\ud83d\ude00""#),
            (
                "[\"\u{e9}\u{a0}\u{2028}\u{feff}\u{7f}\u{fffe}\", true , false]",
                "[\"\u{e9}\u{a0}\u{2028}\u{feff}\u{7f}\u{fffe}\",true,false]",
            ),
            (
                r#"{"":0,"\u0000":1,"\ud83d\ude00":2}"#,
                r#"{"":0,"\u0000":1,"\ud83d\ude00":2}"#,
            ),
        ] {
            assert_eq!(minified_text(input), output);
        }
    }

    #[test]
    fn every_refusal_says_where() {
        for (input, kind, line, column) in [
            ("", UnexpectedEnd, 1, 1),
            (" \n ", UnexpectedEnd, 2, 2),
            ("[1,", UnexpectedEnd, 1, 4),
            ("[1", UnexpectedEnd, 1, 3),
            ("{\"a\"", UnexpectedEnd, 1, 5),
            ("{\"a\":", UnexpectedEnd, 1, 6),
            ("{", UnexpectedEnd, 1, 2),
            ("\"a", UnexpectedEnd, 1, 3),
            ("\"\\", UnexpectedEnd, 1, 3),
            ("\"\\u00", UnexpectedEnd, 1, 6),
            ("tru", UnexpectedEnd, 1, 4),
            ("-", UnexpectedEnd, 1, 2),
            ("1.", UnexpectedEnd, 1, 3),
            ("1e+", UnexpectedEnd, 1, 4),
            ("\u{feff}1", ByteOrderMark, 1, 1),
            ("[1,]", ExpectedValue, 1, 4),
            ("[,1]", ExpectedValue, 1, 2),
            ("[\n  1,\n  'a'\n]", ExpectedValue, 3, 3),
            ("trux", ExpectedValue, 1, 1),
            ("NaN", ExpectedValue, 1, 1),
            ("-Infinity", InvalidNumber, 1, 1),
            ("\u{a0}1", ExpectedValue, 1, 1),
            ("\0", ExpectedValue, 1, 1),
            ("{\"a\":}", ExpectedValue, 1, 6),
            ("// c", ExpectedValue, 1, 1),
            ("{\"a\":1,}", ExpectedName, 1, 8),
            ("{a:1}", ExpectedName, 1, 2),
            ("{1:1}", ExpectedName, 1, 2),
            ("{\"a\" 1}", ExpectedColon, 1, 6),
            ("{\"a\",\"b\"}", ExpectedColon, 1, 5),
            ("{\"\u{1f600}\u{e9}\":1 \"b\":2}", ExpectedCommaOrEnd, 1, 9),
            ("[1 2]", ExpectedCommaOrEnd, 1, 4),
            ("[1}", ExpectedCommaOrEnd, 1, 3),
            ("{\"a\":1]", ExpectedCommaOrEnd, 1, 7),
            ("[truefalse]", ExpectedCommaOrEnd, 1, 6),
            ("[0x1]", ExpectedCommaOrEnd, 1, 3),
            ("1 2", TrailingText, 1, 3),
            ("{}}", TrailingText, 1, 3),
            ("\"a\"b", TrailingText, 1, 4),
            ("1a", TrailingText, 1, 2),
            ("1\u{c}", TrailingText, 1, 2),
            ("01", InvalidNumber, 1, 1),
            ("[1,\n-01]", InvalidNumber, 2, 1),
            ("00", InvalidNumber, 1, 1),
            ("+1", InvalidNumber, 1, 1),
            (".5", InvalidNumber, 1, 1),
            ("[1.]", InvalidNumber, 1, 2),
            ("[1.e1]", InvalidNumber, 1, 2),
            ("[1e]", InvalidNumber, 1, 2),
            ("[1e+]", InvalidNumber, 1, 2),
            ("[-]", InvalidNumber, 1, 2),
            ("--1", InvalidNumber, 1, 1),
            ("[\u{ff11}]", ExpectedValue, 1, 2),
            ("\"a\nb\"", ControlCharacter, 1, 3),
            ("\"\t\"", ControlCharacter, 1, 2),
            ("\"\u{1f}\"", ControlCharacter, 1, 2),
            ("{\"\0\":1}", ControlCharacter, 1, 3),
            (r#""a\x""#, InvalidEscape, 1, 3),
            (r#""\u12g4""#, InvalidEscape, 1, 2),
            (r#""\u00""#, InvalidEscape, 1, 2),
            (r#""\U0041""#, InvalidEscape, 1, 2),
            (r#""\'""#, InvalidEscape, 1, 2),
            (r#""\ud800""#, LoneSurrogate, 1, 2),
            (r#""\udc00""#, LoneSurrogate, 1, 2),
            (r#""\uD800\uD800\uDC00""#, LoneSurrogate, 1, 2),
            (r#""x\uD83D\n""#, LoneSurrogate, 1, 3),
            (r#""\uD83Dude00""#, LoneSurrogate, 1, 2),
            (r#""\uDE00\uD83D""#, LoneSurrogate, 1, 2),
            (r#"{"\udbff":1}"#, LoneSurrogate, 1, 3),
            ("{\"a\":1,\n\"a\":2}", DuplicateName, 2, 1),
        ] {
            assert_refused(input, kind, line, column);
        }
    }

    #[test]
    fn what_is_not_utf_8_is_refused_at_its_first_byte() {
        for bytes in [
            &b"\"\xff\""[..],
            b"\"\xc0\xaf\"",
            b"\"\xed\xa0\x80\"",
            b"\"\xf4\x90\x80\x80\"",
            b"\"\xc3\"",
            b"\"\xe2\x82",
        ] {
            assert_refused(bytes, NotUtf8, 1, 2);
        }
        assert_refused(b"[\n\"\xc3\xa9\xe9\"]", NotUtf8, 2, 3);
        assert_refused(b"\xff\xfe1\0", NotUtf8, 1, 1);
    }

    #[test]
    fn the_33rd_bracket_is_refused_whatever_its_kind() {
        let half = MAX_DEPTH / 2;
        let deepest = ["[{\"a\":".repeat(half), "1".to_owned(), "}]".repeat(half)].concat();
        assert_eq!(minified_text(&deepest), deepest);
        assert_refused(deepest.replace('1', "[]"), TooDeep, 1, 1 + 6 * half);
        assert_refused(deepest.replace('1', "{}"), TooDeep, 1, 1 + 6 * half);
        assert_refused("[".repeat(1_000_000), TooDeep, 1, 1 + MAX_DEPTH);
        let wide = format!("[{}[]]", "[],{},".repeat(100));
        assert_eq!(minified_text(&wide), wide);
    }

    #[test]
    fn the_size_is_counted_without_the_white_space() {
        let largest = format!("[\"{}\"]", "\u{e9}".repeat(MAX_BYTES / 2 - 2));
        assert_eq!(minified_text(&format!(" \n{largest}\n ")), largest);
        assert_eq!(
            minified_text(&format!("{}[ ]", " ".repeat(2 * MAX_BYTES))),
            "[]"
        );
        assert_refused(
            format!(" \n{}", largest.replacen('"', "\"x", 1)),
            TOO_LARGE,
            2,
            MAX_BYTES / 2 + 3,
        );
        assert_refused(
            format!("[{}0]", "1,".repeat(10 * MAX_BYTES)),
            TOO_LARGE,
            1,
            1 + MAX_BYTES,
        );
        assert_refused(
            format!("[{}0]", "1 , ".repeat(10 * MAX_BYTES)),
            TOO_LARGE,
            1,
            2 * MAX_BYTES,
        );
    }

    #[test]
    fn a_document_for_the_store_may_be_a_mebibyte_and_not_a_byte_more() {
        let largest = format!("\"{}\"", "x".repeat(MAX_STORED_BYTES - 2));
        let document = minify_up_to(largest.as_bytes(), MAX_STORED_BYTES).unwrap();
        assert_eq!(document.as_str(), largest);
        let larger = largest.replacen('x', "xy", 1);
        let error = minify_up_to(larger.as_bytes(), MAX_STORED_BYTES).unwrap_err();
        let most = MAX_STORED_BYTES;
        assert_eq!(error.kind(), JsonErrorKind::TooLarge { most });
        assert!(error.to_string().contains("1048576 bytes"), "{error}");
    }

    #[test]
    fn an_object_may_have_1_000_members_and_not_one_more() {
        let members = |count: usize| {
            (0..count)
                .map(|n| format!("\"{n}\":0"))
                .collect::<Vec<_>>()
                .join(",")
        };
        let most = format!("[{{{0}}},{{\"x\":{{{0}}}}}]", members(MAX_MEMBERS));
        assert_eq!(minified_text(&most), most);
        let error = minify(format!("{{{}}}", members(MAX_MEMBERS + 1)).as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind(), error.column()),
            (TooManyMembers, 2 + members(MAX_MEMBERS).len() + 1)
        );
    }

    #[test]
    fn an_error_is_a_sentence_that_quotes_nothing_of_the_document() {
        let error = minify(b"{\n\"secret\": hunter2}").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 11: expected a value: an object, an array, a string, a number, true, false or null",
        );
        let document = minify(b"\"hunter2\"").unwrap();
        assert_eq!(format!("{document:?}"), "Document { bytes: 9, .. }");
    }
}
