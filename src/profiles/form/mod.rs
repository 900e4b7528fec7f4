//! The form of a profile, made from its schema.
//!
//! Belongs here: what a form asks and how its fields are named (this file), how that is made of a schema (`ask.rs`), and how typed
//! text becomes a document (`typed.rs`, with `number.rs` and `branch.rs`). Does not belong here: how a form looks, or who may send it.

mod ask;
mod branch;
mod number;
mod typed;

use super::Texts;

pub(super) use ask::fields_of;
pub use number::typed_number;
pub use typed::{FieldFault, Typed, document_of, field_of};

/// How often a group may be repeated.
pub const MAX_REPEATED: usize = 20;
/// Where consent is noted, if the schema has a place for it.
const CONSENT: &str = "consent";

/// A field of a form, or a group of fields that is repeated.
#[derive(Debug)]
pub enum Item {
    /// A field.
    Field(FormField),
    /// A list of objects.
    Group(Group),
    /// An object that has to be there, whether or not something is typed into its fields.
    Object {
        /// The names that lead to it.
        path: Vec<String>,
        /// How many of these lead to the innermost object that need not be there, if it is in one.
        optional_at: Option<usize>,
    },
}

/// A field of a form.
#[derive(Debug)]
pub struct FormField {
    /// The names that lead to its value in the document; in a group, in one of its objects.
    pub path: Vec<String>,
    /// What it is called.
    pub label: Texts,
    /// What is typed or chosen.
    pub kind: FieldKind,
    /// Whether it must not be empty.
    pub required: bool,
    /// The most characters, if that is said.
    pub max_chars: Option<u64>,
    /// How many of the names lead to the innermost object that need not be there, if it is in one.
    pub optional_at: Option<usize>,
}

/// What is typed or chosen in a field.
#[derive(Debug)]
pub enum FieldKind {
    /// A line of text.
    Line,
    /// Several lines.
    Lines,
    /// A number to call.
    Tel,
    /// An address of mail.
    Email,
    /// An address of the Web.
    Url,
    /// A day.
    Date,
    /// A number.
    Number {
        /// Whether it has no fraction.
        whole: bool,
    },
    /// Yes or no.
    Tick,
    /// One of these, with what each is called.
    Choice(Vec<(String, Option<Texts>)>),
}

/// Fields that are repeated.
#[derive(Debug)]
pub struct Group {
    /// The names that lead to its list.
    pub path: Vec<String>,
    /// What it is called.
    pub label: Texts,
    /// The fields of each object.
    pub fields: Vec<FormField>,
    /// The most objects.
    pub most: usize,
}

impl FormField {
    /// Its name in the form; `within`: the group and the place in it.
    #[must_use]
    pub fn name(&self, within: Option<(&Group, usize)>) -> String {
        let own = self.path.join(".");
        match within {
            None => own,
            Some((group, place)) => format!("{}.{place}.{own}", group.path.join(".")),
        }
    }

    /// Whether it may say that its reader agrees to something: a box to tick, or a choice that is called so. No link fills it in.
    #[must_use]
    pub fn may_agree(&self) -> bool {
        match self.kind {
            FieldKind::Tick => true,
            FieldKind::Choice(_) => self.path.last().is_some_and(|name| name == CONSENT),
            _ => false,
        }
    }

    /// Whether it stands for whoever sends the form agreeing to something.
    #[must_use]
    pub fn is_consent(&self) -> bool {
        self.path == [CONSENT] && matches!(self.kind, FieldKind::Tick)
    }
}
