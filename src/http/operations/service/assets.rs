//! The files that pages load, the icon, and the word to robots.

use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};

use crate::http::pages::{self, Asset};
use crate::http::problem::{Problem, ProblemCode};

/// A file that a page names with its fingerprint, so that it can be kept for a year.
pub async fn asset(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asset = pages::asset(request.path()).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(file(&request, asset))
}

/// The icon, also where browsers look for it unasked.
pub async fn favicon(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asset = pages::asset("/favicon.svg").ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(file(&request, asset))
}

/// Nothing here is for search engines: links carry documents.
pub async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /\n")
}

fn file(request: &HttpRequest, asset: &'static Asset) -> HttpResponse {
    let fresh = request
        .headers()
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == asset.etag.as_bytes());
    let mut answer = match fresh {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    answer.insert_header((ETAG, asset.etag.as_str()));
    let cache = HeaderValue::from_static("public, max-age=31536000, immutable");
    answer.insert_header((CACHE_CONTROL, cache));
    match fresh {
        true => answer.finish(),
        false => answer.content_type(asset.content_type).body(asset.body),
    }
}
