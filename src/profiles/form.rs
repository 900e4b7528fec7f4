//! The form of a profile, made from its schema: which fields there are, and a document of what was typed into them.
//!
//! Belongs here: what a form asks, how its fields are named, how typed text becomes JSON, and which field a fault of the schema
//! is about. Does not belong here: how a form looks, or who may send it.

use std::collections::HashMap;

use serde_json::Value;

use super::bounds::{SchemaError, escape};
use super::{Fault, Format, Page, Texts};

/// The most fields of a form, those of one repetition of a group counted once.
const MAX_FIELDS: usize = 64;
/// How often a group may be repeated.
pub const MAX_REPEATED: usize = 20;
/// Longer texts get several lines.
const LONGEST_LINE_CHARS: u64 = 200;
/// Characters of a value that are kept.
const MAX_VALUE_CHARS: usize = 10_000;
/// Where consent is noted, if the schema has a place for it.
const CONSENT: &str = "consent";

/// A field of a form, or a group of fields that is repeated.
#[derive(Debug)]
pub enum Item {
    /// A field.
    Field(FormField),
    /// A list of objects.
    Group(Group),
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

/// What was typed, by the names of fields.
pub type Typed = HashMap<String, String>;

/// What is wrong with a field, for its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldFault {
    /// Nothing was typed.
    Missing,
    /// It is too long.
    TooLong,
    /// It is too short, or of another form.
    Form,
    /// It is no number, or none that there may be.
    Number,
    /// It is no day.
    Date,
    /// It is no address of mail.
    Email,
    /// It is no address of the Web.
    Url,
    /// It was not ticked.
    Consent,
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

    /// Whether it stands for whoever sends the form agreeing to something.
    #[must_use]
    pub fn is_consent(&self) -> bool {
        self.path == [CONSENT] && matches!(self.kind, FieldKind::Tick)
    }
}

/// The fields of the form of a schema, those that its page names first.
///
/// # Errors
/// Where in the schema something stands of which no form can be made.
pub(super) fn fields_of(schema: &Value, page: &Page) -> Result<Vec<Item>, SchemaError> {
    let maker = Maker { root: schema, page };
    let mut items = Vec::new();
    maker.object(schema, "", &[], &mut items)?;
    let count: usize = items
        .iter()
        .map(|item| match item {
            Item::Field(_) => 1,
            Item::Group(group) => group.fields.len(),
        })
        .sum();
    if count == 0 || count > MAX_FIELDS {
        return Err(SchemaError::at(
            "",
            format!("a form has 1 to {MAX_FIELDS} fields"),
        ));
    }
    let place = |item: &Item| {
        let path = match item {
            Item::Field(field) => &field.path,
            Item::Group(group) => &group.path,
        };
        let named = page
            .fields
            .iter()
            .position(|field| field.pointer.parts() == path.as_slice());
        named.unwrap_or(usize::MAX)
    };
    items.sort_by_key(place);
    Ok(items)
}

struct Maker<'a> {
    root: &'a Value,
    page: &'a Page,
}

