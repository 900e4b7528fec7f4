//! A profile as its file has it, before it is checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::texts::Texts;
use crate::drawing::Styles;

/// A profile as it was written, and what it may refer to.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The profile's name: its file without the ending.
    pub name: &'a str,
    /// The text of the file.
    pub text: &'a str,
    /// The styles that have names.
    pub styles: &'a Styles,
    /// Reads a file that stands beside it, such as a schema or a logo.
    pub beside: &'a dyn Fn(&str) -> Result<Vec<u8>, String>,
}

/// What may stand in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub number: Spanned<i64>,
    pub issue: Option<Spanned<Vec<String>>>,
    pub title: Texts,
    pub schema: Spanned<Value>,
    pub sample: Option<Spanned<Value>>,
    #[serde(default)]
    pub policy: WrittenPolicy,
    pub style: Option<Spanned<toml::Table>>,
    #[serde(default)]
    pub page: WrittenPage,
    pub form: Option<Spanned<WrittenForm>>,
    pub badge: Option<WrittenBadge>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenBadge {
    pub width_mm: Spanned<i64>,
    pub height_mm: Spanned<i64>,
    pub fields: Spanned<Vec<Spanned<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPolicy {
    pub expires_in: Option<Spanned<WrittenTime>>,
    pub max_opens: Option<Spanned<Value>>,
    pub pin: Option<Spanned<String>>,
    pub storage: Option<Spanned<String>>,
    #[serde(default)]
    pub staff_only: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTime {
    pub default: Option<String>,
    pub max: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPage {
    pub contact: Option<Texts>,
    #[serde(default)]
    pub fields: Vec<Spanned<WrittenField>>,
    pub rest: Option<Spanned<String>>,
    #[serde(default)]
    pub code: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenField {
    pub pointer: Spanned<String>,
    pub label: Option<Texts>,
    pub format: Option<Spanned<String>>,
    pub currency: Option<Spanned<String>>,
    #[serde(default)]
    pub emphasis: bool,
    #[serde(default)]
    pub values: BTreeMap<String, Texts>,
    #[serde(default)]
    pub columns: Vec<Spanned<WrittenColumn>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenColumn {
    pub name: String,
    pub label: Option<Texts>,
    pub format: Option<Spanned<String>>,
    pub currency: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenForm {
    pub open: Option<Spanned<String>>,
    pub intro: Option<Texts>,
    pub consent: Option<Texts>,
}
