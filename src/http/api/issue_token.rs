//! `POST /api/tokens`: the document and the options in one envelope, for what must not stand in a URL.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::seal::{IdempotentRequest, IssueCharge, seal};
use crate::http::extract::{AnswerFormat, EnvelopeBody, IdempotencyKey, MayIssue, TokenEnvelope};
use crate::http::problem::Problem;
use crate::http::state::App;

/// Seals the envelope's payload and answers with what is known about the token, as JSON unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    right: MayIssue,
    key: IdempotencyKey,
    body: EnvelopeBody,
) -> Result<HttpResponse, Problem> {
    let config = &App::of(&request).config;
    let TokenEnvelope {
        document,
        mut options,
    } = TokenEnvelope::parse(&body.0, config)?;
    answer::expect_pin_in_answer(&request, &options, AnswerFormat::Json)?;
    let by = IssueCharge {
        subject: right.subject(&request),
        body_bytes: body.0.len(),
    };
    let once = IdempotentRequest::of(&request, key, right.0, &body.0);
    let sealed = seal(&request, by, document, &options, once.as_ref()).await?;
    answer::issued(&request, &sealed, &mut options, AnswerFormat::Json).await
}
