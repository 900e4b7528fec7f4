//! Forms come from our own pages: other sites' pages must not make a browser send one.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, ORIGIN};
use actix_web::{FromRequest, HttpRequest};

use crate::http::cors;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The request was made by a page of ours, by a web app of `server.cors_origins`, by a person, or by no browser at all.
///
/// `Sec-Fetch-Site` decides where it is present; otherwise `Origin`, which a page with our `Referrer-Policy` sends as
/// `null`.
pub struct SameSite(());

impl SameSite {
    /// Whether `request` was made so.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let app = App::of(request);
        let ours = app.config.public_url().origin().ascii_serialization();
        match is_cross_site(request.headers(), &ours) {
            true if cors::allowed(app, request.headers()).is_some() => Ok(Self(())),
            true => Err(Problem::new(ProblemCode::CrossSite)),
            false => Ok(Self(())),
        }
    }
}

impl FromRequest for SameSite {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

fn is_cross_site(headers: &HeaderMap, ours: &str) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    match headers.get(ORIGIN) {
        None => false,
        Some(origin) => {
            origin.as_bytes() != b"null" && !origin.as_bytes().eq_ignore_ascii_case(ours.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_form_of_another_site_is_told_by_its_headers() {
        for (site, origin, expected) in [
            (Some("same-origin"), Some("https://evil.example"), false),
            (Some("none"), None, false),
            (Some("same-site"), None, true),
            (Some("cross-site"), Some("null"), true),
            (Some("cross-site"), Some("https://qr.example.com"), true),
            (None, None, false),
            (None, Some("null"), false),
            (None, Some("https://qr.example.com"), false),
            (None, Some("https://evil.example"), true),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert(SEC_FETCH_SITE, HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            let found = is_cross_site(&headers, "https://qr.example.com");
            assert_eq!(found, expected, "{site:?} {origin:?}");
        }
    }
}
