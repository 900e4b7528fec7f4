//! What neither types nor builders can say of schemas: which members exclude each other or need another one, and what no
//! generator of clients understands.

use serde_json::{Map, Value, json};

use super::contents;

/// Adds the rules to the description, and takes out what clients would stumble over.
pub fn add(description: &mut Value) {
    let Some(Value::Object(schemas)) = description.pointer_mut("/components/schemas") else {
        return;
    };
    let references = schemas.clone();
    for schema in schemas.values_mut() {
        tidy(schema, &references);
    }
    for (name, rule) in rules() {
        if let Some(schema) = schemas.get_mut(name) {
            schema["not"] = rule;
        }
    }
}

/// What is not valid, by the name of the schema. Generators of clients pass over `not`, where `oneOf` with nothing but
/// `required` in it makes every member a required one.
fn rules() -> [(&'static str, Value); 3] {
    let both = |one: Value, other: Value| {
        let mut properties = Map::new();
        for given in [one, other] {
            properties.extend(given.as_object().cloned().unwrap_or_default());
        }
        let required: Vec<_> = properties.keys().cloned().collect();
        json!({"required": required, "properties": properties})
    };
    let number = json!({"type": "number"});
    let contents: Vec<_> = contents::names()
        .into_iter()
        .map(|name| json!({"required": [name]}))
        .collect();
    [
        (
            "Style",
            both(json!({"module_mm": number}), json!({"width_mm": number})),
        ),
        (
            "TokenEnvelope",
            both(
                json!({"pin": {"type": "string"}}),
                json!({"pin_auto": {"const": true}}),
            ),
        ),
        ("CodeEnvelope", json!({"not": {"oneOf": contents}})),
    ]
}

/// No default, or clients send it, and it comes before a style and the configuration; and no branch that is only null: what
/// it stands beside may be null itself.
fn tidy(schema: &mut Value, references: &Map<String, Value>) {
    if let Value::Object(members) = schema {
        if members.contains_key("type") {
            members.remove("default");
        }
        if let Some(beside) = beside_null(members) {
            let description = members.get("description").cloned();
            *members = referred(&beside, references);
            let kind = members.remove("type").unwrap_or_else(|| json!("object"));
            members.insert("type".to_owned(), json!([kind, "null"]));
            if let Some(description) = description {
                members.insert("description".to_owned(), description);
            }
        }
    }
    match schema {
        Value::Object(members) => {
            for member in members.values_mut() {
                tidy(member, references);
            }
        }
        Value::Array(members) => {
            for member in members {
                tidy(member, references);
            }
        }
        _ => {}
    }
}

/// The other one of two branches, of which one is null.
fn beside_null(schema: &Map<String, Value>) -> Option<Value> {
    let branches = schema.get("oneOf")?.as_array()?;
    match &branches[..] {
        [null, other] | [other, null] if *null == json!({"type": "null"}) => Some(other.clone()),
        _ => None,
    }
}

fn referred(schema: &Value, references: &Map<String, Value>) -> Map<String, Value> {
    let name = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next());
    let found = name.and_then(|name| references.get(name)).unwrap_or(schema);
    found.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::openapi::description;

    #[test]
    fn nothing_is_said_that_generated_clients_stumble_over() {
        fn look(value: &Value, path: &str) {
            match value {
                Value::Object(members) => {
                    // An example may have any member.
                    let is_schema = members.contains_key("type") && !path.contains("/example");
                    assert!(!(is_schema && members.contains_key("default")), "{path}");
                    assert_ne!(members.get("type"), Some(&json!("null")), "{path}");
                    for (name, member) in members {
                        assert!(
                            name != "text/html" && !name.contains("form-"),
                            "{path}/{name}"
                        );
                        look(member, &format!("{path}/{name}"));
                    }
                }
                Value::Array(members) => {
                    for (place, member) in members.iter().enumerate() {
                        look(member, &format!("{path}/{place}"));
                    }
                }
                _ => {}
            }
        }
        let description: Value = serde_json::from_str(&description()).unwrap();
        look(&description["paths"], "");
        look(&description["components"]["schemas"], "");
        for answer in [
            "/paths/~1api~1tokens/post/responses/201/content",
            "/paths/~1api~1qrcode/post/responses/200/content",
        ] {
            let forms = description
                .pointer(answer)
                .and_then(Value::as_object)
                .unwrap();
            assert_eq!(forms.keys().next().unwrap(), "application/json");
        }
    }
}
