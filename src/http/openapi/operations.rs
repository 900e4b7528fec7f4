//! The operations: path, method, words, parameters, body, answers.

use serde_json::json;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem, Paths,
    PathsBuilder,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, ObjectBuilder, Required, Response, ResponseBuilder, Type,
};

use super::contents;
use super::options::{OptionOf, options};
use super::schemas::{any, html, named, picture};
use super::{opening, problems, receipts, sample};
use crate::drawing::Drawn;
use crate::http::problem::ProblemCode::{
    self, Forbidden, IdempotencyConflict, InvalidJson, JsonTooDeep, NotFound, PayloadTooLarge,
    QrCapacity, RateLimited, RequestTimeout, StyleUnscannable, TemporarilyUnavailable,
    Unauthorized, UnsupportedMediaType, Validation,
};
use crate::qr::Style;
use crate::store::Scope;

/// Every path.
pub fn paths() -> Paths {
    let paths = PathsBuilder::new()
        .path("/api/qrcode/encrypted-payload", post(seal_payload()))
        .path("/api/tokens", post(issue_token()))
        .path("/{digits}", get(opening::look_by_link()))
        .path("/{digits}", post(opening::open_by_link()))
        .path("/api/decrypt/qrcode-details", get(opening::look_by_query()))
        .path("/api/decrypt/qrcode-details", post(opening::open_by_body()))
        .path("/api/qrcode", post(draw_by_body()))
        .path("/generate_qr", get(draw_by_query()))
        .path("/healthz", get(live()))
        .path("/readyz", get(ready()))
        .path("/problems/{code}", get(problem_page()));
    receipts::paths()
        .into_iter()
        .fold(paths, |paths, (path, item)| paths.path(path, item))
        .build()
}

/// The name of the security scheme.
pub(super) const API_KEY: &str = "apiKey";

/// What a request to issue can be answered with.
const ISSUING: [ProblemCode; 13] = [
    InvalidJson,
    Unauthorized,
    Forbidden,
    IdempotencyConflict,
    RequestTimeout,
    PayloadTooLarge,
    UnsupportedMediaType,
    JsonTooDeep,
    Validation,
    QrCapacity,
    StyleUnscannable,
    RateLimited,
    TemporarilyUnavailable,
];

fn seal_payload() -> OperationBuilder {
    let body = ContentBuilder::new()
        .schema(Some(any(
            "The document: any JSON value of at most 65,536 bytes without white space, at most 32 brackets deep, at \
             most 1,000 members an object, no name twice in one object. Numbers, strings and the order of members stay \
             as they are.",
        )))
        .example(Some(sample::document()));
    let operation = operation(
        "sealPayload",
        "Seal",
        "Seal a JSON document into a QR code",
        "The body is the document. The answer is the symbol, a PNG unless `format` or `Accept` say otherwise, and \
         `Location` is the link in it. Nothing is stored: the symbol is the only copy.",
    )
    .parameters(Some(query(&[OptionOf::Token, OptionOf::Style, OptionOf::Symbol, OptionOf::Answer])))
    .parameter(idempotency_key())
    .request_body(Some(required_body(body)))
    .response("201", issued("The symbol of the sealed document."));
    fail(secured(operation, Scope::Issue), &ISSUING)
}

fn issue_token() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("TokenEnvelope")));
    let operation = operation(
        "issueToken",
        "Seal",
        "Seal a document and learn about its token",
        "The same with an envelope, for options that must not stand in a URL. The answer is JSON unless `format` or \
         `Accept` say otherwise.",
    )
    .parameter(idempotency_key())
    .request_body(Some(required_body(body)))
    .response("201", issued("What is known about the token, or its symbol."));
    fail(secured(operation, Scope::Issue), &ISSUING)
}

