//! What was typed into a form, as a document; and which field a fault of the schema is about.

use std::collections::HashMap;

use serde_json::Value;

use super::branch::Branch;
use super::number::{in_ascii, number};
use super::{FieldKind, FormField, Group, Item};
use crate::pointer;
use crate::profiles::Fault;

/// Characters of a value that are kept.
const MAX_VALUE_CHARS: usize = 10_000;

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

/// What was typed as a document, or what is wrong with each field, by its name.
///
/// # Errors
/// The names of fields with what is wrong.
pub fn document_of(items: &[Item], typed: &Typed) -> Result<String, Vec<(String, FieldFault)>> {
    let mut faults = Vec::new();
    let mut root = Branch::default();
    // An object that need not be there is there if something was typed into it.
    let is_there = |path: &[String], optional_at: Option<usize>| {
        optional_at.is_none_or(|names| is_touched(items, typed, &path[..names]))
    };
    for item in items {
        match item {
            // An empty box says no only where something is said.
            Item::Field(field)
                if matches!(field.kind, FieldKind::Tick)
                    && !is_there(&field.path, field.optional_at) => {}
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
            Item::Object { .. } => {}
        }
    }
    for item in items {
        if let Item::Object { path, optional_at } = item
            && is_there(path, *optional_at)
        {
            root.at(path);
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

/// Whether something was typed or ticked in the object to which these names lead.
fn is_touched(items: &[Item], typed: &Typed, names: &[String]) -> bool {
    items.iter().any(|item| match item {
        Item::Field(field) => {
            let text = typed.get(&field.name(None));
            field.path.starts_with(names) && text.is_some_and(|text| !text.trim().is_empty())
        }
        Item::Group(group) => {
            group.path.starts_with(names) && places(group, typed).next().is_some()
        }
        Item::Object { .. } => false,
    })
}

/// The places of a group in which something was typed: each is an object of the document, in this order.
fn places<'a>(group: &'a Group, typed: &'a Typed) -> impl Iterator<Item = usize> + 'a {
    (0..group.most).filter(move |place| {
        group.fields.iter().any(|field| {
            let text = typed.get(&field.name(Some((group, *place))));
            text.is_some_and(|text| !text.trim().is_empty())
        })
    })
}

/// The objects of a group in which something was typed.
fn objects_of(group: &Group, typed: &Typed, faults: &mut Vec<(String, FieldFault)>) -> Vec<String> {
    let mut objects = Vec::new();
    for place in places(group, typed) {
        let mut object = Branch::default();
        for field in &group.fields {
            let name = field.name(Some((group, place)));
            match json_of(field, typed.get(&name)) {
                Ok(None) => {}
                Ok(Some(json)) => object.put(&field.path, Branch::Leaf(json)),
                Err(fault) => faults.push((name, fault)),
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
        FieldKind::Number { whole } => number(text, *whole).map(Some).ok_or(FieldFault::Number),
        FieldKind::Choice(choices) if !choices.iter().any(|(word, _)| word == text) => {
            Err(FieldFault::Form)
        }
        FieldKind::Tel => Ok(Some(Value::String(in_ascii(text)).to_string())),
        _ => Ok(Some(Value::String(text.to_owned()).to_string())),
    }
}

/// The name of the field that a fault of the schema is about, and what its reader is told. What is about no single field stands at
/// the first that it could be.
#[must_use]
pub fn field_of(items: &[Item], typed: &Typed, fault: &Fault) -> (String, FieldFault) {
    let parts: Vec<String> = pointer::names(&fault.pointer).collect();
    let found = items.iter().find_map(|item| match item {
        Item::Field(field) => field
            .path
            .starts_with(&parts)
            .then(|| (field.name(None), field)),
        Item::Group(group) => {
            let Some(inside) = parts.strip_prefix(group.path.as_slice()) else {
                let first = group.fields.first();
                let first = first.filter(|_| group.path.starts_with(&parts));
                return first.map(|field| (field.name(Some((group, 0))), field));
            };
            let index = inside.first().and_then(|index| index.parse().ok());
            let place = places(group, typed).nth(index.unwrap_or(0));
            let named = |field: &&FormField| {
                inside
                    .get(1)
                    .is_some_and(|name| field.path == [name.as_str()])
            };
            let field = group.fields.iter().find(named);
            let field = field.or(group.fields.first())?;
            Some((field.name(Some((group, place.unwrap_or(0)))), field))
        }
        Item::Object { .. } => None,
    });
    let told = match (fault.keyword.as_str(), &found) {
        ("required", _) => FieldFault::Missing,
        ("maxLength", _) => FieldFault::TooLong,
        (_, Some((_, field))) => told_of(field),
        (_, None) => FieldFault::Form,
    };
    (found.map_or_else(String::new, |(name, _)| name), told)
}

/// What the reader of a field is told that is not right.
fn told_of(field: &FormField) -> FieldFault {
    match field.kind {
        FieldKind::Date => FieldFault::Date,
        FieldKind::Email => FieldFault::Email,
        FieldKind::Url => FieldFault::Url,
        FieldKind::Number { .. } => FieldFault::Number,
        _ => FieldFault::Form,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fields_of;
    use super::*;
    use crate::profiles::Page;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(owned).collect()
    }

    #[test]
    fn an_object_is_there_if_it_has_to_be_or_if_something_is_said_in_it() {
        let schema = json!({
            "type": "object", "required": ["must"],
            "properties": {
                "must": {"type": "object", "properties": {"a": {"type": "string"}}},
                "may": {"type": "object", "required": ["yes", "in"], "properties": {
                    "yes": {"type": "boolean"},
                    "text": {"type": "string"},
                    "in": {"type": "object", "properties": {"b": {"type": "string"}}}
                }}
            }
        });
        let items = fields_of(&schema, &Page::default()).unwrap();
        for (fields, expected) in [
            (&[][..], r#"{"must":{}}"#),
            (&[("must.a", "x")][..], r#"{"must":{"a":"x"}}"#),
            (
                &[("may.text", "x")][..],
                r#"{"may":{"yes":false,"text":"x","in":{}},"must":{}}"#,
            ),
            (
                &[("may.yes", "yes")][..],
                r#"{"may":{"yes":true,"in":{}},"must":{}}"#,
            ),
            (
                &[("may.in.b", "x")][..],
                r#"{"may":{"yes":false,"in":{"b":"x"}},"must":{}}"#,
            ),
        ] {
            assert_eq!(document_of(&items, &typed(fields)).unwrap(), expected);
        }
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
        let items = fields_of(&schema, &Page::default()).unwrap();
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
        for (pointer, keyword, name, told) in [
            ("/day", "format", "day", FieldFault::Date),
            // The first object of the document was typed in the fourth place of the form.
            (
                "/lines/0/text",
                "maxLength",
                "lines.3.text",
                FieldFault::TooLong,
            ),
            (
                "/lines/1/count",
                "minimum",
                "lines.5.count",
                FieldFault::Number,
            ),
            ("/lines", "minItems", "lines.3.text", FieldFault::Form),
            ("/to", "required", "to.city", FieldFault::Missing),
            ("/to/city", "pattern", "to.city", FieldFault::Form),
            ("", "minProperties", "name", FieldFault::Form),
            ("/unknown", "type", "", FieldFault::Form),
        ] {
            let told_at = field_of(&items, &good, &fault(pointer, keyword));
            assert_eq!(told_at, (name.to_owned(), told), "{pointer}");
        }
    }
}
