//! What a schema may be: so much of JSON Schema 2020-12 that a document is checked in a time that its size bounds.
//!
//! A schema is walked whole before it is compiled. What refers to itself is refused, and what its references would unfold to
//! is counted, so that no schema of a few lines asks for billions of looks. Keywords that are not known here are refused: a
//! slip of the pen would otherwise check nothing and say nothing.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::pointer::{escape, unescape};

/// Schemas inside one another, references followed.
const MAX_DEPTH: usize = 32;
/// Schemas and patterns that a document may be held against, references unfolded.
const MAX_COST: u64 = 2_000;
/// What a pattern costs, in schemas.
const PATTERN_COST: u64 = 20;
/// Bytes of a pattern.
const MAX_PATTERN_BYTES: usize = 512;
/// Values of an `enum`.
const MAX_CHOICES: usize = 500;
/// Characters of a member's name in a pointer that a message repeats.
pub(super) const MAX_NAME_CHARS: usize = 64;

/// Formats that are checked.
const FORMATS: [&str; 14] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "uuid",
    "json-pointer",
];

/// What is wrong with a schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("schema{pointer}: {reason}")]
pub struct SchemaError {
    /// Where in the schema (RFC 6901).
    pub pointer: String,
    /// What.
    pub reason: String,
}

impl SchemaError {
    pub(super) fn at(pointer: &str, reason: impl Into<String>) -> Self {
        Self {
            pointer: shortened(pointer),
            reason: reason.into(),
        }
    }
}

/// What it takes to hold a document against a schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Schemas and patterns that each value may be held against.
    pub cost: u64,
    /// Whether there are alternatives: what is wrong then has what is wrong with each of them in it.
    pub has_alternatives: bool,
}

/// Checks a whole schema.
pub(super) fn check(schema: &Value) -> Result<Effort, SchemaError> {
    let mut walk = Walk {
        root: schema,
        costs: HashMap::new(),
        has_alternatives: false,
    };
    let cost = walk.cost(schema, &mut String::new(), &mut Vec::new(), 0)?;
    if cost > MAX_COST {
        return Err(SchemaError::at(
            "",
            format!("the schema unfolds to more than {MAX_COST} schemas"),
        ));
    }
    // What nothing refers to is looked at, too: it may be referred to tomorrow.
    if let Some(Value::Object(defs)) = schema.get("$defs") {
        for (name, def) in defs {
            let mut pointer = format!("/$defs/{}", escape(name));
            walk.cost(def, &mut pointer, &mut Vec::new(), 1)?;
        }
    }
    Ok(Effort {
        cost,
        has_alternatives: walk.has_alternatives,
    })
}

/// A pointer whose names are of a length that an answer may repeat.
pub(super) fn shortened(pointer: &str) -> String {
    let parts = pointer.split('/').take(64);
    let parts: Vec<String> = parts
        .map(|part| part.chars().take(MAX_NAME_CHARS).collect())
        .collect();
    parts.join("/")
}

struct Walk<'a> {
    root: &'a Value,
    /// What was counted, by the pointer of a reference.
    costs: HashMap<&'a str, u64>,
    has_alternatives: bool,
}

