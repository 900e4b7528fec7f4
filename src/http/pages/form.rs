//! The form of a profile, made from its schema. It works without script; what was wrong stands beside its field, and what was
//! typed is kept.

use askama::Template;

use super::site::{self, Site};
use crate::profiles::{FieldFault, FieldKind, Form, FormField, Group, Item, Profile, Typed};

/// The form of a profile, as its page shows it.
#[derive(Debug, Clone, Copy)]
pub struct ProfileFormView<'a> {
    /// Whose form.
    pub profile: &'a Profile,
    /// What it asks.
    pub form: &'a Form,
    /// What was typed, or filled in by whoever made the link.
    pub typed: &'a Typed,
    /// What is wrong, by the names of fields.
    pub faults: &'a [(String, FieldFault)],
    /// Whether it is more than one place may send now.
    pub too_much: bool,
    /// How often groups are shown.
    pub repeated: usize,
}

/// The name of the field that only programs fill in. Members of documents have no such names.
pub const TRAP: &str = ".website";
/// The name of the button that asks for another repetition.
pub const MORE: &str = ".more";
/// The name of the field that says how often groups are shown.
pub const REPEATED: &str = ".repeated";

/// The page with the form.
#[must_use]
pub fn profile_form(site: &Site<'_>, view: &ProfileFormView<'_>) -> String {
    let mut has_focus = false;
    let mut fields = Vec::new();
    for item in &view.form.items {
        match item {
            Item::Field(field) if field.is_consent() => {}
            Item::Field(field) => {
                fields.push(Part::Field(shown(site, view, field, None, &mut has_focus)));
            }
            Item::Group(group) => {
                let label = group.label.of(site.language);
                for place in 0..view.repeated.min(group.most) {
                    let fields_of = group.fields.iter();
                    let inner = fields_of.map(|field| {
                        shown(site, view, field, Some((group, place)), &mut has_focus)
                    });
                    fields.push(Part::Group {
                        label,
                        number: place + 1,
                        fields: inner.collect(),
                    });
                }
                if view.repeated < group.most {
                    fields.push(Part::More { label });
                }
            }
            Item::Object { .. } => {}
        }
    }
    let consent = view.form.items.iter().find_map(|item| match item {
        Item::Field(field) if field.is_consent() => {
            Some(shown(site, view, field, None, &mut has_focus))
        }
        _ => None,
    });
    let consent_text = view
        .form
        .consent
        .as_ref()
        .map(|text| text.of(site.language));
    site::render(&FormPage {
        site,
        title: view.profile.title.of(site.language),
        name: view.profile.name.as_str(),
        intro: view.form.intro.as_ref().map(|text| text.of(site.language)),
        fields,
        consent,
        consent_text,
        has_faults: !view.faults.is_empty(),
        too_much: view.too_much,
        repeated: view.repeated,
    })
}

/// A part of the form, from the top.
enum Part<'a> {
    Field(Shown<'a>),
    Group {
        label: &'a str,
        number: usize,
        fields: Vec<Shown<'a>>,
    },
    More {
        label: &'a str,
    },
}

/// A field as it is shown.
struct Shown<'a> {
    id: String,
    label: &'a str,
    /// `type` of an input; `lines`, `choice` or `tick` for what is none.
    kind: &'static str,
    mode: &'static str,
    autocomplete: &'static str,
    value: &'a str,
    required: bool,
    max_chars: Option<u64>,
    choices: Vec<(&'a str, &'a str, bool)>,
    wrong: Option<&'static str>,
    focus: bool,
}

fn shown<'a>(
    site: &Site<'_>,
    view: &ProfileFormView<'a>,
    field: &'a FormField,
    within: Option<(&'a Group, usize)>,
    has_focus: &mut bool,
) -> Shown<'a> {
    let id = field.name(within);
    let value = view.typed.get(&id).map_or("", String::as_str);
    let wrong = view.faults.iter().find(|(name, _)| *name == id);
    let focus = wrong.is_some() && !*has_focus;
    *has_focus |= focus;
    let (kind, mode) = match &field.kind {
        FieldKind::Line => ("text", ""),
        FieldKind::Lines => ("lines", ""),
        FieldKind::Tel => ("tel", "tel"),
        FieldKind::Email => ("email", "email"),
        FieldKind::Url => ("url", "url"),
        FieldKind::Date => ("date", ""),
        FieldKind::Number { whole: true } => ("text", "numeric"),
        FieldKind::Number { whole: false } => ("text", "decimal"),
        FieldKind::Tick => ("tick", ""),
        FieldKind::Choice(_) => ("choice", ""),
    };
    let choices = match &field.kind {
        FieldKind::Choice(choices) => choices
            .iter()
            .map(|(word, called)| {
                let said = called
                    .as_ref()
                    .map_or(word.as_str(), |text| text.of(site.language));
                (word.as_str(), said, word == value)
            })
            .collect(),
        _ => Vec::new(),
    };
    // WCAG 2.1, 1.3.5: what is asked of people about themselves says so.
    let autocomplete = match (within, field.path.last().map(String::as_str), &field.kind) {
        (Some(_), ..) => "off",
        (_, _, FieldKind::Tel) => "tel",
        (_, _, FieldKind::Email) => "email",
        (_, Some("name"), _) if field.path.len() == 1 => "name",
        _ => "off",
    };
    Shown {
        label: field.label.of(site.language),
        kind,
        mode,
        autocomplete,
        value,
        required: field.required,
        max_chars: field.max_chars,
        choices,
        wrong: wrong.map(|(_, fault)| words_of(*fault)),
        focus,
        id,
    }
}

/// What a reader is told of a fault.
fn words_of(fault: FieldFault) -> &'static str {
    match fault {
        FieldFault::Missing => "form-missing",
        FieldFault::TooLong => "form-too-long",
        FieldFault::Form => "form-wrong",
        FieldFault::Number => "form-number",
        FieldFault::Date => "form-date",
        FieldFault::Email => "form-email",
        FieldFault::Url => "form-url",
        FieldFault::Consent => "form-consent",
    }
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage<'a> {
    site: &'a Site<'a>,
    title: &'a str,
    name: &'a str,
    intro: Option<&'a str>,
    fields: Vec<Part<'a>>,
    consent: Option<Shown<'a>>,
    consent_text: Option<&'a str>,
    has_faults: bool,
    too_much: bool,
    repeated: usize,
}

impl FormPage<'_> {
    /// Whether a button asks for more. The key that sends a form presses its first button, which must not be that one.
    fn repeats(&self) -> bool {
        self.fields
            .iter()
            .any(|part| matches!(part, Part::More { .. }))
    }
}
