//! What a browser sends along with a request: its cookies, and whether a page of ours made it.
//!
//! Does not belong here: whose session a cookie is of (`people`, `passes`).

use std::future::{Ready, ready};

use actix_web::dev::{Payload, RequestHead};
use actix_web::http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use actix_web::{FromRequest, HttpRequest};

use super::local::is_loopback_host;
use crate::http::host;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a browser says of the page that made a request which is not another site's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageOrigin {
    /// One of ours.
    Own,
    /// It does not say: a form of ours proves it by its token.
    Unsaid,
}

/// The name of the cookie that holds a session, for a request to this host. Where a password would go over a network in clear,
/// nobody signs in, whatever `server.public_url` says.
pub fn session_cookie(app: &App, head: &RequestHead) -> Option<&'static str> {
    let name = app.config.session_cookie()?;
    let mut hosts = host::named(head).peekable();
    let is_loopback = hosts.peek().is_some() && hosts.all(is_loopback_host);
    (app.https || is_loopback).then_some(name)
}

/// What the browser says of the page that made a request; one of another site was refused.
pub(super) fn page_origin(headers: &HeaderMap) -> PageOrigin {
    match headers.get(SEC_FETCH_SITE) {
        Some(_) => PageOrigin::Own,
        None => PageOrigin::Unsaid,
    }
}

/// Whether the browser says that another page than one of ours made the request.
pub(super) fn is_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
    site.is_some_and(|site| site != b"same-origin")
}

/// The values of the cookie of this name.
pub(super) fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(move |(known, value)| (known == name).then_some(value))
}

/// The form was made by a page of ours, in a browser that says so, or by no browser at all; asked of those who have no session
/// that could prove it.
pub struct OwnForm(());

impl FromRequest for OwnForm {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let ours = App::of(request)
            .config
            .public_url()
            .origin()
            .ascii_serialization();
        ready(match is_own(request.headers(), &ours) {
            true => Ok(Self(())),
            false => Err(Problem::new(ProblemCode::CrossSite)),
        })
    }
}

/// `Sec-Fetch-Site` decides where it is present; otherwise `Origin`, which the pages with these forms let browsers send. `null`
/// is what a frame without an origin sends.
fn is_own(headers: &HeaderMap, ours: &str) -> bool {
    if headers.contains_key(SEC_FETCH_SITE) {
        return !is_elsewhere(headers);
    }
    let origin = headers.get(ORIGIN).map(HeaderValue::as_bytes);
    origin.is_none_or(|origin| origin.eq_ignore_ascii_case(ours.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_page_is_told_by_its_headers() {
        for (site, origin, expected) in [
            (Some("same-origin"), Some("null"), true),
            (Some("none"), None, false),
            (Some("same-site"), None, false),
            (Some("cross-site"), Some("https://qr.example.com"), false),
            (None, None, true),
            (None, Some("null"), false),
            (None, Some("https://qr.example.com"), true),
            (None, Some("https://evil.example"), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert(SEC_FETCH_SITE, HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            let found = is_own(&headers, "https://qr.example.com");
            assert_eq!(found, expected, "{site:?} {origin:?}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; __Host-qrseal=x; b"));
        headers.append(COOKIE, HeaderValue::from_static("__Host-qrseal=y=z"));
        let found: Vec<_> = cookies(&headers, "__Host-qrseal").collect();
        assert_eq!(found, ["x", "y=z"]);
        assert_eq!(cookies(&headers, "qrseal").count(), 0);
    }
}
