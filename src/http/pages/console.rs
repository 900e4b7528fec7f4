//! The pages of people who sign in: the door, and the console behind it.
//!
//! Each page is a list of parts: facts, tables, forms. One template shows them all, so that what holds for one form or table
//! (labels, errors beside their fields, narrow screens) holds for every one.

use std::borrow::Cow;

use askama::Template;

use super::scans::ScansView;
use super::site::{self, Site};

/// A page of the console, or one before it.
#[derive(Debug)]
pub struct ConsoleView<'a> {
    /// Its heading.
    pub title: &'a str,
    /// Who has signed in, if somebody has.
    pub person: Option<PersonView<'a>>,
    /// What became of what was asked for.
    pub notice: Option<Notice>,
    /// What stands on it.
    pub parts: Vec<Part>,
}

/// Who has signed in, as the head of a page shows it.
#[derive(Debug)]
pub struct PersonView<'a> {
    /// The name that others read.
    pub name: &'a str,
    /// The role.
    pub role: &'a str,
    /// The pages that the role has: path, words, and whether this is it.
    pub pages: Vec<(&'static str, &'static str, bool)>,
    /// What forms carry.
    pub form_token: &'a str,
}

/// What became of what was asked for.
#[derive(Debug)]
pub struct Notice {
    /// Whether it was done.
    pub good: bool,
    /// In words.
    pub text: String,
    /// A secret that is shown once, if there is one.
    pub secret: Option<String>,
}

impl Notice {
    /// It was done.
    pub fn done(text: impl Into<String>) -> Self {
        Self {
            good: true,
            text: text.into(),
            secret: None,
        }
    }

    /// It was not done.
    pub fn refused(text: impl Into<String>) -> Self {
        Self {
            good: false,
            ..Self::done(text)
        }
    }

    /// The same with a secret that is shown once.
    #[must_use]
    pub fn with_secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }
}