impl<'a> Maker<'a> {
    /// What is behind references.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..32 {
            let target = schema.get("$ref").and_then(Value::as_str);
            let pointer = target.and_then(|target| target.strip_prefix('#'));
            match pointer.and_then(|pointer| self.root.pointer(pointer)) {
                Some(found) => schema = found,
                None => break,
            }
        }
        schema
    }

    fn object(
        &self,
        schema: &'a Value,
        at: &str,
        path: &[String],
        items: &mut Vec<Item>,
    ) -> Result<(), SchemaError> {
        plain(schema, at)?;
        let properties = schema.get("properties").and_then(Value::as_object);
        if schema.get("type").and_then(Value::as_str) != Some("object") {
            return Err(SchemaError::at(at, "a form needs type = \"object\" here"));
        }
        let properties =
            properties.ok_or_else(|| SchemaError::at(at, "a form needs properties here"))?;
        for (name, property) in properties {
            let at = format!("{at}/properties/{}", escape(name));
            if name.is_empty() || name.contains('.') {
                return Err(SchemaError::at(&at, "a form cannot name this member"));
            }
            let property = self.resolved(property);
            let mut inner = path.to_vec();
            inner.push(name.clone());
            let is_required = requires(schema, name);
            match property.get("type").and_then(Value::as_str) {
                Some("object") => {
                    if !is_required && requires_any(property) {
                        self.optional(property, &at, &inner, items)?;
                    } else {
                        self.object(property, &at, &inner, items)?;
                    }
                }
                Some("array") => items.push(Item::Group(self.group(property, &at, inner)?)),
                _ => items.push(Item::Field(self.field(
                    property,
                    &at,
                    inner,
                    is_required,
                    true,
                )?)),
            }
        }
        Ok(())
    }

    /// An object that need not be there: its fields are required only together, which the schema says when it is checked.
    fn optional(
        &self,
        schema: &'a Value,
        at: &str,
        path: &[String],
        items: &mut Vec<Item>,
    ) -> Result<(), SchemaError> {
        let first = items.len();
        self.object(schema, at, path, items)?;
        for item in items.iter_mut().skip(first) {
            if let Item::Field(field) = item {
                field.required = false;
            }
        }
        Ok(())
    }

    fn group(&self, schema: &'a Value, at: &str, path: Vec<String>) -> Result<Group, SchemaError> {
        plain(schema, at)?;
        let at = format!("{at}/items");
        let items = schema
            .get("items")
            .ok_or_else(|| SchemaError::at(&at, "a form needs items here"))?;
        let items = self.resolved(items);
        plain(items, &at)?;
        let properties = items.get("properties").and_then(Value::as_object);
        let properties = properties
            .ok_or_else(|| SchemaError::at(&at, "a form repeats objects with properties only"))?;
        let mut fields = Vec::new();
        for (name, property) in properties {
            let at = format!("{at}/properties/{}", escape(name));
            let property = self.resolved(property);
            if name.is_empty() || name.contains('.') {
                return Err(SchemaError::at(&at, "a form cannot name this member"));
            }
            let inner = vec![name.clone()];
            fields.push(self.field(property, &at, inner, requires(items, name), false)?);
        }
        let named = self
            .page
            .fields
            .iter()
            .find(|field| field.pointer.parts() == path.as_slice());
        for field in &mut fields {
            let columns = named.map(|named| &named.columns);
            let column = columns.and_then(|columns| {
                columns
                    .iter()
                    .find(|column| field.path == [column.name.as_str()])
            });
            if let Some(column) = column {
                field.label = column.label.clone();
            }
        }
        let most = schema.get("maxItems").and_then(Value::as_u64);
        let most = most
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(MAX_REPEATED);
        Ok(Group {
            label: named.map_or_else(
                || label_of(schema, path.last()),
                |named| named.label.clone(),
            ),
            path,
            fields,
            most: most.clamp(1, MAX_REPEATED),
        })
    }

    fn field(
        &self,
        schema: &'a Value,
        at: &str,
        path: Vec<String>,
        required: bool,
        on_page: bool,
    ) -> Result<FormField, SchemaError> {
        plain(schema, at)?;
        let named = self
            .page
            .fields
            .iter()
            .find(|field| on_page && field.pointer.parts() == path.as_slice());
        let max_chars = schema.get("maxLength").and_then(Value::as_u64);
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let kind = match (text("type"), schema.get("enum")) {
            (_, Some(Value::Array(choices))) => FieldKind::Choice(choices_of(choices, at, named)?),
            (Some("string"), _) => match (text("format"), named.map(|named| &named.format)) {
                (Some("date"), _) => FieldKind::Date,
                (Some("email" | "idn-email"), _) | (_, Some(Format::Email)) => FieldKind::Email,
                (Some("uri" | "iri"), _) | (_, Some(Format::Url)) => FieldKind::Url,
                (_, Some(Format::Tel)) => FieldKind::Tel,
                _ if max_chars.is_none_or(|chars| chars > LONGEST_LINE_CHARS) => FieldKind::Lines,
                _ => FieldKind::Line,
            },
            (Some("number"), _) => FieldKind::Number { whole: false },
            (Some("integer"), _) => FieldKind::Number { whole: true },
            (Some("boolean"), _) => FieldKind::Tick,
            _ => {
                return Err(SchemaError::at(
                    at,
                    "a form needs a type here: string, number, integer, boolean, object or array",
                ));
            }
        };
        let is_consent = path == [CONSENT] && matches!(kind, FieldKind::Tick);
        Ok(FormField {
            label: named.map_or_else(
                || label_of(schema, path.last()),
                |named| named.label.clone(),
            ),
            // An empty box says no, which is an answer.
            required: required && !matches!(kind, FieldKind::Tick) || is_consent,
            path,
            kind,
            max_chars,
        })
    }
}

