//! The operations about tokens that were issued: receipts, revoking, PINs.

use serde_json::{Value, json};
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{
    ContentBuilder, KnownFormat, Object, ObjectBuilder, Required, Response, ResponseBuilder,
    SchemaFormat, Type,
};

use super::operations::{fail, get, operation, post, secured};
use super::schemas::named;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, InvalidJson, PayloadTooLarge, RequestTimeout, TemporarilyUnavailable,
    TokenNotRecognised, Unauthorized, UnsupportedMediaType, Validation,
};
use crate::receipts::ListReceipts;
use crate::store::{ReceiptState, Scope};

/// Every path with its operations.
pub fn paths() -> Vec<(&'static str, PathItem)> {
    vec![
        ("/api/tokens", get(list())),
        ("/api/tokens/{id}", get(show())),
        (
            "/api/tokens/{id}/opens",
            PathItem::new(HttpMethod::Delete, erase_opens()),
        ),
        ("/api/tokens/{id}/revoke", post(revoke())),
        ("/api/tokens/{id}/pin-reset", post(reset_pin())),
    ]
}

const NEVER_MET: &str = "404 for an id that the ledger never met: it meets a token when a limited one is first opened, a PIN is \
    tried, or it is revoked, and forgets it an hour after its end. Nothing is stored when a token is issued.";

fn show() -> OperationBuilder {
    let operation = operation(
        "showReceipt",
        "Receipts",
        "What the ledger knows of a token",
        &format!("Its state, how often and when it was opened, never from where. {NEVER_MET}"),
    )
    .parameter(id())
    .response("200", answer("The receipt.", "ReceiptAnswer"));
    let operation = secured(operation, Scope::Read);
    let problems = [
        Unauthorized,
        Forbidden,
        TokenNotRecognised,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

fn list() -> OperationBuilder {
    let state = string()
        .enum_values(Some(ReceiptState::ALL.map(|state| json!(state.as_str()))))
        .build();
    let time = || {
        string()
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .build()
    };
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(ListReceipts::MAX_LIMIT))
        .default(Some(json!(ListReceipts::DEFAULT_LIMIT)))
        .build();
    let cursor = string().pattern(Some("^[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]$"));
    let operation = operation(
        "listReceipts",
        "Receipts",
        "What the ledger knows of many tokens",
        "The newest activity first. A token to which something happens while pages are read moves to the beginning.",
    )
    .parameters(Some([
        query("state", "Only tokens in this state.", state, json!("used_up")),
        query(
            "since",
            "Only tokens with activity at or after this time.",
            time(),
            json!("2026-11-20T00:00:00Z"),
        ),
        query(
            "until",
            "Only tokens with activity before this time.",
            time(),
            json!("2026-11-21T00:00:00Z"),
        ),
        query("limit", "How many.", limit, json!(100)),
        query(
            "cursor",
            "Where the page before ended: its `next_cursor`, with the other parameters as they were.",
            cursor.build(),
            json!("AAAAAGsAjohAQUJDREVGR0hJSks"),
        ),
    ]))
    .response("200", answer("A page of receipts.", "ReceiptsAnswer"));
    let operation = secured(operation, Scope::Read);
    let problems = [Unauthorized, Forbidden, Validation, TemporarilyUnavailable];
    fail(operation, &problems)
}

fn erase_opens() -> OperationBuilder {
    let operation = operation(
        "eraseOpens",
        "Receipts",
        "Erase what a receipt tells about opens",
        &format!(
            "When they were and which were suspected bots is gone; how many there were stays. {NEVER_MET}"
        ),
    )
    .parameter(id())
    .response("204", done("It is erased."));
    fail(secured(operation, Scope::Revoke), &CHANGING)
}

fn revoke() -> OperationBuilder {
    let body = ContentBuilder::new()
        .schema(Some(named("RevocationEnvelope")))
        .build();
    let operation = operation(
        "revokeToken",
        "Revoke",
        "Revoke a token",
        "The token opens no more: through this server at once, through others on the same store within two seconds. \
         Plain tokens can be revoked too, and whether a token of this id was ever issued is not known. With the token \
         given, its revocation is forgotten after its expiry, else it is kept for ever. A token that was revoked before \
         stays as it was, and that revocation is answered.",
    )
    .parameter(id())
    .request_body(Some(
        RequestBodyBuilder::new()
            .required(Some(Required::False))
            .content("application/json", body)
            .build(),
    ))
    .response("200", answer("The revocation.", "RevocationAnswer"));
    let problems = [
        InvalidJson,
        Unauthorized,
        Forbidden,
        CrossSite,
        TokenNotRecognised,
        RequestTimeout,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(secured(operation, Scope::Revoke), &problems)
}

fn reset_pin() -> OperationBuilder {
    let operation = operation(
        "resetPin",
        "Revoke",
        "Let a token's PIN be tried again",
        &format!("Forgets all wrong tries and all locks; the PIN stays what it is. {NEVER_MET}"),
    )
    .parameter(id())
    .response("204", done("It can be tried again."));
    fail(secured(operation, Scope::Revoke), &CHANGING)
}

const CHANGING: [crate::http::problem::ProblemCode; 5] = [
    Unauthorized,
    Forbidden,
    CrossSite,
    TokenNotRecognised,
    TemporarilyUnavailable,
];

/// The body of a revocation.
pub fn revocation_envelope() -> Object {
    let text = |words: &str, most: Option<usize>| {
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::from_iter([
                Type::String,
                Type::Null,
            ]))
            .description(Some(words))
            .min_length(most.map(|_| 1))
            .max_length(most)
    };
    super::schemas::closed()
        .description(Some(
            "Why a token is revoked, and the token itself if it is at hand.",
        ))
        .property(
            "reason",
            text(
                "Why, in one line. It stands in the receipt.",
                Some(crate::revoking::Reason::MAX_CHARS),
            )
            .pattern(Some(
                r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
            ))
            .build(),
        )
        .property(
            "token",
            text("The token itself, in either text form.", None).build(),
        )
        .examples([json!({"reason": "wrong amount"})])
        .build()
}

fn id() -> Parameter {
    let schema = string().pattern(Some("^[0-9a-f]{24}$")).build();
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The token's id, as issuing answered it."))
        .schema(Some(schema))
        .example(Some(json!("404142434445464748494a4b")))
        .build()
}

fn query(name: &str, words: &str, schema: Object, example: Value) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(words))
        .schema(Some(schema))
        .example(Some(example))
        .build()
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn answer(words: &str, schema: &str) -> Response {
    let json = ContentBuilder::new().schema(Some(named(schema))).build();
    ResponseBuilder::new()
        .description(words)
        .content("application/json", json)
        .build()
}

fn done(words: &str) -> Response {
    ResponseBuilder::new().description(words).build()
}
