//! The profiles of a server, as its description has them: the schema of each, and a document that works.

use serde_json::{Map, Value, json};

use crate::language::Language;
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
            schemas.insert(name_of(profile), schema_of(profile));
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

/// The profile's schema, its definitions where references in a description find them.
fn schema_of(profile: &Profile) -> Value {
    let name = name_of(profile);
    let mut schema = profile.schema.json().clone();
    moved(&mut schema, &format!("#/components/schemas/{name}/$defs/"));
    if let Some(members) = schema.as_object_mut() {
        members.remove("$schema");
        let words = format!("A document of the profile `{}`.", profile.name);
        members.entry("description").or_insert(words.into());
        if let Some(sample) = &profile.sample {
            members.insert("examples".to_owned(), json!([sample]));
        }
    }
    schema
}

/// Points references of a schema to where it stands in the description.
fn moved(schema: &mut Value, place: &str) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(target) if name == "$ref" => {
                        if let Some(rest) = target.strip_prefix("#/$defs/") {
                            *target = format!("{place}{rest}");
                        }
                    }
                    value => moved(value, place),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| moved(item, place)),
        _ => {}
    }
}
