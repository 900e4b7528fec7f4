//! Schemas: options, envelopes, answers, problems.

use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, Components, ComponentsBuilder, SchemaType,
};
use utoipa::openapi::{
    Content, ContentBuilder, KnownFormat, Object, ObjectBuilder, Ref, RefOr, Schema, SchemaFormat,
    Type,
};

use super::problems;
use super::sample;
use crate::http::api::answer::{IssuedAnswer, SymbolAnswer};
use crate::http::api::draw_code::CodeAnswer;
use crate::http::api::health::HealthAnswer;
use crate::http::problem::ProblemCode;

/// Where an option stands, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionOf {
    /// A sealed document.
    Token,
    /// A symbol, also in an envelope's `style`.
    Symbol,
    /// The answer.
    Answer,
}

/// One option: its name, where it belongs, its words and its schema.
pub struct OptionDoc {
    /// Its name in queries, envelopes and forms.
    pub name: &'static str,
    /// What it is an option of.
    pub of: OptionOf,
    /// What it does.
    pub words: &'static str,
    /// Its type and range.
    pub schema: Object,
}

/// Every option, once.
pub fn options() -> Vec<OptionDoc> {
    let number = |least: i32, most: i32| {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(least))
            .maximum(Some(most))
    };
    let one_of = |values: &[&str]| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(values.iter().map(|value| json!(value))))
    };
    let colour = |pattern: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(pattern))
    };
    let option =
        |name, of, words, schema: ObjectBuilder, default: Option<Value>, example: Value| {
            OptionDoc {
                name,
                of,
                words,
                schema: schema.default(default).examples([example]).build(),
            }
        };
    vec![
        option(
            "expires_in",
            OptionOf::Token,
            "Seconds for which the token opens, 60 to 315,360,000 (10 years), rounded up to the minute. Not given: as long as its key is enabled.",
            number(60, 315_360_000),
            None,
            json!(2_592_000),
        ),
        option(
            "codec",
            OptionOf::Token,
            "`auto`: the smallest of what the codecs give. `raw`: JSON text as it is, so that the length of the token tells nothing more about the content than its length; use it where a stranger chooses part of a document.",
            one_of(&["auto", "raw"]),
            Some(json!("auto")),
            json!("auto"),
        ),
        option(
            "ecl",
            OptionOf::Symbol,
            "Error correction level: about 7 % (L), 15 % (M), 25 % (Q) or 30 % (H) of the codewords may be damaged. `auto`: the highest that needs no larger symbol than M.",
            one_of(&["L", "M", "Q", "H", "auto"]),
            None,
            json!("M"),
        ),
        option(
            "scale",
            OptionOf::Symbol,
            "Pixels a module side. A picture has at most 4,096 pixels a side.",
            number(1, 64),
            Some(json!(8)),
            json!(8),
        ),
        option(
            "quiet_zone",
            OptionOf::Symbol,
            "Light modules around the symbol; the standard asks for 4.",
            number(0, 16),
            Some(json!(4)),
            json!(4),
        ),
        option(
            "dark",
            OptionOf::Symbol,
            "Colour of dark modules. It has to stand out from the light ones, and be the darker of the two.",
            colour("^#[0-9A-Fa-f]{6}$"),
            Some(json!("#000000")),
            json!("#1a2b3c"),
        ),
        option(
            "light",
            OptionOf::Symbol,
            "Colour of light modules and quiet zone, or `transparent`.",
            colour("^(#[0-9A-Fa-f]{6}|transparent)$"),
            Some(json!("#ffffff")),
            json!("#ffffff"),
        ),
        option(
            "format",
            OptionOf::Answer,
            "Form of the answer: PNG or SVG picture, half blocks for a terminal, or JSON. It beats `Accept`.",
            one_of(&["png", "svg", "txt", "json"]),
            None,
            json!("png"),
        ),
    ]
}

/// Everything that operations refer to by name.
pub fn components() -> Components {
    ComponentsBuilder::new()
        .schema("TokenEnvelope", token_envelope())
        .schema("CodeEnvelope", code_envelope())
        .schema("Style", style())
        .schema("Problem", problem())
        .schema_from::<IssuedAnswer>()
        .schema_from::<SymbolAnswer>()
        .schema_from::<CodeAnswer>()
        .schema_from::<HealthAnswer>()
        .build()
}

/// Any JSON value.
pub fn any(words: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::any())
        .description(Some(words))
        .build()
}

/// A page.
pub fn html(words: &str) -> Content {
    let page = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(words));
    ContentBuilder::new().schema(Some(page.build())).build()
}

/// A picture.
pub fn picture(binary: bool) -> Content {
    let mut schema = ObjectBuilder::new().schema_type(Type::String);
    if binary {
        schema = schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
    }
    ContentBuilder::new().schema(Some(schema.build())).build()
}

/// A reference to a schema by name.
pub fn named(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

fn closed() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}

fn with_words(option: OptionDoc) -> (&'static str, Object) {
    let mut schema = option.schema;
    schema.description = Some(option.words.to_owned());
    // In an envelope null is the same as not given.
    if let SchemaType::Type(kind) = schema.schema_type {
        schema.schema_type = SchemaType::from_iter([kind, Type::Null]);
    }
    if let Some(values) = &mut schema.enum_values {
        values.push(Value::Null);
    }
    (option.name, schema)
}

fn style() -> Object {
    let mut object = closed().description(Some("What the symbol looks like."));
    for option in options() {
        if option.of == OptionOf::Symbol {
            let (name, schema) = with_words(option);
            object = object.property(name, schema);
        }
    }
    object.build()
}

fn token_envelope() -> Object {
    let mut object = closed()
        .description(Some("A document and options."))
        .property(
            "payload",
            any("The document: any JSON value of at most 65,536 bytes without white space, at most 32 brackets deep, at most 1,000 members an object, no name twice in one object."),
        )
        .required("payload");
    for option in options() {
        if option.of != OptionOf::Symbol {
            let (name, schema) = with_words(option);
            object = object.property(name, schema);
        }
    }
    object
        .property("style", named("Style"))
        .examples([json!({
            "payload": sample::document(),
            "expires_in": 2_592_000,
            "style": {"ecl": "Q", "dark": "#1a2b3c"}
        })])
        .build()
}

fn code_envelope() -> Object {
    let value = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .description(Some("What the symbol says: any text."))
        .build();
    let mut object = closed()
        .description(Some("A text and options."))
        .property("value", value)
        .required("value");
    for option in options() {
        if option.of != OptionOf::Token {
            let (name, schema) = with_words(option);
            object = object.property(name, schema);
        }
    }
    object
        .examples([json!({"value": "https://example.com/menu", "ecl": "Q"})])
        .build()
}

fn problem() -> Object {
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("An error (RFC 9457)."));
    for (name, required, kind, words, example) in problems::members() {
        let mut schema = ObjectBuilder::new()
            .schema_type(kind)
            .description(Some(words))
            .examples([example]);
        if name == "code" {
            let codes = ProblemCode::ALL.map(|code| json!(code.as_str()));
            schema = schema.enum_values(Some(codes));
        }
        object = object.property(name, schema.build());
        if required {
            object = object.required(name);
        }
    }
    let text = |words: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(words))
            .build()
    };
    let fault = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("pointer", text("Where it stands (RFC 6901)."))
        .required("pointer")
        .property("detail", text("What is wrong, or what would be right."))
        .required("detail")
        .build();
    object
        .property(
            "errors",
            ArrayBuilder::new()
                .items(fault)
                .description(Some("Every option or field that is not valid."))
                .build(),
        )
        .build()
}
