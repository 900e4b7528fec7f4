//! What holders read, in their language: the catalogues (Project Fluent), and how a message of one becomes text.
//!
//! Belongs here: languages, catalogues, times in words. Does not belong here: what programs are told, which is in English
//! and stands where it is told; the start page and the pages about problems, which are for issuers and developers.
//!
//! A catalogue is resolved when it is first needed: a message without variables is then one look-up, and so is what is
//! said often in a page (dates, levels). Only plurals and names are put in when a page is made.

mod pattern;
mod time;
mod told;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::Entry;

pub use crate::language::Language;
pub(super) use pattern::Pattern;
pub(super) use time::{Moment, Times, Written};
pub use told::Told;

/// The messages of one language.
pub(super) struct Words {
    bundle: FluentBundle<FluentResource>,
    /// Messages without variables; those that are an attribute are named `message.attribute`.
    plain: HashMap<String, String>,
    /// Dates and times.
    pub times: Times,
    /// How deep a heading stands: the level.
    pub level: Pattern,
    /// A button that leads to a host.
    pub open_address: Pattern,
}

impl Words {
    /// The messages of `language`.
    pub(super) fn of(language: Language) -> &'static Self {
        static ALL: [LazyLock<Words>; Language::ALL.len()] = [
            LazyLock::new(|| Words::load(Language::English)),
            LazyLock::new(|| Words::load(Language::German)),
            LazyLock::new(|| Words::load(Language::French)),
            LazyLock::new(|| Words::load(Language::Spanish)),
            LazyLock::new(|| Words::load(Language::Italian)),
            LazyLock::new(|| Words::load(Language::Portuguese)),
            LazyLock::new(|| Words::load(Language::Dutch)),
            LazyLock::new(|| Words::load(Language::Polish)),
            LazyLock::new(|| Words::load(Language::Turkish)),
            LazyLock::new(|| Words::load(Language::Arabic)),
            LazyLock::new(|| Words::load(Language::Japanese)),
            LazyLock::new(|| Words::load(Language::Chinese)),
        ];
        &ALL[language.index()]
    }

    fn load(language: Language) -> Self {
        match language {
            Language::English => Self::read(language, &[catalogue(language)]),
            _ => Self::read(
                language,
                &[catalogue(Language::English), catalogue(language)],
            ),
        }
    }

    /// The messages of `catalogues`; what one says again is as the last says it.
    fn read(language: Language, catalogues: &[&str]) -> Self {
        let tag = language.tag().parse().expect("a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        let mut keys = BTreeSet::new();
        // Names from outside are isolated where they are put in; numbers and times of the same language need not be.
        bundle.set_use_isolating(false);
        for text in catalogues {
            let resource = FluentResource::try_new((*text).to_owned());
            let resource = resource.expect("the catalogues are read by a test");
            keys.extend(self::keys(&resource));
            bundle.add_resource_overriding(resource);
        }
        let plain = keys
            .into_iter()
            .filter_map(|key| {
                let text = resolve(&bundle, &key, None)?;
                Some((key, text))
            })
            .collect();
        let times = Times::load(&bundle);
        let level = Pattern::new(&bundle, "level", ["level"]);
        let open_address = Pattern::new(&bundle, "open-address", ["host"]);
        Self {
            bundle,
            plain,
            times,
            level,
            open_address,
        }
    }

    /// The message, if this language has it and it has no variables.
    pub(super) fn find(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str)
    }

    /// A message without variables. One that this language lacks is said in English, and one that is missing there by its
    /// name: a test finds both.
    pub(super) fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key)
            .or_else(|| Self::of(Language::English).find(key))
            .unwrap_or(key)
    }

    /// A message with numbers, names or times in it.
    pub(super) fn say_with(&self, key: &str, args: &FluentArgs<'_>) -> String {
        resolve(&self.bundle, key, Some(args)).unwrap_or_else(|| key.to_owned())
    }

    /// A message with a name that somebody chose: it cannot reorder the words around it.
    pub(super) fn say_named(&self, key: &str, name: &str, value: &str) -> String {
        let isolated = format!("\u{2068}{value}\u{2069}");
        self.say_with(key, &FluentArgs::from_iter([(name, isolated)]))
    }

    /// A message that is to be filled in often.
    pub(super) fn pattern<const N: usize>(&self, key: &str, names: [&str; N]) -> Pattern {
        Pattern::new(&self.bundle, key, names)
    }
}

/// The catalogue of a language, in Fluent's syntax.
fn catalogue(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("en.ftl"),
        Language::German => include_str!("de.ftl"),
        Language::French => include_str!("fr.ftl"),
        Language::Spanish => include_str!("es.ftl"),
        Language::Italian => include_str!("it.ftl"),
        Language::Portuguese => include_str!("pt.ftl"),
        Language::Dutch => include_str!("nl.ftl"),
        Language::Polish => include_str!("pl.ftl"),
        Language::Turkish => include_str!("tr.ftl"),
        Language::Arabic => include_str!("ar.ftl"),
        Language::Japanese => include_str!("ja.ftl"),
        Language::Chinese => include_str!("zh.ftl"),
    }
}

/// The names of all messages and attributes.
fn keys(resource: &FluentResource) -> Vec<String> {
    let mut keys = Vec::new();
    for entry in resource.entries() {
        if let Entry::Message(message) = entry {
            let name = message.id.name;
            keys.push(name.to_owned());
            let attributes = message.attributes.iter();
            keys.extend(attributes.map(|attribute| format!("{name}.{}", attribute.id.name)));
        }
    }
    keys
}

/// The text of a message or attribute; `None` if there is none, or if a variable of it is not in `args`.
fn resolve(
    bundle: &FluentBundle<FluentResource>,
    key: &str,
    args: Option<&FluentArgs<'_>>,
) -> Option<String> {
    let pattern = match key.split_once('.') {
        None => bundle.get_message(key)?.value()?,
        Some((name, attribute)) => bundle.get_message(name)?.get_attribute(attribute)?.value(),
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

#[cfg(test)]
mod tests;
