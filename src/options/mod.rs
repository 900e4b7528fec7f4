//! Options as rows: what every way in has to know of an option, once.
//!
//! Belongs here: what a row says, what values there may be ([`Range`]), and a value as it was given ([`Given`]). Does not
//! belong here: the rows themselves, which stand in the feature whose options they are, beside their effect
//! (`drawing/options.rs`, `issuing/options.rs`), or how a request, a command or a file is read.

mod given;
mod range;

pub use given::{Given, put};
pub(crate) use range::words;
pub use range::{OutOfRange, Range};

/// Where an option may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the query of a URL, which is logged on its way.
    Query,
    /// In a JSON envelope.
    Envelope,
    /// In the form of the start page.
    Form,
    /// In a `[style.NAME]` of the configuration.
    Config,
    /// On the command line, as a flag.
    Command,
}

/// What there is to know of an option, whatever it is an option of.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Its name. On the command line `_` is written `-`.
    pub name: &'static str,
    /// Where it may stand.
    pub places: &'static [Place],
    /// What its values are.
    pub range: Range,
    /// A value, as one would type it.
    pub example: &'static str,
    /// What it does. The first sentence says it alone; names of options and values stand between backticks.
    pub words: &'static str,
}

/// An option of `T`: the facts, and its effect.
#[derive(Debug)]
pub struct OptionRow<T> {
    /// What there is to know of it.
    pub facts: Facts,
    /// Sets it; the error says what is wrong with the value.
    pub set: fn(&mut T, Given<'_>) -> Result<(), String>,
}

/// Something that options say.
pub trait HasOptions: Clone + Default + 'static {
    /// Every option, once.
    fn rows() -> &'static [OptionRow<Self>];

    /// What options demand of each other.
    ///
    /// # Errors
    ///
    /// The name of an option and what is wrong with it beside the others.
    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        Ok(())
    }

    /// The option of this name.
    fn row(name: &str) -> Option<&'static OptionRow<Self>> {
        Self::rows().iter().find(|row| row.facts.name == name)
    }
}

/// A row, in the order in which it reads best.
pub(crate) const fn row<T>(
    name: &'static str,
    places: &'static [Place],
    range: Range,
    example: &'static str,
    words: &'static str,
    set: fn(&mut T, Given<'_>) -> Result<(), String>,
) -> OptionRow<T> {
    OptionRow {
        facts: Facts {
            name,
            places,
            range,
            example,
            words,
        },
        set,
    }
}

impl Facts {
    /// Whether it may stand there.
    #[must_use]
    pub fn stands_in(&self, place: Place) -> bool {
        self.places.contains(&place)
    }

    /// The name of its flag on the command line, without the dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    /// What it does and what its values are, in a line without markup.
    #[must_use]
    pub fn summary(&self) -> String {
        let first = self.words.split(". ").next().unwrap_or_default();
        let first = first.trim_end_matches('.').replace('`', "");
        match self.range.brief() {
            brief if brief.is_empty() => first,
            brief => format!("{first} ({brief})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_the_first_sentence_and_the_range() {
        let facts = Facts {
            name: "quiet_zone",
            places: &[Place::Query],
            range: Range::Whole {
                least: 0,
                most: 16,
                unit: "modules",
            },
            example: "4",
            words: "Light modules around the `symbol`; 4 is standard. More.",
        };
        assert_eq!(
            facts.summary(),
            "Light modules around the symbol; 4 is standard (0 to 16)"
        );
        assert_eq!(facts.flag(), "quiet-zone");
        assert!(facts.stands_in(Place::Query) && !facts.stands_in(Place::Form));
    }
}
