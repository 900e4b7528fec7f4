//! A page as an answer.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::accept::{self, Asked};
use super::pages::{Language, Site};
use super::state::App;

/// A page in this language, as the body of `answer`.
pub fn page(mut answer: HttpResponseBuilder, language: Language, html: String) -> HttpResponse {
    const VARIES: HeaderValue = HeaderValue::from_static("Accept, Accept-Language");
    answer
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, VARIES))
        .body(html)
}

/// What pages show of this installation, in the language of a request. `switch`: what stands in the query before the language that a
/// reader chooses; `None`: the page cannot be asked for again.
pub fn site<'a>(app: &'a App, request: &impl Asked, switch: Option<&'a str>) -> Site<'a> {
    Site {
        chosen: accept::chosen_language(request).is_some(),
        switch,
        ..app.site(accept::language(request))
    }
}