/// Of what a form can be made: what always holds, and nothing that depends on what is typed elsewhere.
fn plain(schema: &Value, at: &str) -> Result<(), SchemaError> {
    const NOT_IN_FORMS: [&str; 10] = [
        "if",
        "then",
        "else",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "patternProperties",
        "prefixItems",
        "dependentRequired",
    ];
    for keyword in NOT_IN_FORMS {
        if schema.get(keyword).is_some() {
            return Err(SchemaError::at(
                &format!("{at}/{keyword}"),
                "a form cannot be made of this keyword: leave out [form], or the keyword",
            ));
        }
    }
    Ok(())
}

fn requires(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|known| known == name))
}

fn requires_any(schema: &Value) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| !names.is_empty())
}

fn label_of(schema: &Value, name: Option<&String>) -> Texts {
    let title = schema
        .get("title")
        .and_then(Value::as_str)
        .filter(|title| !title.is_empty());
    let name = name.map_or("", String::as_str);
    Texts::english(title.unwrap_or(&crate::labels::label(name)))
}

fn choices_of(
    choices: &[Value],
    at: &str,
    named: Option<&super::Field>,
) -> Result<Vec<(String, Option<Texts>)>, SchemaError> {
    choices
        .iter()
        .map(|choice| match choice {
            Value::String(word) => {
                let mut values = named.iter().flat_map(|named| &named.values);
                let called = values
                    .find(|(value, _)| value == word)
                    .map(|(_, text)| text.clone());
                Ok((word.clone(), called))
            }
            _ => Err(SchemaError::at(
                &format!("{at}/enum"),
                "a form has texts to choose from only",
            )),
        })
        .collect()
}

/// What was typed as a document, or what is wrong with each field, by its name.
///
/// # Errors
/// The names of fields with what is wrong.
pub fn document_of(items: &[Item], typed: &Typed) -> Result<String, Vec<(String, FieldFault)>> {
    let mut faults = Vec::new();
    let mut root = Branch::default();
    for item in items {
        match item {
            Item::Field(field) => {
                let name = field.name(None);
                match json_of(field, typed.get(&name)) {
                    Ok(None) => {}
                    Ok(Some(json)) => root.put(&field.path, Branch::Leaf(json)),
                    Err(fault) => faults.push((name, fault)),
                }
            }
            Item::Group(group) => {
                let objects = objects_of(group, typed, &mut faults);
                if !objects.is_empty() {
                    root.put(
                        &group.path,
                        Branch::Leaf(format!("[{}]", objects.join(","))),
                    );
                }
            }
        }
    }
    match faults.is_empty() {
        true => {
            let mut json = String::new();
            root.write(&mut json);
            Ok(json)
        }
        false => Err(faults),
    }
}

