//! Numbers as people of every language type them.

use serde_json::Value;

/// The number as JSON writes it; none if it is no number, not a `whole` one, or could be read as two.
pub(super) fn number(text: &str, whole: bool) -> Option<String> {
    let number = in_ascii(text);
    if may_be_thousands(&number) {
        return None;
    }
    // A decimal comma, as most of the world types it.
    let number = number.replace(',', ".");
    let is_number = matches!(serde_json::from_str(&number), Ok(Value::Number(_)));
    let has_fraction = number.contains(['.', 'e', 'E']);
    (is_number && !(whole && has_fraction)).then_some(number)
}

/// A number of JSON as somebody types it whom [`number`] is to understand.
#[must_use]
pub fn typed_number(number: &str) -> String {
    match may_be_thousands(number) {
        true => format!("{number}0"),
        false => number.to_owned(),
    }
}

/// The text with the digits and signs of ASCII.
pub(super) fn in_ascii(text: &str) -> String {
    text.chars().map(ascii).collect()
}

/// Arabic and full-width digits and signs as those of ASCII: what keyboards in such scripts type into numbers.
fn ascii(sign: char) -> char {
    let from = |first: u32, to: char| {
        let place = u32::from(sign) - first;
        char::from_u32(u32::from(to) + place).unwrap_or(sign)
    };
    match sign {
        '\u{660}'..='\u{669}' => from(0x660, '0'),
        '\u{6f0}'..='\u{6f9}' => from(0x6f0, '0'),
        '\u{ff01}'..='\u{ff5e}' => from(0xff01, '!'),
        '\u{66b}' => ',',
        '\u{2212}' => '-',
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Whether a mark in a number may stand between thousands, as in `1,000`, so that nobody can say which number it is.
fn may_be_thousands(number: &str) -> bool {
    let number = number.strip_prefix('-').unwrap_or(number);
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    number
        .split_once(['.', ','])
        .is_some_and(|(before, behind)| {
            (1..=3).contains(&before.len())
                && behind.len() == 3
                && before != "0"
                && is_digits(before)
                && is_digits(behind)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_typed_and_refused_where_it_could_be_another() {
        for (text, expected) in [
            ("12,50", Some("12.50")),
            ("0,125", Some("0.125")),
            ("-0.125", Some("-0.125")),
            ("1234,567", Some("1234.567")),
            ("1.5", Some("1.5")),
            ("1,0000", Some("1.0000")),
            ("١٢٫٥", Some("12.5")),
            ("۱۲", Some("12")),
            ("\u{2212}１２，５", Some("-12.5")),
            ("1,000", None),
            ("12,345", None),
            ("-1.000", None),
            ("１，０００", None),
            ("1,000,000", None),
            ("1 000", None),
            ("1,234.5", None),
            ("twelve", None),
        ] {
            assert_eq!(number(text, false).as_deref(), expected, "{text}");
        }
        assert_eq!(number("12", true).as_deref(), Some("12"));
        for said in ["12.345", "-1.125", "0.125", "1234.567", "1.5", "1000"] {
            let read = number(&typed_number(said), false).unwrap();
            assert_eq!(read.parse::<f64>(), said.parse(), "{said}");
        }
        assert_eq!(number("1,5", true), None);
    }
}
