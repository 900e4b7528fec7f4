//! `POST /api/qrcode/encrypted-payload`: the body is the document, options are in the query.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::path::OperationBuilder;

use super::Sealing;
use crate::drawing::PictureFormat;
use crate::http::admission::MayIssue;
use crate::http::extract::{IdempotencyKey, JsonBody, members};
use crate::http::openapi::parts::{self, ISSUING, fail, operation, required_body};
use crate::http::openapi::sample;
use crate::http::openapi::schemas::{DOCUMENT, any};
use crate::http::operations::answers;
use crate::http::options::{self, AnswerFormat, Options, Place, Row, Topic};
use crate::http::problem::{Problem, invalid};
use crate::http::state::App;
use crate::issuing::Kept;
use crate::payload::{Document, minify_up_to};
use crate::profiles::Way;

/// Seals the document and answers with its symbol, as PNG unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    right: MayIssue,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let options = Options::new(Topic::Token, &app.config)
        .knowing(app.profiles.registry())
        .with_query(&app.config, request.query_string(), |_, _| false)?;
    let document = minify_up_to(&body.0, options.seal.max_document_bytes())?;
    if !options.body.literal && looks_like_an_envelope(&document) {
        return Err(invalid(
            "/payload",
            "this looks like an envelope, and its options would stand in the document for all to read: send it to POST \
             /api/tokens, or with literal=1 if it is the document",
        ));
    }
    let default = AnswerFormat::Picture(PictureFormat::Png);
    answers::expect_pin_in_answer(&request, &options, default)?;
    let sealing = Sealing {
        request: &request,
        document_at: "",
        way: Way::Request,
        kept: Kept::Document,
        right: &right,
        key,
        body: &body.0,
        body_bytes: body.0.len(),
    };
    let sealed = sealing.seal(document, &options, async |sealed| {
        answers::issued(&request, sealed, &options, default).await
    });
    Box::pin(sealed).await
}

/// Whether the document is an object with `payload` and beside it nothing but options: then it was meant for `/api/tokens`.
fn looks_like_an_envelope(document: &Document) -> bool {
    let text = document.as_str();
    // Most documents name no payload, and are not read again.
    if !text.starts_with('{') || !text.contains("\"payload\"") {
        return false;
    }
    let Ok(members) = members(text.as_bytes()) else {
        return false;
    };
    let is_option = |name: &str| {
        Row::find(Topic::Token, name).is_some_and(|row| row.facts().stands_in(Place::Envelope))
    };
    let (payload, beside): (Vec<_>, Vec<_>) =
        members.iter().partition(|(name, _)| name == "payload");
    !payload.is_empty() && !beside.is_empty() && beside.iter().all(|(name, _)| is_option(name))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new()
        .schema(Some(any(&format!(
            "{DOCUMENT} Numbers, strings and the order of members stay as they are."
        ))))
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
