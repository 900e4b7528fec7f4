//! Web apps of other origins (the Fetch standard, CORS): those of `server.cors_origins` may ask and read answers, without
//! credentials of the browser.
//!
//! Belongs here: which origins may, and the headers that tell a browser. Does not belong here: what a request may do; an API key
//! is needed wherever another program needs one.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderMap, HeaderValue, ORIGIN, VARY,
};

use super::state::App;

/// What a web app may send beside what every page may.
const SENT: &str = "authorization, content-type, idempotency-key, request-id";

/// What it may read beside what every page may.
const READ: &str = "allow, content-disposition, idempotent-replayed, location, qrseal-opens-left, ratelimit, \
    ratelimit-policy, request-id, retry-after, token-id, www-authenticate";

/// The request's origin, if it is one that may.
pub fn allowed<'h>(app: &App, headers: &'h HeaderMap) -> Option<&'h HeaderValue> {
    let origins = &app.config.server.cors_origins;
    if origins.is_empty() {
        return None;
    }
    let origin = headers.get(ORIGIN)?;
    let text = origin.to_str().ok()?;
    origins.contains(text).then_some(origin)
}

/// Whether a browser asks, before a request of a web app, whether it may send it.
pub fn is_preflight(app: &App, request: &ServiceRequest) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        && allowed(app, request.headers()).is_some()
}

/// It may, with the methods of the path.
pub fn preflight(methods: &str) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, methods))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, SENT))
        .insert_header((ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

/// Lets the web app that asked read the answer, if it is one that may.
pub fn allow(app: &App, request: &HeaderMap, answer: &mut HeaderMap) {
    if app.config.server.cors_origins.is_empty() {
        return;
    }
    answer.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed(app, request) {
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        let read = HeaderValue::from_static(READ);
        answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, read);
    }
}
