//! The form of a profile, made from its schema. It works without script; what was wrong stands beside its field, and what was
//! typed is kept.

use askama::Template;

use super::site::{self, Site};
use super::words::Language;
use crate::profiles::{FieldFault, FieldKind, Form, FormField, Group, Item, Profile, Texts, Typed};

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
    /// Why no code was made, if it is not for what was typed: a message of the catalogues.
    pub refused: Option<&'static str>,
    /// How often groups are shown.
    pub repeated: usize,
    /// Makes it repeatable: the same form sent twice makes one code.
    pub form_id: &'a str,
    /// What tells that the form is ours, for somebody who has signed in.
    pub form_token: Option<&'a str>,
    /// Where it stands, if that is not its own address.
    pub at: Option<&'a FormAt>,
}

/// Where a form stands that is not at its own address.
#[derive(Debug, Clone)]
pub struct FormAt {
    /// Where it is sent to, below the public URL.
    pub path: String,
    /// What else is sent with it that people do not see.
    pub hidden: Vec<(&'static str, String)>,
    /// What tells there that the form is ours.
    pub form_token: String,
    /// Where its reader goes back to: what that is called, and its address below the public URL.
    pub back: (String, String),
    /// What is filled in before anything is typed.
    pub filled: Typed,
}

/// The name of the field that only programs fill in. Members of documents have no such names, and password managers know none.
pub const TRAP: &str = ".empty";
/// The name of the button that asks for another repetition.
pub const MORE: &str = ".more";
/// The name of the field that says how often groups are shown.
pub const REPEATED: &str = ".repeated";
/// The name of the field that tells forms apart.
pub const FORM_ID: &str = ".form";
/// The name of the field that proves whose form it is.
pub const FORM_TOKEN: &str = ".token";

/// The page with the form.
#[must_use]
pub fn profile_form(site: &Site<'_>, view: &ProfileFormView<'_>) -> String {
    let language = site.language;
    let mut maker = Maker {
        view,
        language,
        fields: 0,
        has_focus: false,
    };
    let mut fields = Vec::new();
    // What somebody agrees to stands last.
    let mut consent = None;
    for item in &view.form.items {
        match item {
            Item::Field(field) if field.is_consent() => consent = Some(field),
            Item::Field(field) => fields.push(Part::Field(maker.shown(field, None))),
            Item::Group(group) => {
                let label = Said::of(&group.label, language);
                for place in 0..view.repeated.min(group.most) {
                    let fields_of = group.fields.iter();
                    let inner = fields_of.map(|field| maker.shown(field, Some((group, place))));
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
    if let Some(field) = consent {
        let mut shown = maker.shown(field, None);
        if let Some(text) = &view.form.consent {
            shown.label = Said::of(text, language);
        }
        fields.push(Part::Field(shown));
    }
    site::render(&FormPage {
        site,
        view,
        title: Said::of(&view.profile.title, language),
        intro: (view.form.intro.as_ref()).map(|text| Said::of(text, language)),
        fields,
    })
}

/// A text of the profile, and the tag of its language: where it lacks the page's, it is in English.
#[derive(Debug, Clone, Copy)]
struct Said<'a> {
    text: &'a str,
    lang: &'static str,
}

impl<'a> Said<'a> {
    fn of(texts: &'a Texts, language: Language) -> Self {
        Self {
            text: texts.of(language),
            lang: texts.language_of(language).tag(),
        }
    }
}

/// A part of the form, from the top.
enum Part<'a> {
    Field(Shown<'a>),
    Group {
        label: Said<'a>,
        number: usize,
        fields: Vec<Shown<'a>>,
    },
    More {
        label: Said<'a>,
    },
}

/// A field as it is shown.
struct Shown<'a> {
    id: String,
    name: String,
    label: Said<'a>,
    /// `type` of an input; `lines`, `choice` or `tick` for what is none.
    kind: &'static str,
    mode: &'static str,
    autocomplete: &'static str,
    value: &'a str,
    required: bool,
    max_chars: Option<u64>,
    choices: Vec<(&'a str, Said<'a>, bool)>,
    wrong: Option<&'static str>,
    focus: bool,
}

/// Makes fields, one after the other.
struct Maker<'a> {
    view: &'a ProfileFormView<'a>,
    language: Language,
    /// How many there are so far: the number is the id, whatever the schema calls them.
    fields: usize,
    /// Whether the first that is wrong has the focus.
    has_focus: bool,
}

impl<'a> Maker<'a> {
    fn shown(&mut self, field: &'a FormField, within: Option<(&'a Group, usize)>) -> Shown<'a> {
        let (view, language) = (self.view, self.language);
        let id = format!("f{}", self.fields);
        self.fields += 1;
        let name = field.name(within);
        let value = view.typed.get(&name).map_or("", String::as_str);
        let wrong = view.faults.iter().find(|(known, _)| *known == name);
        let focus = wrong.is_some() && !self.has_focus;
        self.has_focus |= focus;
        let (kind, mode) = kind_of(&field.kind);
        let choices = match &field.kind {
            FieldKind::Choice(choices) => choices
                .iter()
                .map(|(word, called)| {
                    // A word for programs is of no language.
                    let word_itself = Said {
                        text: word,
                        lang: "",
                    };
                    let said = called.as_ref().map(|text| Said::of(text, language));
                    (word.as_str(), said.unwrap_or(word_itself), word == value)
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
            id,
            label: Said::of(&field.label, language),
            kind,
            mode,
            autocomplete,
            value,
            required: field.required,
            max_chars: field.max_chars,
            choices,
            wrong: wrong.map(|(_, fault)| words_of(*fault)),
            focus,
            name,
        }
    }
}

/// The `type` of an input, or what it is instead of one, and its `inputmode`.
fn kind_of(kind: &FieldKind) -> (&'static str, &'static str) {
    match kind {
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
    view: &'a ProfileFormView<'a>,
    title: Said<'a>,
    intro: Option<Said<'a>>,
    fields: Vec<Part<'a>>,
}

impl FormPage<'_> {
    /// Whether a button asks for more. The key that sends a form presses its first button, which must not be that one.
    fn repeats(&self) -> bool {
        self.fields
            .iter()
            .any(|part| matches!(part, Part::More { .. }))
    }
}
