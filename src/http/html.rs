//! A page as an answer.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::pages::Language;

/// A page in this language, as the body of `answer`.
pub fn page(mut answer: HttpResponseBuilder, language: Language, html: String) -> HttpResponse {
    const VARIES: HeaderValue = HeaderValue::from_static("Accept, Accept-Language");
    answer
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, VARIES))
        .body(html)
}
