//! What the client would like to get (RFC 9110, section 12.5.1), read leniently: nothing here ever refuses a request.

use actix_http::Request;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpMessage, HttpRequest};

use crate::http::form;
use crate::http::pages::Language;

/// Whether `Accept` names `text/html`, and nothing that a program gets is wanted more: of equals the first that is named.
/// Wildcards do not name a page: a program that takes anything gets the route's default.
pub fn names_html(request: &impl HttpMessage) -> bool {
    let (mut html, mut other) = (0, 0);
    for range in ranges(request) {
        match range.kind() {
            Kind::Html => html = html.max(range.weight),
            // Weights are even: half a step decides between equals.
            Kind::Json if html == range.weight => other = other.max(range.weight.saturating_sub(1)),
            Kind::Json => other = other.max(range.weight),
            Kind::Any => other = other.max(range.weight.saturating_sub(1)),
            Kind::Other => {}
        }
    }
    html > other
}

/// The most wanted of `offers`, or `None` if `Accept` names none of them.
pub fn most_wanted<T: Copy>(request: &impl HttpMessage, offers: &[(&str, T)]) -> Option<T> {
    let mut best: Option<(u16, T)> = None;
    for range in ranges(request) {
        let offer = offers
            .iter()
            .find(|(essence, _)| range.essence.eq_ignore_ascii_case(essence));
        if let Some((_, offer)) = offer
            && range.weight > best.map_or(0, |(weight, _)| weight)
        {
            best = Some((range.weight, *offer));
        }
    }
    best.map(|(_, offer)| offer)
}

/// A request whose query can be asked for.
pub trait Asked: HttpMessage {
    /// The query of its address.
    fn query(&self) -> Option<&str>;
}

impl Asked for HttpRequest {
    fn query(&self) -> Option<&str> {
        self.uri().query()
    }
}

impl Asked for Request {
    fn query(&self) -> Option<&str> {
        self.uri().query()
    }
}

/// The language that `lang` in the query names, if somebody chose one by the switch of a page.
pub fn chosen_language(request: &impl Asked) -> Option<Language> {
    let query = request.query().filter(|query| query.contains("lang="))?;
    let mut pairs = form::pairs(query.as_bytes());
    let (_, tag) = pairs.find(|(name, _)| name == "lang")?;
    Language::from_tag(&tag?)
}

/// The language that was chosen, or the most wanted of those that pages speak, or else English (RFC 9110, section 12.5.4).
pub fn language(request: &impl Asked) -> Language {
    chosen_language(request).unwrap_or_else(|| most_wanted_language(request))
}

fn most_wanted_language(request: &impl HttpMessage) -> Language {
    let mut best = (0, Language::English);
    for range in weighted(request, header::ACCEPT_LANGUAGE) {
        if let Some(language) = Language::from_tag(range.essence)
            && range.weight > best.0
        {
            best = (range.weight, language);
        }
    }
    best.1
}

struct Range<'a> {
    essence: &'a str,
    /// Twice the `q` parameter in thousandths.
    weight: u16,
}

#[derive(PartialEq, Eq)]
enum Kind {
    Html,
    /// What programs get.
    Json,
    /// A wildcard that JSON is among.
    Any,
    Other,
}

impl Range<'_> {
    fn kind(&self) -> Kind {
        let is = |known: &str| self.essence.eq_ignore_ascii_case(known);
        if is("text/html") {
            Kind::Html
        } else if is("application/json") || is("application/problem+json") {
            Kind::Json
        } else if is("*/*") || is("application/*") {
            Kind::Any
        } else {
            Kind::Other
        }
    }
}

fn ranges<M: HttpMessage>(request: &M) -> impl Iterator<Item = Range<'_>> {
    weighted(request, header::ACCEPT)
}

fn weighted<M: HttpMessage>(request: &M, name: HeaderName) -> impl Iterator<Item = Range<'_>> {
    request
        .headers()
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(parse)
}

fn parse(range: &str) -> Range<'_> {
    let mut parts = range.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let weight = parts
        .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
        .map_or(1000, thousandths);
    Range {
        essence,
        weight: 2 * weight,
    }
}

/// `0.5` is 500; what is no weight counts as zero.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn request(accept: &str) -> HttpRequest {
        TestRequest::default()
            .insert_header((header::ACCEPT, accept))
            .to_http_request()
    }

    #[test]
    fn only_a_client_that_names_html_gets_html() {
        for (accept, expected) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("text/html;q=0.5, application/json;q=0.4", true),
            ("text/html, application/json", true),
            ("*/*, text/html", true),
            ("image/png, TEXT/HTML ; q=0.1", true),
            ("application/json, TEXT/HTML ; q=0.1", false),
            ("application/json, text/html;q=0.5", false),
            ("application/json, text/html", false),
            ("text/html;q=0.5, application/problem+json", false),
            ("text/html;q=0.5, */*", false),
            ("*/*", false),
            ("text/*", false),
            ("text/html;q=0", false),
            ("text/html;q=0.000", false),
            ("application/json", false),
            ("", false),
            (";;;,,,q=1", false),
        ] {
            assert_eq!(names_html(&request(accept)), expected, "{accept}");
        }
        assert!(!names_html(&TestRequest::default().to_http_request()));
    }

    #[test]
    fn the_language_is_the_most_wanted_that_pages_speak() {
        for (accept, expected) in [
            ("de-AT,de;q=0.9,en;q=0.8", Language::German),
            ("sv, en;q=0.8, DE;q=0.9", Language::German),
            ("ja", Language::Japanese),
            ("en-GB,de;q=0.9", Language::English),
            ("de;q=0", Language::English),
            ("sv;q=0.9, *", Language::English),
            ("deu, ;;;,,,q=1", Language::English),
            ("", Language::English),
        ] {
            let request = TestRequest::default()
                .insert_header((header::ACCEPT_LANGUAGE, accept))
                .to_http_request();
            assert_eq!(language(&request), expected, "{accept}");
        }
    }

    #[test]
    fn a_language_that_was_chosen_comes_before_what_the_browser_says_and_an_unknown_one_is_none() {
        for (query, expected) in [
            ("lang=ar", Language::Arabic),
            ("x=1&lang=ZH-cn", Language::Chinese),
            ("lang=xx", Language::German),
            ("lang=%ff", Language::German),
            ("language=ar", Language::German),
        ] {
            let request = TestRequest::with_uri(&format!("/1?{query}"))
                .insert_header((header::ACCEPT_LANGUAGE, "de"))
                .to_http_request();
            assert_eq!(language(&request), expected, "{query}");
        }
    }

    #[test]
    fn the_heaviest_offer_wins_and_the_first_of_equals() {
        let offers = [
            ("image/png", 1),
            ("image/svg+xml", 2),
            ("application/json", 3),
        ];
        for (accept, expected) in [
            ("image/svg+xml", Some(2)),
            ("image/png;q=0.5, application/json;q=0.6", Some(3)),
            ("application/json, image/png", Some(3)),
            ("image/avif,image/webp,*/*", None),
            ("image/png;q=0", None),
            ("image/png;q=2", None),
        ] {
            assert_eq!(most_wanted(&request(accept), &offers), expected, "{accept}");
        }
    }
}
