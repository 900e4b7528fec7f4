//! The headers that every answer has, unless its handler set its own.
//!
//! Nothing is stored, nothing sent on, nothing framed, nothing run. Pages have what browsers need to hold them to that; answers
//! to programs have no more than is of use there.

use actix_http::{ConnectionType, RequestHead, ResponseHead};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, CROSS_ORIGIN_OPENER_POLICY,
    CROSS_ORIGIN_RESOURCE_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};

/// For our own pages: their style sheet, script and pictures, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For the desk, whose script asks this server, too.
pub const DESK_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For Swagger UI, which sets styles from its script and asks this server.
pub const SWAGGER_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Features of the browser that no page of ours uses.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), storage-access=(), usb=(), window-management=(), \
    xr-spatial-tracking=()";

/// Those of the desk: it reads codes by the camera, and keeps the screen on.
pub const DESK_PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(self), \
    display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(self), serial=(), storage-access=(), usb=(), window-management=(), \
    xr-spatial-tracking=()";

/// For everything else, should a browser show it.
const PROGRAM_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The same for a picture with a logo in it.
const SVG_POLICY: &str = "default-src 'none'; img-src data:; frame-ancestors 'none'";

/// A year. Not for subdomains, of which this server knows nothing.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Constants: checking a value's bytes anew for every answer would cost more than opening a token.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex, nofollow, noarchive, nosnippet"),
    ),
    (VARY, HeaderValue::from_static("Accept")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

const OF_PAGES: [(HeaderName, HeaderValue); 3] = [
    (
        CROSS_ORIGIN_OPENER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        CROSS_ORIGIN_RESOURCE_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(PERMISSIONS),
    ),
];

/// Adds what `headers` does not have yet. `https`: the server's public address is one of HTTPS.
pub fn complete(headers: &mut HeaderMap, https: bool) {
    // An answer has two or three headers of its own, and seldom one of these: to look at those is cheaper than to look
    // for each of these.
    let is_one = |name: &HeaderName| {
        *name == CONTENT_SECURITY_POLICY || ALWAYS.iter().any(|(always, _)| always == name)
    };
    let has_some = headers.keys().any(is_one);
    for (name, value) in ALWAYS {
        if !has_some || !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let page = kind.is_some_and(|kind| kind.starts_with(b"text/html"));
    let policy = match kind {
        _ if page => PAGE_POLICY,
        Some(b"image/svg+xml") => SVG_POLICY,
        _ => PROGRAM_POLICY,
    };
    if !has_some || !headers.contains_key(CONTENT_SECURITY_POLICY) {
        let policy = HeaderValue::from_static(policy);
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    if page {
        for (name, value) in OF_PAGES {
            if !headers.contains_key(&name) {
                headers.insert(name, value);
            }
        }
        if https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
        }
    }
}

/// An upgrade that nobody here takes is answered as if it was not asked for (RFC 9110, section 7.8). The framework ends the
/// connection then, and would say that it was upgraded.
pub fn take_no_upgrade(request: &RequestHead, answer: &mut ResponseHead) {
    if request.upgrade() {
        answer.set_connection_type(ConnectionType::Close);
    }
}
