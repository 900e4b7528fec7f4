//! Typed contents: their schemas, and an example of each.

use serde_json::{Value, json};
use utoipa::PartialSchema as _;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::schema::{AdditionalProperties, ComponentsBuilder, OneOfBuilder};
use utoipa::openapi::{Object, ObjectBuilder, RefOr, Schema, Type};

use super::schemas::named;
use crate::drawing::content::{EpcPayment, Event, Geo, Mailto, Mecard, Sms, Vcard, Wifi};
use crate::http::options::SAMPLE_LOGO;

/// Each kind: its name in an envelope, the name of its schema, what it does, an example.
fn kinds() -> [(&'static str, &'static str, &'static str, Value); 8] {
    [
        (
            "wifi",
            "Wifi",
            "Joins a wireless network",
            json!({"ssid": "Guests", "password": "correct horse"}),
        ),
        (
            "vcard",
            "Vcard",
            "Saves a contact, with all that a vCard can say",
            json!({"first_name": "Ada", "last_name": "Lovelace", "organisation": "Analytical Engines", "mobile": "+44 20 7946 0958",
                "email": "ada@example.com", "url": "https://example.com/ada", "city": "London"}),
        ),
        (
            "mecard",
            "Mecard",
            "Saves a contact, in fewer modules",
            json!({"first_name": "Ada", "last_name": "Lovelace", "phone": "+44 20 7946 0958"}),
        ),
        (
            "epc_payment",
            "EpcPayment",
            "Fills in a credit transfer in euro",
            json!({"name": "Red Cross of Belgium", "iban": "BE72 0000 0000 1616", "amount": "12.30", "text": "Urgency fund"}),
        ),
        (
            "geo",
            "Geo",
            "Shows a place on a map",
            json!({"latitude": 48.2082, "longitude": 16.3738}),
        ),
        (
            "sms",
            "Sms",
            "Starts a text message",
            json!({"number": "+49 30 123456", "text": "Table 12: the bill, please"}),
        ),
        (
            "mailto",
            "Mailto",
            "Starts a mail",
            json!({"to": "support@example.com", "subject": "Order 4711"}),
        ),
        (
            "event",
            "Event",
            "Adds an event to a calendar",
            json!({"summary": "Concert", "starts_at": "2026-05-01T19:30:00+02:00", "ends_at": "2026-05-01T22:00:00+02:00",
                "location": "Main Square, Linz"}),
        ),
    ]
}

/// The schemas of all kinds.
pub fn add(components: ComponentsBuilder) -> ComponentsBuilder {
    components
        .schema("Wifi", wifi())
        .schema_from::<Vcard>()
        .schema_from::<Mecard>()
        .schema_from::<EpcPayment>()
        .schema_from::<Geo>()
        .schema_from::<Sms>()
        .schema_from::<Mailto>()
        .schema_from::<Event>()
}

/// What may be drawn: a text, or one of the kinds.
pub fn names() -> Vec<&'static str> {
    let kinds = kinds().map(|(name, ..)| name);
    ["value"].into_iter().chain(kinds).collect()
}

/// `envelope`, with a text or exactly one of the kinds.
pub fn with_content(mut envelope: ObjectBuilder) -> Schema {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .description(Some("What the symbol says: any text."))
        .build();
    envelope = envelope.property("value", text);
    for (name, schema, _, _) in kinds() {
        envelope = envelope.property(name, named(schema));
    }
    let words =
        "A text, or exactly one of the typed contents, from which the text is made; and options.";
    envelope.description(Some(words)).build().into()
}

/// Bodies for a plain code of each kind.
pub fn examples() -> Vec<(&'static str, Example)> {
    let example = |words: &str, value: Value| {
        ExampleBuilder::new()
            .summary(words)
            .value(Some(value))
            .build()
    };
    let mut examples = vec![
        (
            "text",
            example(
                "Any text",
                json!({"value": "https://example.com/menu", "ecl": "Q"}),
            ),
        ),
        (
            "styled",
            example(
                "In a style: round shapes, colours, a logo and a caption, 30 mm wide in print",
                json!({"value": "https://example.com/menu", "module_shape": "rounded", "finder_shape": "circle", "dark": "#123c7a",
                    "logo": SAMPLE_LOGO, "logo_share": 20, "caption": "Menu", "width_mm": 30}),
            ),
        ),
    ];
    examples.extend(
        kinds()
            .into_iter()
            .map(|(name, _, words, value)| (name, example(words, json!({ name: value })))),
    );
    examples
}

/// A password belongs to the kind of protection, which attributes of a type cannot say.
fn wifi() -> Schema {
    let RefOr::T(Schema::Object(all)) = Wifi::schema() else {
        return Schema::default();
    };
    let with = |security: &[Value], password: Option<&str>| -> Object {
        let mut object = ObjectBuilder::new()
            .schema_type(Type::Object)
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)));
        for name in ["ssid", "hidden"] {
            if let Some(schema) = all.properties.get(name) {
                object = object.property(name, schema.clone());
            }
        }
        let security_schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("How it is protected; wpa if it is not given."))
            .enum_values(Some(security.to_vec()));
        object = object
            .property("security", security_schema)
            .required("ssid");
        if security != [json!("wpa")] {
            object = object.required("security");
        }
        match password {
            Some(pattern) => object
                .property(
                    "password",
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .pattern(Some(pattern)),
                )
                .required("password"),
            None => object,
        }
        .build()
    };
    OneOfBuilder::new()
        .description(all.description.clone())
        .item(with(
            &[json!("wpa")],
            Some("^([ -~]{8,63}|[0-9A-Fa-f]{64})$"),
        ))
        .item(with(
            &[json!("wep")],
            Some("^([ -~]{5}|[ -~]{13}|[0-9A-Fa-f]{10}|[0-9A-Fa-f]{26})$"),
        ))
        .item(with(&[json!("open")], None))
        .build()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::http::extract::CodeEnvelope;

    #[test]
    fn every_example_is_taken() {
        let config = config::load(None, []).expect("the defaults are valid");
        for (name, example) in examples() {
            let value = serde_json::to_value(&example).expect("an example is JSON")["value"].take();
            let envelope = CodeEnvelope::parse(value.to_string().as_bytes(), &config);
            assert!(envelope.is_ok(), "{name}: {envelope:?}");
        }
    }
}
