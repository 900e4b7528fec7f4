//! `If-Match`: only what was looked at is to be changed.

use actix_web::HttpRequest;
use actix_web::http::header::IF_MATCH;

/// The revision in `If-Match` (RFC 9110, section 13.1.1). A tag that is none of ours matches nothing: no revision is 0.
pub fn revision_to_change(request: &HttpRequest) -> Option<u32> {
    let given = request.headers().get(IF_MATCH)?.to_str();
    match given.unwrap_or_default().trim() {
        "*" => None,
        tag => {
            let number = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            Some(number.and_then(|tag| tag.parse().ok()).unwrap_or(0))
        }
    }
}
