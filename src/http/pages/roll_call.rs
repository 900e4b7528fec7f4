//! The roll call: who is inside, on a phone and on paper. It works without script.

use askama::Template;

use super::site::{self, Site};
use super::words::Moment;

/// A code that is inside.
#[derive(Debug, Clone)]
pub struct InsideView {
    /// Its token's id.
    pub token: String,
    /// What makes letting it out repeatable.
    pub check_in_id: String,
    /// How many people it brought.
    pub people: u64,
    /// When it came in; seconds since 1970-01-01T00:00:00Z.
    pub since: Option<i64>,
    /// At which gate.
    pub gate: Option<String>,
    /// Names and values of its document.
    pub fields: Vec<(String, String)>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct RollCallView<'a> {
    /// The list's id.
    pub list: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// What proves that a form is ours.
    pub form_token: &'a str,
    /// What was looked for; empty: everybody is here.
    pub find: &'a str,
    /// When this was so; seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// How many people are inside.
    pub people: u64,
    /// Whether there are more than are here.
    pub more: bool,
    /// Whether somebody was let out just now.
    pub let_out: bool,
    /// Those who were asked for.
    pub present: Vec<InsideView>,
}

/// The page.
#[must_use]
pub fn roll_call(site: &Site<'_>, view: &RollCallView<'_>) -> String {
    site::render(&RollCallPage { site, view })
}

#[derive(Template)]
#[template(path = "roll_call.html")]
struct RollCallPage<'a> {
    site: &'a Site<'a>,
    view: &'a RollCallView<'a>,
}

impl RollCallPage<'_> {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand on references"
    )]
    fn moment(&self, secs: &i64) -> Moment {
        self.site.moment(*secs)
    }
}