/// The objects of a group in which something was typed.
fn objects_of(group: &Group, typed: &Typed, faults: &mut Vec<(String, FieldFault)>) -> Vec<String> {
    let mut objects = Vec::new();
    for place in 0..group.most {
        let name = |field: &FormField| field.name(Some((group, place)));
        let is_typed = group.fields.iter().any(|field| {
            typed
                .get(&name(field))
                .is_some_and(|text| !text.trim().is_empty())
        });
        if !is_typed {
            continue;
        }
        let mut object = Branch::default();
        for field in &group.fields {
            match json_of(field, typed.get(&name(field))) {
                Ok(None) => {}
                Ok(Some(json)) => object.put(&field.path, Branch::Leaf(json)),
                Err(fault) => faults.push((name(field), fault)),
            }
        }
        let mut json = String::new();
        object.write(&mut json);
        objects.push(json);
    }
    objects
}

/// The JSON of what was typed into a field; `None` for nothing.
fn json_of(field: &FormField, typed: Option<&String>) -> Result<Option<String>, FieldFault> {
    let typed = typed.map_or("", String::as_str);
    if let FieldKind::Tick = field.kind {
        return match typed {
            "" if field.is_consent() => Err(FieldFault::Consent),
            "" => Ok(Some("false".to_owned())),
            _ => Ok(Some("true".to_owned())),
        };
    }
    let text = typed.replace("\r\n", "\n");
    let text = match field.kind {
        FieldKind::Lines => text.trim_end(),
        _ => text.trim(),
    };
    if text.is_empty() {
        return match field.required {
            true => Err(FieldFault::Missing),
            false => Ok(None),
        };
    }
    let chars = text.chars().count();
    if chars > MAX_VALUE_CHARS || field.max_chars.is_some_and(|most| chars as u64 > most) {
        return Err(FieldFault::TooLong);
    }
    match &field.kind {
        FieldKind::Number { whole } => {
            // A decimal comma, as most of the world types it.
            let number = text.replace(',', ".");
            let is_number = matches!(serde_json::from_str(&number), Ok(Value::Number(_)));
            match is_number && (!whole || !number.contains(['.', 'e', 'E'])) {
                true => Ok(Some(number)),
                false => Err(FieldFault::Number),
            }
        }
        FieldKind::Choice(choices) if !choices.iter().any(|(word, _)| word == text) => {
            Err(FieldFault::Form)
        }
        _ => Ok(Some(Value::String(text.to_owned()).to_string())),
    }
}

/// A part of a document that is being put together, in the order of the form.
enum Branch {
    Leaf(String),
    Object(Vec<(String, Branch)>),
}

impl Default for Branch {
    fn default() -> Self {
        Self::Object(Vec::new())
    }
}

