//! `POST /api/tokens`: the document and the options in one envelope, for what must not stand in a URL.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::path::OperationBuilder;

use super::Sealing;
use crate::http::admission::MayIssue;
use crate::http::extract::{IdempotencyKey, JsonBody, TokenEnvelope};
use crate::http::openapi::parts::{self, ISSUING, fail, operation, required_body};
use crate::http::openapi::schemas::named;
use crate::http::operations::answers;
use crate::http::options::AnswerFormat;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::issuing::Kept;
use crate::profiles::Way;

/// Seals the envelope's payload and answers with what is known about the token, as JSON unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    right: MayIssue,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let profiles = app.profiles.registry();
    let TokenEnvelope { document, options } = TokenEnvelope::parse(&body.0, &app.config, profiles)?;
    answers::expect_pin_in_answer(&request, &options, AnswerFormat::Json)?;
    let sealing = Sealing {
        request: &request,
        document_at: "/payload",
        way: Way::Request,
        kept: Kept::Document,
        right: &right,
        key,
        body: &body.0,
        body_bytes: body.0.len(),
    };
    let sealed = sealing.seal(document, &options, async |sealed| {
        answers::issued(&request, sealed, &options, AnswerFormat::Json).await
    });
    Box::pin(sealed).await
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("TokenEnvelope")));
    let operation = operation(
        "issueToken",
        "Seal",
        "Seal a document and learn about its token",
        "The same with an envelope, for options that must not stand in a URL. The answer is JSON unless `format` or \
         `Accept` say otherwise.",
    )
    .parameter(parts::idempotency_key())
    .request_body(Some(required_body(body)))
    .response("201", parts::issued("What is known about the token, or its symbol."));
    fail(operation, &ISSUING)
}
