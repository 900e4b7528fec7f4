//! A page as an answer.

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

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

/// What stands in the query of a page before the language that its reader chooses: the rest of the query. `None`: no link asks for
/// the page again.
pub fn again(request: &HttpRequest) -> Option<String> {
    const MOST_BYTES: usize = 2_048;
    let query = request.query_string();
    if request.method() != Method::GET || query.len() > MOST_BYTES {
        return None;
    }
    let parts = query
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("lang="));
    Some(parts.flat_map(|part| [part, "&"]).collect())
}