/// A part of a page.
#[derive(Debug)]
pub enum Part {
    /// A few words.
    Text(String),
    /// A heading over what follows.
    Heading(String),
    /// Names and values.
    Facts(Vec<(&'static str, Cell)>),
    /// A table.
    Table(Table),
    /// A form.
    Form(Form),
    /// A way to another page: path and words.
    Link(String, String),
    /// A button that prints the page, where script runs.
    Print,
    /// What is to be looked at.
    Warning(String),
    /// How often a link was scanned, as a chart and a table.
    Scans(Box<ScansView<'static>>),
    /// Secrets that are shown now, a line each.
    Secrets(Vec<String>),
    /// A picture: where it is, and what it is for those who do not see it.
    Picture {
        /// Its address, whole.
        address: String,
        /// What it is.
        words: &'static str,
    },
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// What it is of; read to those who do not see it.
    pub caption: &'static str,
    /// The names of its columns.
    pub head: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// What is said if it has none.
    pub empty: &'static str,
}

/// A value.
#[derive(Debug)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A text of a program.
    Code(String),
    /// Seconds since 1970-01-01T00:00:00Z.
    Time(i64),
    /// A way to a page: path and words.
    Link(String, String),
    /// Names and values of one thing.
    Fields(Vec<(String, String)>),
    /// A button that does something to the row: the form's fields, and its words.
    Button(Vec<(&'static str, String)>, &'static str),
}

impl Cell {
    /// A time, or a dash.
    pub fn time(at: Option<i64>) -> Self {
        at.map_or_else(|| Self::Text("\u{2013}".to_owned()), Self::Time)
    }
}

/// A form.
#[derive(Debug)]
pub struct Form {
    /// Different for every form of the page.
    pub id: &'static str,
    /// Where it goes, below the public address.
    pub action: String,
    /// Whether it only asks.
    pub is_query: bool,
    /// What it sends beside what is typed.
    pub hidden: Vec<(&'static str, String)>,
    /// What is typed.
    pub fields: Vec<Field>,
    /// The words on its button.
    pub button: &'static str,
    /// Whether what it does cannot be undone.
    pub danger: bool,
}

impl Form {
    fn has_file(&self) -> bool {
        self.fields
            .iter()
            .any(|field| matches!(field.kind, FieldKind::File(_)))
    }
}

/// A field of a form.
#[derive(Debug)]
pub struct Field {
    /// The name that is sent.
    pub name: &'static str,
    /// What it is.
    pub label: &'static str,
    /// More about it; may be empty.
    pub hint: &'static str,
    /// How it is filled in.
    pub kind: FieldKind,
    /// What stands in it.
    pub value: String,
    /// What a browser may fill in by itself.
    pub autocomplete: &'static str,
    /// Whether it may be empty.
    pub required: bool,
    /// What is wrong with what was sent.
    pub error: Option<String>,
}

/// How a field is filled in.
#[derive(Debug)]
pub enum FieldKind {
    /// A line of text.
    Line,
    /// A line that nobody else should read.
    Password,
    /// Some lines of text.
    Lines,
    /// A file, of these types.
    File(&'static str),
    /// A colour such as `#1a2b3c`.
    Colour,
    /// A whole number.
    Number,
    /// A date and a time of day, without an offset.
    Moment,
    /// A time of day.
    Hour,
    /// One of some.
    Choice(Vec<Offer>),
    /// Any of some.
    Ticks(Vec<Offer>),
}

/// What a field offers: value and words.
pub type Offer = (Cow<'static, str>, Cow<'static, str>);

impl FieldKind {
    /// One of these: value and words.
    pub fn choice<V, W>(offers: impl IntoIterator<Item = (V, W)>) -> Self
    where
        V: Into<Cow<'static, str>>,
        W: Into<Cow<'static, str>>,
    {
        Self::Choice(offered(offers))
    }

    /// Any of these: value and words.
    pub fn ticks<V, W>(offers: impl IntoIterator<Item = (V, W)>) -> Self
    where
        V: Into<Cow<'static, str>>,
        W: Into<Cow<'static, str>>,
    {
        Self::Ticks(offered(offers))
    }

    /// The `type` of an input.
    fn input(&self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Colour => "color",
            Self::Moment => "datetime-local",
            Self::Hour => "time",
            _ => "text",
        }
    }
}

fn offered<V, W>(offers: impl IntoIterator<Item = (V, W)>) -> Vec<Offer>
where
    V: Into<Cow<'static, str>>,
    W: Into<Cow<'static, str>>,
{
    let offers = offers.into_iter();
    offers
        .map(|(value, words)| (value.into(), words.into()))
        .collect()
}

impl Field {
    /// A field that must be filled in.
    pub fn new(name: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            label,
            hint: "",
            kind,
            value: String::new(),
            autocomplete: "off",
            required: true,
            error: None,
        }
    }

    /// The same with more about it.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// The same with something in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// The same, which a browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }

    /// The same, which may be empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    fn ticked(&self, value: &str) -> bool {
        self.value.split(',').any(|one| one == value)
    }
}

/// The page.
#[must_use]
pub fn console(site: &Site<'_>, view: &ConsoleView<'_>) -> String {
    site::render(&ConsolePage { site, view })
}

#[derive(Template)]
#[template(path = "console.html")]
struct ConsolePage<'a> {
    site: &'a Site<'a>,
    view: &'a ConsoleView<'a>,
}

impl ConsolePage<'_> {
    /// Whether it is the first field of the page with something wrong: whoever sent it goes on there.
    fn is_first_wrong(&self, field: &Field) -> bool {
        let forms = self.view.parts.iter().filter_map(|part| match part {
            Part::Form(form) => Some(form),
            _ => None,
        });
        let first = forms
            .flat_map(|form| &form.fields)
            .find(|field| field.error.is_some());
        first.is_some_and(|first| std::ptr::eq(first, field))
    }
}