impl Branch {
    fn put(&mut self, path: &[String], branch: Self) {
        let (Self::Object(members), Some((first, rest))) = (self, path.split_first()) else {
            return;
        };
        if rest.is_empty() {
            members.push((first.clone(), branch));
            return;
        }
        let place = members.iter().position(|(name, _)| name == first);
        let place = place.unwrap_or_else(|| {
            members.push((first.clone(), Self::default()));
            members.len() - 1
        });
        if let Some((_, inner)) = members.get_mut(place) {
            inner.put(rest, branch);
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Leaf(json) => out.push_str(json),
            Self::Object(members) => {
                out.push('{');
                for (place, (name, branch)) in members.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    out.push_str(&Value::String(name.clone()).to_string());
                    out.push(':');
                    branch.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// The name of the field that a fault of the schema is about, and what its reader is told.
#[must_use]
pub fn field_of(items: &[Item], fault: &Fault) -> (String, FieldFault) {
    let name = fault.pointer.trim_start_matches('/').replace('/', ".");
    let of = |fields: &[FormField], last: &str| {
        let field = fields
            .iter()
            .find(|field| field.path.last().is_some_and(|own| own == last));
        field.map(|field| match field.kind {
            FieldKind::Date => FieldFault::Date,
            FieldKind::Email => FieldFault::Email,
            FieldKind::Url => FieldFault::Url,
            FieldKind::Number { .. } => FieldFault::Number,
            _ => FieldFault::Form,
        })
    };
    let last = name.rsplit('.').next().unwrap_or_default().to_owned();
    let told = match fault.keyword.as_str() {
        "required" => FieldFault::Missing,
        "maxLength" => FieldFault::TooLong,
        _ => items
            .iter()
            .find_map(|item| match item {
                Item::Field(field) => {
                    (field.name(None) == name).then(|| of(std::slice::from_ref(field), &last))
                }
                Item::Group(group) => name
                    .starts_with(&format!("{}.", group.path.join(".")))
                    .then(|| of(&group.fields, &last)),
            })
            .flatten()
            .unwrap_or(FieldFault::Form),
    };
    (name, told)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn items(schema: &Value) -> Result<Vec<Item>, SchemaError> {
        fields_of(schema, &Page::default())
    }

    fn typed(fields: &[(&str, &str)]) -> Typed {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(owned).collect()
    }

    #[test]
    fn what_is_typed_becomes_a_document_and_what_is_wrong_stands_at_its_field() {
        let schema = json!({
            "type": "object", "required": ["name", "n"],
            "properties": {
                "name": {"type": "string", "maxLength": 5},
                "n": {"type": "number"},
                "day": {"type": "string", "format": "date"},
                "tick": {"type": "boolean"},
                "kind": {"enum": ["a", "b"]},
                "to": {"type": "object", "properties": {"city": {"type": "string", "maxLength": 9}}},
                "lines": {"type": "array", "items": {"type": "object", "required": ["text"], "properties": {
                    "text": {"type": "string"}, "count": {"type": "integer"}
                }}}
            }
        });
        let items = items(&schema).unwrap();
        let good = typed(&[
            ("name", " Ana "),
            ("n", "12,50"),
            ("kind", "b"),
            ("to.city", "Bonn"),
            ("lines.3.text", "x\r\ny"),
            ("lines.3.count", "2"),
            ("lines.5.text", "z"),
            ("unknown", "u"),
        ]);
        assert_eq!(
            document_of(&items, &good).unwrap(),
            r#"{"name":"Ana","n":12.50,"tick":false,"kind":"b","to":{"city":"Bonn"},"lines":[{"text":"x\ny","count":2},{"text":"z"}]}"#
        );
        let bad = typed(&[
            ("name", "Anastasia"),
            ("n", "twelve"),
            ("kind", "c"),
            ("lines.0.count", "1.5"),
        ]);
        let mut faults = document_of(&items, &bad).unwrap_err();
        faults.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(
            faults,
            [
                ("kind".to_owned(), FieldFault::Form),
                ("lines.0.count".to_owned(), FieldFault::Number),
                ("lines.0.text".to_owned(), FieldFault::Missing),
                ("n".to_owned(), FieldFault::Number),
                ("name".to_owned(), FieldFault::TooLong),
            ]
        );
        let fault = |pointer: &str, keyword: &str| Fault {
            pointer: pointer.to_owned(),
            keyword: keyword.to_owned(),
            detail: String::new(),
        };
        assert_eq!(
            field_of(&items, &fault("/day", "format")),
            ("day".to_owned(), FieldFault::Date)
        );
        assert_eq!(
            field_of(&items, &fault("/lines/0/text", "maxLength")),
            ("lines.0.text".to_owned(), FieldFault::TooLong)
        );
    }

    #[test]
    fn a_schema_of_which_no_form_can_be_made_is_refused_with_the_place() {
        for (schema, pointer) in [
            (
                json!({"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}]}}}),
                "/properties/a/anyOf",
            ),
            (
                json!({"type": "object", "if": {}, "properties": {"a": {"type": "string"}}}),
                "/if",
            ),
            (
                json!({"type": "object", "properties": {"a": {}}}),
                "/properties/a",
            ),
            (
                json!({"type": "object", "properties": {"a.b": {"type": "string"}}}),
                "/properties/a.b",
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}}),
                "/properties/a/items",
            ),
            (
                json!({"type": "object", "properties": {"a": {"enum": [1]}}}),
                "/properties/a/enum",
            ),
            (json!({"type": "object", "properties": {}}), ""),
            (json!({"type": "array"}), ""),
        ] {
            assert_eq!(items(&schema).unwrap_err().pointer, pointer, "{schema}");
        }
    }
}
