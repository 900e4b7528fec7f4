//! `POST /api/tokens`: the document and the options in one envelope, for what must not stand in a URL.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use crate::http::extract::{AnswerFormat, EnvelopeBody, MayIssue, TokenEnvelope};
use crate::http::problem::Problem;
use crate::http::state::App;

/// Seals the envelope's payload and answers with what is known about the token, as JSON unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    _right: MayIssue,
    body: EnvelopeBody,
) -> Result<HttpResponse, Problem> {
    let config = &App::of(&request).config;
    let TokenEnvelope { document, options } = TokenEnvelope::parse(&body.0, config)?;
    let issued = answer::seal(&request, document, &options)?;
    answer::issued(&request, &issued, &options, AnswerFormat::Json).await
}
