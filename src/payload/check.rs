//! What opening demands of a body: the constants of the token format, no more.

use super::error::Fault;
use super::scanner::{Rules, scan, text};
use super::{JsonError, JsonErrorKind, MAX_BYTES};

/// Checks what an opened token holds: at most [`MAX_BYTES`] bytes of UTF-8 without a byte order mark, exactly one JSON
/// value (RFC 8259) and at most [`MAX_DEPTH`](super::MAX_DEPTH) brackets open at once (`docs/token-format.md`).
///
/// White space, duplicate names and lone surrogates are not its business: what was sealed once opens for ever, even when
/// issuing becomes stricter.
///
/// # Errors
/// The first thing that is wrong, with its line and column.
pub fn check(body: &[u8]) -> Result<&str, JsonError> {
    check_up_to(body, MAX_BYTES)
}

/// As [`check`], of what a record holds: at most `most` bytes.
///
/// # Errors
/// As [`check`].
pub fn check_up_to(body: &[u8], most: usize) -> Result<&str, JsonError> {
    checked(body, most).map_err(|fault| fault.locate(body))
}

fn checked(body: &[u8], most: usize) -> Result<&str, Fault> {
    if body.len() > most {
        return Err(Fault {
            kind: JsonErrorKind::TooLarge { most },
            at: most,
        });
    }
    let text = text(body)?;
    scan(text, &mut Opening)?;
    Ok(text)
}

/// Asks for nothing beyond the grammar and the depth.
struct Opening;

impl Rules<'_> for Opening {
    const LONE_SURROGATES: bool = true;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::{MAX_DEPTH, MAX_MEMBERS};

    #[test]
    fn what_only_issuing_refuses_is_opened() {
        for text in [
            r#"{"a":1,"\u0061":2}"#,
            r#""\ud800""#,
            r#"{"\udc00\ud800":1}"#,
            " [ 1 , 2 ]\r\n",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(text));
        }
        let members: Vec<String> = (0..=MAX_MEMBERS).map(|n| format!("\"{n}\":0")).collect();
        let many = format!("{{{}}}", members.join(","));
        assert_eq!(check(many.as_bytes()), Ok(many.as_str()));
    }

    #[test]
    fn a_body_of_65_536_bytes_is_opened_and_one_byte_more_is_not() {
        let largest = format!("\"{}\"", "x".repeat(MAX_BYTES - 2));
        assert_eq!(check(largest.as_bytes()), Ok(largest.as_str()));
        let larger = format!("{largest} ");
        assert_eq!(
            check(larger.as_bytes()).unwrap_err().kind(),
            JsonErrorKind::TooLarge { most: MAX_BYTES }
        );
    }

    #[test]
    fn the_33rd_bracket_is_refused() {
        let deepest = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert_eq!(check(deepest.as_bytes()), Ok(deepest.as_str()));
        let error = check(format!("[{deepest}]").as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind(), error.line(), error.column()),
            (JsonErrorKind::TooDeep, 1, 33)
        );
    }
}