impl<'a> Walk<'a> {
    /// What a schema costs. `inside`: the references that are being followed.
    fn cost(
        &mut self,
        schema: &'a Value,
        pointer: &mut String,
        inside: &mut Vec<&'a str>,
        depth: usize,
    ) -> Result<u64, SchemaError> {
        if depth > MAX_DEPTH {
            return Err(SchemaError::at(
                pointer,
                format!("schemas may be {MAX_DEPTH} deep, references followed"),
            ));
        }
        let members = match schema {
            Value::Bool(_) => return Ok(1),
            Value::Object(members) => members,
            _ => return Err(SchemaError::at(pointer, "must be an object, true or false")),
        };
        let mut cost: u64 = 1;
        for (keyword, value) in members {
            self.has_alternatives |= matches!(keyword.as_str(), "anyOf" | "oneOf");
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&escape(keyword));
            let more = self.keyword(keyword, value, pointer, inside, depth)?;
            cost = cost.saturating_add(more);
            pointer.truncate(length);
        }
        Ok(cost)
    }

    fn keyword(
        &mut self,
        keyword: &str,
        value: &'a Value,
        pointer: &mut String,
        inside: &mut Vec<&'a str>,
        depth: usize,
    ) -> Result<u64, SchemaError> {
        let wrong = |pointer: &str, words: &str| Err(SchemaError::at(pointer, words));
        match keyword {
            "title" | "description" | "examples" | "default" | "$comment" | "deprecated"
            | "readOnly" | "writeOnly" | "type" | "multipleOf" | "maximum"
            | "exclusiveMaximum" | "minimum" | "exclusiveMinimum" | "maxLength" | "minLength"
            | "maxItems" | "minItems" | "uniqueItems" | "maxContains" | "minContains"
            | "maxProperties" | "minProperties" | "required" | "dependentRequired"
            // Each is looked at where it stands, and costs where it is referred to.
            | "$defs" => Ok(0),
            "$schema" if depth > 0 => wrong(pointer, "stands only in the whole schema"),
            "$schema" => match value.as_str() {
                Some("https://json-schema.org/draft/2020-12/schema") => Ok(0),
                _ => wrong(
                    pointer,
                    "must be https://json-schema.org/draft/2020-12/schema, or left out",
                ),
            },
            "enum" => match value.as_array() {
                Some(choices) if choices.len() <= MAX_CHOICES => Ok(weight(value) / 8),
                _ => wrong(pointer, "must be a list of at most 500 values"),
            },
            "const" => Ok(weight(value) / 8),
            "pattern" => pattern(value.as_str().unwrap_or_default(), pointer),
            "format" => match value.as_str() {
                Some(format) if FORMATS.contains(&format) => Ok(1),
                _ => Err(SchemaError::at(
                    pointer,
                    format!("must be one of {}", FORMATS.join(", ")),
                )),
            },
            "$ref" => self.reference(value, pointer, inside, depth),
            "items"
            | "additionalProperties"
            | "contains"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else" => self.cost(value, pointer, inside, depth + 1),
            "properties" | "patternProperties" => match value {
                Value::Object(schemas) => self.named(keyword, schemas, pointer, inside, depth),
                _ => wrong(pointer, "must be an object"),
            },
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => match value {
                Value::Array(schemas) => {
                    let mut cost: u64 = 0;
                    for (place, schema) in schemas.iter().enumerate() {
                        let length = pointer.len();
                        pointer.push('/');
                        pointer.push_str(&place.to_string());
                        cost =
                            cost.saturating_add(self.cost(schema, pointer, inside, depth + 1)?);
                        pointer.truncate(length);
                    }
                    Ok(cost)
                }
                _ => wrong(pointer, "must be a list of schemas"),
            },
            "$id"
            | "$anchor"
            | "$dynamicRef"
            | "$dynamicAnchor"
            | "$vocabulary"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "dependentSchemas"
            | "contentEncoding"
            | "contentMediaType"
            | "contentSchema" => wrong(pointer, "this keyword is not taken here"),
            _ => wrong(pointer, "there is no such keyword in JSON Schema 2020-12"),
        }
    }

    fn named(
        &mut self,
        keyword: &str,
        schemas: &'a Map<String, Value>,
        pointer: &mut String,
        inside: &mut Vec<&'a str>,
        depth: usize,
    ) -> Result<u64, SchemaError> {
        let mut cost: u64 = 0;
        for (name, schema) in schemas {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&escape(name));
            if keyword == "patternProperties" {
                cost = cost.saturating_add(pattern(name, pointer)?);
            }
            cost = cost.saturating_add(self.cost(schema, pointer, inside, depth + 1)?);
            pointer.truncate(length);
        }
        Ok(cost)
    }

    fn reference(
        &mut self,
        value: &'a Value,
        pointer: &str,
        inside: &mut Vec<&'a str>,
        depth: usize,
    ) -> Result<u64, SchemaError> {
        let wrong = |words: &str| Err(SchemaError::at(pointer, words));
        let Some(target) = value
            .as_str()
            .and_then(|text| text.strip_prefix("#/$defs/"))
        else {
            return wrong(
                "must begin with #/$defs/: nothing is fetched, and no schema refers to itself",
            );
        };
        if target.contains(['/', '%']) {
            return wrong("must name a schema of $defs as it stands there");
        }
        if inside.contains(&target) {
            return wrong("the schema refers to itself");
        }
        if let Some(cost) = self.costs.get(target) {
            return Ok(*cost);
        }
        let name = unescape(target);
        let Some(schema) = self.root.get("$defs").and_then(|defs| defs.get(&name)) else {
            return wrong("there is no such schema in $defs");
        };
        inside.push(target);
        let cost = self.cost(schema, &mut format!("/$defs/{target}"), inside, depth + 1)?;
        inside.pop();
        self.costs.insert(target, cost);
        Ok(cost)
    }
}

/// How much a value is that others are compared with; what is wrong with one of them has a copy of it.
fn weight(value: &Value) -> u64 {
    match value {
        Value::String(text) => 1 + text.len() as u64 / 32,
        Value::Array(items) => 1 + items.iter().map(weight).sum::<u64>(),
        Value::Object(members) => {
            let of = |(name, value): (&String, &Value)| 1 + name.len() as u64 / 32 + weight(value);
            1 + members.iter().map(of).sum::<u64>()
        }
        _ => 1,
    }
}

fn pattern(pattern: &str, pointer: &str) -> Result<u64, SchemaError> {
    match pattern.len() {
        1..=MAX_PATTERN_BYTES => Ok(PATTERN_COST),
        _ => Err(SchemaError::at(
            pointer,
            format!("a pattern must have 1 to {MAX_PATTERN_BYTES} bytes"),
        )),
    }
}
