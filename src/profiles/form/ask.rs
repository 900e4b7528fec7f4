//! What a form asks: its fields, from the schema and the page of a profile.

use serde_json::Value;

use super::{CONSENT, FieldKind, FormField, Group, Item, MAX_REPEATED};
use crate::pointer::escape;
use crate::profiles::bounds::SchemaError;
use crate::profiles::{Field, Format, Page, Texts};

/// The most fields of a form, those of one repetition of a group counted once.
const MAX_FIELDS: usize = 64;
/// Bytes of the name of a member that a form asks for.
const MAX_NAME_BYTES: usize = 64;
/// Longer texts get several lines.
const LONGEST_LINE_CHARS: u64 = 200;

/// The fields of the form of a schema, those that its page names first.
///
/// # Errors
/// Where in the schema something stands of which no form can be made.
pub(in crate::profiles) fn fields_of(
    schema: &Value,
    page: &Page,
) -> Result<Vec<Item>, SchemaError> {
    let maker = Maker { root: schema, page };
    let mut items = Vec::new();
    maker.object(schema, "", &[], None, &mut items)?;
    let count: usize = items
        .iter()
        .map(|item| match item {
            Item::Field(_) => 1,
            Item::Group(group) => group.fields.len(),
            Item::Object { .. } => 0,
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
            Item::Object { path, .. } => path,
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

    /// The fields of an object. `optional_at`: how many names lead to the innermost object that need not be there.
    fn object(
        &self,
        schema: &'a Value,
        at: &str,
        path: &[String],
        optional_at: Option<usize>,
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
            named(name, &at)?;
            let property = self.resolved(property);
            let mut inner = path.to_vec();
            inner.push(name.clone());
            let is_required = requires(schema, name);
            match property.get("type").and_then(Value::as_str) {
                Some("object") if is_required => {
                    self.object(property, &at, &inner, optional_at, items)?;
                    items.push(Item::Object {
                        path: inner,
                        optional_at,
                    });
                }
                Some("object") => {
                    self.object(property, &at, &inner, Some(inner.len()), items)?;
                }
                Some("array") => items.push(Item::Group(self.group(property, &at, inner)?)),
                _ => {
                    // Of an object that need not be there fields are required only together, which the schema says.
                    let is_required = is_required && optional_at.is_none();
                    let mut field = self.field(property, &at, inner, is_required, true)?;
                    field.optional_at = optional_at;
                    items.push(Item::Field(field));
                }
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
            named(name, &at)?;
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
            optional_at: None,
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

/// Names of fields are put together of those of members, with points between them.
fn named(name: &str, at: &str) -> Result<(), SchemaError> {
    match name.is_empty() || name.contains('.') || name.len() > MAX_NAME_BYTES {
        true => Err(SchemaError::at(at, "a form cannot name this member")),
        false => Ok(()),
    }
}

fn requires(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|known| known == name))
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
    named: Option<&Field>,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn items(schema: &Value) -> Result<Vec<Item>, SchemaError> {
        fields_of(schema, &Page::default())
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
