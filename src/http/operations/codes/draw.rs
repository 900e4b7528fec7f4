//! `POST /api/qrcode`: a plain code; the text stands in the body.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::path::OperationBuilder;

use super::drawn;
use crate::http::admission::DrawingRateChecked;
use crate::http::extract::{CodeEnvelope, JsonBody};
use crate::http::openapi::parts::{self, fail, operation, required_body};
use crate::http::openapi::{contents, schemas::named};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    InvalidJson, MalformedRequest, PayloadTooLarge, QrCapacity, RateLimited, RequestTimeout,
    StyleUnscannable, TemporarilyUnavailable, UnsupportedMediaType, Validation,
};
use crate::http::state::App;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
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
    .response("200", parts::drawn());
    let problems = [
        InvalidJson,
        RequestTimeout,
        MalformedRequest,
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

/// The text stands in the body's `value`.
pub async fn handle(
    request: HttpRequest,
    _paid: DrawingRateChecked,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let CodeEnvelope { value, options } = CodeEnvelope::parse(&body.0, &App::of(&request).config)?;
    drawn(&request, &value, &options).await
}
