//! What OpenAPI says of options, made of their rows.

use serde_json::{Value, json};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{Object, ObjectBuilder, Required, Type};

use super::{Place, Row, Topic};
use crate::options::{Facts, Range};

/// A red disc of 8 by 8 pixels: a PNG in base64.
pub const SAMPLE_LOGO: &str = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQMAAAD+wSzIAAAABlBMVEW+FCj///91/1tLAAAAEUlEQVR42mM4zNDIAAONDIcBFFACiYUTPBAAAAAASUVORK5CYII=";

/// The options that a query takes.
pub fn query(topic: Topic) -> Vec<Parameter> {
    let rows = Row::all(topic).map(Row::facts);
    rows.filter(|facts| facts.stands_in(Place::Query))
        .map(|facts| {
            ParameterBuilder::new()
                .name(facts.name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(facts.words))
                .schema(Some(schema_of(facts)))
                .build()
        })
        .collect()
}

/// An option as a member of an envelope, where null is the same as not given.
pub fn property(facts: &Facts) -> Object {
    let mut schema = schema_of(facts);
    schema.description = Some(facts.words.to_owned());
    if let SchemaType::Type(kind) = schema.schema_type {
        schema.schema_type = SchemaType::from_iter([kind, Type::Null]);
    }
    if let Some(values) = &mut schema.enum_values {
        values.push(Value::Null);
    }
    schema
}

/// The values of an option. No default: what generated clients would send comes before a style and the configuration.
pub fn schema_of(facts: &Facts) -> Object {
    let kind = |kind| ObjectBuilder::new().schema_type(kind);
    let (schema, example) = match facts.range {
        Range::Whole { least, most, .. } | Range::Time { least, most } => (
            kind(Type::Integer).minimum(Some(least)).maximum(Some(most)),
            json!(facts.example.parse::<u64>().unwrap_or(least)),
        ),
        Range::Decimal { least, most, .. } => (
            kind(Type::Number).minimum(Some(least)).maximum(Some(most)),
            json!(facts.example.parse::<f64>().unwrap_or(least)),
        ),
        Range::Words(words) => (
            kind(Type::String).enum_values(Some(words.iter().map(|word| json!(word)))),
            json!(facts.example),
        ),
        Range::Text { pattern, chars, .. } => {
            let mut schema = kind(Type::String);
            if !pattern.is_empty() {
                schema = schema.pattern(Some(pattern));
            }
            if let Some((least, most)) = chars {
                schema = schema.min_length(Some(least)).max_length(Some(most));
            }
            (schema, json!(facts.example))
        }
        Range::Flag => (kind(Type::Boolean), json!(facts.example == "true")),
        Range::Picture => (
            kind(Type::String)
                .pattern(Some(
                    "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
                ))
                .min_length(Some(1))
                .content_encoding("base64"),
            json!(SAMPLE_LOGO),
        ),
    };
    schema.examples([example]).build()
}
