//! The page of a pass, which signs a volunteer's phone in.

use askama::Template;

use super::site::{self, Site};
use super::words::Moment;

/// What the page says.
#[derive(Debug, Clone)]
pub enum PassView {
    /// It signs the phone in, if whoever looks at it wants that.
    Good {
        /// Where its form goes, below the public URL.
        path: String,
        /// What tells this page's form from those of others.
        form_id: String,
        /// What people call the list.
        list: String,
        /// Until when; seconds since 1970-01-01T00:00:00Z.
        until: i64,
    },
    /// A phone was signed in with it.
    Used {
        /// When; seconds since 1970-01-01T00:00:00Z.
        at: i64,
        /// What its browser said that it is.
        browser: String,
    },
    /// It was revoked, or its time has passed.
    Ended,
    /// There is no such pass.
    Unknown,
    /// What the phone would hold must not go over a network in clear.
    NeedsHttps,
    /// The pass that this phone had is good no more.
    Over,
}

/// The page.
#[must_use]
pub fn pass(site: &Site<'_>, view: &PassView) -> String {
    site::render(&PassPage { site, view })
}

#[derive(Template)]
#[template(path = "pass.html")]
struct PassPage<'a> {
    site: &'a Site<'a>,
    view: &'a PassView,
}

impl PassPage<'_> {
    fn title(&self) -> &'static str {
        self.site.say(match self.view {
            PassView::Good { .. } | PassView::NeedsHttps => "pass",
            PassView::Used { .. } => "pass-used",
            PassView::Ended => "pass-ended",
            PassView::Unknown => "pass-unknown",
            PassView::Over => "pass-over",
        })
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand on references"
    )]
    fn moment(&self, secs: &i64) -> Moment {
        self.site.moment(*secs)
    }
}
