//! The desk: which list, which gate, a field for what a scanner types, the verdict, the last scans. It works without script; with it,
//! a camera reads codes.

use askama::Template;

use crate::desk::BadgePrint;

use super::site::{self, Site};
use super::words::Moment;

/// A list to be chosen.
#[derive(Debug, Clone)]
pub struct DeskChoice {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// What came of a code that was shown without script.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The word of its outcome.
    pub outcome: &'static str,
    /// Whether somebody may go on.
    pub good: bool,
    /// How many people.
    pub people: u64,
    /// What such a document is called.
    pub title: String,
    /// Names and values of the document.
    pub fields: Vec<(String, String)>,
    /// When the code came in, if it is in already; seconds since 1970-01-01T00:00:00Z.
    pub since: Option<i64>,
    /// At which gate it came in.
    pub gate: Option<String>,
    /// What people call whoever let it in.
    pub by: Option<String>,
    /// The number of the pass by which it was let in.
    pub by_pass: Option<u64>,
    /// What is printed for whoever came in.
    pub badge: Option<BadgePrint>,
    /// The code that was made for whoever had none.
    pub made: Option<MadeCode>,
}

/// A code that was made at the desk.
#[derive(Debug, Clone)]
pub struct MadeCode {
    /// A PNG in base64, unless it cannot be drawn now.
    pub picture: Option<String>,
    /// The address of its own page, which is made to be printed.
    pub place: String,
}

/// A form for whoever has no code.
#[derive(Debug, Clone)]
pub struct DeskForm {
    /// Its address below the public URL.
    pub path: String,
    /// What its documents are called.
    pub title: String,
}

/// A scan of this person's.
#[derive(Debug, Clone)]
pub struct DeskScan {
    /// The id of its row.
    pub id: String,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// The word of its outcome.
    pub outcome: &'static str,
    /// Whether it may be undone.
    pub undo: bool,
}

/// The list that this person works at.
#[derive(Debug, Clone)]
pub struct DeskAt {
    /// The list.
    pub list: DeskChoice,
    /// Its gates.
    pub gates: Vec<String>,
    /// The gate that was chosen; empty for none.
    pub gate: String,
    /// Whether people are let out.
    pub exits: bool,
    /// Whether those who work here see who is inside.
    pub roll_call: bool,
    /// How many are inside, where that is known.
    pub inside: Option<u64>,
    /// Whether the last was an exit.
    pub exit: bool,
    /// New for the next scan.
    pub check_in_id: String,
    /// The code that takes its PIN, typed before.
    pub pin_for: Option<String>,
    /// The code that its own page brought here, to be checked.
    pub brought: Option<String>,
    /// What came of the last.
    pub verdict: Option<Verdict>,
    /// The last scans of this person here.
    pub scans: Vec<DeskScan>,
    /// The forms that this person may fill in for whoever has no code.
    pub forms: Vec<DeskForm>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct DeskView<'a> {
    /// Who is at the desk.
    pub person: &'a str,
    /// Where the script asks, below the public URL.
    pub api: &'static str,
    /// Until when the pass is good that the phone has; seconds since 1970-01-01T00:00:00Z.
    pub pass_until: Option<i64>,
    /// What proves that a form is ours.
    pub form_token: &'a str,
    /// Lists to choose from.
    pub lists: Vec<DeskChoice>,
    /// The list that was chosen.
    pub at: Option<DeskAt>,
    /// The code that its own page brought here, for the list to be chosen.
    pub brought: Option<String>,
}

/// The words of an outcome.
fn outcome_words(site: &Site<'_>, outcome: &str) -> &'static str {
    site.say(match outcome {
        "let_in" => "desk-let-in",
        "let_out" => "desk-let-out",
        "undone" => "desk-undone",
        "already_redeemed" => "desk-already-in",
        "not_on_list" => "desk-not-on-list",
        "outside_window" => "desk-closed",
        "list_full" => "desk-full",
        "token_expired" => "desk-expired",
        "token_revoked" => "desk-withdrawn",
        "token_used_up" => "desk-used-up",
        "token_gone" | "key_retired" => "desk-ended",
        "token_closed" => "desk-code-closed",
        "token_not_recognised" => "desk-unknown",
        "open_required" => "desk-takes-pin",
        "pin_incorrect" => "desk-pin-wrong",
        "pin_locked" => "desk-pin-locked",
        "forbidden" => "desk-forbidden",
        "unauthorized" => "desk-session-over",
        _ => "desk-not-checked",
    })
}

/// What the script says, by name.
fn script_words(site: &Site<'_>, by_pass: bool) -> Vec<(&'static str, String)> {
    const OUTCOMES: [&str; 20] = [
        "let_in",
        "let_out",
        "undone",
        "already_redeemed",
        "not_on_list",
        "outside_window",
        "list_full",
        "token_expired",
        "token_revoked",
        "token_used_up",
        "token_gone",
        "token_closed",
        "key_retired",
        "token_not_recognised",
        "open_required",
        "pin_incorrect",
        "pin_locked",
        "forbidden",
        "unauthorized",
        "not_checked",
    ];
    let outcomes = OUTCOMES.map(|outcome| match outcome {
        // A phone whose pass has ended cannot sign in again.
        "unauthorized" if by_pass => (outcome, site.say("pass-over").to_owned()),
        _ => (outcome, outcome_words(site, outcome).to_owned()),
    });
    let others = [
        ("undo", site.say("desk-undo")),
        ("camera_on", site.say("desk-camera-on")),
        ("camera_off", site.say("desk-camera-off")),
        ("camera_https", site.say("desk-camera-https")),
        ("camera_denied", site.say("desk-camera-denied")),
        ("unreachable", site.say("desk-unreachable")),
        ("since", site.say("desk-since")),
        ("by", site.say("desk-by")),
        ("pass", site.say("desk-by-pass")),
        ("no_entry", site.say("desk-no-entry")),
        ("badge_again", site.say("badge-again")),
    ];
    let others = others.map(|(name, words)| (name, words.to_owned()));
    outcomes.into_iter().chain(others).collect()
}

/// The page.
#[must_use]
pub fn desk(site: &Site<'_>, view: &DeskView<'_>) -> String {
    site::render(&DeskPage { site, view })
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage<'a> {
    site: &'a Site<'a>,
    view: &'a DeskView<'a>,
}

impl DeskPage<'_> {
    /// What is printed, if there is a verdict with it.
    fn badge(&self) -> Option<&BadgePrint> {
        self.view.at.as_ref()?.verdict.as_ref()?.badge.as_ref()
    }

    fn words(&self) -> Vec<(&'static str, String)> {
        script_words(self.site, self.view.pass_until.is_some())
    }

    fn outcome(&self, outcome: &str) -> &'static str {
        outcome_words(self.site, outcome)
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand on references"
    )]
    fn moment(&self, secs: &i64) -> Moment {
        self.site.moment(*secs)
    }
}

impl Verdict {
    /// Of this outcome, and nothing else to say.
    #[must_use]
    pub fn of(outcome: &'static str, good: bool) -> Self {
        Self {
            outcome,
            good,
            people: 0,
            title: String::new(),
            fields: Vec::new(),
            since: None,
            gate: None,
            by: None,
            by_pass: None,
            badge: None,
            made: None,
        }
    }
}
