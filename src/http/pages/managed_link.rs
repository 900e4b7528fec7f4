//! What whoever made a link without an account sees of it, and can do.

use askama::Template;

use super::scans::{DrawnScans, ScansView};
use super::site::{self, Site};
use super::words::Moment;

/// A link, as its manage page shows it.
#[derive(Debug, Clone)]
pub struct ManagedLinkView<'a> {
    /// 24 hexadecimal digits.
    pub id: &'a str,
    /// What it is now, in the API's word.
    pub state: &'a str,
    /// Where it leads; empty once it has ended for ever.
    pub target: &'a str,
    /// Whether it can be changed.
    pub live: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether a change of its target takes its PIN.
    pub needs_pin: bool,
    /// What a form says that it changes.
    pub revision: u32,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub expires_at: Option<i64>,
    /// Why scans are stopped.
    pub blocked: Option<&'a str>,
    /// What is to be said of its host.
    pub warning: Option<&'a str>,
    /// How often it was scanned.
    pub scans: ScansView<'a>,
}

impl ManagedLinkView<'_> {
    fn state_words(&self) -> &'static str {
        match self.state {
            "active" => "it leads on",
            "disabled" => "switched off",
            "expired" => "expired",
            "used_up" => "used up",
            _ => "ended for ever",
        }
    }
}

/// The page.
#[must_use]
pub fn managed_link(site: &Site<'_>, view: &ManagedLinkView<'_>) -> String {
    site::render(&ManagedLinkPage {
        site,
        view,
        ends: view.expires_at.map(|at| site.moment(at)),
        drawn: view.scans.drawn(site),
    })
}

#[derive(Template)]
#[template(path = "managed_link.html")]
struct ManagedLinkPage<'a> {
    site: &'a Site<'a>,
    view: &'a ManagedLinkView<'a>,
    ends: Option<Moment>,
    drawn: DrawnScans,
}
