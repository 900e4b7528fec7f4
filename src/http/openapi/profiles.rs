//! The profiles of a server, as its description has them: the schema of each, and a document that works.

use serde_json::{Map, Value, json};

use crate::language::Language;
use crate::pointer::unescape;
use crate::profiles::{Profile, Registry};

/// Adds a schema for each profile, and its sample to the examples of the operation that seals.
pub fn add(description: &mut Value, registry: &Registry) {
    let mut examples = Map::new();
    if let Some(example) = description
        .pointer_mut(BODY)
        .and_then(|body| body.as_object_mut()?.remove("example"))
    {
        examples.insert(
            "document".to_owned(),
            json!({"summary": "Any document", "value": example}),
        );
    }
    for profile in registry.all() {
        if let Some(schemas) = description
            .pointer_mut("/components/schemas")
            .and_then(Value::as_object_mut)
        {
            schemas.extend(schemas_of(profile));
        }
        if let Some(sample) = &profile.sample {
            let name = profile.name.as_str();
            let summary = format!(
                "{} (send it with profile={name})",
                profile.title.of(Language::English)
            );
            examples.insert(
                name.to_owned(),
                json!({"summary": summary, "value": sample}),
            );
        }
    }
    if let Some(body) = description.pointer_mut(BODY).and_then(Value::as_object_mut) {
        body.insert("examples".to_owned(), Value::Object(examples));
    }
}

/// The body of the operation that seals a document as it stands.
const BODY: &str =
    "/paths/~1api~1qrcode~1encrypted-payload/post/requestBody/content/application~1json";

/// `sign-in` is `SignInDocument`.
fn name_of(profile: &Profile) -> String {
    let parts = profile.name.as_str().split('-').map(|part| {
        let mut chars = part.chars();
        let first = chars.next().into_iter().flat_map(char::to_uppercase);
        first.chain(chars).collect::<String>()
    });
    format!("{}Document", parts.collect::<String>())
}

/// The profile's schema, and each of its definitions as a schema of its own, which is where generators of clients look for them.
fn schemas_of(profile: &Profile) -> Vec<(String, Value)> {
    let name = name_of(profile);
    let mut schema = profile.schema.json().clone();
    let definitions = match schema.as_object_mut().and_then(|it| it.remove("$defs")) {
        Some(Value::Object(definitions)) => definitions,
        _ => Map::new(),
    };
    let names: Vec<_> = definitions.keys().cloned().collect();
    let place = |target: &str| -> Option<String> {
        let rest = target.strip_prefix('#')?;
        let Some(rest) = rest.strip_prefix("/$defs/") else {
            return Some(format!("#/components/schemas/{name}{rest}"));
        };
        let (definition, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let definition = unescape(definition);
        let number = names.iter().position(|known| *known == definition)?;
        Some(format!(
            "#/components/schemas/{}{rest}",
            name_of_definition(&name, &definition, number)
        ))
    };
    move_references(&mut schema, &place);
    if let Some(members) = schema.as_object_mut() {
        members.remove("$schema");
        let words = format!("A document of the profile `{}`.", profile.name);
        members.entry("description").or_insert(words.into());
        if let Some(sample) = &profile.sample {
            members.insert("examples".to_owned(), json!([sample]));
        }
    }
    let mut schemas = vec![(name.clone(), schema)];
    for (number, (definition, mut schema)) in definitions.into_iter().enumerate() {
        move_references(&mut schema, &place);
        schemas.push((name_of_definition(&name, &definition, number), schema));
    }
    schemas
}

/// The definition `address` of `ParcelDocument` is `ParcelDocumentAddress`; what is no word of ASCII has its number.
fn name_of_definition(of: &str, definition: &str, number: usize) -> String {
    let mut chars = definition.chars();
    match chars.next().filter(char::is_ascii_alphabetic) {
        Some(first) if chars.clone().all(|char| char.is_ascii_alphanumeric()) => {
            format!("{of}{}{}", first.to_ascii_uppercase(), chars.as_str())
        }
        _ => format!("{of}{}", number + 1),
    }
}

/// Points references of a schema to where `place` says that they stand in the description.
fn move_references(schema: &mut Value, place: &impl Fn(&str) -> Option<String>) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(target) if name == "$ref" => {
                        if let Some(moved) = place(target) {
                            *target = moved;
                        }
                    }
                    value => move_references(value, place),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| move_references(item, place)),
        _ => {}
    }
}
