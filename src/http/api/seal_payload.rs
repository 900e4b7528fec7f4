//! `POST /api/qrcode/encrypted-payload`: the body is the document, options are in the query.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::seal::{IdempotentRequest, IssueCharge, seal};
use crate::drawing::PictureFormat;
use crate::http::extract::{AnswerFormat, IdempotencyKey, JsonBody, MayIssue, Options, Topic};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::payload::minify;

/// Seals the document and answers with its symbol, as PNG unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    right: MayIssue,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let config = &App::of(&request).config;
    let mut options =
        Options::from_query(Topic::Token, config, request.query_string(), |_, _| false)?;
    let document = minify(&body.0)?;
    let by = IssueCharge {
        subject: right.subject(&request),
        body_bytes: body.0.len(),
    };
    let once = IdempotentRequest::of(&request, key, right.0, &body.0);
    let sealed = seal(&request, by, document, &options, once.as_ref()).await?;
    let default = AnswerFormat::Picture(PictureFormat::Png);
    answer::issued(&request, &sealed, &mut options, default).await
}
