//! What descriptions of operations are made of.
//!
//! Belongs here: parameters, bodies and answers that several operations have. Does not belong here: what one operation
//! says, which stands beside its handler.

use serde_json::{Value, json};
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, KnownFormat, Object, ObjectBuilder, Required, Response,
    ResponseBuilder, SchemaFormat, Type,
};

use super::schemas::{named, picture};
use super::{problems, sample};
use crate::drawing::Drawn;
use crate::http::operations::codes::CodeAnswer;
use crate::http::problem::ProblemCode::{
    self, Forbidden, IdempotencyConflict, InvalidJson, JsonTooDeep, MalformedRequest,
    PayloadTooLarge, QrCapacity, RateLimited, RequestTimeout, StyleUnscannable,
    TemporarilyUnavailable, Unauthorized, UnsupportedMediaType, Validation,
};
use crate::qr::Style;
use crate::store::Scope;

/// The name of the security scheme.
pub const API_KEY: &str = "apiKey";

/// What a request to issue can be answered with.
pub const ISSUING: [ProblemCode; 14] = [
    InvalidJson,
    Unauthorized,
    Forbidden,
    IdempotencyConflict,
    RequestTimeout,
    MalformedRequest,
    PayloadTooLarge,
    UnsupportedMediaType,
    JsonTooDeep,
    Validation,
    QrCapacity,
    StyleUnscannable,
    RateLimited,
    TemporarilyUnavailable,
];

pub fn operation(id: &str, tag: &str, summary: &str, description: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(id))
        .tag(tag)
        .summary(Some(summary))
        .description(Some(description))
}

pub fn fail(operation: OperationBuilder, codes: &[ProblemCode]) -> OperationBuilder {
    problems::responses(codes)
        .into_iter()
        .fold(operation, |operation, (status, response)| {
            operation.response(status, response)
        })
}

/// It takes an API key with this scope, unless nobody needs one.
pub fn secured(operation: OperationBuilder, scope: Scope) -> OperationBuilder {
    operation
        .security(SecurityRequirement::new(API_KEY, [scope.as_str()]))
        .security(SecurityRequirement::default())
}

pub fn idempotency_key() -> Parameter {
    keyed(
        "Chosen by the client, new for every request. The same request with the same key gets the same token for a day, \
         with `Idempotent-Replayed: true`, and nothing is sealed again; another request with it gets 409. With a PIN that \
         is drawn a repeated request gets 409, too: the PIN was in the first answer only. Keys of different API keys never \
         meet. For that day the sealed token is stored.",
    )
}

/// The key with which a request may be sent again, and what these words say of it.
pub fn keyed(words: &str) -> Parameter {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(words))
        .schema(Some(key.build()))
        .build()
}

pub fn if_match() -> Parameter {
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The revision that is to be changed, in quotes. If somebody changed it meanwhile, nothing is changed: 412.",
        ))
        .schema(Some(string().pattern(Some("^([*]|\"[0-9]+\")$")).build()))
        .example(Some(json!("\"1\"")))
        .build()
}

pub fn required_body(content: ContentBuilder) -> RequestBody {
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/json", content.build())
        .build()
}

pub fn issued(words: &str) -> Response {
    let link = ObjectBuilder::new().schema_type(Type::String).build();
    let json = ContentBuilder::new()
        .schema(Some(named("IssuedAnswer")))
        .example(Some(sample::issued_answer()))
        .build();
    ResponseBuilder::new()
        .description(words)
        .header(
            "Location",
            HeaderBuilder::new()
                .description(Some("The link, as it stands in the symbol."))
                .schema(Some(link))
                .build(),
        )
        .header(
            "Token-Id",
            HeaderBuilder::new()
                .description(Some("The token's id, which opens nothing."))
                .schema(Some(string().pattern(Some("^[0-9a-f]{24}$")).build()))
                .build(),
        )
        .content("application/json", json)
        .content("image/png", picture(true))
        .content("image/svg+xml", picture(false))
        .content("application/pdf", picture(true))
        .content("text/plain", picture(false))
        .build()
}

pub fn drawn() -> Response {
    let symbol = sample::symbol();
    let answer = CodeAnswer {
        qr: (&Drawn::Plain(&symbol, Style::default())).into(),
    };
    let json = ContentBuilder::new()
        .schema(Some(named("CodeAnswer")))
        .example(serde_json::to_value(answer).ok())
        .build();
    ResponseBuilder::new()
        .description("The symbol, or what is known about it.")
        .content("application/json", json)
        .content("image/png", picture(true))
        .content("image/svg+xml", picture(false))
        .content("application/pdf", picture(true))
        .content("text/plain", picture(false))
        .build()
}

pub fn health(words: &str) -> Response {
    let json = ContentBuilder::new()
        .schema(Some(named("HealthAnswer")))
        .build();
    ResponseBuilder::new()
        .description(words)
        .content("application/json", json)
        .build()
}

/// The answer that the server is ready.
pub fn ready(words: &str) -> Response {
    let json = ContentBuilder::new()
        .schema(Some(named("ReadyAnswer")))
        .build();
    ResponseBuilder::new()
        .description(words)
        .content("application/json", json)
        .build()
}

/// A parameter of a list.
pub fn filter(name: &str, words: &str, schema: Object, example: Value) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(words))
        .schema(Some(schema))
        .example(Some(example))
        .build()
}

/// A time.
pub fn date_time() -> Object {
    string()
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .build()
}

pub fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

pub fn answer(words: &str, schema: &str) -> Response {
    let json = ContentBuilder::new().schema(Some(named(schema))).build();
    ResponseBuilder::new()
        .description(words)
        .content("application/json", json)
        .build()
}

/// The same answer that may be one to a request that was sent again.
pub fn answer_again(words: &str, schema: &str) -> Response {
    let again = HeaderBuilder::new()
        .description(Some(
            "`true`, if it was answered so before; else it is not there.",
        ))
        .schema(Some(string().enum_values(Some([json!("true")])).build()))
        .build();
    ResponseBuilder::from(answer(words, schema))
        .header("Idempotent-Replayed", again)
        .build()
}

pub fn done(words: &str) -> Response {
    ResponseBuilder::new().description(words).build()
}