fn draw_by_body() -> OperationBuilder {
    let body = ContentBuilder::new()
        .schema(Some(named("CodeEnvelope")))
        .examples_from_iter(contents::examples());
    let operation = operation(
        "drawCode",
        "Plain codes",
        "Draw a QR code of any text",
        "Nothing is sealed: whoever scans the code reads the text. In the place of `value` there may be one of the typed \
         contents, from which the text is made as phones expect it.",
    )
    .request_body(Some(required_body(body)))
    .response("200", drawn());
    let problems = [
        InvalidJson,
        RequestTimeout,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        QrCapacity,
        StyleUnscannable,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

fn draw_by_query() -> OperationBuilder {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1));
    let data = ParameterBuilder::new()
        .name("data")
        .parameter_in(ParameterIn::Query)
        .required(Required::True)
        .description(Some("What the symbol says: any text."))
        .schema(Some(text.build()))
        .example(Some(json!("https://example.com/menu")))
        .build();
    let mut parameters = vec![data];
    parameters.extend(query(&[
        OptionOf::Style,
        OptionOf::Symbol,
        OptionOf::Answer,
    ]));
    let operation = operation(
        "drawCodeByQuery",
        "Plain codes",
        "Draw a QR code of any text, with a GET",
        "For an `img` element or a quick try. The text stands in the URL, and so in the logs of whatever is between.",
    )
    .parameters(Some(parameters))
    .response("200", drawn());
    let problems = [
        Validation,
        QrCapacity,
        StyleUnscannable,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

fn live() -> OperationBuilder {
    let operation = operation(
        "live",
        "Service",
        "Whether the process lives",
        "With its version.",
    )
    .response("200", health("It lives."));
    fail(operation, &[TemporarilyUnavailable])
}

fn ready() -> OperationBuilder {
    let operation = operation(
        "ready",
        "Service",
        "Whether the server can issue and open",
        "It has a primary key, a clock that can be right, and has read the revocations and API keys once.",
    )
    .response("200", health("It is ready."));
    fail(operation, &[TemporarilyUnavailable])
}

fn problem_page() -> OperationBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let code = ParameterBuilder::new()
        .name("code")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("A problem's `code`."))
        .schema(Some(text.build()))
        .example(Some(json!("qr_capacity")))
        .build();
    let page = ResponseBuilder::new()
        .description("What the code means and what to do next.")
        .content("text/html", html("A page."));
    let operation = operation(
        "problem",
        "Service",
        "What an error means",
        "Where `type` of a problem leads.",
    )
    .parameter(code)
    .response("200", page.build());
    fail(operation, &[NotFound, TemporarilyUnavailable])
}

pub(super) fn post(operation: OperationBuilder) -> PathItem {
    PathItem::new(HttpMethod::Post, operation)
}

pub(super) fn get(operation: OperationBuilder) -> PathItem {
    PathItem::new(HttpMethod::Get, operation)
}

pub(super) fn operation(id: &str, tag: &str, summary: &str, description: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(id))
        .tag(tag)
        .summary(Some(summary))
        .description(Some(description))
}

pub(super) fn fail(operation: OperationBuilder, codes: &[ProblemCode]) -> OperationBuilder {
    problems::responses(codes)
        .into_iter()
        .fold(operation, |operation, (status, response)| {
            operation.response(status, response)
        })
}

/// It takes an API key with this scope, unless nobody needs one.
pub(super) fn secured(operation: OperationBuilder, scope: Scope) -> OperationBuilder {
    operation
        .security(SecurityRequirement::new(API_KEY, [scope.as_str()]))
        .security(SecurityRequirement::default())
}

fn query(of: &[OptionOf]) -> Vec<Parameter> {
    options()
        .into_iter()
        .filter(|option| of.contains(&option.of))
        .map(|option| {
            ParameterBuilder::new()
                .name(option.name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(option.words))
                .schema(Some(option.schema))
                .build()
        })
        .collect()
}

fn idempotency_key() -> Parameter {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Chosen by the client, new for every request. The same request with the same key gets the same token for a day, \
             with `Idempotent-Replayed: true`, and nothing is sealed again; another request with it gets 409. With a PIN that \
             is drawn a repeated request gets 409, too: the PIN was in the first answer only. Keys of different API keys never \
             meet. For that day the sealed token is stored.",
        ))
        .schema(Some(key.build()))
        .build()
}

fn required_body(content: ContentBuilder) -> RequestBody {
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/json", content.build())
        .build()
}

fn issued(words: &str) -> Response {
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
        .content("image/png", picture(true))
        .content("image/svg+xml", picture(false))
        .content("text/plain", picture(false))
        .content("application/json", json)
        .build()
}

fn drawn() -> Response {
    let symbol = sample::symbol();
    let answer = crate::http::api::draw_code::CodeAnswer {
        qr: (&Drawn::Plain(&symbol, Style::default())).into(),
    };
    let json = ContentBuilder::new()
        .schema(Some(named("CodeAnswer")))
        .example(serde_json::to_value(answer).ok())
        .build();
    ResponseBuilder::new()
        .description("The symbol, or what is known about it.")
        .content("image/png", picture(true))
        .content("image/svg+xml", picture(false))
        .content("text/plain", picture(false))
        .content("application/json", json)
        .build()
}

fn health(words: &str) -> Response {
    let json = ContentBuilder::new()
        .schema(Some(named("HealthAnswer")))
        .build();
    ResponseBuilder::new()
        .description(words)
        .content("application/json", json)
        .build()
}
