//! What every page says about the installation that serves it.

use askama::Template;
use fluent_bundle::FluentArgs;

use super::assets;
use super::body::{Markup, Reach};
use super::text;
use super::words::{Language, Moment, Told, Words};

/// The installation, as pages show it.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Path prefix of `server.public_url` without a trailing slash: `""` or, say, `"/codes"`. Every address inside a
    /// page starts with it.
    pub base: &'a str,
    /// Who issues the codes: the configured display name, or the host of the public address.
    pub issuer: &'a str,
    /// Whom holders of a dead code can ask, if the operator says so.
    pub contact: Option<&'a str>,
    /// Version of the program, shown in the footer.
    pub version: &'a str,
    /// What the page speaks.
    pub language: Language,
    /// Whether it serves the API description.
    pub docs: bool,
    /// Whether its reader chose the language, so that the next page is to speak it, too.
    pub chosen: bool,
    /// What stands in the query before the language that a reader chooses; `None`: the page cannot be asked for again.
    pub switch: Option<&'a str>,
}

impl Site<'_> {
    /// Address of the style sheet; it changes with the file's content, so it may be cached for ever.
    pub(super) fn style(&self) -> String {
        self.versioned(assets::STYLE)
    }

    /// Address of the script.
    pub(super) fn script(&self) -> String {
        self.versioned(assets::SCRIPT)
    }

    /// Address of the desk's script.
    pub(super) fn desk_script(&self) -> String {
        self.versioned(assets::DESK_SCRIPT)
    }

    /// Address of the icon.
    pub(super) fn icon(&self) -> String {
        self.versioned(assets::ICON)
    }

    /// What an address of the next page has behind it.
    #[must_use]
    pub fn lang_query(&self) -> String {
        self.lang_behind('?')
    }

    /// The same behind a query.
    #[must_use]
    pub fn and_lang(&self) -> String {
        self.lang_behind('&')
    }

    fn lang_behind(&self, mark: char) -> String {
        match self.chosen {
            true => format!("{mark}lang={}", self.language.tag()),
            false => String::new(),
        }
    }

    /// The languages to choose from: tag, name, whether it is this page's.
    pub(super) fn languages(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let own = self.language;
        Language::ALL
            .into_iter()
            .map(move |language| (language.tag(), language.name(), language == own))
    }

    pub(super) fn words(&self) -> &'static Words {
        Words::of(self.language)
    }

    /// A message without variables.
    pub(super) fn say(&self, key: &'static str) -> &'static str {
        self.words().say(key)
    }

    /// A message with the issuer's name.
    pub(super) fn named(&self, key: &str) -> String {
        self.words().say_named(key, "issuer", self.issuer)
    }

    /// A message with numbers, by their names.
    pub(super) fn counted(&self, key: &str, numbers: &[(&str, &u64)]) -> String {
        let numbers = numbers.iter().map(|&(name, &number)| (name, number));
        let numbers: FluentArgs<'_> = numbers.collect();
        self.words().say_with(key, &numbers)
    }

    /// A message with a time, as HTML. `secs`: seconds since 1970-01-01T00:00:00Z.
    pub(super) fn at(&self, key: &'static str, secs: i64) -> Markup {
        Told::at(key, secs).markup(self.language)
    }

    /// Whom to ask, as HTML.
    pub(super) fn contact(&self) -> Option<Markup> {
        self.contact.map(|contact| self.reach(contact))
    }

    /// A text that may be an address, as HTML.
    pub(super) fn reach(&self, contact: &str) -> Markup {
        let mut html = String::new();
        match Reach::of(contact) {
            Some(reach) => reach.push(&mut html, contact, self.words()),
            None => text::push(&mut html, contact),
        }
        Markup::from_escaped(html)
    }

    /// Seconds since 1970-01-01T00:00:00Z, as a `<time>` element.
    pub(super) fn moment(&self, secs: i64) -> Moment {
        Moment::new(secs, self.language)
    }

    fn versioned(&self, path: &str) -> String {
        match assets::asset(path) {
            Some(asset) => format!("{}{path}?v={}", self.base, asset.fingerprint),
            None => format!("{}{path}", self.base),
        }
    }
}

/// The page as a text.
pub(super) fn render(page: &impl Template) -> String {
    page.render().expect("writing into a String cannot fail")
}
