//! Values that lead somewhere: an address of the Web, of mail, or a number to call.
//!
//! A holder sees such a value whole first; a tap on it shows where it leads and the button that goes there. Nothing is
//! followed by itself, and nothing that is not one of these three is ever a link.

use std::borrow::Cow;

use url::Url;

use crate::http::pages::text;
use crate::http::pages::words::Words;

/// Longer values are shown as text: nobody sees them whole.
const LONGEST_BYTES: usize = 1_000;

/// Where a value leads.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::http::pages) enum Reach<'a> {
    /// `https:`, and the host as browsers find it.
    Web(&'a str, String),
    /// The whole `mailto:` address.
    Mail(Cow<'a, str>),
    /// The whole `tel:` address.
    Call(String),
}

impl<'a> Reach<'a> {
    /// Where `value` leads, if it is such an address and nothing else.
    pub(in crate::http::pages) fn of(value: &'a str) -> Option<Self> {
        let is_plain = value.len() <= LONGEST_BYTES
            && value
                .chars()
                .all(|c| c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric());
        if !is_plain {
            return None;
        }
        if strip(value, "https://").is_some() {
            return web(value);
        }
        if let Some(address) = strip(value, "mailto:") {
            return is_mail(address).then_some(Self::Mail(Cow::Borrowed(value)));
        }
        if let Some(number) = strip(value, "tel:") {
            return is_number(number).then(|| Self::call(number));
        }
        if is_mail(value) {
            return Some(Self::Mail(Cow::Owned(format!("mailto:{value}"))));
        }
        (value.starts_with('+') && is_number(value)).then(|| Self::call(value))
    }

    /// A number to call, if that is what `value` is said to be.
    pub(super) fn tel(value: &'a str) -> Option<Self> {
        is_number(value).then(|| Self::call(value))
    }

    /// Without what people write between digits.
    fn call(number: &str) -> Self {
        let digits = number.chars().filter(|c| c.is_ascii_digit() || *c == '+');
        Self::Call(format!("tel:{}", digits.collect::<String>()))
    }

    /// Appends the value, whole, and what a tap on it shows.
    pub(in crate::http::pages) fn push(&self, html: &mut String, value: &str, words: &Words) {
        html.push_str("<details class=\"go\"><summary>");
        text::push(html, value);
        html.push_str("</summary><a class=\"button\" href=\"");
        let (address, said) = match self {
            Self::Web(address, host) => (*address, words.open_address.fill([host])),
            Self::Mail(address) => (&**address, words.say("write-to").to_owned()),
            Self::Call(address) => (address.as_str(), words.say("call").to_owned()),
        };
        text::push_attribute(html, address);
        html.push('"');
        if let Self::Web(..) = self {
            // The document stays open: it may be the only time that it does.
            html.push_str(" target=\"_blank\" rel=\"noopener noreferrer nofollow\"");
        }
        html.push('>');
        text::push(html, &said);
        html.push_str("</a></details>");
    }
}

/// What follows `scheme`, in whichever case it is written.
fn strip<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = value.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn web(value: &str) -> Option<Reach<'_>> {
    if value.contains([' ', '\\']) {
        return None;
    }
    let url = Url::parse(value).ok()?;
    // A name before the host is there to look like one.
    let is_honest =
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|_| is_honest)?;
    let host = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    Some(Reach::Web(value, host))
}

/// One address, without anything that a mail program would take for more.
fn is_mail(address: &str) -> bool {
    let Some((name, domain)) = address.split_once('@') else {
        return false;
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let is_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    !name.is_empty()
        && name.chars().all(is_name)
        && domain.chars().all(is_domain)
        && domain.split_once('.').is_some_and(|(host, rest)| {
            !host.is_empty() && !rest.is_empty() && !rest.ends_with('.')
        })
}

/// Digits as people write a number: 3 to 15 of them.
fn is_number(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (3..=15).contains(&digits)
        && number.len() <= 32
        && number.chars().enumerate().all(|(index, c)| {
            c.is_ascii_digit()
                || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/')
                || (c == '+' && index == 0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::Language;

    #[test]
    fn addresses_and_numbers_lead_somewhere_and_nothing_else_does() {
        for (value, expected) in [
            (
                "HTTPS://Example.org:8443/a?b=1&c=2#d",
                Reach::Web(
                    "HTTPS://Example.org:8443/a?b=1&c=2#d",
                    "example.org:8443".to_owned(),
                ),
            ),
            (
                "https://müller.example/ä",
                Reach::Web(
                    "https://müller.example/ä",
                    "xn--mller-kva.example".to_owned(),
                ),
            ),
            (
                "mailto:ada@example.org",
                Reach::Mail("mailto:ada@example.org".into()),
            ),
            (
                "ada@example.org",
                Reach::Mail("mailto:ada@example.org".into()),
            ),
            ("tel:112", Reach::Call("tel:112".to_owned())),
            (
                "+49 (30) 1234-567",
                Reach::Call("tel:+49301234567".to_owned()),
            ),
        ] {
            assert_eq!(Reach::of(value), Some(expected), "{value}");
        }
        let long = format!("https://example.org/{}", "a".repeat(LONGEST_BYTES));
        for value in [
            "http://example.org/",
            "javascript:alert(1)",
            "https://good.example@evil.example/",
            "https://good.example\\@evil.example/",
            "https://example.org/ and more",
            "https://example.org/\u{202e}gpj.exe",
            "https://",
            "mailto:ada@example.org?body=x&cc=y@example.org",
            "mailto:ada",
            "ada@example",
            "ada@.org",
            "tel:*#06#",
            "tel:12",
            "30 1234567",
            "1234567890",
            "",
            &long,
        ] {
            assert_eq!(Reach::of(value), None, "{value}");
        }
    }

    #[test]
    fn the_value_is_seen_whole_before_there_is_a_link_and_the_link_says_where_it_leads() {
        let mut html = String::new();
        let value = "https://example.org/?a=1&b=\"2\"";
        let reach = Reach::of(value).expect("an address");
        reach.push(&mut html, value, Words::of(Language::English));
        assert_eq!(
            html,
            "<details class=\"go\"><summary>https://example.org/?a=1&amp;b=&#34;2&#34;</summary><a class=\"button\" \
             href=\"https://example.org/?a=1&amp;b=&#34;2&#34;\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">\
             Open example.org</a></details>"
        );
    }
}
