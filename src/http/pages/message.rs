//! The pages about messages: where one is written, its code, what became of it.

use askama::Template;

use super::site::{self, Site};
use super::words::Moment;

/// The form, as it was filled in.
#[derive(Debug, Clone, Copy, Default)]
pub struct MessageView<'a> {
    /// What was written.
    pub message: &'a str,
    /// Seconds, as the form sends them.
    pub expires_in: &'a str,
    /// Whether it can be read once.
    pub once: bool,
    /// Whether it has a PIN.
    pub pin: bool,
    /// Why the form was refused, if it was.
    pub refused: Option<MessageRefused>,
}

/// Why no message was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageRefused {
    /// The text is none.
    Text,
    /// Too much was sent.
    TooMuch,
}

impl MessageRefused {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "message-impossible",
            Self::TooMuch => "message-too-many",
        }
    }
}

/// How long a message can be read, with the key of its words.
const LIVES: [(&str, &str); 5] = [
    ("3600", "message-1-hour"),
    ("86400", "message-1-day"),
    ("604800", "message-7-days"),
    ("2592000", "message-30-days"),
    ("31536000", "message-1-year"),
];

impl MessageView<'_> {
    fn lives(&self, site: &Site<'_>) -> Vec<(&'static str, &'static str, bool)> {
        let known = LIVES.iter().any(|(secs, _)| *secs == self.expires_in);
        let chosen = if known { self.expires_in } else { "2592000" };
        let life =
            |&(secs, key): &(&'static str, &'static str)| (secs, site.say(key), secs == chosen);
        LIVES.iter().map(life).collect()
    }
}

/// A message that was written.
#[derive(Debug, Clone, Copy)]
pub struct WrittenView<'a> {
    /// The code as PNG, in base64.
    pub png: &'a str,
    /// The link in the code.
    pub link: &'a str,
    /// The link by which it is managed.
    pub manage: &'a str,
    /// The PIN, if one was made.
    pub pin: Option<&'a str>,
    /// Whether it can be read once.
    pub once: bool,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub expires_at: Option<i64>,
    /// 24 hexadecimal digits.
    pub token_id: &'a str,
}

/// What became of a message.
#[derive(Debug, Clone, Copy)]
pub struct ManagedView<'a> {
    /// Whether it was read; `None`: that is not counted.
    pub read: Option<bool>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub read_at: Option<i64>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub expires_at: i64,
    /// Seconds since 1970-01-01T00:00:00Z, if it was deleted.
    pub deleted_at: Option<i64>,
    /// Whether there is something to delete.
    pub can_delete: bool,
    /// 24 hexadecimal digits.
    pub token_id: &'a str,
}

/// The page where a message is written.
#[must_use]
pub fn message(site: &Site<'_>, view: &MessageView<'_>) -> String {
    let lives = view.lives(site);
    site::render(&MessagePage { site, view, lives })
}

/// The page with the code of a message.
#[must_use]
pub fn written(site: &Site<'_>, view: &WrittenView<'_>) -> String {
    let ends = view.expires_at.map(|at| site.moment(at));
    site::render(&WrittenPage { site, view, ends })
}

/// The page of a manage link.
#[must_use]
pub fn managed(site: &Site<'_>, view: &ManagedView<'_>) -> String {
    let page = ManagedPage {
        site,
        view,
        ends: site.moment(view.expires_at),
        read: view.read_at.map(|at| site.moment(at)),
        deleted: view.deleted_at.map(|at| site.moment(at)),
    };
    site::render(&page)
}

/// The page after a report.
#[must_use]
pub fn reported(site: &Site<'_>, token_id: &str) -> String {
    site::render(&ReportedPage { site, token_id })
}

#[derive(Template)]
#[template(path = "reported.html")]
struct ReportedPage<'a> {
    site: &'a Site<'a>,
    token_id: &'a str,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    site: &'a Site<'a>,
    view: &'a MessageView<'a>,
    lives: Vec<(&'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "written.html")]
struct WrittenPage<'a> {
    site: &'a Site<'a>,
    view: &'a WrittenView<'a>,
    ends: Option<Moment>,
}

#[derive(Template)]
#[template(path = "managed.html")]
struct ManagedPage<'a> {
    site: &'a Site<'a>,
    view: &'a ManagedView<'a>,
    ends: Moment,
    read: Option<Moment>,
    deleted: Option<Moment>,
}
