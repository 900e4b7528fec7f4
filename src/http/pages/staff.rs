//! What a phone shows of a code that opens at a desk only: the code, large, and nothing that it says.

use askama::Template;

use super::body::Markup;
use super::site::{self, Site};
use super::words::Moment;
use crate::profiles::Texts;
use crate::qr::{Level, Style, Symbol, svg};

/// A code for staff, as its holder's phone shows it.
#[derive(Debug, Clone, Copy)]
pub struct StaffView<'a> {
    /// What people call such a document, if its profile is known.
    pub title: Option<&'a Texts>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
    /// Seconds since 1970-01-01T00:00:00Z; `None`: it never ends.
    pub expires_at: Option<i64>,
    /// The link of the code.
    pub link: &'a str,
    /// The code in base64, a PNG, where it was made just now or has a style of its own.
    pub picture: Option<&'a str>,
    /// Whether the code was made just now, by whoever looks at it.
    pub made: bool,
    /// 24 hexadecimal digits.
    pub token_id: &'a str,
    /// The token in either text form, for staff to bring to the desk.
    pub token_text: &'a str,
}

/// The page that holders show at the desk.
#[must_use]
pub fn staff(site: &Site<'_>, view: &StaffView<'_>) -> String {
    site::render(&StaffPage {
        site,
        shown: match view.picture {
            Some(_) => None,
            None => shown_code(site, view.link),
        },
        picture: view.picture,
        made: view.made,
        token_id: view.token_id,
        token_text: view.token_text,
        ends: view.expires_at.map(|at| site.moment(at)),
        issued: site.moment(view.issued_at),
        title: view.title.map(|title| title.of(site.language)),
    })
}

/// The QR code of `link` as wide as the screen, dark on white whatever colours the page has.
pub(super) fn shown_code(site: &Site<'_>, link: &str) -> Option<Markup> {
    let symbol = Symbol::encode(link, Level::Medium).ok()?;
    let drawing = svg(&symbol, &Style::default(), site.say("code-to-show"));
    Some(Markup::from_escaped(drawing))
}

#[derive(Template)]
#[template(path = "staff.html")]
struct StaffPage<'a> {
    site: &'a Site<'a>,
    shown: Option<Markup>,
    picture: Option<&'a str>,
    made: bool,
    token_id: &'a str,
    token_text: &'a str,
    title: Option<&'a str>,
    issued: Moment,
    ends: Option<Moment>,
}
