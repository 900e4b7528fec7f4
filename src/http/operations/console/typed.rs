//! What was typed into a form, and what is wrong with it, by the names of its fields.
//!
//! Does not belong here: passwords and PINs, which no page shows again, and what a field means.

use crate::http::extract::ConsoleForm;
use crate::http::pages::console::{Field, FieldKind};

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    fields: Vec<(&'static str, String)>,
    wrong: Vec<(&'static str, String)>,
}

impl Typed {
    /// What was typed into fields of these names, without white space around it, its lines as the store has them.
    pub fn of(form: &ConsoleForm, names: &[&'static str]) -> Self {
        let said = |name: &&'static str| (*name, form.get(name).trim().replace("\r\n", "\n"));
        Self::with(names.iter().map(said))
    }

    /// What stands in these fields, with nothing wrong.
    pub fn with(fields: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self {
            fields: fields.into_iter().collect(),
            wrong: Vec::new(),
        }
    }

    /// The same with what was ticked of a field: the values, separated by commas.
    #[must_use]
    pub fn and_ticked(mut self, form: &ConsoleForm, name: &'static str) -> Self {
        let ticked: Vec<_> = form.all(name).collect();
        self.fields.push((name, ticked.join(",")));
        self
    }

    /// Says beside a field what is wrong with it.
    pub fn refuse(&mut self, field: &'static str, words: impl Into<String>) {
        self.wrong.push((field, words.into()));
    }

    /// Whether something is wrong.
    pub fn is_refused(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// What was typed into a field; empty if nothing was.
    pub fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// A field with what was typed into it, and what is wrong.
    pub fn field(&self, name: &'static str, label: &'static str, kind: FieldKind) -> Field {
        let wrong = self.wrong.iter().find(|(known, _)| *known == name);
        Field::new(name, label, kind)
            .value(self.get(name))
            .error(wrong.map(|(_, words)| words.clone()))
    }
}
