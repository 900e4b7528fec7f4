//! `POST /api/qrcode/encrypted-payload`: the body is the document, options are in the query.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::path::OperationBuilder;

use super::Sealing;
use crate::drawing::PictureFormat;
use crate::http::admission::MayIssue;
use crate::http::extract::{IdempotencyKey, JsonBody};
use crate::http::openapi::parts::{self, ISSUING, fail, operation, required_body};
use crate::http::openapi::sample;
use crate::http::openapi::schemas::any;
use crate::http::operations::answers;
use crate::http::options::{self, AnswerFormat, Options, Topic};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::payload::minify_up_to;

/// Seals the document and answers with its symbol, as PNG unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    right: MayIssue,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let config = &App::of(&request).config;
    let options = Options::from_query(Topic::Token, config, request.query_string(), |_, _| false)?;
    let document = minify_up_to(&body.0, options.seal.max_document_bytes())?;
    let default = AnswerFormat::Picture(PictureFormat::Png);
    let sealing = Sealing {
        request: &request,
        right: &right,
        key,
        body: &body.0,
        body_bytes: body.0.len(),
    };
    sealing
        .seal(document, &options, async |sealed| {
            answers::issued(&request, sealed, &options, default).await
        })
        .await
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new()
        .schema(Some(any(
            "The document: any JSON value of at most 65,536 bytes without white space (1,048,576 with `storage=stored` or `auto`), at most 32 brackets deep, at \
             most 1,000 members an object, no name twice in one object. Numbers, strings and the order of members stay \
             as they are.",
        )))
        .example(Some(sample::document()));
    let operation = operation(
        "sealPayload",
        "Seal",
        "Seal a JSON document into a QR code",
        "The body is the document. The answer is the symbol, a PNG unless `format` or `Accept` say otherwise, and \
         `Location` is the link in it. Nothing is stored unless `storage` asks for it: the symbol is the only copy.",
    )
    .parameters(Some(options::query(Topic::Token)))
    .parameter(parts::idempotency_key())
    .request_body(Some(required_body(body)))
    .response("201", parts::issued("The symbol of the sealed document."));
    fail(operation, &ISSUING)
}
