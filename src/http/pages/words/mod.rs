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

use std::collections::HashMap;
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
    language: Language,
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
        static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| {
            let spoken = Language::ALL
                .into_iter()
                .filter(|language| is_spoken(*language));
            spoken.map(Words::load).collect()
        });
        let find = |wanted| ALL.iter().find(|words| words.language == wanted);
        find(language)
            .or_else(|| find(Language::English))
            .expect("English is loaded")
    }

    fn load(language: Language) -> Self {
        let resource = FluentResource::try_new(catalogue(language).unwrap_or_default().to_owned());
        let resource = resource.expect("the catalogues are read by a test");
        let keys = keys(&resource);
        let tag = language.tag().parse().expect("a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Names from outside are isolated where they are put in; numbers and times of the same language need not be.
        bundle.set_use_isolating(false);
        bundle
            .add_resource(resource)
            .expect("no message stands twice");
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
            language,
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

    /// A message without variables. A message that is missing is shown by its name: a test finds such.
    pub(super) fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
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

/// The catalogue of a language, in Fluent's syntax, if it has one.
fn catalogue(language: Language) -> Option<&'static str> {
    match language {
        Language::English => Some(include_str!("en.ftl")),
        Language::German => Some(include_str!("de.ftl")),
        _ => None,
    }
}

/// Whether pages speak it.
#[must_use]
pub fn is_spoken(language: Language) -> bool {
    catalogue(language).is_some()
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
