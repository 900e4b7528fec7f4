//! The schema of a profile, and what is wrong with a document that does not fit it.

use std::fmt;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use super::bounds::{self, Effort, MAX_NAME_CHARS, SchemaError, shortened};
use crate::pointer::escape;

/// A JSON Schema (2020-12) that is compiled. It fetches nothing, and its patterns take a time that is linear in the text.
pub struct Schema {
    json: Value,
    validator: Validator,
    effort: Effort,
}

/// What is wrong with a document. It never repeats a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in the document (RFC 6901).
    pub pointer: String,
    /// The keyword of the schema that it does not satisfy.
    pub keyword: String,
    /// What would be right, as the schema says it.
    pub detail: String,
}

/// Bytes of a document, times what its schema costs, up to which more than one fault is looked for: each may be one for each of
/// them.
const MAX_MANY_FAULTS: u64 = 1 << 18;
/// The most faults that are told of one document.
const MAX_FAULTS: usize = 16;
/// Bytes that the program of one pattern may take.
const PATTERN_BYTES: usize = 256 * 1024;
/// Characters of a schema's value that a message repeats.
const MAX_TOLD_CHARS: usize = 200;

impl Schema {
    /// Compiles a schema.
    ///
    /// # Errors
    /// [`SchemaError`]
    pub fn new(json: Value) -> Result<Self, SchemaError> {
        let effort = bounds::check(&json)?;
        let patterns = PatternOptions::regex()
            .size_limit(PATTERN_BYTES)
            .dfa_size_limit(PATTERN_BYTES);
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(patterns)
            .should_validate_formats(true)
            .offline()
            .build(&json)
            .map_err(|error| {
                let told: String = error.to_string().chars().take(MAX_TOLD_CHARS).collect();
                SchemaError::at(error.instance_path().as_str(), told)
            })?;
        Ok(Self {
            json,
            validator,
            effort,
        })
    }

    /// The schema as it was written.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Holds a document against it.
    ///
    /// # Errors
    /// What is wrong with it, at most 16 things.
    pub fn check(&self, document: &str) -> Result<(), Vec<Fault>> {
        match serde_json::from_str(document) {
            Ok(value) => self.check_long(&value, document.len()),
            Err(_) => Err(vec![Fault {
                pointer: String::new(),
                keyword: "type".to_owned(),
                detail: "has a number that is too large to be looked at".to_owned(),
            }]),
        }
    }

    /// The same of a document that was read.
    ///
    /// # Errors
    /// What is wrong with it, at most 16 things.
    pub fn check_value(&self, document: &Value) -> Result<(), Vec<Fault>> {
        self.check_long(document, 0)
    }

    fn check_long(&self, document: &Value, bytes: usize) -> Result<(), Vec<Fault>> {
        if self.validator.is_valid(document) {
            return Ok(());
        }
        // All of them are made before the first is looked at: of a document that takes much only one, and where that would have
        // those of every alternative in it, none.
        let many = (bytes as u64).saturating_mul(self.effort.cost) <= MAX_MANY_FAULTS;
        let errors: Vec<_> = match (many, self.effort.has_alternatives) {
            (true, _) => self
                .validator
                .iter_errors(document)
                .take(MAX_FAULTS)
                .collect(),
            (false, false) => self
                .validator
                .validate(document)
                .err()
                .into_iter()
                .collect(),
            (false, true) => {
                return Err(vec![Fault {
                    pointer: String::new(),
                    keyword: "anyOf".to_owned(),
                    detail: "does not fit, and is too long to be told where".to_owned(),
                }]);
            }
        };
        Err(errors
            .into_iter()
            .map(|error| {
                let mut pointer = shortened(error.instance_path().as_str());
                let keyword = error.kind().keyword().to_owned();
                let asked = self.json.pointer(error.schema_path().as_str());
                let detail = match error.kind() {
                    Kind::Required { property } => {
                        let name = property.as_str().unwrap_or_default().chars();
                        let name: String = name.take(MAX_NAME_CHARS).collect();
                        pointer.push('/');
                        pointer.push_str(&escape(&name));
                        "missing".to_owned()
                    }
                    _ => detail(&keyword, asked),
                };
                Fault {
                    pointer,
                    keyword,
                    detail,
                }
            })
            .collect())
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.json).finish()
    }
}

