//! Numbers as tables have them, and as JSON writes them.

use crate::options::words;

/// How decimals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decimal {
    /// 1234.50
    #[default]
    Point,
    /// 1234,50 and 1.234,50
    Comma,
}

words!(Decimal {
    Point = "point",
    Comma = "comma",
});

/// A number as JSON writes it, with all its digits.
pub(super) fn number(text: &str, decimal: Decimal) -> Result<String, String> {
    let wrong = || match decimal {
        Decimal::Point if text.contains(',') => {
            "must be a number such as 1234.50; if the table has decimal commas, say decimal=comma"
                .to_owned()
        }
        Decimal::Point => "must be a number such as 1234.50".to_owned(),
        Decimal::Comma => "must be a number such as 1234,50 or 1.234,50".to_owned(),
    };
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, fraction) = match decimal {
        Decimal::Point => digits
            .split_once('.')
            .map_or((digits, None), |(a, b)| (a, Some(b))),
        Decimal::Comma => digits
            .split_once(',')
            .map_or((digits, None), |(a, b)| (a, Some(b))),
    };
    let whole = match decimal {
        Decimal::Point => whole.to_owned(),
        Decimal::Comma => ungrouped(whole).ok_or_else(wrong)?,
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(&whole) || !fraction.is_none_or(is_digits) {
        return Err(wrong());
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err("begins with 0: a number does not, and what does is a string".to_owned());
    }
    Ok(match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    })
}

/// Digits without the points or spaces between groups of three.
fn ungrouped(text: &str) -> Option<String> {
    let is_separator = |char: char| matches!(char, '.' | ' ' | '\u{a0}' | '\u{202f}' | '\'');
    let mut groups = text.split(is_separator);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let fits = rest.is_empty()
        || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    fits.then(|| [&[first][..], &rest].concat().concat())
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_what_is_none_is_said() {
        for (text, decimal, expected) in [
            ("1234.50", Decimal::Point, Some("1234.50")),
            ("-0.5", Decimal::Point, Some("-0.5")),
            ("1,234.50", Decimal::Point, None),
            ("1.234,50", Decimal::Point, None),
            ("1e5", Decimal::Point, None),
            ("+1", Decimal::Point, None),
            (".5", Decimal::Point, None),
            ("5.", Decimal::Point, None),
            ("007", Decimal::Point, None),
            ("12 EUR", Decimal::Point, None),
            ("1234,50", Decimal::Comma, Some("1234.50")),
            ("1.234.567,8", Decimal::Comma, Some("1234567.8")),
            ("1\u{a0}234,5", Decimal::Comma, Some("1234.5")),
            ("\u{2212}3,1", Decimal::Comma, Some("-3.1")),
            ("12.34", Decimal::Comma, None),
            ("1234.567,1", Decimal::Comma, None),
            ("0,5", Decimal::Comma, Some("0.5")),
        ] {
            assert_eq!(number(text, decimal).ok().as_deref(), expected, "{text}");
        }
    }
}
