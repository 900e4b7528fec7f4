//! What a desk needs to know of profiles: which there are, and what staff see of their documents.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::labels::label;
use crate::language::Language;
use crate::profiles::{Currency, Field, Format, Named, Pointer, Registry, Rest, rest_of};

/// The most fields that staff see.
const MOST_FIELDS: usize = 50;

/// The most characters of a value that staff see.
const MOST_CHARS: usize = 500;

/// A profile, as far as a desk knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownProfile {
    /// What is sealed into its tokens.
    pub number: u32,
    /// Whether somebody whom nobody knows may issue under it.
    pub for_anyone: bool,
}

/// The profiles of an installation, and the language that staff read.
#[derive(Debug, Clone)]
pub struct DeskProfiles {
    /// The profiles.
    pub registry: Arc<Registry>,
    /// What staff read.
    pub language: Language,
}

impl DeskProfiles {
    /// The profile of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<KnownProfile> {
        let profile = self.registry.find(name)?;
        Some(KnownProfile {
            number: profile.number.value(),
            for_anyone: profile.is_for_anyone(),
        })
    }

    /// What staff see of a document: the fields of its profile's page in their order, then what else it has, unless the page hides
    /// it.
    #[must_use]
    pub fn display(&self, name: &str, document: &Value) -> Display {
        let Some(profile) = self.registry.find(name) else {
            return Display {
                title: name.to_owned(),
                profile: name.to_owned(),
                fields: Vec::new(),
            };
        };
        let mut fields = Vec::new();
        let mut shown = Vec::new();
        for field in &profile.page.fields {
            if let Some(display) = self.field(field, document) {
                fields.push(display);
                shown.push(field.pointer.parts());
                if let Format::Money(Currency::At(pointer)) = &field.format
                    && currency_at(pointer, document).is_some()
                {
                    shown.push(pointer.parts());
                }
            }
        }
        if !profile.page.hides_rest
            && let Some(members) = members_of(document)
        {
            let rest = rest_of(members, &shown, &members_of);
            push_rest(&mut fields, &rest, "");
        }
        fields.truncate(MOST_FIELDS);
        Display {
            title: profile.title.of(self.language).to_owned(),
            profile: name.to_owned(),
            fields,
        }
    }

    /// What a desk prints for whoever has a document, if its profile says so: the fields that it has.
    #[must_use]
    pub fn badge(&self, name: &str, document: &Value) -> Option<BadgePrint> {
        let profile = self.registry.find(name)?;
        let badge = profile.badge.as_ref()?;
        let line = |pointer: &Pointer| {
            let mut named = profile.page.fields.iter();
            let value = match named.find(|field| field.pointer == *pointer) {
                Some(field) => self.field(field, document)?.value,
                None => shortened(text(document.pointer(&pointer.to_string())?)),
            };
            Some(value).filter(|value| !value.trim().is_empty())
        };
        Some(BadgePrint {
            width_mm: badge.width_mm,
            height_mm: badge.height_mm,
            lines: badge.fields.iter().filter_map(line).collect(),
        })
    }

    fn field(&self, field: &Field, document: &Value) -> Option<DisplayField> {
        let value = document.pointer(&field.pointer.to_string())?;
        let known = value.as_str().and_then(|word| {
            let mut values = field.values.iter();
            values
                .find(|(known, _)| known == word)
                .map(|(_, text)| text.of(self.language))
        });
        let mut words = known.map_or_else(|| text(value), str::to_owned);
        if let Format::Money(currency) = &field.format {
            let code = match currency {
                Currency::Code(code) => Some(code.as_str()),
                Currency::At(pointer) => currency_at(pointer, document),
            };
            if let Some(code) = code {
                words = format!("{words} {code}");
            }
        }
        Some(DisplayField {
            label: field.label.of(self.language).to_owned(),
            value: shortened(words),
            emphasis: field.emphasis,
        })
    }
}

/// The currency that stands there.
fn currency_at<'a>(pointer: &Pointer, document: &'a Value) -> Option<&'a str> {
    document.pointer(&pointer.to_string())?.as_str()
}

/// The members of an object.
fn members_of(value: &Value) -> Option<Vec<Named<'_, &Value>>> {
    let members = value.as_object()?.iter();
    Some(
        members
            .map(|(name, value)| (Cow::Borrowed(name.as_str()), value))
            .collect(),
    )
}

/// What no field shows, each with the names of the objects that it is in.
fn push_rest(fields: &mut Vec<DisplayField>, rest: &[Rest<'_, &Value>], within: &str) {
    for left in rest {
        let name = format!("{within}{}", label(&left.name));
        match &left.inside {
            Some(inside) => push_rest(fields, inside, &format!("{name}: ")),
            None => fields.push(DisplayField {
                label: name,
                value: shortened(text(left.value)),
                emphasis: false,
            }),
        }
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text,
    }
}

/// What staff see of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Display {
    /// What such a document is called.
    pub title: String,
    /// The name of its profile.
    pub profile: String,
    /// Its fields, those that staff look at first.
    pub fields: Vec<DisplayField>,
}

/// What a desk prints for somebody who was let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BadgePrint {
    /// Its width in mm.
    #[schema(minimum = 20, maximum = 300)]
    pub width_mm: u16,
    /// Its height in mm.
    #[schema(minimum = 20, maximum = 300)]
    pub height_mm: u16,
    /// What stands on it; the first line is larger than the others.
    pub lines: Vec<String>,
}

/// A field of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DisplayField {
    /// What it is called.
    pub label: String,
    /// What it says.
    pub value: String,
    /// Whether it is to stand out.
    pub emphasis: bool,
}