/// What would be right: `asked` is what the schema says at the keyword.
fn detail(keyword: &str, asked: Option<&Value>) -> String {
    let asked = match asked {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(words)) => {
            let words = words.iter().map(|word| match word {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            words.collect::<Vec<_>>().join(" or ")
        }
        Some(other) => other.to_string(),
    };
    let asked: String = asked.chars().take(MAX_TOLD_CHARS).collect();
    match keyword {
        "type" => format!("must be of type {asked}"),
        "enum" => format!("must be one of {asked}"),
        "const" => format!("must be {asked}"),
        "format" => format!("must be of the format {asked}"),
        "pattern" => format!("must match {asked}"),
        "minimum" => format!("must be at least {asked}"),
        "maximum" => format!("must be at most {asked}"),
        "exclusiveMinimum" => format!("must be more than {asked}"),
        "exclusiveMaximum" => format!("must be less than {asked}"),
        "multipleOf" => format!("must be a multiple of {asked}"),
        "minLength" => format!("must have at least {asked} characters"),
        "maxLength" => format!("must have at most {asked} characters"),
        "minItems" => format!("must have at least {asked} items"),
        "maxItems" => format!("must have at most {asked} items"),
        "minProperties" => format!("must have at least {asked} members"),
        "maxProperties" => format!("must have at most {asked} members"),
        "uniqueItems" => "must have no item twice".to_owned(),
        "additionalProperties" => "has a member that the profile does not know".to_owned(),
        "falseSchema" => "is not for here".to_owned(),
        other => format!("does not satisfy {other}"),
    }
}

#[cfg(test)]
mod hostile;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fault_says_where_and_which_keyword_and_never_what_was_there() {
        let schema = Schema::new(json!({
            "type": "object", "required": ["id", "amount"], "additionalProperties": false,
            "properties": {"id": {"type": "string", "maxLength": 4}, "amount": {"$ref": "#/$defs/money"}},
            "$defs": {"money": {"type": "number", "minimum": 0}}
        }))
        .unwrap();
        let faults = |document: &str| schema.check(document).err().unwrap_or_default();
        assert_eq!(faults(r#"{"id":"A","amount":1}"#), []);
        for (document, pointer, keyword, detail) in [
            (
                r#"{"id":"A","amount":"SECRET"}"#,
                "/amount",
                "type",
                "must be of type number",
            ),
            (
                r#"{"id":"SECRET","amount":1}"#,
                "/id",
                "maxLength",
                "must have at most 4 characters",
            ),
            (r#"{"id":"A"}"#, "/amount", "required", "missing"),
            (
                r#"{"id":"A","amount":-1}"#,
                "/amount",
                "minimum",
                "must be at least 0",
            ),
            (
                r#"{"id":"A","amount":1,"x":"SECRET"}"#,
                "",
                "additionalProperties",
                "has a member that the profile does not know",
            ),
            ("\"SECRET\"", "", "type", "must be of type object"),
            (
                r#"{"id":"A","amount":1e999}"#,
                "",
                "type",
                "has a number that is too large to be looked at",
            ),
        ] {
            let expected = Fault {
                pointer: pointer.to_owned(),
                keyword: keyword.to_owned(),
                detail: detail.to_owned(),
            };
            assert_eq!(faults(document), [expected], "{document}");
        }
    }

    /// A schema whose definitions each refer to the next one twice.
    fn unfolding(levels: usize) -> Value {
        let mut defs = serde_json::Map::new();
        for level in 0..levels {
            let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
            defs.insert(format!("d{level}"), json!({"allOf": [next, next]}));
        }
        defs.insert(format!("d{levels}"), json!({"type": "string"}));
        json!({"$defs": defs, "$ref": "#/$defs/d0"})
    }

    #[test]
    fn a_schema_that_would_take_for_ever_or_that_says_nothing_is_refused_with_the_place() {
        let mut deep = json!(true);
        for _ in 0..40 {
            deep = json!({"items": deep});
        }
        for (schema, pointer, told) in [
            (json!({"$ref": "#"}), "/$ref", "refers to itself"),
            (
                json!({"$ref": "https://example.com/schema"}),
                "/$ref",
                "nothing is fetched",
            ),
            (
                json!({"$ref": "file:///etc/passwd"}),
                "/$ref",
                "nothing is fetched",
            ),
            (json!({"$ref": "#/$defs/none"}), "/$ref", "no such schema"),
            (
                json!({"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"x": {"$ref": "#/$defs/a"}}}}}),
                "/$defs/a/properties/x/$ref",
                "refers to itself",
            ),
            (
                json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}),
                "/$defs/",
                "refers to itself",
            ),
            (unfolding(12), "", "unfolds to more than"),
            (unfolding(31), "", "32 deep"),
            (deep, "/items/items", "32 deep"),
            (
                json!({"properties": {"a/b": {"requried": []}}}),
                "/properties/a~1b/requried",
                "no such keyword",
            ),
            (json!({"$dynamicRef": "#x"}), "/$dynamicRef", "not taken"),
            (
                json!({"unevaluatedProperties": false}),
                "/unevaluatedProperties",
                "not taken",
            ),
            (json!({"pattern": "(a+)+\\1"}), "", "pattern"),
            (json!({"pattern": "(?=a)b"}), "", "pattern"),
            (json!({"pattern": "(a{1000}){1000}"}), "", "pattern"),
            (json!({"pattern": "a".repeat(513)}), "/pattern", "512 bytes"),
            (json!({"patternProperties": {"(": true}}), "", ""),
            (json!({"format": "regex"}), "/format", "one of"),
            (json!({"type": "nothing"}), "", ""),
            (json!({"required": "id"}), "", ""),
            (json!({"enum": vec![0; 501]}), "/enum", "500"),
            (json!([]), "", "must be an object"),
            (
                json!({"$schema": "http://json-schema.org/draft-07/schema#"}),
                "/$schema",
                "2020-12",
            ),
        ] {
            let Err(error) = Schema::new(schema.clone()) else {
                panic!("{schema}");
            };
            assert!(
                error.pointer.starts_with(pointer) && error.to_string().contains(told),
                "{schema}: {error}"
            );
        }
        assert!(Schema::new(unfolding(8)).is_ok());
    }
}
