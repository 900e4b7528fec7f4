//! The operations that open: looking with a GET, and the POST that counts.

use serde_json::{Value, json};
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{AdditionalProperties, SchemaType};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Object, ObjectBuilder, RefOr, Required, Response,
    ResponseBuilder, Schema, Type,
};

use super::operations::{fail, operation};
use super::sample;
use super::schemas::{any, html, named};
use crate::http::problem::ProblemCode::{
    self, CrossSite, InvalidJson, KeyRetired, OpenRequired, PayloadTooLarge, PinIncorrect,
    PinLocked, RateLimited, RequestTimeout, TemporarilyUnavailable, TokenExpired,
    TokenNotRecognised, TokenRevoked, TokenUsedUp, UnsupportedMediaType, Validation,
};

/// What a GET on a token can be answered with.
const LOOKING: [ProblemCode; 9] = [
    OpenRequired,
    TokenNotRecognised,
    TokenExpired,
    TokenUsedUp,
    TokenRevoked,
    KeyRetired,
    PinLocked,
    RateLimited,
    TemporarilyUnavailable,
];

/// What a POST on a token can be answered with.
const COUNTING: [ProblemCode; 16] = [
    InvalidJson,
    OpenRequired,
    PinIncorrect,
    CrossSite,
    TokenNotRecognised,
    RequestTimeout,
    TokenExpired,
    TokenUsedUp,
    TokenRevoked,
    KeyRetired,
    PayloadTooLarge,
    UnsupportedMediaType,
    Validation,
    PinLocked,
    RateLimited,
    TemporarilyUnavailable,
];

const HELD: &str = "A token with a limited number of opens or a PIN is not opened by this: a browser gets a page with a button, any \
    other client 403 `open_required`, with what a POST has to say.";

/// `GET /{digits}`
pub fn look_by_link() -> OperationBuilder {
    let operation = operation(
        "openByLink",
        "Open",
        "Open a link, as a phone does",
        &format!(
            "A browser gets a page with the document laid out for a person; any other client gets the document itself, \
             byte for byte as it was minified. Nothing is changed by it, and the query is ignored. {HELD}"
        ),
    )
    .parameter(digits())
    .response("200", document(false));
    fail(operation, &LOOKING)
}

/// `GET /api/decrypt/qrcode-details`
pub fn look_by_query() -> OperationBuilder {
    let ctext = ParameterBuilder::new()
        .name("ctext")
        .parameter_in(ParameterIn::Query)
        .required(Required::True)
        .description(Some(
            "The token in either text form: digits, or base64url without padding.",
        ))
        .schema(Some(ctext()))
        .example(Some(json!(sample::issued().token.to_base64url())))
        .build();
    let flag = ObjectBuilder::new().schema_type(Type::String);
    let download = ParameterBuilder::new()
        .name("download")
        .parameter_in(ParameterIn::Query)
        .description(Some(
            "Given with any value: the document as a file to be saved, also for a browser.",
        ))
        .schema(Some(flag.build()))
        .example(Some(json!("1")))
        .build();
    let operation = operation(
        "openByQuery",
        "Open",
        "Open a token",
        &format!(
            "The same as opening a link, for a token in either text form. Other parameters are ignored. {HELD}"
        ),
    )
    .parameter(ctext)
    .parameter(download)
    .response("200", document(false));
    fail(operation, &LOOKING)
}

const COUNTED: &str = "Takes one open of a limited token, and the PIN of a token that has one. The open is counted, durably, before \
    the document leaves; the same `open_id` within two minutes gives the document again and counts once. A wrong PIN \
    spends a try and no open. A plain token is answered as with GET. A form that another site's page sent is refused.";

/// `POST /{digits}`
pub fn open_by_link() -> OperationBuilder {
    let operation = operation(
        "countByLink",
        "Open",
        "Open a link that counts its opens or has a PIN",
        COUNTED,
    )
    .parameter(digits())
    .request_body(Some(body("OpenRequest", "OpenForm")))
    .response("200", document(true));
    fail(operation, &COUNTING)
}

/// `POST /api/decrypt/qrcode-details`
pub fn open_by_body() -> OperationBuilder {
    let operation = operation(
        "countByBody",
        "Open",
        "Open a token that counts its opens or has a PIN",
        &format!("The same for a token in either text form, in the body. {COUNTED}"),
    )
    .request_body(Some(body("OpenTokenRequest", "OpenTokenForm")))
    .response("200", document(true));
    fail(operation, &COUNTING)
}

/// The bodies of both, as JSON and as the forms of our pages.
pub fn schemas() -> Vec<(&'static str, Object)> {
    vec![
        ("OpenRequest", request(false, false)),
        ("OpenTokenRequest", request(true, false)),
        ("OpenForm", request(false, true)),
        ("OpenTokenForm", request(true, true)),
    ]
}

fn request(with_token: bool, form: bool) -> Object {
    let open_id = string()
        .pattern(Some("^[A-Za-z0-9_-]{16,64}$"))
        .description(Some(
            "Random, new for every open: whoever repeats it within two minutes gets the document again.",
        ))
        .examples([json!("mZ4s0xTqJb2vR8yC1uKdWg")])
        .build();
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .property("open_id", open_id)
        .required("open_id")
        .property("pin", pin(form));
    if with_token {
        object = object.property("ctext", ctext()).required("ctext");
    }
    if form {
        let destroy = string()
            .enum_values(Some(["ask", "yes"]))
            .description(Some(
                "The holder of a limited token wants it destroyed instead: `ask` gives the page that asks, `yes` does it.",
            ));
        object = object.property("destroy", destroy.build());
    }
    let mut example = json!({"open_id": "mZ4s0xTqJb2vR8yC1uKdWg"});
    if with_token {
        example["ctext"] = Value::String(sample::issued().token.to_base64url());
    }
    object.examples([example]).build()
}

fn pin(form: bool) -> Object {
    let kinds = match form {
        true => SchemaType::from(Type::String),
        // null is the same as not given.
        false => SchemaType::from_iter([Type::String, Type::Null]),
    };
    ObjectBuilder::new()
        .schema_type(kinds)
        .description(Some(
            "The PIN, 4 to 64 characters, for a token that has one. Other tokens do not look at it.",
        ))
        .build()
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn ctext() -> Object {
    string().pattern(Some("^[A-Za-z0-9_-]+$")).build()
}

fn digits() -> Parameter {
    ParameterBuilder::new()
        .name("digits")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(
            "The token as digits: what follows the last slash of a link.",
        ))
        .schema(Some(string().pattern(Some("^[0-9]+$")).build()))
        .example(Some(json!(sample::digits())))
        .build()
}

fn body(json: &str, form: &str) -> RequestBody {
    let content = |name| ContentBuilder::new().schema(Some(named(name))).build();
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/json", content(json))
        .content("application/x-www-form-urlencoded", content(form))
        .build()
}

fn document(counted: bool) -> Response {
    let document: RefOr<Schema> = any("The document.").into();
    let json = ContentBuilder::new()
        .schema(Some(document))
        .example(Some(sample::document()))
        .build();
    let response = ResponseBuilder::new()
        .description("The document.")
        .content("application/json", json)
        .content("text/html", html("The document, laid out for a person."));
    if !counted {
        return response.build();
    }
    let left = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(0))
        .build();
    let left = HeaderBuilder::new()
        .description(Some(
            "How often the token opens after this; absent if that is not limited.",
        ))
        .schema(Some(left))
        .build();
    response.header("Qrseal-Opens-Left", left).build()
}
