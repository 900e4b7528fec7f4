//! `POST /api/qrcode` and `GET /generate_qr`: a plain code of any text.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{self, SymbolAnswer};
use crate::drawing::PictureFormat;
use crate::http::extract::{
    AnswerFormat, CodeEnvelope, DrawingRateChecked, EnvelopeBody, Options, Topic,
};
use crate::http::problem::{Problem, invalid};
use crate::http::state::App;
use crate::qr::Symbol;

/// What is known about a plain code.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeAnswer {
    /// The symbol.
    pub qr: SymbolAnswer,
}

/// The text stands in the body's `value`.
pub async fn by_body(
    request: HttpRequest,
    _paid: DrawingRateChecked,
    body: EnvelopeBody,
) -> Result<HttpResponse, Problem> {
    let CodeEnvelope { value, options } = CodeEnvelope::parse(&body.0, &App::of(&request).config)?;
    drawn(&request, &value, &options).await
}

/// The text stands in the query's `data`.
pub async fn by_query(
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

async fn drawn(
    request: &HttpRequest,
    text: &str,
    options: &Options,
) -> Result<HttpResponse, Problem> {
    let symbol = Symbol::encode(text, options.look.level)?;
    let drawn = answer::drawn(request, text, &symbol, options).await?;
    let mut answer = HttpResponse::Ok();
    match answer::wanted(request, options, AnswerFormat::Picture(PictureFormat::Png)) {
        AnswerFormat::Json => Ok(answer.json(CodeAnswer {
            qr: SymbolAnswer::from(&drawn),
        })),
        AnswerFormat::Picture(format) => {
            answer::picture(&mut answer, &drawn, options, format, "QR code")
        }
    }
}
