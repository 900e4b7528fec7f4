//! `POST /api/qrcode/encrypted-payload`: the body is the document, options are in the query.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use crate::drawing::PictureFormat;
use crate::http::extract::{AnswerFormat, JsonBody, MayIssue, Options, Topic};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::payload::minify;

/// Seals the document and answers with its symbol, as PNG unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    _right: MayIssue,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let config = &App::of(&request).config;
    let options = Options::from_query(Topic::Token, config, request.query_string(), |_, _| false)?;
    let document = minify(&body.0)?;
    let issued = answer::seal(&request, document, &options)?;
    let default = AnswerFormat::Picture(PictureFormat::Png);
    answer::issued(&request, &issued, &options, default).await
}
