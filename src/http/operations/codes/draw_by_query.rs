//! `GET /generate_qr`: a plain code; the text stands in the query's `data`.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::drawn;
use crate::http::admission::DrawingRateChecked;
use crate::http::openapi::parts::{self, fail, operation};
use crate::http::options::{self, Options, Topic};
use crate::http::problem::ProblemCode::{
    QrCapacity, RateLimited, StyleUnscannable, TemporarilyUnavailable, Validation,
};
use crate::http::problem::{Problem, invalid};
use crate::http::state::App;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1));
    let data = ParameterBuilder::new()
        .name("data")
        .parameter_in(ParameterIn::Query)
        .required(Required::True)
        .description(Some(
            "What the symbol says: any text. As in every query, `+` is a space: a plus sign is written `%2B`, as in \
             `data=tel:%2B4930123456`.",
        ))
        .schema(Some(text.build()))
        .example(Some(json!("https://example.com/menu")))
        .build();
    let mut parameters = vec![data];
    parameters.extend(options::query(Topic::Code));
    let operation = operation(
        "drawCodeByQuery",
        "Plain codes",
        "Draw a QR code of any text, with a GET",
        "For an `img` element or a quick try. The text stands in the URL, and so in the logs of whatever is between.",
    )
    .parameters(Some(parameters))
    .response("200", parts::drawn());
    let problems = [
        Validation,
        QrCapacity,
        StyleUnscannable,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// The text stands in the query's `data`.
pub async fn handle(
    request: HttpRequest,
    _paid: DrawingRateChecked,
) -> Result<HttpResponse, Problem> {
    let mut data: Option<String> = None;
    let mut repeated = false;
    let config = &App::of(&request).config;
    let options = Options::from_query(
        Topic::Code,
        config,
        request.query_string(),
        |name, value| {
            if name != "data" {
                return false;
            }
            repeated |= data.replace(value.to_owned()).is_some();
            true
        },
    )?;
    match data {
        Some(_) if repeated => Err(invalid("/data", "given more than once")),
        Some(data) if !data.is_empty() => drawn(&request, &data, &options).await,
        Some(_) => Err(invalid("/data", "must not be empty")),
        None => Err(invalid("/data", "missing")),
    }
}
