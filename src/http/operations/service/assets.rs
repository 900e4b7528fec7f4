//! The files that pages load, the icon, and the word to robots.

use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::http::pages::{self, Asset};
use crate::http::problem::{Problem, ProblemCode};

/// A file that a page names with its fingerprint.
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
    let named = request.query_string() == asset.version();
    unchanged_or(request, &asset.etag, named, |answer| {
        answer.content_type(asset.content_type).body(asset.body)
    })
}

/// The answer with a file's content, or 304 for who has it. It is kept for a year where the address names the content
/// (`named`), and asked for again each time where it does not: another version of this program has another content there.
pub fn unchanged_or(
    request: &HttpRequest,
    etag: &str,
    named: bool,
    content: impl FnOnce(&mut HttpResponseBuilder) -> HttpResponse,
) -> HttpResponse {
    let known = knows(request, etag);
    let mut answer = match known {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    answer.insert_header((ETAG, etag));
    let cache = HeaderValue::from_static(match named {
        true => "public, max-age=31536000, immutable",
        false => "public, no-cache",
    });
    answer.insert_header((CACHE_CONTROL, cache));
    match known {
        true => answer.finish(),
        false => content(&mut answer),
    }
}

/// Whether `If-None-Match` names this entity: any, or one of a list, by weak comparison (RFC 9110, section 13.1.2).
fn knows(request: &HttpRequest, etag: &str) -> bool {
    let values = request.headers().get_all(IF_NONE_MATCH);
    values
        .filter_map(|value| value.to_str().ok())
        // No entity tag of ours has a comma in it.
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}
