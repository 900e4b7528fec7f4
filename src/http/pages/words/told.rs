//! What an error tells of one occurrence, to be said in any language.

use fluent_bundle::FluentArgs;

use super::{Language, Moment, Words};
use crate::http::pages::body::Markup;
use crate::http::pages::text;

/// A message about one occurrence: which, and the time or number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    key: &'static str,
    with: With,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum With {
    Nothing,
    Time(i64),
    Left(u32),
}

impl Told {
    /// A message without variables.
    #[must_use]
    pub fn plain(key: &'static str) -> Self {
        let with = With::Nothing;
        Self { key, with }
    }

    /// A message with a `$time`: seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn at(key: &'static str, secs: i64) -> Self {
        let with = With::Time(secs);
        Self { key, with }
    }

    /// A message with the number that is `$left`.
    #[must_use]
    pub fn left(key: &'static str, left: u32) -> Self {
        let with = With::Left(left);
        Self { key, with }
    }

    /// As text, with times in UTC.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        let words = Words::of(language);
        match self.with {
            With::Nothing => words.say(self.key).to_owned(),
            With::Time(secs) => {
                let minute = secs - secs.rem_euclid(60);
                words
                    .pattern(self.key, ["time"])
                    .fill([&words.times.utc(minute)])
            }
            With::Left(left) => words.say_with(self.key, &FluentArgs::from_iter([("left", left)])),
        }
    }

    /// As HTML, with times as elements.
    pub(in crate::http::pages) fn markup(self, language: Language) -> Markup {
        let With::Time(secs) = self.with else {
            let mut html = String::new();
            text::push(&mut html, &self.text(language));
            return Markup::from_escaped(html);
        };
        let sentence = Words::of(language).pattern(self.key, ["time"]);
        // Catalogues have no markup in them, which a test holds them to.
        let html = sentence.fill([&Moment::new(secs, language).to_string()]);
        Markup::from_escaped(html)
    }
}
