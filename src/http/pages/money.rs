//! Numbers and amounts as people of a language write them: digits by ICU4X (Unicode CLDR), currencies by a small table of CLDR's
//! patterns.
//!
//! Nothing is rounded: what a document says has at least the digits that its currency has, and never fewer than it was written
//! with. Digits are the Latin ones in every language, as those of ids and of the paper beside it.

use std::cell::OnceCell;

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;

use super::words::Language;

/// Longer numbers are shown as they stand.
const LONGEST_BYTES: usize = 32;

thread_local! {
    /// A formatter for each language, made when it is first needed.
    static FORMATTERS: [OnceCell<Option<DecimalFormatter>>; Language::ALL.len()] =
        const { [const { OnceCell::new() }; Language::ALL.len()] };
}

/// A number in groups of digits; `None` if it is none, or one that nobody reads.
pub(super) fn number(language: Language, digits: &str) -> Option<String> {
    let (sign, decimal) = parsed(digits)?;
    written(language, &decimal).map(|text| format!("{sign}{text}"))
}

/// An amount of a currency; `None` if it is no amount. `code`: three capital letters.
pub(super) fn money(language: Language, digits: &str, code: &str) -> Option<String> {
    let (sign, mut decimal) = parsed(digits)?;
    decimal.pad_end(-minor_digits(code));
    let amount = written(language, &decimal)?;
    let symbol = symbol(language, code);
    let is_word = symbol.chars().any(char::is_alphabetic);
    Some(match language {
        Language::English | Language::Japanese | Language::Chinese | Language::Turkish => {
            let space = if is_word { "\u{a0}" } else { "" };
            format!("{sign}{symbol}{space}{amount}")
        }
        Language::Portuguese | Language::Dutch => format!("{sign}{symbol}\u{a0}{amount}"),
        // The mark makes the amount stand before its currency where lines begin at the right.
        Language::Arabic => format!("\u{200f}{sign}{amount}\u{a0}{symbol}"),
        _ => format!("{sign}{amount}\u{a0}{symbol}"),
    })
}

/// The sign, and the number without it.
fn parsed(digits: &str) -> Option<(&'static str, Decimal)> {
    let (sign, absolute) = match digits.strip_prefix('-') {
        Some(absolute) => ("-", absolute),
        None => ("", digits),
    };
    let is_plain = absolute.len() <= LONGEST_BYTES
        && absolute.starts_with(|first: char| first.is_ascii_digit())
        && absolute.ends_with(|last: char| last.is_ascii_digit())
        && absolute
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain
        .then(|| absolute.parse().ok())
        .flatten()
        .map(|decimal| (sign, decimal))
}

fn written(language: Language, decimal: &Decimal) -> Option<String> {
    FORMATTERS.with(|formatters| {
        let formatter = formatters.get(language.index())?;
        let formatter = formatter.get_or_init(|| {
            let locale: Locale = format!("{}-u-nu-latn", language.tag()).parse().ok()?;
            DecimalFormatter::try_new((&locale).into(), DecimalFormatterOptions::default()).ok()
        });
        Some(formatter.as_ref()?.format(decimal).to_string())
    })
}

/// Digits behind the point (ISO 4217).
fn minor_digits(code: &str) -> i16 {
    match code {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// The sign of a currency, where people of the language know it by one.
fn symbol(language: Language, code: &str) -> &str {
    match (code, language) {
        ("EUR", _) => "€",
        ("GBP", _) => "£",
        ("USD", Language::French) => "$US",
        (
            "USD",
            Language::Spanish
            | Language::Portuguese
            | Language::Dutch
            | Language::Arabic
            | Language::Chinese,
        ) => "US$",
        ("USD", Language::Polish | Language::Italian) => "USD",
        ("USD", _) => "$",
        ("JPY", Language::Japanese) => "￥",
        ("JPY", Language::Chinese | Language::Portuguese) => "JP¥",
        ("JPY", Language::English | Language::German) | ("CNY", Language::Chinese) => "¥",
        ("CNY", Language::Japanese) => "元",
        ("CNY", Language::English | Language::German) => "CN¥",
        ("BRL", _) => "R$",
        ("INR", _) => "₹",
        ("KRW", _) => "₩",
        ("PLN", Language::Polish) => "zł",
        ("TRY", Language::Turkish) => "₺",
        ("AED", Language::Arabic) => "د.إ.",
        ("SAR", Language::Arabic) => "ر.س.",
        ("EGP", Language::Arabic) => "ج.م.",
        (code, _) => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_as_people_of_the_language_write_it() {
        for (language, expected) in [
            (Language::English, "€12,345.50"),
            (Language::German, "12.345,50\u{a0}€"),
            (Language::French, "12\u{202f}345,50\u{a0}€"),
            (Language::Spanish, "12.345,50\u{a0}€"),
            (Language::Italian, "12.345,50\u{a0}€"),
            (Language::Portuguese, "€\u{a0}12.345,50"),
            (Language::Dutch, "€\u{a0}12.345,50"),
            (Language::Polish, "12\u{a0}345,50\u{a0}€"),
            (Language::Turkish, "€12.345,50"),
            (Language::Arabic, "\u{200f}12,345.50\u{a0}€"),
            (Language::Japanese, "€12,345.50"),
            (Language::Chinese, "€12,345.50"),
        ] {
            let amount = money(language, "12345.5", "EUR");
            assert_eq!(amount.as_deref(), Some(expected), "{}", language.tag());
        }
    }

    #[test]
    fn nothing_is_rounded_and_what_nobody_reads_stays_as_it_is() {
        let english = |digits, code| money(Language::English, digits, code);
        for (digits, code, expected) in [
            ("12", "EUR", "€12.00"),
            ("12.345", "EUR", "€12.345"),
            ("-12.5", "USD", "-$12.50"),
            ("1234", "JPY", "¥1,234"),
            ("1.5", "KWD", "KWD\u{a0}1.500"),
            ("0", "CHF", "CHF\u{a0}0.00"),
        ] {
            assert_eq!(english(digits, code).as_deref(), Some(expected));
        }
        for digits in [
            "1e400",
            "1E2",
            "",
            "-",
            "1.",
            ".5",
            "12 EUR",
            "0x10",
            &"9".repeat(33),
        ] {
            assert_eq!(english(digits, "EUR"), None, "{digits}");
            assert_eq!(number(Language::German, digits), None, "{digits}");
        }
        assert_eq!(
            number(Language::German, "1234567.5").as_deref(),
            Some("1.234.567,5")
        );
        assert_eq!(number(Language::Arabic, "-12").as_deref(), Some("-12"));
    }
}
