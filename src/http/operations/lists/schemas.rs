//! The bodies of requests about lists, as OpenAPI has them.

use serde_json::json;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ArrayBuilder, Object, ObjectBuilder, Type};

use crate::desk::ListName;
use crate::http::openapi::parts::string;
use crate::http::openapi::schemas::{closed, named};

/// All of them.
pub fn schemas() -> Vec<(&'static str, Object)> {
    vec![
        ("ListEnvelope", list(true)),
        ("ListEdits", list(false)),
        ("StaffEnvelope", staff()),
    ]
}

fn or_null(kind: Type, words: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([kind, Type::Null]))
        .description(Some(words))
}

fn list(whole: bool) -> Object {
    let name = string()
        .min_length(Some(1))
        .max_length(Some(ListName::MAX_CHARS))
        .description(Some("What people call it."));
    let accepts = ArrayBuilder::new()
        .items(named("Accepts"))
        .min_items(Some(1))
        .max_items(Some(16))
        .description(Some("Codes that it takes."));
    let time = "such as 2026-11-27T18:00:00Z (RFC 3339), or without an offset a local one.";
    let gates = ArrayBuilder::new()
        .items(string().min_length(Some(1)).max_length(Some(40)))
        .max_items(Some(50))
        .description(Some("Its doors. They share its counts."));
    let mut object = closed()
        .property("name", name)
        .property("accepts", accepts)
        .property(
            "accept_public",
            or_null(Type::Boolean, "Take codes of profiles under which anyone may issue, too."),
        )
        .property(
            "time_zone",
            or_null(Type::String, "The time zone of its place (IANA), such as `Europe/Berlin`; `UTC` if it is not given."),
        )
        .property(
            "opens_at",
            or_null(Type::String, &format!("The time before which nobody enters, {time}")),
        )
        .property(
            "closes_at",
            or_null(Type::String, &format!("The time from which on nobody enters, {time} Whoever is inside is let out all the same.")),
        )
        .property(
            "entries",
            or_null(Type::String, "How often a code enters; `once` if it is not given. With exits it enters again after it left.")
                .enum_values(Some([json!("once"), json!("once_a_day"), json!("many"), json!(null)])),
        )
        .property(
            "exits",
            or_null(Type::String, "`on`: people are let out, too, so that it is known who is inside.")
                .enum_values(Some([json!("on"), json!("off"), json!(null)])),
        )
        .property(
            "exit_all_at",
            or_null(Type::String, "The local hour at which everybody inside is let out; `03:00` if it is not given.")
                .pattern(Some("^[0-2][0-9]:[0-5][0-9]$")),
        )
        .property(
            "max_inside",
            or_null(Type::Integer, "How many people may be inside. Takes exits.")
                .minimum(Some(1))
                .maximum(Some(1_000_000)),
        )
        .property(
            "people",
            or_null(Type::String, "The field, by a JSON pointer, that says how many people a code admits, 1 to 50.")
                .pattern(Some("^/")),
        )
        .property(
            "store",
            or_null(Type::String, "What is kept of whoever is let in: `times`, or with `visit` a copy of the document, too, sealed under the server's key; of a document with a PIN, too.")
                .enum_values(Some([json!("times"), json!("visit"), json!(null)])),
        )
        .property(
            "assumed_stay_minutes",
            or_null(Type::Integer, "How many minutes somebody stays who is not let out, as far as presence goes; 120 if it is not given.")
                .minimum(Some(1))
                .maximum(Some(10_080)),
        )
        .property(
            "retention_days",
            or_null(Type::Integer, "How many days check-ins and visits are kept; 21 if it is not given. That a code entered is known until it ends.")
                .minimum(Some(1))
                .maximum(Some(3_660)),
        )
        .property("gates", gates)
        .property(
            "roll_call",
            or_null(Type::String, "`staff`: whoever checks in sees on the page `/desk` who is inside, and lets people out without their codes. Takes exits.")
                .enum_values(Some([json!("off"), json!("staff"), json!(null)])),
        );
    if whole {
        object = object.required("name").required("accepts");
    }
    object
        .examples([json!({
            "name": "Gala",
            "accepts": [{"profile": "ticket", "where": {"/event": "gala-2026"}}],
            "time_zone": "Europe/Berlin",
            "entries": "once",
            "exits": "on",
            "max_inside": 300,
            "gates": ["north", "south"]
        })])
        .build()
}

fn staff() -> Object {
    let numbers = |words: &str| {
        ArrayBuilder::new()
            .items(
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .minimum(Some(0))
                    .maximum(Some(u32::MAX)),
            )
            .max_items(Some(200))
            .description(Some(words))
    };
    closed()
        .property("accounts", numbers("The numbers of accounts."))
        .property("api_keys", numbers("The numbers of API keys."))
        .examples([json!({"accounts": [3], "api_keys": []})])
        .build()
}
