//! Plain codes of any text.

pub mod draw;
pub mod draw_by_query;

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answers::{self, SymbolAnswer};
use crate::drawing::PictureFormat;
use crate::http::options::{AnswerFormat, Options};
use crate::http::problem::Problem;
use crate::qr::Symbol;

/// What is known about a plain code.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeAnswer {
    /// The symbol.
    pub qr: SymbolAnswer,
}

async fn drawn(
    request: &HttpRequest,
    text: &str,
    options: &Options,
) -> Result<HttpResponse, Problem> {
    let symbol = Symbol::encode(text, options.look.level)?;
    let drawn = answers::drawn(request, text, &symbol, &options.look, options).await?;
    let mut answer = HttpResponse::Ok();
    match answers::wanted(request, options, AnswerFormat::Picture(PictureFormat::Png)) {
        AnswerFormat::Json => Ok(answer.json(CodeAnswer {
            qr: SymbolAnswer::with_pictures(&drawn, options, "QR code")?,
        })),
        AnswerFormat::Picture(format) => {
            answers::picture(&mut answer, &drawn, options, format, "QR code")
        }
    }
}
