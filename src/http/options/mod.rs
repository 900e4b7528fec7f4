//! Options of a request: the same rows in a query, an envelope and a form, and in what OpenAPI says of them.
//!
//! Belongs here: which rows there are for what ([`Row`]), how their values reach them, and the options of an answer. Does
//! not belong here: the rows of a feature, which stand beside their effect in `drawing` and `issuing`.

mod answer;
mod describe;
mod read;

pub use answer::{AnswerFormat, AnswerOptions, BodyOptions};
pub use describe::{SAMPLE_LOGO, property, query, schema_of};
pub use read::{Options, pointer_part};

pub use crate::options::{Given, Place};

use crate::drawing::StyleRequest;
use crate::issuing::SealOptions;
use crate::options::{Facts, HasOptions as _, OptionRow};

/// What is asked for: tokens take options that plain codes do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A sealed document.
    Token,
    /// A plain code.
    Code,
    /// A dynamic link.
    Link,
    /// The picture of a code that there is.
    Picture,
}

/// The options of sealing that a link has, too.
const OF_LINKS: [&str; 6] = [
    "expires_in",
    "max_opens",
    "pin",
    "pin_auto",
    "print_pin",
    "note",
];

/// An option, whatever it is an option of.
#[derive(Debug, Clone, Copy)]
pub enum Row {
    /// Of sealing.
    Seal(&'static OptionRow<SealOptions>),
    /// Of a symbol's looks.
    Style(&'static OptionRow<StyleRequest>),
    /// Of the answer.
    Answer(&'static OptionRow<AnswerOptions>),
    /// Of a body that is a document.
    Body(&'static OptionRow<BodyOptions>),
}

impl Row {
    /// Every option of a topic.
    pub fn all(topic: Topic) -> impl Iterator<Item = Self> {
        let (seal, body) = match topic {
            Topic::Token => (SealOptions::rows(), BodyOptions::rows()),
            Topic::Link => (SealOptions::rows(), &[][..]),
            Topic::Code | Topic::Picture => (&[][..], &[][..]),
        };
        let of_topic = move |row: &&OptionRow<SealOptions>| {
            topic != Topic::Link || OF_LINKS.contains(&row.facts.name)
        };
        let style = StyleRequest::rows().iter().map(Self::Style);
        let answer = AnswerOptions::rows().iter().map(Self::Answer);
        let body = body.iter().map(Self::Body);
        seal.iter()
            .filter(of_topic)
            .map(Self::Seal)
            .chain(style)
            .chain(answer)
            .chain(body)
    }

    /// The option of this name.
    pub fn find(topic: Topic, name: &str) -> Option<Self> {
        Self::all(topic).find(|row| row.facts().name == name)
    }

    /// What there is to know of it.
    pub fn facts(self) -> &'static Facts {
        match self {
            Self::Seal(row) => &row.facts,
            Self::Style(row) => &row.facts,
            Self::Answer(row) => &row.facts,
            Self::Body(row) => &row.facts,
        }
    }

    /// Whether it says what a symbol looks like.
    pub fn is_style(self) -> bool {
        matches!(self, Self::Style(_))
    }
}

/// The options of a symbol's looks that a place has.
pub fn style_options(place: Place) -> impl Iterator<Item = &'static Facts> {
    let all = StyleRequest::rows().iter().map(|row| &row.facts);
    all.filter(move |facts| facts.stands_in(place))
}

/// Whether an option of this name says what a symbol looks like.
pub fn is_style(name: &str) -> bool {
    StyleRequest::row(name).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config;
    use crate::options::Range;

    #[test]
    fn every_name_is_of_one_option_and_every_example_is_taken_where_it_may_stand() {
        let config = config::load(None, []).expect("the defaults are valid");
        let mut names = BTreeSet::new();
        for row in Row::all(Topic::Token) {
            let facts = row.facts();
            assert!(names.insert(facts.name), "{}", facts.name);
            let mut options =
                Options::new(Topic::Token, &config).knowing(crate::profiles::Registry::shipped());
            if facts.name == "style" || facts.range == Range::Picture {
                continue;
            }
            for (name, text) in [("expires_in", "1d"), ("pin_auto", "true")] {
                let needed = match name {
                    "pin_auto" => facts.name == "print_pin",
                    _ => facts.name != name,
                };
                if needed {
                    options.set(Place::Form, name, name, Given::Text(text));
                }
            }
            for place in [Place::Query, Place::Form] {
                if facts.stands_in(place) {
                    let mut options = options.clone();
                    options.set(place, facts.name, facts.name, Given::Text(facts.example));
                    let finished = options.finish(&config);
                    assert!(finished.is_ok(), "{}: {finished:?}", facts.name);
                }
            }
        }
    }
}
